"""The report's numbers as JSON holds them: for scripts, and for whoever checks the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from slo.model.duration import SECOND
from slo.model.span import to_datetime
from slo.report.objectives.suggestions import change_result, unchanged_result

if TYPE_CHECKING:
    from slo.backtest import IncidentOutcome
    from slo.model.alert import Episode
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.report.objectives.weekly_slo import SloWeek, WeeklySlo


def result_of(report: WeeklySlo) -> dict[str, Any]:
    """A report's numbers, unrounded.

    Instants are ISO 8601 in UTC, shares 0 to 1, durations seconds; None where there is no number.
    Objectives stand in the page's order, the worst first.
    """
    made_of = report.provenance
    return {
        "service": report.service,
        "week": str(report.week),
        "window": _span(report.week.span),
        "until": _instant(report.until),
        "verdict": report.verdict,
        "falls_short": report.falls_short,
        "pages": report.pages,
        "pages_last_week": report.last_pages,
        "slos": [*map(_slo, report.slos), *(_without(*one) for one in report.without_data)],
        "incidents": [incident.name for incident in report.incidents],
        "suggestions": [change_result(one) for one in report.suggestions],
        "unchanged": [unchanged_result(one) for one in report.unchanged],
        "provenance": {
            "source": made_of.source,
            "prometheus_version": made_of.server_version,
            "history": _span(made_of.history),
            "samples": made_of.samples,
            "evaluation_interval_seconds": made_of.interval / SECOND,
            "specification": made_of.specification,
            "slobook": made_of.slobook,
        },
    }


def _slo(one: SloWeek) -> dict[str, Any]:
    return {
        "name": one.slo.name,
        "objective": float(one.slo.objective.ratio),
        "period": _span(one.budget.period),
        "state": one.state,
        "achieved_in_week": _number(one.achieved),
        "achieved_last_week": _number(one.last_achieved),
        "achieved_in_period": _number(one.budget.achieved),
        "bad_events": one.bad,
        "total_events": one.total,
        "budget_remaining": _number(one.budget.remaining),
        "budget_change": _number(one.change),
        "budget_spent_in_week": _number(one.spent_in_week),
        "bad_events_left": _number(one.events_left),
        "outage_minutes_left": _number(one.minutes_left),
        "exhausted_at": _instant(one.burn_down.exhausted_at),
        "recovered_at": _instant(one.burn_down.recovered_at),
        "daily_error_ratios": [_number(day) for day in one.daily],
        "alerts": {
            "calls": one.alerts.calls,
            "pages": one.pages.calls,
            "precision": _number(one.alerts.precision),
            "recall": _number(one.alerts.recall),
            "median_detection_seconds": _seconds(one.alerts.median_delay),
        },
        "episodes": [_episode(e) for e in one.result.episodes if _ends(e, one) > one.week.start],
        "incidents": [_incident(outcome) for outcome in one.outcomes],
        "data": {
            "coverage_of_week": one.quality.coverage,
            "coverage_of_period": one.budget.coverage,
            "gaps": [_span(gap) for gap in one.quality.gaps],
            "resets": one.quality.resets,
            "series": one.quality.series,
            "samples": one.quality.samples,
        },
    }


def _without(slo: Slo, reason: str) -> dict[str, Any]:
    return {
        "name": slo.name,
        "objective": float(slo.objective.ratio),
        "state": "insufficient data",
        "reason": reason,
    }


def _ends(episode: Episode, one: SloWeek) -> int:
    return one.result.span.end if episode.end is None else episode.end


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        "alert": episode.alert,
        "severity": episode.severity,
        "start": _instant(episode.start),
        "end": _instant(episode.end),
        "peak_error_ratio": _number(episode.peak),
    }


def _incident(outcome: IncidentOutcome) -> dict[str, Any]:
    seen = outcome.detection("any")
    return {
        "name": outcome.incident.name,
        "kind": outcome.incident.kind,
        **_span(outcome.incident.span),
        "budget_spent": _number(outcome.budget_spent),
        "detection_seconds": seen.delay / SECOND if seen else None,
        "budget_spent_at_detection": _number(seen.budget_spent) if seen else None,
    }


def _span(span: Span) -> dict[str, str | None]:
    return {"start": _instant(span.start), "end": _instant(span.end)}


def _instant(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else f"{to_datetime(milliseconds):%Y-%m-%dT%H:%M:%SZ}"


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _seconds(milliseconds: float) -> float | None:
    return _number(milliseconds / SECOND)
