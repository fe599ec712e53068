"""A page that we wrote, inside a notebook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

ROOT, ADDRESS = "SLOBOOK_LAB_ROOT", "SLOBOOK_LAB_FILES"
"""Variables by which ``slo lab`` tells its kernels which folder it serves, and under which path."""


@dataclass(frozen=True)
class PageFrame:
    """A page, shown in place under ``slo lab`` and linked anywhere else.

    JupyterLab's server hands files out sandboxed: their scripts run, and reach neither the
    notebook nor the server. So the output holds an address, and never the page's megabytes.

    Attributes:
        page: The file.
        height: Of the frame, in pixels.

    """

    page: Path
    height: int = 800

    def __str__(self) -> str:
        return f"Open {self.page}"

    def _repr_pretty_(self, printer: object, _cycle: bool) -> None:  # noqa: FBT001  IPython's call
        printer.text(str(self))  # type: ignore[attr-defined]

    def _repr_html_(self) -> str:
        near = escape(Path(os.path.relpath(self.page)).as_posix())
        link = f'<a href="{near}" target="_blank">{escape(self.page.name)}</a>'
        address = self._address()
        if not address:
            return f"<p>Open {link} in a browser; it needs no network.</p>"
        name = escape(self.page.stem)
        return (
            f'<iframe src="{escape(address)}" title="{name}" width="100%" height="{self.height}" '
            'style="border:1px solid #8888"></iframe>'
            f'<p><a href="{escape(address)}" target="_blank">Open it in a tab of its own</a></p>'
        )

    def _address(self) -> str:
        root, files = os.environ.get(ROOT, ""), os.environ.get(ADDRESS, "")
        page = self.page.resolve()
        if not (root and files) or not page.is_relative_to(root):
            return ""
        # A page that was written again is another address: browsers keep frames.
        stamp = page.stat().st_mtime_ns if page.exists() else 0
        return f"{files}{quote(page.relative_to(root).as_posix())}?{stamp}"
