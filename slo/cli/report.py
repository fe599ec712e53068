"""``slo report``: a weekly report, by papermill."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import print_json


class ReportKind(StrEnum):
    """What a report is about."""

    SLO = "slo"
    COST = "cost"


def report(
    config: ConfigOption = Path("slobook.toml"),
    week: Annotated[
        str, typer.Option(help="ISO week such as 2026-W45; the last closed one if not given.")
    ] = "",
    service: Annotated[str, typer.Option(help="The service, where there are several.")] = "",
    kind: Annotated[str, typer.Option(help="slo or cost.")] = "slo",
    exit_zero: Annotated[
        bool,
        typer.Option(
            "--exit-zero",
            help="Exit with 0 also then: a scheduler takes 1 for a report that was not made.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a weekly report's notebook and publish its page.

    Exits with 1 where an objective's budget is exhausted, or a budget of money is overspent; with
    75 where another run makes the same report. 'slo run-due' makes whatever is due.

    Example: slo report --week 2026-W45 --kind cost
    """
    from slo.project import open_project
    from slo.project.reports import publish
    from slo.report.forms.found import forms_in, not_made
    from slo.report.kinds import kind_named

    of_kind = kind_named(kind)
    published = publish(open_project(config), of_kind, week, service)
    folder = published.page.parent
    if as_json:
        print_json(published.result)
    else:
        typer.echo(published.verdict)
        typer.echo(f"Open {published.page}")
        if forms := forms_in(folder, of_kind):
            typer.echo(f"Beside it: {', '.join(forms)}")
    if missing := not_made(folder):
        typer.echo(missing, err=True)
    if published.falls_short and not exit_zero:
        raise typer.Exit(1)
