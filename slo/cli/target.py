"""A project as the configuration says, or as the command's own options say instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.project import Project


def chosen_project(
    config: Path,
    *,
    specs: Sequence[Path] | None = None,
    url: str = "",
    snapshot: Path | None = None,
    incidents: Path | None = None,
) -> Project:
    """The project of a configuration file with some of its paths replaced.

    With specifications given no configuration file is needed; relative paths given on the
    command line start from the working directory. Where a history is named without incidents,
    the project's incidents do not belong to it and are left out.

    Raises:
        ConfigError: A file or an address does not fit.

    """
    from slo.progress import in_terminal
    from slo.project import configured_project, open_project

    for path in specs or ():
        if not path.exists():
            raise ConfigError(f"--spec {path}: there is no such file or folder")
    base = configured_project(Path.cwd(), specs) if specs else open_project(config)
    base = base.showing(in_terminal)
    changes: dict[str, Path | tuple[Path, ...]] = {}
    if snapshot:
        changes["snapshot"] = Path.cwd() / snapshot
    if incidents and not incidents.exists():
        raise ConfigError(f"--incidents {incidents}: there is no such file")
    if incidents:
        changes["incidents"] = (Path.cwd() / incidents,)
    elif snapshot:
        changes["incidents"] = ((Path.cwd() / snapshot).parent / "incidents.csv",)
    return base.reading(**changes).asking(url) if url else base.reading(**changes)
