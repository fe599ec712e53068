"""Error budgets: how much of a period's allowance of bad events is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.card import Card, Shown, Table, Tone, percent
from slo.engine.coverage import gaps
from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.objective import RollingPeriod
from slo.model.samples import Points
from slo.model.span import Span, merged, outside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.engine.events import EventCounts
    from slo.model.incident import Exclusion
    from slo.model.samples import History, Series, Times, Values
    from slo.model.slo import Slo

BudgetState = Literal["kept", "at risk", "exhausted", "insufficient data"]

LEAST_COVERAGE = 0.5
"""A verdict needs samples over at least this share of the period so far."""

AT_RISK_BELOW = 0.25
"""A budget with less than this share left is at risk."""

_TONES: dict[BudgetState, Tone] = {
    "kept": "good",
    "at risk": "warning",
    "exhausted": "bad",
    "insufficient data": "plain",
}


@dataclass(frozen=True)
class BudgetStatus(Shown):
    """An objective's error budget at an instant.

    Attributes:
        slo: The objective.
        period: The whole period that the budget is for; a rolling one ends at ``at``.
        at: The instant, in Unix milliseconds.
        bad: Bad events in the period so far.
        total: All events in the period so far.
        expected: All events that the whole period is expected to hold: those so far, and for
            the rest of a calendar period as many again as its length allows.
        coverage: Share of the period so far in which there are samples, and nothing is excluded.

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

    @property
    def card(self) -> Card:
        """The verdict, and the numbers that it rests on."""
        slo = self.slo
        # As many digits as tell the promise from what was achieved.
        digits = max(1, -slo.objective.error_budget.adjusted())
        rows = (
            ("promised", str(slo.objective)),
            ("achieved", percent(self.achieved, digits)),
            ("bad events", f"{self.bad:,.0f} of {self.allowed:,.0f} allowed"),
            ("budget left", percent(self.remaining)),
            ("covered by samples", percent(self.coverage)),
        )
        table = Table(("error budget", "number"), rows, numbers=("number",))
        said = f"{self.state}, {percent(self.spent)} of the error budget is spent; {self.period}."
        return Card(slo.title, said, (table,), _TONES[self.state])


@dataclass(frozen=True, eq=False)
class BudgetAccount:
    """An objective's events, from which its budget at any instant follows.

    Attributes:
        slo: The objective.
        counts: Its events, without what is excluded.
        known: What the history covers.
        excluded: What counts for nothing, disjoint and in the order of time.
        series: Those without which the objective cannot be judged.

    """

    slo: Slo
    counts: EventCounts
    known: Span
    excluded: tuple[Span, ...]
    series: tuple[Series, ...]

    def excluding(self, exclusions: Iterable[Exclusion]) -> BudgetAccount:
        """The same without the events of stretches that somebody excluded, good ones and bad.

        Args:
            exclusions: Those of other objectives change nothing.

        """
        slo = self.slo
        own = (one.span for one in exclusions if one.touches(slo.service, slo.name))
        excluded = merged([*self.excluded, *own])
        return replace(self, counts=self.counts.without(excluded), excluded=excluded)

    def status(self, at: int) -> BudgetStatus:
        """The error budget of the period that holds an instant, in Unix milliseconds."""
        period = self.slo.period.bounds(at)
        so_far = Span(period.start, max(at, period.start))
        bad, total = self.counts.between(so_far)
        seen, whole = self.judged_time(at)
        expected = total * (whole / seen) if seen else total
        return BudgetStatus(self.slo, period, at, bad, total, expected, self.coverage(so_far))

    def judged_time(self, at: int) -> tuple[int, int]:
        """Milliseconds of the period that are judged: those seen so far, and all of them.

        A rolling period is over at each of its instants: the two are the same.
        """
        period = self.slo.period.bounds(at)
        seen = self.known.overlap(Span(period.start, max(at, period.start)))
        judged = _length(outside(seen, self.excluded)) if seen else 0
        if isinstance(self.slo.period, RollingPeriod):
            return judged, judged
        return judged, _length(outside(period, self.excluded))

    def coverage(self, span: Span) -> float:
        """Share of a span in which there are samples, and nothing is excluded."""
        return 1 - _length(self.unjudged(span)) / span.length if span.length else 0.0

    def unjudged(self, span: Span) -> tuple[Span, ...]:
        """The stretches of a span without samples or excluded, disjoint, in the order of time."""
        excluded = (one.overlap(span) for one in self.excluded)
        return merged([*gaps(self.series, span), *(one for one in excluded if one)])

    def bad_share(self, times: Times) -> Points:
        """Bad events of the period so far, as a share of all that the whole period is to hold.

        At each instant what ``status`` says, whatever the objective: divided by its error budget
        it is what is spent. Absent before the history begins, and without events.

        Args:
            times: int64 Unix milliseconds in rising order, shape (n,).

        """
        starts, expected = self._periods(times)
        before, until = self.counts.at(starts), self.counts.at(times)
        bad, total = until[0] - before[0], (until[1] - before[1]) * expected
        present = (times >= self.known.start) & (total > 0)
        share = np.divide(bad, total, out=np.full(total.shape, np.nan), where=present)
        return Points(times, share, present)

    def _periods(self, times: Times) -> tuple[Times, Values]:
        """Where each instant's period starts, and how many times as many events all of it holds."""
        if isinstance(self.slo.period, RollingPeriod):
            return times - self.slo.period.length, np.ones(times.size)
        starts, expected, done = np.empty_like(times), np.ones(times.size), 0
        pieces = outside(self.known, self.excluded)
        edges = [edge for piece in pieces for edge in (piece.start, piece.end)]
        judged = np.cumsum([n for piece in pieces for n in (0, piece.length)])
        while done < times.size:
            period = self.slo.period.bounds(int(times[done]))
            stop = int(np.searchsorted(times, period.end))
            starts[done:stop] = period.start
            seen = np.interp(times[done:stop], edges, judged) - np.interp(
                period.start, edges, judged
            )
            whole = _length(outside(period, self.excluded))
            np.divide(whole, seen, out=expected[done:stop], where=seen > 0)
            done = stop
        return starts, expected

    def burn_down(self, at: int, points: int = 500) -> Points:
        """The share of the budget that is left, at ``points`` instants of the period up to ``at``.

        Absent before the history begins.
        """
        status = self.status(at)
        times = np.linspace(status.period.start, at, points).astype(np.int64)
        bad, _ = self.counts.at(times)
        present = times >= self.known.start
        with np.errstate(divide="ignore", invalid="ignore"):
            remaining = 1 - (bad - bad[0]) / status.allowed
        return Points(times, np.where(present, remaining, np.nan), present & np.isfinite(remaining))


def budget_account(
    slo: Slo, history: History, exclusions: Iterable[Exclusion] = ()
) -> BudgetAccount:
    """Count an objective's events.

    They are counted from the raw samples, weighted by traffic, without extrapolation.

    Args:
        slo: The objective.
        history: Raw samples; as much of the objective's period as there is.
        exclusions: Stretches in which neither bad nor good events count, where they concern the
            objective.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    series = required_series(slo, history)
    counts = event_counts(slo.indicator, history)
    return BudgetAccount(slo, counts, history.span, (), series).excluding(exclusions)


def budget_status(
    slo: Slo, history: History, at: int, exclusions: Iterable[Exclusion] = ()
) -> BudgetStatus:
    """The error budget of the period that holds an instant; arguments as above.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    return budget_account(slo, history, exclusions).status(at)


def burn_down(
    slo: Slo, history: History, at: int, points: int = 500, exclusions: Iterable[Exclusion] = ()
) -> Points:
    """The share of the budget that is left, at ``points`` instants of the period up to ``at``.

    Absent before the history begins.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    return budget_account(slo, history, exclusions).burn_down(at, points)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.length for span in spans)
