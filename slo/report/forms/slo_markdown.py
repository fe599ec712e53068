"""The whole SLO report as GitHub Markdown; figures are the page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.duration import HOUR
from slo.model.objective import period_at
from slo.promql import error_ratio
from slo.report import wording
from slo.report.forms.heading import beginning, provenance, section
from slo.report.forms.markdown import escaped, table
from slo.report.forms.suggestions_markdown import suggested_changes
from slo.report.objectives.verdict import (
    what_alerts_did,
    what_is_left,
    what_the_week_spent,
    where_it_leads,
)

if TYPE_CHECKING:
    from slo.backtest import IncidentOutcome
    from slo.report.forms.digest import Digest
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.slo_week import SloWeek
    from slo.report.objectives.weekly_slo import WeeklySlo


def slo_markdown(report: WeeklySlo, digest: Digest) -> str:
    """A week of objectives, the worst first."""
    lines = beginning(digest, report.verdict)
    lines += section("Objectives, the worst first", *_objectives(report))
    if report.suggestions or report.unchanged:
        lines += section("Suggested changes", *suggested_changes(report))
    if report.slos:
        each = (line for one in report.slos for line in _each(report, one))
        lines += section("Each objective", *each)
    lines += section("Incidents", *_incidents(report))
    if report.slos:
        lines += section("Alert quality", *_alerts(report))
        lines += section("Corrections", *_corrections(report))
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


def _each(report: WeeklySlo, one: SloWeek) -> list[str]:
    """What the page says around an objective's figures."""
    achieved = wording.percent_beside(one.budget.achieved, one.slo.objective.error_budget)
    period = period_at(one.slo.period, one.budget.at)
    lines = [f"### {escaped(one.slo.title)}", ""]
    if one.slo.description:
        lines += [escaped(one.slo.description), ""]
    lines += [
        f"- Promised: {escaped(f'{one.slo.objective}, {period}')}; achieved in it: {achieved}.",
        f"- {escaped(f'{what_is_left(one)} {what_the_week_spent(one)}'.rstrip())}",
    ]
    if leads := where_it_leads(one):
        lines.append(f"- {escaped(leads)}")
    if one.consequence.action:
        lines.append(f"- **Error budget policy:** {escaped(one.consequence.action)}")
    if one.corrections:
        all_counted = wording.percent(one.corrections.budget.remaining)
        lines.append(
            "- Judged without what is excluded; if everything counted, "
            f"{all_counted} of the budget would be left."
        )
    lines.append(f"- {escaped(what_alerts_did(one.alerts))}")
    if one.slo.owner:
        lines.append(f"- Owner: {escaped(one.slo.owner)}")
    if one.slo.runbook:
        lines.append(f"- Runbook: {escaped(one.slo.runbook)}")
    return [*lines, "", *_spending(one), "", *_large_incidents(report, one)]


def _spending(one: SloWeek) -> list[str]:
    """Where the week's bad events came from, and their sum."""
    head = (
        *("Where bad events came from", "Bad events", "Share of the week's"),
        "Share of the period's budget",
    )
    rows = [
        (
            each.incident.name if each.incident else "outside of any incident",
            wording.count(each.bad),
            wording.percent(each.of_week),
            wording.percent(each.of_budget),
        )
        for each in one.spendings
    ]
    whole = wording.percent(1.0) if one.bad else wording.NONE
    rows.append(("The week", wording.count(one.bad), whole, wording.percent(one.spent_in_week)))
    return table(head, rows)


def _large_incidents(report: WeeklySlo, one: SloWeek) -> list[str]:
    """What the policy asks for after incidents that spent more than it lets pass."""
    above = report.policy.incident_above
    lines = []
    for each in one.consequence.incidents:
        if above is not None and each.incident:
            text = (
                f"{each.incident.name} spent {wording.percent(each.in_period)} of the budget, more "
                f"than the {wording.percent(float(above), 0)} that the policy lets pass: "
                f"{one.consequence.for_incidents}"
            )
            lines += [escaped(text), ""]
    return lines


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


def _alerts(report: WeeklySlo) -> list[str]:
    """How alerts served, this week and the one before in brackets."""
    head = (
        *("Objective", "Pages", "Tickets", "Precision", "Incidents seen", "Seen after"),
        *("Not seen", "Excluded episodes"),
    )
    rows = [
        (
            one.slo.title,
            f"{one.pages.calls} ({one.last_pages.calls})",
            f"{one.tickets.calls} ({one.last_tickets.calls})",
            *_served(one.alerts, one.last_alerts),
        )
        for one in report.slos
    ]
    rows.append(
        (
            "All, each incident once",
            f"{report.pages} ({report.last_pages})",
            f"{report.tickets} ({report.last_tickets})",
            *_served(report.alerts, report.last_alerts),
        )
    )
    return ["The week before in brackets.", "", *table(head, rows)]


def _served(now: AlertQuality, then: AlertQuality) -> tuple[str, ...]:
    return (
        f"{wording.percent(now.precision, 0)} ({wording.percent(then.precision, 0)})",
        f"{now.detected} of {now.incidents} ({then.detected} of {then.incidents})",
        f"{wording.duration(now.median_delay)} ({wording.duration(then.median_delay)})",
        ", ".join(incident.name for incident in now.missed) or wording.NONE,
        str(now.excluded),
    )


def _corrections(report: WeeklySlo) -> list[str]:
    """What was excluded, by whom, why; and what the numbers were with it."""
    if not report.exclusions:
        return ["Nothing is excluded: every event of the objectives' periods counts."]
    excluded = [
        (
            one.name,
            wording.instant(one.span.start),
            wording.instant(one.span.end),
            one.author,
            one.reason,
        )
        for one in report.exclusions
    ]
    rows = []
    for one in report.slos:
        if not one.corrections:
            continue
        promised, counted = one.slo.objective.error_budget, one.corrections
        left = wording.percent(one.budget.remaining), wording.percent(counted.budget.remaining)
        rows.append(
            (
                one.slo.title,
                f"{one.state} ({counted.budget.state})",
                f"{wording.percent_beside(one.achieved, promised)} "
                f"({wording.percent_beside(counted.achieved, promised)})",
                f"{left[0]} ({left[1]})",
                wording.count(sum(each.bad for each in counted.corrections)),
                wording.count(sum(each.total for each in counted.corrections)),
            )
        )
    head = (
        *("Objective", "State", "This week", "Budget left"),
        *("Bad events excluded", "Events excluded"),
    )
    return [
        *table(("Exclusion", "From", "To", "By", "Reason"), excluded, texts=5),
        "",
        "In brackets what the numbers were if everything counted.",
        "",
        *table(head, rows, texts=2),
    ]


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
