"""``slo init``: a project from what a Prometheus holds, or one service more."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slo.cli.options import JsonOption
from slo.cli.printing import print_json, say
from slo.counting import counted
from slo.progress import in_terminal

if TYPE_CHECKING:
    from slo.history.connection import PrometheusServer
    from slo.project import Project
    from slo.project.beginning import Beginning

_LOCAL = "http://localhost:9090"


def init(
    url: Annotated[
        str, typer.Argument(help="Prometheus' address; asked for if not given.", show_default=False)
    ] = "",
    into: Annotated[
        Path, typer.Option(help="The folder of the new project, or of one that is there.")
    ] = Path(),
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
    json_output: JsonOption = False,
) -> None:
    """Begin a project: find what your Prometheus can tell of services, and promise what it kept.

    Writes slobook.toml, specs/, a snapshot of the history and a first report. Nothing is changed
    in Prometheus, and no file is ever overwritten. Without a terminal nothing is asked.

    In a folder that holds a project it adds a service to it: its specification, and what
    slobook.toml and the snapshot need beside what they hold, after that was shown.

    Example: slo init http://localhost:9090 --into my-service

    In a project: slo init --service billing
    """
    from slo.cli.init_adding import Wish, add_services
    from slo.cli.init_choosing import begun_with, found_at
    from slo.project.adding import project_in
    from slo.project.beginning import refuse_what_is_there

    asks = not yes and not json_output and sys.stdin.isatty()
    named = {"token_env": token_env, "username_env": username_env, "password_env": password_env}
    if project := project_in(into):
        wish = Wish(into, tuple(service or ()), days, asks, json_output)
        add_services(project, _server_of(project, url, asks=asks, named=named), wish)
        return
    refuse_what_is_there(into)
    server = _server(url, asks=asks, named=named)
    # What people read is not a part of the one JSON value.
    with redirect_stdout(StringIO()) if json_output else nullcontext():
        begun = begun_with(found_at(server, days), server, days, service or (), asks=asks)
        if asks and not typer.confirm(f"Write this project into {into.resolve()}?", default=True):
            say("Nothing was written.")
            return
        written = _written(begun, server, into)
    if json_output:
        print_json(written)


def _written(begun: Beginning, server: PrometheusServer, into: Path) -> dict[str, Any]:
    """Write the project and its first reports; returns all of it for scripts."""
    from slo.cli import init_printing as printing
    from slo.cli.init_written import as_json, first_reports
    from slo.discovery.agent_catalogue import SERVICE
    from slo.project.beginning import missing, so_far, write_project
    from slo.project.project import open_project

    files = write_project(begun, server, into)
    project = open_project(into / "slobook.toml", in_terminal)
    say(f"Wrote {counted(len(files), 'file')} into {into.resolve()}; all specifications are valid:")
    for line in printing.files_below(files, into):
        say(f"  {line}")
    lacking = missing(project)
    for message in lacking:
        say(message, err=True)
    if begun.catalogue:
        printing.print_so_far(so_far(project, SERVICE))
    reports = first_reports(project, begun)
    printing.print_next(begun, into)
    return as_json(begun, files, lacking, reports)


def _server_of(
    project: Project, url: str, *, asks: bool, named: dict[str, str]
) -> PrometheusServer:
    """The one Prometheus of a project, or the one that it gets.

    Raises:
        ConfigError: Another was named.

    """
    from slo.errors import ConfigError

    if project.configuration.prometheus is None:
        return _server(url, asks=asks, named=named)
    server = project.prometheus
    given = [f"--{name.replace('_', '-')}" for name, value in named.items() if value]
    if url and _full(url) != server.url.rstrip("/"):
        given.insert(0, f"the address {_full(url)}")
    if given:
        raise ConfigError(
            f"{project.file}: found {given[0]}, expected none beside the Prometheus of the "
            f"project, {server.shown_url}, which [prometheus] says how to reach. For another one "
            "begin another project with --into"
        )
    return server


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
    full = _full(url or typer.prompt("Address of your Prometheus", default=_LOCAL))
    if "@" in urlsplit(full).netloc:
        raise ConfigError(
            "the address holds a user or a password, which slobook.toml would then hold as well: "
            "leave them out, and name the variables that hold them by --username-env and "
            "--password-env"
        )
    return prometheus_section({"url": full, **{k: v for k, v in named.items() if v}}).server


def _full(url: str) -> str:
    given = url.strip().rstrip("/")
    return given if "://" in given else f"http://{given}"
