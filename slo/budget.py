"""Error budgets: how much of a period's allowance of bad events is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.engine.coverage import coverage
from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.objective import RollingPeriod
from slo.model.samples import Points
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.engine.events import EventCounts
    from slo.model.samples import History
    from slo.model.slo import Slo

BudgetState = Literal["kept", "at risk", "exhausted", "insufficient data"]

LEAST_COVERAGE = 0.5
"""A verdict needs samples over at least this share of the period so far."""

AT_RISK_BELOW = 0.25
"""A budget with less than this share left is at risk."""


@dataclass(frozen=True)
class BudgetStatus:
    """An objective's error budget at an instant.

    Attributes:
        slo: The objective.
        period: The whole period that the budget is for; a rolling one ends at ``at``.
        at: The instant, in Unix milliseconds.
        bad: Bad events in the period so far.
        total: All events in the period so far.
        expected: All events that the whole period is expected to hold: those so far, and for
            the rest of a calendar period as many again as its length allows.
        coverage: Share of the period so far in which there are samples.

    """

    slo: Slo
    period: Span
    at: int
    bad: float
    total: float
    expected: float
    coverage: float

    @property
    def achieved(self) -> float:
        """Share of good events so far; NaN without events."""
        return 1 - self.bad / self.total if self.total else float("nan")

    @property
    def allowed(self) -> float:
        """Bad events that the period allows."""
        return float(self.slo.objective.error_budget) * self.expected

    @property
    def spent(self) -> float:
        """Share of the budget that is gone; 1 is all of it, NaN without events."""
        return self.bad / self.allowed if self.allowed else float("nan")

    @property
    def remaining(self) -> float:
        """Share of the budget that is left; negative when overspent."""
        return 1 - self.spent

    @property
    def state(self) -> BudgetState:
        """The verdict, withheld where there is too little to judge by."""
        if not self.total or self.coverage < LEAST_COVERAGE:
            return "insufficient data"
        if self.remaining <= 0:
            return "exhausted"
        return "at risk" if self.remaining < AT_RISK_BELOW else "kept"

    def _repr_html_(self) -> str:
        spent = "-" if np.isnan(self.spent) else f"{100 * self.spent:.1f} %"
        return (
            f"<p><strong>{self.state.capitalize()}</strong>: {spent} of the budget is spent, "
            f"{self.bad:,.0f} of {self.allowed:,.0f} bad events; {self.period}</p>"
        )


def budget_status(
    slo: Slo, history: History, at: int, *, counts: EventCounts | None = None
) -> BudgetStatus:
    """The error budget of the period that holds an instant.

    Events are counted from the raw samples, weighted by traffic, without extrapolation.

    Args:
        slo: The objective.
        history: Raw samples, as much of the period as there is.
        at: The instant, in Unix milliseconds.
        counts: The indicator's events in the history, where they have been counted already.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    series = required_series(slo, history)
    period = slo.period.bounds(at)
    so_far = Span(period.start, max(at, period.start))
    counted = counts or event_counts(slo.indicator, history)
    bad, total = counted.between(so_far)
    expected = total * _outlook(slo, history, so_far, period)
    return BudgetStatus(slo, period, at, bad, total, expected, coverage(series, so_far))


def _outlook(slo: Slo, history: History, so_far: Span, period: Span) -> float:
    """How many times the events so far a whole period holds."""
    seen = so_far.overlap(history.span)
    if isinstance(slo.period, RollingPeriod) or seen is None:
        return 1.0
    return period.length / seen.length


def burn_down(slo: Slo, history: History, at: int, points: int = 500) -> Points:
    """The share of the budget that is left, at ``points`` instants of the period up to ``at``.

    Absent before the history begins.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    counts = event_counts(slo.indicator, history)
    status = budget_status(slo, history, at, counts=counts)
    return burned_down(status, counts, history.span, points)


def burned_down(
    status: BudgetStatus, counts: EventCounts, known: Span, points: int = 500
) -> Points:
    """The same from events that are counted already, up to the instant of the status.

    Args:
        status: The budget at its instant.
        counts: The indicator's events.
        known: The history; absent before it begins.
        points: How many instants.

    """
    times = np.linspace(status.period.start, status.at, points).astype(np.int64)
    bad, _ = counts.at(times)
    present = times >= known.start
    with np.errstate(divide="ignore", invalid="ignore"):
        remaining = 1 - (bad - bad[0]) / status.allowed
    return Points(times, np.where(present, remaining, np.nan), present & np.isfinite(remaining))
