"""``slo run-due``: every report of the last closed weeks that is not there yet."""

from __future__ import annotations

import sys
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.completion import kinds, services
from slo.cli.options import ConfigOption, JsonOption
from slo.cli.printing import print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.delivery.delivering import Outcome as Delivered
    from slo.project import Project
    from slo.report.runs.due import Due
    from slo.report.runs.run_due import Attempts, Outcome

    _Expose = Callable[[Sequence[Outcome]], None]

_FAILED = 2
_FIRST_WAIT = 15.0
_ATTEMPT = (
    "import sys; from slo.report.runs.lifeline import end_with; end_with(int(sys.argv.pop(1))); "
    "from slo.cli import main; main()"
)
"""``slo`` in a process that ends with this one; -P, as the folder may hold a ``slo`` of its own."""


def run_due(
    config: ConfigOption = Path("slobook.toml"),
    weeks: Annotated[
        int, typer.Option(min=1, max=520, help="How many closed weeks to look back.")
    ] = 4,
    service: Annotated[
        list[str] | None,
        typer.Option(help="Only this service; may be repeated.", autocompletion=services),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this kind of report, as slo; may be repeated.", autocompletion=kinds
        ),
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, help="Reports made at a time.")] = 2,
    retries: Annotated[
        int,
        typer.Option(min=0, help="Further attempts where Prometheus fails, after 15 s, 30 s, ..."),
    ] = 3,
    metrics_file: Annotated[
        Path | None,
        typer.Option(
            envvar="SLOBOOK_METRICS_FILE",
            help="Write metrics of the run here, for node_exporter's textfile collector.",
        ),
    ] = None,
    pushgateway: Annotated[
        str,
        typer.Option(
            envvar="SLOBOOK_PUSHGATEWAY",
            metavar="URL",
            help="Push metrics of the run to the Pushgateway at this address.",
        ),
    ] = "",
    pushgateway_project: Annotated[
        str,
        typer.Option(
            envvar="SLOBOOK_PUSHGATEWAY_PROJECT",
            help="What the Pushgateway calls this project; its folder's name if not given.",
        ),
    ] = "",
    no_deliver: Annotated[
        bool, typer.Option("--no-deliver", help="Take no report anywhere; the next run does.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only say what could not be done: for cron.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make every weekly report that is due and not there yet, and deliver it.

    Call it from any scheduler, as often as you like: 'slo schedule' prints the piece for yours.
    What is there stays; missed weeks are caught up. Two runs at once do not meet. Reports are
    taken where [[delivery]] in slobook.toml says, and what could not be is tried again.

    Exits with 0 when every report is there, whatever it says (a spent budget too); with 2 when
    one could not be made or delivered, or metrics could not be left; with 75 when another run is
    still making one, and trying later is enough.

    Example: slo run-due --weeks 8
    """
    from slo.project import open_project
    from slo.project.deliveries import deliveries
    from slo.project.reports import due_reports
    from slo.report.kinds import KINDS, kind_named

    project = open_project(config)
    called = pushgateway_project or project.root.name or "slobook"
    exposed = _exposing(metrics_file, pushgateway, called)
    kinds = tuple(dict.fromkeys(map(kind_named, kind))) if kind else KINDS
    deliveries(project)  # what is wrong with them is said before the run
    due = due_reports(project, kinds, tuple(dict.fromkeys(service or ())), weeks)
    outcomes = _made(due, project, _attempts(at_once, retries), _teller(quiet or as_json))
    if any(one.state == "made" for one in outcomes):
        from slo.report.pages.index import write_index

        write_index(project.reports_path)
    lost = [expose for expose in exposed if not _tried(expose, outcomes)]
    taken = () if no_deliver else _delivered(project, due, quiet or as_json)
    if as_json:
        print_json([_as_json(one, taken) for one in outcomes])
    elif not quiet:
        say(_summary(outcomes, taken, project.reports_path))
    raise typer.Exit(_FAILED if lost else _exit_code(outcomes, taken))


def _exposing(file: Path | None, pushgateway: str, called: str) -> list[_Expose]:
    """Where a run's metrics are wanted; what is wrong with that is said before the run."""
    wanted: list[_Expose] = []
    if file:
        from slo.report.runs.textfile import write_textfile

        wanted.append(lambda outcomes: write_textfile(outcomes, time(), file))
    if pushgateway:
        from slo.report.runs import pushgateway as gateways

        to = gateways.pushgateway(pushgateway, called)
        wanted.append(lambda outcomes: gateways.push(outcomes, time(), to))
    return wanted


def _tried(expose: _Expose, outcomes: Sequence[Outcome]) -> bool:
    """Whether metrics were left; that they were not takes nothing away from the reports."""
    from slo.errors import SloError

    try:
        expose(outcomes)
    except SloError as error:
        say(f"metrics: {error}", err=True)
        return False
    return True


def _attempts(at_once: int, retries: int) -> Attempts:
    from slo.report.runs.run_due import Attempts

    waits = [_FIRST_WAIT * 2**number for number in range(retries)]
    return Attempts(at_once=at_once, waits=waits)


def _made(
    due: Sequence[Due], project: Project, attempts: Attempts, tell: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    import os

    from slo.configuration.variables import secret_variables
    from slo.report.runs.run_due import run_due as made

    def command(one: Due) -> list[str]:
        asked = ["report", "--kind", one.kind.name, "--config", str(project.file)]
        asked += ["--exit-zero", "--week", str(one.week), "--service", one.service]
        return [sys.executable, "-P", "-c", _ATTEMPT, str(os.getpid()), *asked]

    return made(due, command, attempts, tell, secret_variables(project.configuration))


def _delivered(project: Project, due: Sequence[Due], failures_only: bool) -> tuple[Delivered, ...]:
    """Take reports where they are wanted."""
    from slo.cli.deliver import tell_delivery
    from slo.delivery.trying import Effort
    from slo.project.deliveries import deliver_due, terms_of

    def tell(one: Delivered) -> None:
        if one.state == "failed" or not failures_only:
            tell_delivery(one)

    return deliver_due(project, due, terms_of(project, Effort()), tell)


def _teller(quiet: bool) -> Callable[[Outcome], None]:
    def tell(one: Outcome) -> None:
        if one.state == "failed":
            say(f"{one.due}: FAILED: {one.detail}", err=True)
        elif one.state == "made" and not quiet:
            say(f"{one.due}: made in {one.seconds:.0f} s. {one.detail}")
        elif not quiet:
            say(f"{one.due}: {one.state}. {one.detail}")

    return tell


def _summary(outcomes: Sequence[Outcome], taken: Sequence[Delivered], reports: Path) -> str:
    if not outcomes:
        return "No week has closed that the history knows: nothing is due."
    counts = {state: sum(one.state == state for one in outcomes) for state in _STATES}
    told = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
    sent = {state: sum(one.state == state for one in taken) for state in ("delivered", "failed")}
    told += f". {sent['delivered']} delivered" if sent["delivered"] else ""
    told += f". {sent['failed']} not delivered" if sent["failed"] else ""
    there = any(one.state in ("made", "up to date") for one in outcomes)
    return told + (f". Open {reports / 'index.html'}" if there else "")


_STATES = ("up to date", "made", "under way", "failed")


def _exit_code(outcomes: Sequence[Outcome], taken: Sequence[Delivered]) -> int:
    from slo.errors import UNDER_WAY

    states = {one.state for one in outcomes} | {str(one.state) for one in taken}
    return _FAILED if "failed" in states else UNDER_WAY if "under way" in states else 0


def _as_json(one: Outcome, taken: Sequence[Delivered]) -> dict[str, object]:
    place = one.due.folder
    return {
        "kind": one.due.kind.name,
        "service": one.due.service,
        "week": str(one.due.week),
        "state": one.state,
        "detail": one.detail,
        "seconds": one.seconds,
        "folder": str(place),
        "deliveries": [
            {"delivery": to.delivery, "state": to.state, "detail": to.detail}
            for to in taken
            if to.parcel.folder == place
        ],
    }
