"""The whole SLO report as GitHub Markdown; figures are the page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.duration import HOUR
from slo.model.objective import period_at
from slo.promql import error_ratio
from slo.report import wording
from slo.report.forms.heading import beginning, provenance, section
from slo.report.forms.markdown import escaped, table
from slo.report.objectives.verdict import what_alerts_did, what_is_left

if TYPE_CHECKING:
    from slo.backtest import IncidentOutcome
    from slo.report.forms.digest import Digest
    from slo.report.objectives.slo_week import SloWeek
    from slo.report.objectives.weekly_slo import WeeklySlo


def slo_markdown(report: WeeklySlo, digest: Digest) -> str:
    """A week of objectives, the worst first."""
    lines = beginning(digest, report.verdict)
    lines += section("Objectives, the worst first", *_objectives(report))
    if report.slos:
        lines += section("Each objective", *(line for one in report.slos for line in _each(one)))
    lines += section("Incidents", *_incidents(report))
    lines += section("Data quality", *_quality(report))
    return "\n".join([*lines, *_provenance(report)]) + "\n"


def _objectives(report: WeeklySlo) -> list[str]:
    head = (
        *("Objective", "State", "Promised", "This week", "Budget left", "Change on last week"),
        *("Bad events left", "Full outage left"),
    )
    rows: list[tuple[str, ...]] = [
        (
            one.slo.title,
            one.state,
            str(one.slo.objective),
            wording.percent_beside(one.achieved, one.slo.objective.error_budget),
            wording.percent(one.budget.remaining),
            wording.points(one.change),
            wording.count(one.events_left),
            wording.minutes(one.minutes_left),
        )
        for one in report.slos
    ]
    rows += [
        (one.title, "insufficient data", str(one.objective), *[wording.NONE] * 5)
        for one, _ in report.without_data
    ]
    return table(head, rows, texts=2)


def _each(one: SloWeek) -> list[str]:
    """What the page says above an objective's figures."""
    achieved = wording.percent_beside(one.budget.achieved, one.slo.objective.error_budget)
    period = period_at(one.slo.period, one.budget.at)
    spent = wording.percent(one.spent_in_week)
    lines = [f"### {escaped(one.slo.title)}", ""]
    if one.slo.description:
        lines += [escaped(one.slo.description), ""]
    lines += [
        f"- Promised: {escaped(f'{one.slo.objective}, {period}')}; achieved in it: {achieved}.",
        f"- {escaped(what_is_left(one))} The week spent {spent} of it.",
        f"- {escaped(what_alerts_did(one.alerts))}",
    ]
    if one.slo.owner:
        lines.append(f"- Owner: {escaped(one.slo.owner)}")
    if one.slo.runbook:
        lines.append(f"- Runbook: {escaped(one.slo.runbook)}")
    return [*lines, ""]


def _incidents(report: WeeklySlo) -> list[str]:
    """Each incident by each objective that it touched."""
    touched = [(one, outcome) for one in report.slos for outcome in one.outcomes]
    if not touched:
        labelled = len(report.incidents)
        return [
            "No incident is labelled in the week."
            if not labelled
            else f"{labelled} labelled in the week, none of which touches an objective."
        ]
    head = (
        *("Incident", "Objective", "First alert", "Began", "Lasted", "Share of the budget"),
        *("Seen after", "Budget spent by then"),
    )
    rows = [_incident(one, outcome) for one, outcome in touched]
    return table(head, rows, texts=3)


def _incident(objective: SloWeek, outcome: IncidentOutcome) -> tuple[str, ...]:
    seen, span = outcome.detection("any"), outcome.incident.span
    alerts = [one for one in outcome.detections if one.by not in ("any", "page", "ticket")]
    return (
        outcome.incident.name,
        objective.slo.title,
        min(alerts, key=lambda one: one.at).by if alerts else "none",
        wording.instant(span.start),
        wording.duration(span.length),
        wording.percent(outcome.budget_spent),
        wording.duration(seen.delay) if seen else "never",
        wording.percent(seen.budget_spent) if seen else wording.NONE,
    )


def _quality(report: WeeklySlo) -> list[str]:
    head = ("Objective", "Week covered", "Period covered", "Gaps", "Longest gap", "Resets")
    rows = [
        (
            one.slo.title,
            wording.percent(one.quality.coverage),
            wording.percent(one.budget.coverage),
            str(len(one.quality.gaps)),
            wording.duration(one.quality.longest_gap) if one.quality.gaps else wording.NONE,
            str(one.quality.resets),
        )
        for one in report.slos
    ]
    missing = [f"- {escaped(one.title)}: {escaped(reason)}" for one, reason in report.without_data]
    return [*(table(head, rows) if rows else []), *(["", *missing] if missing else [])]


def _provenance(report: WeeklySlo) -> list[str]:
    made_of = report.provenance
    facts = (
        ("Source", made_of.source or "not known"),
        ("Prometheus", made_of.server_version or "none stored these samples"),
        ("Week", str(report.week.span)),
        ("History", f"{made_of.history}, {wording.count(made_of.samples)} samples"),
        ("Evaluation of alerts", f"every {wording.duration(made_of.interval)}"),
        ("Specification", made_of.specification),
        ("slobook", made_of.slobook),
    )
    judged = [one.slo for one in report.slos] + [one for one, _ in report.without_data]
    return provenance(facts, [error_ratio(one.indicator, HOUR) for one in judged])
