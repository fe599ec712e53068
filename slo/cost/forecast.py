"""What a month will have cost when it ends, with an interval.

A day to come costs what its weekday cost in the mean of the last weeks, times how far whole days
strayed from their weekday's mean. Strays are drawn in blocks of a week, since dear days come in
stretches (circular block bootstrap, D. N. Politis and J. P. Romano, 1992), widened by as much as
a mean of few weeks has narrowed them; how well the means themselves are known is drawn the same
way. What already is spent is counted, and has no interval; nor have fixed items of a cost model,
which are known for days to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.fixed import fixed_total
from slo.cost.ledger import WHOLE, over
from slo.model.duration import DAY
from slo.model.span import Span, month_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slo.cost.ledger import Ledger
    from slo.model.cost_model import FixedCost
    from slo.model.samples import Times, Values

LEVEL = 0.9
SAMPLES = 4000
FEWEST = 14
"""Whole days without which nothing is forecast."""

LONGEST = 42
"""Days before the end that are looked at: what is older says little of next week."""

_BLOCK = 7


@dataclass(frozen=True, eq=False)
class Forecast:
    """A month's cost.

    Attributes:
        month: The calendar month, in UTC.
        until: Up to when cost was counted.
        spent: Dollars counted in the month.
        fixed: Dollars of fixed items in the whole month.
        missing: Days of the month before ``until`` that the history does not cover; they are
            estimated like those to come.
        expected: Dollars at the month's end; NaN with too few days to learn from.
        low: Below this with a chance of 5 %.
        high: Above this with a chance of 5 %.
        days: The beginning of each day of the month, int64 Unix milliseconds, shape (n,).
        way: Expected dollars since the month began at each day's end, shape (n,).
        way_low: The lower end of its interval.
        way_high: The upper end.
        learnt_from: Whole days that it was learnt from.

    """

    month: Span
    until: int
    spent: float
    fixed: float
    missing: int
    expected: float
    low: float
    high: float
    days: Times
    way: Values
    way_low: Values
    way_high: Values
    learnt_from: int

    @property
    def known(self) -> bool:
        """Whether there is a forecast."""
        return bool(np.isfinite(self.expected))


def forecast(found: Ledger, seed: int = 0, fixed: Sequence[FixedCost] = ()) -> Forecast:
    """Forecast the month in which the ledger's last day lies.

    Args:
        found: Whose days say what is usual.
        seed: The same seed gives the same interval.
        fixed: What costs the same every month.

    """
    until = int(found.days[-1]) + DAY
    month = month_of(until - 1)
    days = np.arange(month.start, month.end, DAY, dtype=np.int64)
    counted = {int(day): index for index, day in enumerate(found.days)}
    index = np.array([counted.get(int(day), -1) for day in days])
    whole = (index >= 0) & (found.coverage[index] >= WHOLE)
    known = np.where(index >= 0, found.totals[index], 0.0)
    recent = found.whole & (found.days >= until - LONGEST * DAY)
    standing = fixed_total(fixed, days)
    drawn = _drawn(found.days[recent], found.varying[recent], days, seed) + standing
    # A day that is half covered cost at least what was counted.
    costs = np.where(whole, known, np.maximum(drawn, known))
    ways = np.cumsum(costs, axis=1)
    low, high = np.quantile(ways, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    way = ways.mean(axis=0)
    return Forecast(
        month=month,
        until=until,
        spent=over(found.totals, found.within(month)),
        fixed=fsum(standing),
        missing=int(np.count_nonzero(~whole & (days < until))),
        expected=float(way[-1]),
        low=float(low[-1]),
        high=float(high[-1]),
        days=days,
        way=way,
        way_low=low,
        way_high=high,
        learnt_from=int(np.count_nonzero(recent)),
    )


def weekday(days: Times) -> npt.NDArray[np.int64]:
    """0 for Monday to 6 for Sunday; 1970 began with a Thursday."""
    return (days // DAY + 3) % 7


def _drawn(seen: Times, costs: Values, wanted: Times, seed: int) -> Values:
    """Possible costs of some days, shape (SAMPLES, wanted); NaN with too few days to learn from."""
    if seen.size < FEWEST or not np.isin(weekday(wanted), weekday(seen)).all():
        return np.full((1, wanted.size), np.nan)
    on = weekday(seen)
    means = np.array([costs[on == day].mean() if (on == day).any() else 0.0 for day in range(7)])
    usual = means[on]
    strays = np.divide(costs, usual, out=np.ones_like(costs), where=usual > 0)
    weeks = seen.size / _BLOCK
    widened = np.maximum(0.0, 1 + (strays - 1) * np.sqrt(weeks / (weeks - 1)))
    rng = np.random.default_rng(seed)
    level = widened[_blocks(rng, seen.size, seen.size)].mean(axis=1, keepdims=True)
    ahead = widened[_blocks(rng, seen.size, wanted.size)]
    return np.asarray(means[weekday(wanted)] * level * ahead)


def _blocks(rng: np.random.Generator, count: int, length: int) -> npt.NDArray[np.int64]:
    """Indexes of ``length`` days in blocks of neighbours, shape (SAMPLES, length)."""
    starts = rng.integers(0, count, (SAMPLES, -(-length // _BLOCK), 1))
    return ((starts + np.arange(_BLOCK)) % count).reshape(SAMPLES, -1)[:, :length]
