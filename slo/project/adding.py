"""A service more in a project that is there: new files, and additions that people see before."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from slo.atomic import place_new, replacing
from slo.configuration import FILE_NAME
from slo.discovery.agent_catalogue import SERVICE, catalogue_files
from slo.discovery.configuration_text import agent_section, prometheus_lines
from slo.discovery.scalars import toml_string
from slo.discovery.spec_text import specification, specification_of_undeclared
from slo.errors import ConfigError, Drift, SpecError, WriteError
from slo.history.prometheus import fetch_history
from slo.history.recorded import selectors_read
from slo.history.snapshot import read_snapshot, write_snapshot
from slo.model.samples import History
from slo.project.project import configured_project, open_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.discovery import Discovery
    from slo.history.connection import PrometheusServer
    from slo.project.beginning import Advance, Beginning
    from slo.project.project import Project

_SPECS = "specs"
_LIST_OF_SPECS = re.compile(r"^(\s*specs\s*=\s*\[)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Addition:
    """What a project will have more; what it has stays as it is.

    Attributes:
        project: As it is.
        files: Texts of new files, by their paths below the project's folder.
        before: What slobook.toml holds.
        after: What it will hold.
        history: The snapshot with the series that the new services read; None where it stays.
        more_series: How many series that are.
        notes: What its reader should know.

    """

    project: Project
    files: Mapping[str, str]
    before: str
    after: str
    history: History | None
    more_series: int
    notes: tuple[str, ...]

    @property
    def added_lines(self) -> tuple[str, ...]:
        """What is added to slobook.toml, each line with a plus as in a diff, and what is around."""
        lines = unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=1)
        return tuple(line for line in list(lines)[2:] if not line.startswith("@@"))


def project_in(root: Path) -> Project | None:
    """The project that a folder holds; None where it holds none.

    Raises:
        ConfigError: Its configuration does not fit.
        SpecError: Its specifications have faults, to which nothing is added.

    """
    if not (root / FILE_NAME).exists():
        return None
    project = open_project(root / FILE_NAME)
    project.specs  # noqa: B018  remembered
    return project


def services_of(project: Project) -> tuple[str, ...]:
    """The services that a project has, sorted."""
    return tuple(sorted({one.name for one in project.specs.services}))


def lacking(project: Project, found: Discovery) -> Discovery:
    """What a server holds of services that the project has not."""
    there = services_of(project)
    return replace(
        found,
        candidates=tuple(one for one in found.candidates if one.service not in there),
        agent=None if SERVICE in there else found.agent,
    )


def refuse_present(project: Project, services: Iterable[str]) -> None:
    """Check that a project has none of some services yet.

    Raises:
        ConfigError: It has one; says in which file.

    """
    there = services_of(project)
    for name in services:
        if name in there:
            files = dict.fromkeys(one.file for one in project.slos if one.service == name)
            where = f" in {', '.join(files)}" if files else ""
            raise ConfigError(
                f"--service {name}: found a service of that name{where}, expected one that the "
                f"project lacks; it has {', '.join(there)}. Nothing was written"
            )


def addition(
    project: Project, begun: Beginning, server: PrometheusServer, advance: Advance | None = None
) -> Addition:
    """What a project will have more; nothing is written yet.

    Args:
        project: As it is.
        begun: What was found, and is promised.
        server: Where that was found.
        advance: Called with the requests done and all requests.

    Raises:
        ConfigError: A file stands in the place of a new one, or slobook.toml cannot be added to.
        SpecError: What is new does not fit to what is there.
        HistoryError: The server cannot be reached, or refuses.

    """
    folder = _folder(project)
    before = project.file.read_text(encoding="utf-8")
    after = _configured(project, begun, server, folder, before)
    files = _new_files(project, begun, folder)
    with TemporaryDirectory(prefix="slo-init-") as place:
        staged = Path(place)
        _write(files, staged)
        later = configured_project(project.root, (*project.spec_paths, staged))
        read = (*selectors_read(later.slos), *later.selectors)
    known = {*selectors_read(project.slos), *project.selectors}
    if not project.snapshot_path.exists():
        return Addition(project, files, before, after, None, 0, ())
    kept = read_snapshot(project.snapshot_path)
    if not kept.source.startswith(f"{server.shown_url} by "):
        left = (
            f"{project.configuration.history.snapshot} is of {kept.source or 'no server'} and is "
            "left as it is: 'slo snapshot' fetches the history of all services anew"
        )
        return Addition(project, files, before, after, None, 0, (left,))
    new = fetch_history(server, [one for one in read if one not in known], kept.span, advance)
    series = {one.labels: one for one in (*new.series, *kept.series)}
    more = len(series) - len(kept.series)
    whole = History(tuple(series.values()), kept.span, kept.server_version, kept.source)
    return Addition(project, files, before, after, whole if more else None, more, ())


def add(what: Addition) -> tuple[Path, ...]:
    """Make an addition: all of it, or nothing.

    Returns:
        The new files.

    Raises:
        Drift: slobook.toml changed after the addition was made.
        WriteError: A file cannot be written, or stands there by now.

    """
    project = what.project
    if project.file.read_text(encoding="utf-8") != what.before:
        raise Drift(f"{project.file} changed meanwhile; nothing was written: try again")
    try:
        with TemporaryDirectory(prefix=".slo-init-", dir=project.root) as place:
            staged = Path(place)
            _write(what.files, staged)
            placed = place_new(staged, project.root)
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(f"{project.root} cannot be written: {reason}") from None
    try:
        _replace(project.file, what.before, what.after)
        if what.history:
            write_snapshot(what.history, project.snapshot_path)
    except BaseException:
        _replace(project.file, what.after, what.before)
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    return placed


def _folder(project: Project) -> str:
    """Where specifications are: the first folder that is listed, or the first file's."""
    inside = [path for path in project.spec_paths if path.resolve().is_relative_to(project.root)]
    folders = [*(path for path in inside if path.is_dir()), *(path.parent for path in inside)]
    if not folders:
        return _SPECS
    return folders[0].resolve().relative_to(project.root).as_posix()


def _new_files(project: Project, begun: Beginning, folder: str) -> dict[str, str]:
    """Texts by their paths.

    Raises:
        ConfigError: A file stands in the place of one.
        SpecError: They do not fit to what is there.

    """
    own: dict[str, str] = {}
    if begun.catalogue:
        own |= {f"{folder}/{k}": v for k, v in catalogue_files(begun.found.agent or {}).items()}
    of = {name: [one for one in begun.promises if one.slo.service == name] for name in begun.named}
    places = {f"{folder}/{name}.yaml": promises for name, promises in of.items()}
    for path in (*own, *places):
        if (project.root / path).exists():
            raise ConfigError(
                f"{project.root / path}: found a file, expected none in the place of the new "
                "specification. Nothing was written: move it away, or take another service"
            )
    declared = own | {path: specification(begun.found, own) for path, own in places.items()}
    try:
        _refuse_faults(project, declared)
    except SpecError:
        # Where no service is declared, none may be: those that are used would be missing.
        plain = {
            path: specification_of_undeclared(begun.found, own) for path, own in places.items()
        }
        _refuse_faults(project, own | plain)
        return own | plain
    return declared


def _refuse_faults(project: Project, files: Mapping[str, str]) -> None:
    with TemporaryDirectory(prefix="slo-init-") as place:
        staged = Path(place)
        _write(files, staged)
        configured_project(project.root, (*project.spec_paths, staged)).specs  # noqa: B018


def _configured(
    project: Project, begun: Beginning, server: PrometheusServer, folder: str, before: str
) -> str:
    """slobook.toml with what the new service needs: often nothing.

    Raises:
        ConfigError: It is written in a way that cannot be added to.

    """
    text = before
    if project.root / folder not in [path.resolve() for path in project.spec_paths]:
        names = [SERVICE] if begun.catalogue else []
        entries = [f"{folder}/{one}" for one in (*names, *(f"{n}.yaml" for n in begun.named))]
        text = _with_specs(project.file, text, entries)
    end = "" if text.endswith("\n") else "\n"
    if project.configuration.prometheus is None:
        text += f"{end}\n[prometheus]\n{prometheus_lines(server)}"
    if begun.catalogue and "dashboards" not in tomllib.loads(text):
        text += agent_section()
    return text


def _with_specs(file: Path, text: str, entries: list[str]) -> str:
    """The text with more specifications listed, and nothing else changed."""
    listed = "".join(f"{toml_string(one)}, " for one in entries)
    found = _LIST_OF_SPECS.sub(lambda match: match[1] + listed, text, count=1)
    before, after = tomllib.loads(text), tomllib.loads(found)
    wanted = {**before["project"], "specs": [*entries, *before["project"]["specs"]]}
    if after != {**before, "project": wanted}:
        raise ConfigError(
            f"{file}: found specs written in a way that cannot be added to, expected "
            f"'specs = [...]' under [project]. Nothing was written: add {listed.strip(', ')} "
            "there, or name a folder"
        )
    return found


def _write(files: Mapping[str, str], root: Path) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _replace(path: Path, before: str, after: str) -> None:
    if before != after:
        with replacing(path) as file:
            file.write_text(after, encoding="utf-8")
