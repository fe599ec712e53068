"""``slo init``: a first project from what a Prometheus holds, without editing a file."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from io import StringIO
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slo.cli.options import JsonOption
from slo.cli.printing import print_json
from slo.progress import in_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.discovery import Candidate, Discovery
    from slo.history.connection import PrometheusServer
    from slo.project.beginning import Beginning, FirstReport

_LOCAL = "http://localhost:9090"


def init(
    url: Annotated[
        str, typer.Argument(help="Prometheus' address; asked for if not given.", show_default=False)
    ] = "",
    into: Annotated[Path, typer.Option(help="The folder of the new project.")] = Path(),
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service; may be given several times.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: take the best candidates.")
    ] = False,
    days: Annotated[float, typer.Option(min=0.01, help="How many days of history to keep.")] = 42,
    token_env: Annotated[
        str, typer.Option(help="Name of the environment variable that holds a bearer token.")
    ] = "",
    username_env: Annotated[
        str, typer.Option(help="Likewise, the user of basic authentication.")
    ] = "",
    password_env: Annotated[str, typer.Option(help="Likewise, its password.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Begin a project: find what your Prometheus can tell of services, and promise what it kept.

    Writes slobook.toml, specs/, a snapshot of the history and a first report. Nothing is changed
    in Prometheus, and no file is ever overwritten. Without a terminal nothing is asked.

    Example: slo init http://localhost:9090 --into my-service
    """
    from slo.project.beginning import refuse_what_is_there

    asks = not yes and not as_json and sys.stdin.isatty()
    refuse_what_is_there(into)
    named = {"token_env": token_env, "username_env": username_env, "password_env": password_env}
    server = _server(url, asks=asks, named=named)
    # What people read is not a part of the one JSON value.
    with redirect_stdout(StringIO()) if as_json else nullcontext():
        begun = _begun(server, days, service or (), asks=asks)
        if asks and not typer.confirm(f"Write this project into {into.resolve()}?", default=True):
            typer.echo("Nothing was written.")
            return
        written = _written(begun, server, into)
    if as_json:
        print_json(written)


def _begun(
    server: PrometheusServer, days: float, services: Sequence[str], *, asks: bool
) -> Beginning:
    """What the project will hold, with candidates and targets shown.

    Raises:
        ConfigError: There is no such service.
        NotEnoughData: There is nothing to promise.
        HistoryError: The server cannot be reached, or refuses.

    """
    from slo.cli import init_printing as printing
    from slo.project.beginning import promised

    with in_terminal(f"Looking at {server.shown_url}") as advance:
        found = _found(server, days, advance)
    best, catalogue = _best(found, services)
    printing.print_found(found, best)
    taken = printing.chosen_by_number(found, best) if asks else best
    if asks and catalogue:
        catalogue = typer.confirm("Take the catalogue of the AI support agent?", default=True)
    with in_terminal("Fetching what they read") as advance:
        begun = promised(found, taken, server, days, advance, catalogue=catalogue)
    if begun.days < days:
        kept = f"{begun.days:.1f} of {days:g} days are fetched"
        typer.echo(f"{kept}: more would be over 40 million samples", err=True)
    printing.print_promises(begun)
    _refuse_nothing(begun)
    return begun


def _written(begun: Beginning, server: PrometheusServer, into: Path) -> dict[str, Any]:
    """Write the project and its first reports; returns all of it for scripts."""
    from slo.cli import init_printing as printing
    from slo.discovery.agent_catalogue import SERVICE
    from slo.project.beginning import first_report, missing, so_far, write_project
    from slo.project.project import open_project

    files = write_project(begun, server, into)
    project = open_project(into / "slobook.toml")
    typer.echo(f"Wrote {len(files)} files into {into.resolve()}; all specifications are valid:")
    for line in printing.listed(files, into):
        typer.echo(f"  {line}")
    lacking = missing(project)
    for message in lacking:
        typer.echo(message, err=True)
    if begun.catalogue:
        printing.print_so_far(so_far(project, SERVICE))
    reports = []
    for name in begun.services:
        typer.echo(f"Making the first report of {name} ...")
        reports.append(first_report(project, name))
        typer.echo(f"  {reports[-1].said}")
    printing.print_next(begun, into)
    return _as_json(begun, files, lacking, reports)


def _server(url: str, *, asks: bool, named: dict[str, str]) -> PrometheusServer:
    """How the server is reached that was named, or that is asked for.

    Raises:
        ConfigError: There is no address, it holds a password, or an option does not fit.

    """
    from urllib.parse import urlsplit

    from slo.configuration import prometheus_section
    from slo.errors import ConfigError

    if not url and not asks:
        raise ConfigError(
            f"slo init: found no address, expected that of a Prometheus: slo init {_LOCAL}"
        )
    given = (url or typer.prompt("Address of your Prometheus", default=_LOCAL)).strip().rstrip("/")
    full = given if "://" in given else f"http://{given}"
    if "@" in urlsplit(full).netloc:
        raise ConfigError(
            "the address holds a user or a password, which slobook.toml would then hold as well: "
            "leave them out, and name the variables that hold them by --username-env and "
            "--password-env"
        )
    return prometheus_section({"url": full, **{k: v for k, v in named.items() if v}}).server


def _found(server: PrometheusServer, days: float, advance: Callable[[int, int], None]) -> Discovery:
    """What the server holds.

    Raises:
        NotEnoughData: Nothing that an objective can be made of.

    """
    from slo.discovery import discover
    from slo.errors import NotEnoughData

    found = discover(server, int(time() * 1000), max(1, round(days)), advance)
    if not found.candidates and found.agent is None:
        notes = "".join(f"\n  {note}" for note in found.notes)
        raise NotEnoughData(
            f"{found.url} holds {found.metrics:,} metrics, and none with traffic that an objective "
            "can be made of: neither requests with a status, nor durations, nor failures beside "
            "a total, nor a queue. docs/init.md says what is looked for; README.md shows how "
            f"an objective is written by hand{notes}"
        )
    return found


def _best(found: Discovery, services: Sequence[str]) -> tuple[tuple[Candidate, ...], bool]:
    """The candidates that are proposed, and whether the exporter's catalogue is.

    Raises:
        ConfigError: There is no such service.

    """
    from slo.discovery import choose, chosen_services
    from slo.discovery.agent_catalogue import SERVICE

    catalogue = found.agent is not None and (not services or SERVICE in services)
    wanted = [name for name in services if not (catalogue and name == SERVICE)]
    if catalogue and not wanted:
        return (), True
    of = [name for name in chosen_services(found, wanted) if not (catalogue and name == SERVICE)]
    return tuple(one for name in of for one in choose(found.of(name))), catalogue


def _refuse_nothing(begun: Beginning) -> None:
    from slo.errors import NotEnoughData

    if not begun.promises and not begun.catalogue:
        rare = (
            (one, f"{one.traffic} events a day are too few to promise a share of them")
            for one in begun.found.candidates
            if one.rare
        )
        told = (*begun.dropped, *rare)
        reasons = "".join(f"\n  {one.service}/{one.name}: {why}" for one, why in told)
        raise NotEnoughData(f"nothing was taken that can be promised; no file was written{reasons}")


def _as_json(
    begun: Beginning, files: tuple[Path, ...], lacking: tuple[str, ...], reports: list[FirstReport]
) -> dict[str, Any]:
    from slo.cli.init_printing import candidate_as_json, promise_as_json

    found = begun.found
    return {
        "prometheus": {"url": found.url, "version": found.version, "metrics": found.metrics},
        "notes": list(found.notes),
        "candidates": [candidate_as_json(one) for one in found.candidates],
        "catalogue": begun.catalogue,
        "promises": [promise_as_json(one) for one in begun.promises],
        "dropped": [
            {"service": one.service, "name": one.name, "reason": why} for one, why in begun.dropped
        ],
        "files": [str(path.resolve()) for path in files],
        "missing": list(lacking),
        "reports": [
            {"service": one.service, "page": str(one.page) if one.page else None, "said": one.said}
            for one in reports
        ],
    }
