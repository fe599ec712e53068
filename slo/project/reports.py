"""A project's weekly reports: how far its history reaches, publishing one, and which are due."""

from __future__ import annotations

from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from slo.errors import ConfigError, RunError
from slo.model.duration import WEEK
from slo.model.span import Span, Week, format_instant
from slo.project.names import service_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import History
    from slo.model.service_alert import CostBudget
    from slo.model.slo import Slo
    from slo.project.project import Project
    from slo.project.sources import Sources
    from slo.report.kinds import ReportKind
    from slo.report.objectives.weekly_slo import WeeklySlo
    from slo.report.published import Published
    from slo.report.runs.due import Due

_DAYS = 42
"""A period of 30 days, the week before the reported one, and some room."""


def reach(project: Sources) -> Span:
    """From when to when there may be history; nothing is fetched for it.

    Raises:
        ConfigError: There is neither a snapshot nor a Prometheus.
        HistoryError: The snapshot cannot be read.

    """
    from slo.history.snapshot import read_snapshot  # noqa: PLC0415  loads pyarrow

    if project.snapshot_path.exists():
        return read_snapshot(project.snapshot_path, ()).span
    project.prometheus  # noqa: B018  refuses where there is none
    return Span(0, int(time() * 1000))


def no_whole_week(project: Sources, now: int) -> str:
    """Why there can be no weekly report yet, where the snapshot begins too late; else empty.

    Args:
        project: Whose snapshot.
        now: Unix milliseconds.

    Raises:
        HistoryError: The snapshot cannot be read.

    """
    since = reach(project).start if project.snapshot_path.exists() else 0
    if since <= Week.last_closed(now).span.start:
        return ""
    monday = Week.of(since - 1).span.end
    return (
        f"no whole week of history yet: it begins {format_instant(since)}, and the first whole "
        f"week ends {format_instant(monday + WEEK)}"
    )


def history_for_week(project: Project, slos: Sequence[Slo], week: str) -> History:
    """The samples that a report of a week needs: what was known when the week ended.

    Raises:
        ConfigError: It is not an ISO week, or there is neither a snapshot nor a Prometheus.
        NotEnoughData: The history does not reach into the week.
        HistoryError: The history cannot be read or fetched.

    """
    from slo.report.weeks import week_within  # noqa: PLC0415

    reached = reach(project)
    chosen = week_within(week, reached)
    if project.snapshot_path.exists():
        return project.history(*slos)
    return project.fetch(*slos, days=_DAYS, end=min(chosen.span.end, reached.end))


def weekly_slo(project: Project, week: str, service: str) -> WeeklySlo:
    """The numbers of a service's week, by its own error budget policy if it has one.

    Raises:
        ConfigError: There is no such service or week, or neither a snapshot nor a Prometheus.
        NotEnoughData: The history does not reach into the week.
        SpecError: A file of incidents or exclusions has faults.

    """
    from slo.report.objectives import weekly_slo as numbers  # noqa: PLC0415  loads pandas
    from slo.report.objectives.suggesting import suggested_changes  # noqa: PLC0415  loads scipy
    from slo.report.weeks import week_within  # noqa: PLC0415

    slos = project.of_service(service)
    history = history_for_week(project, slos, week)
    chosen, interval = week_within(week, history.span), project.interval
    incidents = project.incidents(history.span)
    policies = {one.service: one for one in project.specs.error_budget_policies}
    report = numbers.weekly_slo(
        slos,
        history,
        incidents,
        chosen,
        interval,
        exclusions=project.exclusions,
        policy=policies.get(slos[0].service),
    )
    watched = project.watched(slos, "Looking for what to change")
    found = suggested_changes(watched, history, report.until, project.ground_truth, interval)
    return replace(report, suggestions=found.changes, unchanged=found.unchanged)


def publish(project: Project, kind: ReportKind, week: str = "", service: str = "") -> Published:
    """Run a report's notebook and publish it, with an index that knows it.

    Raises:
        RunError: The notebook failed, or wrote no report; nothing is published.
        ConfigError: There is no such service, week or notebook.
        NotEnoughData: The history does not reach into the week.
        UnderWay: Another run makes the same report.

    """
    from slo.configuration.variables import secret_variables  # noqa: PLC0415
    from slo.report.kinds import RESULT  # noqa: PLC0415
    from slo.report.pages.index import write_index  # noqa: PLC0415  loads Jinja2
    from slo.report.published import read_published  # noqa: PLC0415
    from slo.report.runs.runner import run_notebook  # noqa: PLC0415  loads papermill
    from slo.report.weeks import week_within  # noqa: PLC0415

    name = service_with(_held(project, kind), kind.budget, service)
    chosen = week_within(week, reach(project))
    folder = kind.folder(project.reports_path, name, chosen)
    named = {"config": str(project.file), "week": str(chosen), "service": name}
    with project.progress(f"Making the report of {name}, {chosen}"):
        run_notebook(
            project.notebook(kind.notebook),
            named,
            folder,
            leaves=(kind.page, RESULT),
            secrets=secret_variables(project.configuration),
        )
    published = read_published(folder, kind)
    if published is None:
        raise RunError(f"notebook {kind.notebook}", f"{folder / RESULT} is not a report's")
    write_index(project.reports_path)
    return published


def due_reports(
    project: Project, kinds: Sequence[ReportKind], services: Sequence[str], weeks: int
) -> tuple[Due, ...]:
    """Every report of the last closed weeks, the oldest first, made or not.

    Args:
        project: Whose reports.
        kinds: Which reports.
        services: Of these services; of all where none is named.
        weeks: How many closed weeks.

    Raises:
        ConfigError: There is no such service, or neither a snapshot nor a Prometheus.

    """
    from slo.report.runs.due import due_in  # noqa: PLC0415

    wanted = [(kind, name) for kind in kinds for name in services_with(project, kind)]
    if unknown := sorted(set(services) - {name for _, name in wanted}):
        known = ", ".join(sorted({name for _, name in wanted})) or "none"
        raise ConfigError(f"there is no report of {unknown[0]!r}; there are those of {known}")
    asked = [(kind, name) for kind, name in wanted if name in services or not services]
    now = int(time() * 1000)
    return due_in(project.reports_path, asked, weeks, history=reach(project), now=now)


def services_with(project: Project, kind: ReportKind) -> list[str]:
    """The services that have what a report tells of."""
    return sorted({one.service for one in _held(project, kind)})


def _held(project: Project, kind: ReportKind) -> Sequence[Slo] | Sequence[CostBudget]:
    """What a report tells of."""
    return project.slos if kind.budget == "error" else project.specs.cost_budgets
