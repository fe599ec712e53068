"""The layout and the settings that JupyterLab opens a project with.

They lie in a folder of our own. The settings are defaults: what people choose in JupyterLab's
settings wins, and lies where it always does. The layout is written once, and is people's from then
on: JupyterLab keeps it there as they leave it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.atomic import replacing
from slo.errors import WriteError
from slo.lab.notebooks import ORDER, in_order, title

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": True, "autosaveInterval": 60},
    # Widgets that were scrolled out of sight keep what was dragged in them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
}
"""Defaults by JupyterLab's plugins: no news, no question about news, the theme of the system."""

LABEXTENSION = "slobook-work"


@dataclass(frozen=True)
class Workspace:
    """Where a project's layout and settings lie.

    Attributes:
        folder: Ours alone.
        root: The folder that JupyterLab shows.
        notebooks: The folder of notebooks, within ``root``.

    """

    folder: Path
    root: Path
    notebooks: Path

    @property
    def settings(self) -> Path:
        """The folder of default settings, and of what the page is told."""
        return self.folder / "settings"

    @property
    def layouts(self) -> Path:
        """The folder of layouts."""
        return self.folder / "workspaces"

    @property
    def layout(self) -> Path:
        """The file of the layout."""
        from jupyterlab_server.workspaces_handler import (  # noqa: PLC0415  the extra 'lab'
            WORKSPACE_EXTENSION,
            slugify,
        )

        return self.layouts / f"{slugify('default')}{WORKSPACE_EXTENSION}"


def prepare(workspace: Workspace, *, fresh: bool = False) -> None:
    """Write settings and the list of notebooks, and the layout if there is none.

    Args:
        workspace: Where.
        fresh: Whether to lay out anew, in place of what people left.

    Raises:
        WriteError: A file cannot be written.

    """
    try:
        for folder in (workspace.settings, workspace.layouts):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{workspace.folder} cannot be made: {error.strerror or error}") from None
    _write(workspace.settings / "overrides.json", SETTINGS)
    # JupyterLab empties tables within its page's configuration: a text is left alone.
    _write(workspace.settings / "page_config.json", {"slobookWork": json.dumps(work(workspace))})
    if fresh or not workspace.layout.exists():
        _write(workspace.layout, layout(workspace))


def work(workspace: Workspace) -> list[dict[str, str]]:
    """The notebooks in the order of the work, for the list on the left."""
    paths = in_order(workspace.notebooks)
    return [{"path": _within(workspace, one), "title": title(one)} for one in paths]


def layout(workspace: Workspace) -> dict[str, Any]:
    """The list of the work on the left, ``start_here`` open, files beside it at the notebooks."""
    start = _within(workspace, workspace.notebooks / f"{ORDER[0]}.ipynb")
    opened = f"notebook:{start}"
    left = ["filebrowser", LABEXTENSION, "running-sessions", "@jupyterlab/toc:plugin"]
    return {
        "data": {
            "layout-restorer:data": {
                "main": {
                    "dock": {"type": "tab-area", "currentIndex": 0, "widgets": [opened]},
                    "current": opened,
                },
                "left": {
                    "collapsed": False,
                    "visible": True,
                    "current": LABEXTENSION,
                    "widgets": left,
                },
                "right": {"collapsed": True, "visible": True, "widgets": []},
                "relativeSizes": [0.2, 0.8, 0],
            },
            opened: {"data": {"path": start, "factory": "Notebook"}},
            "file-browser-filebrowser:cwd": {
                "path": _within(workspace, workspace.notebooks),
            },
        },
        "metadata": {"id": "default"},
    }


def _within(workspace: Workspace, path: Path) -> str:
    near = path.relative_to(workspace.root).as_posix()
    return "" if near == "." else near


def _write(path: Path, value: object) -> None:
    with replacing(path) as file:
        file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
