"""What a project has so far, and what to do next: for whoever opens it for the first time."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from slo.card import Card, Shown, Table
from slo.configuration import FILE_NAME
from slo.counting import counted
from slo.documentation import documentation
from slo.errors import SloError
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.project.project import Project
    from slo.report.kinds import ReportKind
    from slo.report.published import Published


@dataclass(frozen=True)
class Part:
    """A part of a project.

    Attributes:
        name: What it is.
        present: What there is of it.
        next: What to do about it; empty if nothing.

    """

    name: str
    present: str
    next: str = ""


@dataclass(frozen=True)
class State(Shown):
    """What a project has so far.

    Attributes:
        parts: In the order of the work.

    """

    parts: tuple[Part, ...]

    @property
    def next(self) -> str:
        """The first thing to do; empty if nothing."""
        return next((part.next for part in self.parts if part.next), "")

    @property
    def card(self) -> Card:
        """A row a part, and what to do first."""
        rows = tuple((part.name, part.present, part.next) for part in self.parts)
        title = "Next" if self.next else "All is in place"
        return Card(title, self.next, (Table(("of", "there is", "next"), rows),))


def state(project: Project) -> State:
    """Look at everything that a project may have; nobody is asked over the network."""
    looked: tuple[tuple[str, Callable[[Project], tuple[str, str]]], ...] = (
        ("specifications", _specifications),
        ("history", _history),
        ("incidents", _incidents),
        ("rules and dashboards", _artefacts),
        ("Grafana", _grafana),
        ("reports", _reports),
    )
    return State(tuple(Part(name, *_or_fault(look, project)) for name, look in looked))


def _or_fault(look: Callable[[Project], tuple[str, str]], project: Project) -> tuple[str, str]:
    """A part that cannot be read says why, and the others are looked at all the same."""
    try:
        return look(project)
    except SloError as error:
        first, *more = str(error).splitlines() or [type(error).__name__]
        rest = f" (and {len(more)} more)" if more else ""
        return first + rest, "mend it: 'slo validate' lists every fault with its line"


def _specifications(project: Project) -> tuple[str, str]:
    slos, alerts = project.slos, project.alerts
    services = {one.service for one in slos} | {one.service for one in alerts}
    found = ", ".join(
        (
            counted(len(services), "service"),
            counted(len(slos), "objective"),
            counted(len(alerts), "alert on thresholds", "alerts on thresholds"),
        )
    )
    return found, "" if slos else f"write one: {documentation('specifications.md')}"


def _history(project: Project) -> tuple[str, str]:
    server = project.configuration.prometheus
    if project.snapshot_path.exists():
        from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

        kept = read_snapshot(project.snapshot_path, ())
        days = f"{to_datetime(kept.span.start):%Y-%m-%d} to {to_datetime(kept.span.end):%Y-%m-%d}"
        return f"{days}, from {kept.source or 'an unknown source'}", ""
    if server:
        return (
            f"none kept; {server.url} is asked each time",
            "keep it, and notebooks answer faster: slo snapshot --days 42",
        )
    return (
        "none",
        f"fetch one: [prometheus] with a url in {FILE_NAME}, then 'slo snapshot --days 42'; or "
        "make one up: slo simulate",
    )


def _incidents(project: Project) -> tuple[str, str]:
    labelled = project.incidents()
    if labelled:
        return f"{counted(len(labelled), 'incident')} labelled", ""
    return (
        "none labelled: stretches of the history that burned the budget count as incidents",
        f"label those that you had, in {project.configuration.history.incidents[0]}",
    )


def _artefacts(project: Project) -> tuple[str, str]:
    from slo.project.generated import loaded_plan  # noqa: PLC0415  loads Grafana's SDK

    differing = loaded_plan(project)
    return differing.summary, "write them: slo generate" if differing.changes else ""


def _grafana(project: Project) -> tuple[str, str]:
    section = project.configuration.grafana
    names = ", ".join(section.environments) or section.url
    if names:
        return names, "see what a push would change: review_dashboards, or 'slo plan'"
    return f"not configured: [grafana] in {FILE_NAME}, if you have one", ""


def _reports(project: Project) -> tuple[str, str]:
    from slo.project.reports import no_whole_week, services_with  # noqa: PLC0415
    from slo.report.kinds import KINDS  # noqa: PLC0415

    newest = [
        f"{name} {week} ({kind.name}): {report.verdict}"
        for kind in KINDS
        for name in services_with(project, kind)
        for week, report in _newest(project, kind, name)
    ]
    if newest:
        return "; ".join(newest), ""
    young = no_whole_week(project, int(time() * 1000))
    return young or "none", "" if young else "make last week's: slo report"


def _newest(project: Project, kind: ReportKind, service: str) -> list[tuple[str, Published]]:
    from slo.report.published import published_weeks  # noqa: PLC0415

    weeks = published_weeks(kind.shelf(project.reports_path, service), kind)
    return [(str(week), report) for week, report in list(weeks.items())[-1:]]
