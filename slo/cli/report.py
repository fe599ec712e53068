"""``slo report``: a weekly report, by papermill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.completion import kinds, services
from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import print_json, say

if TYPE_CHECKING:
    from slo.project import Project
    from slo.report.kinds import ReportKind
    from slo.report.published import Published


def report(
    config: ConfigOption = Path("slobook.toml"),
    week: Annotated[
        str,
        typer.Option(
            metavar="WEEK", help="ISO week such as 2026-W45; the last closed one if not given."
        ),
    ] = "",
    service: Annotated[
        str,
        typer.Option(help="The service, where there are several.", autocompletion=services),
    ] = "",
    kind: Annotated[str, typer.Option(help="slo or cost.", autocompletion=kinds)] = "slo",
    exit_zero: Annotated[
        bool,
        typer.Option(
            "--exit-zero",
            help="Exit with 0 also then: a scheduler takes 1 for a report that was not made.",
        ),
    ] = False,
    deliver: Annotated[
        bool,
        typer.Option("--deliver", help="Take it where slobook.toml says, also if it is there."),
    ] = False,
    schema: Annotated[
        bool,
        typer.Option("--schema", help="Print the JSON Schema of result.json, and make no report."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a weekly report's notebook and publish its page.

    Exits with 1 where an objective's budget is exhausted, or a budget of money is overspent; with
    75 where another run makes the same report. 'slo run-due' makes whatever is due.

    Example: slo report --week 2026-W45 --kind cost
    """
    from slo.progress import in_terminal
    from slo.project import open_project
    from slo.project.reports import publish
    from slo.report.forms.found import forms_in, not_made
    from slo.report.kinds import kind_named
    from slo.report.result_schema import result_schema

    of_kind = kind_named(kind)
    if schema:
        typer.echo(result_schema(of_kind), nl=False)
        return
    project = open_project(config, in_terminal)
    published = publish(project, of_kind, week, service)
    folder = published.page.parent
    if as_json:
        print_json(published.result)
    else:
        say(published.verdict)
        say(f"Open {published.page}")
        if forms := forms_in(folder, of_kind):
            say(f"Beside it: {', '.join(forms)}")
    if missing := not_made(folder):
        say(missing, err=True)
    if deliver and (code := _delivered(project, of_kind, published, as_json)):
        raise typer.Exit(code)
    if published.falls_short and not exit_zero:
        raise typer.Exit(1)


def _delivered(project: Project, kind: ReportKind, published: Published, quiet: bool) -> int:
    """Take a report that was made just now to every delivery; the exit code."""
    from slo.cli.deliver import FAILED, exit_code, tell_delivery
    from slo.delivery.delivering import again
    from slo.delivery.delivering import deliver as taken
    from slo.delivery.trying import Effort
    from slo.project.deliveries import deliveries, parcel_of, terms_of

    terms = terms_of(project, Effort())
    parcel = parcel_of(project, kind, published)
    outcomes = [taken(parcel, one, terms, again) for one in deliveries(project)]
    for one in outcomes:
        if one.state == "failed" or not quiet:
            tell_delivery(one)
    if not outcomes:
        say(f"{project.file} has no [[delivery]]: it is taken nowhere.", err=True)
    return exit_code(outcomes) if outcomes else FAILED
