"""The report's numbers as JSON holds them, in the shape that ``result_shape`` describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.duration import SECOND
from slo.report.objectives.suggestions import change_result, unchanged_result
from slo.report.result_types import instant_result, number_result, span_result

if TYPE_CHECKING:
    from slo.backtest import IncidentOutcome
    from slo.model.alert import Episode
    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.model.incident import Exclusion
    from slo.model.slo import Slo
    from slo.report.objectives import objective_shape as each
    from slo.report.objectives import result_shape as shaped
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.consequence import Consequence
    from slo.report.objectives.corrections import Correction, Corrections
    from slo.report.objectives.slo_week import SloWeek
    from slo.report.objectives.spending import Spending
    from slo.report.objectives.weekly_slo import WeeklySlo
    from slo.tune.projection import Crossing, Projection


def result_of(report: WeeklySlo) -> shaped.WeeklySloResult:
    """A report's numbers, unrounded.

    Instants are ISO 8601 in UTC, shares 0 to 1, durations seconds; None where there is no number.
    Objectives stand in the page's order, the worst first.
    """
    made_of = report.provenance
    return {
        "schema": "slobook/weekly-slo/1",
        "service": report.service,
        "week": str(report.week),
        "window": span_result(report.week.span),
        "until": instant_result(report.until),
        "verdict": report.verdict,
        "falls_short": report.falls_short,
        "objectives": report.count,
        "objectives_kept": len(report.in_state("kept", "at risk")),
        "objectives_kept_last_week": report.last_kept,
        "pages": report.pages,
        "pages_last_week": report.last_pages,
        "tickets": report.tickets,
        "tickets_last_week": report.last_tickets,
        "alerts": _quality(report.alerts, report.pages, report.tickets),
        "alerts_last_week": _quality(report.last_alerts, report.last_pages, report.last_tickets),
        "policy": _policy(report.policy),
        "exclusions": [_exclusion(one) for one in report.exclusions],
        "slos": [*map(_slo, report.slos), *(_without(*one) for one in report.without_data)],
        "incidents": [incident.name for incident in report.incidents],
        "suggestions": [change_result(one) for one in report.suggestions],
        "unchanged": [unchanged_result(one) for one in report.unchanged],
        "provenance": {
            "source": made_of.source,
            "prometheus_version": made_of.server_version,
            "history": span_result(made_of.history),
            "samples": made_of.samples,
            "evaluation_interval_seconds": made_of.interval / SECOND,
            "specification": made_of.specification,
            "slobook": made_of.slobook,
        },
    }


def _slo(one: SloWeek) -> each.ObjectiveResult:
    return {
        "name": one.slo.name,
        "objective": float(one.slo.objective.ratio),
        "period": span_result(one.budget.period),
        "state": one.state,
        "achieved_in_week": number_result(one.achieved),
        "achieved_last_week": number_result(one.last_achieved),
        "achieved_in_period": number_result(one.budget.achieved),
        "bad_events": one.bad,
        "bad_events_last_week": one.last_bad,
        "total_events": one.total,
        "total_events_last_week": one.last_total,
        "state_last_week": one.before.state,
        "budget_remaining": number_result(one.budget.remaining),
        "budget_remaining_last_week": number_result(one.before.remaining),
        "budget_change": number_result(one.change),
        "budget_spent_in_week": number_result(one.spent_in_week),
        "budget_spent_last_week": number_result(one.spent_last_week),
        "bad_events_in_period": one.budget.bad,
        "bad_events_allowed": number_result(one.budget.allowed),
        "bad_events_left": number_result(one.events_left),
        "outage_minutes_left": number_result(one.minutes_left),
        "exhausted_at": _if_any(one.burn_down.exhausted_at),
        "recovered_at": _if_any(one.burn_down.recovered_at),
        "projection": _projection(one.projection),
        "consequence": _consequence(one.consequence),
        "spending": [_spending(each) for each in one.spendings],
        "corrections": _corrections(one.corrections) if one.corrections else None,
        "daily_error_ratios": [number_result(day) for day in one.daily],
        "alerts": _quality(one.alerts, one.pages.calls, one.tickets.calls),
        "alerts_last_week": _quality(one.last_alerts, one.last_pages.calls, one.last_tickets.calls),
        "episodes": [_episode(e) for e in one.result.episodes if _ends(e, one) > one.week.start],
        "incidents": [_incident(outcome) for outcome in one.outcomes],
        "data": {
            "coverage_of_week": one.quality.coverage,
            "coverage_of_period": one.budget.coverage,
            "gaps": [span_result(gap) for gap in one.quality.gaps],
            "resets": one.quality.resets,
            "series": one.quality.series,
            "samples": one.quality.samples,
        },
    }


def _without(slo: Slo, reason: str) -> each.ObjectiveWithoutData:
    return {
        "name": slo.name,
        "objective": float(slo.objective.ratio),
        "state": "insufficient data",
        "reason": reason,
    }


def _projection(ahead: Projection) -> each.ProjectionResult:
    return {
        "until": instant_result(ahead.horizon),
        "learnt_from_days": ahead.learnt_from,
        "exhausted": _crossing(ahead.exhausted),
        "recovered": _crossing(ahead.recovered),
    }


def _crossing(found: Crossing | None) -> each.CrossingResult | None:
    if found is None:
        return None
    return {
        "earliest": _if_any(found.earliest),
        "likely": _if_any(found.likely),
        "latest": _if_any(found.latest),
        "chance": found.chance,
    }


def _consequence(found: Consequence) -> each.ConsequenceResult:
    return {
        "action": found.action,
        "until": _crossing(found.until),
        "incidents": [_name(one) for one in found.incidents],
        "for_incidents": found.for_incidents,
    }


def _spending(found: Spending) -> each.SpendingResult:
    return {
        "incident": _name(found),
        "bad_events": found.bad,
        "share_of_week": number_result(found.of_week),
        "share_of_budget": number_result(found.of_budget),
        "share_of_budget_in_period": number_result(found.in_period),
    }


def _name(found: Spending) -> str | None:
    return found.incident.name if found.incident else None


def _corrections(found: Corrections) -> each.CorrectionsResult:
    return {
        "exclusions": [_correction(one) for one in found.corrections],
        "uncorrected": {
            "state": found.budget.state,
            "achieved_in_week": number_result(found.achieved),
            "achieved_in_period": number_result(found.budget.achieved),
            "bad_events": found.bad,
            "total_events": found.total,
            "budget_remaining": number_result(found.budget.remaining),
        },
    }


def _correction(found: Correction) -> each.CorrectionResult:
    return {
        "name": found.exclusion.name,
        "bad_events": found.bad,
        "total_events": found.total,
    }


def _exclusion(found: Exclusion) -> shaped.ExclusionResult:
    return {
        "name": found.name,
        **span_result(found.span),
        "author": found.author,
        "reason": found.reason,
        "slos": list(found.slos),
    }


def _policy(found: ErrorBudgetPolicy) -> shaped.PolicyResult:
    above = found.incident_above
    return {
        "name": found.name,
        "kept": found.kept,
        "steps": [
            {"budget_left_below": float(step.below), "action": step.action} for step in found.steps
        ],
        "spent": found.spent,
        "incident_above": None if above is None else float(above),
        "incident": found.incident,
    }


def _quality(found: AlertQuality, pages: int, tickets: int) -> each.AlertsResult:
    return {
        "pages": pages,
        "tickets": tickets,
        "calls": found.calls,
        "true_calls": found.true_calls,
        "precision": number_result(found.precision),
        "incidents": found.incidents,
        "detected": found.detected,
        "recall": number_result(found.recall),
        "median_detection_seconds": _seconds(found.median_delay),
        "missed": [incident.name for incident in found.missed],
        "excluded_episodes": found.excluded,
    }


def _ends(episode: Episode, one: SloWeek) -> int:
    return one.result.span.end if episode.end is None else episode.end


def _episode(episode: Episode) -> each.EpisodeResult:
    return {
        "alert": episode.alert,
        "severity": episode.severity,
        "start": instant_result(episode.start),
        "end": _if_any(episode.end),
        "peak_error_ratio": number_result(episode.peak),
    }


def _incident(outcome: IncidentOutcome) -> each.IncidentResult:
    seen = outcome.detection("any")
    return {
        "name": outcome.incident.name,
        "kind": outcome.incident.kind,
        **span_result(outcome.incident.span),
        "budget_spent": number_result(outcome.budget_spent),
        "detection_seconds": seen.delay / SECOND if seen else None,
        "budget_spent_at_detection": number_result(seen.budget_spent) if seen else None,
    }


def _if_any(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else instant_result(milliseconds)


def _seconds(milliseconds: float) -> float | None:
    return number_result(milliseconds / SECOND)
