"""``slo init`` in a folder that holds a project: a service more, nothing overwritten."""

from __future__ import annotations

from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

import typer

from slo.cli.init_choosing import begun_with, found_at
from slo.cli.init_written import as_json, first_reports
from slo.cli.printing import print_json, say
from slo.counting import counted
from slo.errors import ConfigError, NotEnoughData
from slo.progress import in_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.discovery import Discovery
    from slo.history.connection import PrometheusServer
    from slo.project import Project
    from slo.project.adding import Addition
    from slo.project.beginning import Beginning


@dataclass(frozen=True)
class Wish:
    """What somebody asked for.

    Attributes:
        into: The project's folder, as it was written.
        services: Those that were named.
        days: How many days of history to look at.
        asks: Whether there is somebody to ask.
        as_json: Whether a script reads the answer.

    """

    into: Path
    services: tuple[str, ...]
    days: float
    asks: bool
    as_json: bool


def add_services(project: Project, server: PrometheusServer, wish: Wish) -> None:
    """Add services to a project, after everything that is added was shown.

    Raises:
        ConfigError: No service was named and nobody can be asked, it is in the project already, or
            something stands in the place of its file. Nothing was written.
        NotEnoughData: The server holds nothing that could be added.
        HistoryError: The server cannot be reached, or refuses.

    """
    from slo.project.adding import add, addition, refuse_present, services_of

    refuse_present(project, wish.services)
    # What people read is not a part of the one JSON value.
    with redirect_stdout(StringIO()) if wish.as_json else nullcontext():
        say(f"{project.root} holds a project of {', '.join(services_of(project))}.")
        found = _lacking(project, found_at(server, wish.days), wish)
        begun = begun_with(found, server, wish.days, wish.services, asks=wish.asks)
        with in_terminal("Fetching for the snapshot") as advance:
            what = addition(project, begun, server, advance)
        _show(what)
        if wish.asks and not typer.confirm("Add this?", default=True):
            say("Nothing was written.")
            return
        files = add(what)
        told = _added(begun, what, files, wish)
    if wish.as_json:
        print_json(told)


def _lacking(project: Project, found: Discovery, wish: Wish) -> Discovery:
    """What the server holds of services that the project lacks.

    Raises:
        ConfigError: There is somebody to name a service, and it was not done.
        NotEnoughData: There is no such service.

    """
    from slo.discovery.agent_catalogue import SERVICE
    from slo.project.adding import lacking, services_of

    more = lacking(project, found)
    names = ((SERVICE,) if more.agent is not None else ()) + more.services
    if not names:
        raise NotEnoughData(
            f"{found.url} holds nothing that an objective can be made of but services that "
            f"{project.file} has: {', '.join(services_of(project))}. Nothing was written"
        )
    if not wish.asks and not wish.services:
        raise ConfigError(
            f"{project.file}: found a project, expected --service NAME, the service to add to it: "
            f"there are {', '.join(names)}. Nothing was written; another folder for a project of "
            "its own is named by --into"
        )
    return more


def _show(what: Addition) -> None:
    say(f"\nTo be added to {what.project.root}:")
    for path, text in what.files.items():
        say(f"  {path}: new, {counted(len(text.splitlines()), 'line')}")
    if what.before != what.after:
        say(f"  {what.project.file.name}:")
        for line in what.added_lines:
            typer.echo(f"    {line}")  # as it will stand in the file
    if what.history:
        snapshot = what.project.configuration.history.snapshot
        more = counted(what.more_series, "more series", "more series")
        say(f"  {snapshot}: {more}, over the time that it covers")
    for note in what.notes:
        say(f"  note: {note}")


def _added(begun: Beginning, what: Addition, files: Sequence[Path], wish: Wish) -> dict[str, Any]:
    """Say what was written, and make the first reports; returns all of it for scripts."""
    from slo.cli import init_printing as printing
    from slo.project.beginning import missing
    from slo.project.project import open_project

    root = what.project.root
    project = open_project(what.project.file)
    new = [one for one in project.slos if one.service in begun.services]
    say(f"\nAdded {', '.join(begun.services)}; all specifications are valid.")
    lacking = missing(project, new) if what.history else ()
    for message in lacking:
        say(message, err=True)
    reports = first_reports(project, begun) if not what.notes else ()
    printing.print_next_of_addition(begun, wish.into)
    changed = [
        path
        for path, is_changed in (
            (what.project.file, what.before != what.after),
            (what.project.snapshot_path, what.history is not None),
        )
        if is_changed
    ]
    told = as_json(begun, [root / path for path in files], lacking, reports)
    return {**told, "added_to": [str(path) for path in changed]}
