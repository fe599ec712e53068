"""A project as the configuration says, or as the command's own options say instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.cli.printing import say
from slo.errors import ConfigError, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.project import Project


def judged(project: Project, names: Sequence[str] | None) -> tuple[tuple[Slo, ...], History, bool]:
    """The objectives of some names, or all; their history; and whether it can judge them all.

    Where none is named, one without data does not hide the others: standard error names it.

    Raises:
        ConfigError: There is no objective of a name.
        NotEnoughData: The history can judge none of them, or not one that was named.

    """
    from slo.history.contents import required_series

    asked = tuple(project[name] for name in names) if names else project.slos
    past = project.history(*asked)
    able, missing = [], []
    for one in asked:
        try:
            required_series(one, past)
        except NotEnoughData as error:
            missing.append(str(error))
        else:
            able.append(one)
    if missing and (names or not able):
        raise NotEnoughData("\n".join(missing))
    for line in without_data(missing, past):
        say(line, err=True)
    return tuple(able), past, not missing


def without_data(messages: Sequence[str], history: History) -> list[str]:
    """What cannot be judged, a line each; only the first says where was looked."""
    whole = f"the history ({history.source or 'no source'}, {history.span})"
    return [
        f"without data: {message.replace(whole, 'the history') if index else message}"
        for index, message in enumerate(messages)
    ]


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
