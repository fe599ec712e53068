"""Recording rules: error ratios over every window that an alert compares, and over the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import format_duration
from slo.model.objective import RollingPeriod
from slo.promql import error_ratio, event_rate, number
from slo.rules.rule import RecordingRule, error_ratio_series, identity

if TYPE_CHECKING:
    from slo.model.slo import Slo


def error_ratio_rules(slo: Slo) -> tuple[RecordingRule, ...]:
    """A rule a window, shortest first; the expression is the one that the engine replays."""
    return tuple(_error_ratio(slo, window) for window in slo.policy.windows)


def current_rules(slo: Slo) -> tuple[RecordingRule, ...]:
    """How fast the budget burns now, and how many events there are to tell by.

    Over the shortest window that an alert compares; nothing where there is no alert.
    """
    if not slo.policy.windows:
        return ()
    window = slo.policy.windows[0]
    labels = {**identity(slo), names.WINDOW_LABEL: format_duration(window)}
    burning = f"{error_ratio_series(slo, window)} / {number(slo.objective.error_budget)}"
    return (
        RecordingRule(names.CURRENT_BURN_RATE, burning, labels),
        RecordingRule(names.EVENTS, event_rate(slo.indicator, window), labels),
    )


def period_rules(slo: Slo) -> tuple[RecordingRule, ...]:
    """The error ratio of a rolling period and what is left of its budget.

    Neither for periods of a calendar: PromQL has no window that begins on the first of a month.
    """
    if not isinstance(slo.period, RollingPeriod):
        return ()
    length = slo.period.length
    ratio = () if length in slo.policy.windows else (_error_ratio(slo, length),)
    over_period = f"sum without({names.WINDOW_LABEL}) ({error_ratio_series(slo, length)})"
    expr = f"1 - {over_period} / {number(slo.objective.error_budget)}"
    return (*ratio, RecordingRule(names.BUDGET_REMAINING, expr, identity(slo)))


def _error_ratio(slo: Slo, window: int) -> RecordingRule:
    labels = {**identity(slo), names.WINDOW_LABEL: format_duration(window)}
    return RecordingRule(names.ERROR_RATIO, error_ratio(slo.indicator, window), labels)
