"""Where an error budget leads: when it is spent, or back, with an interval.

Days to come are drawn from the days that were. Each brings its weekday's usual traffic and a drawn
day's error ratio; days are drawn in blocks of a week, as bad days come together (see
``slo.tune.bootstrap``), and from a history that is drawn likewise, as it might have been another:
how often incidents come is not known better than a few weeks tell. What leaves a rolling period
is known, and no guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import DAY, HOUR
from slo.model.objective import RollingPeriod
from slo.model.span import Span
from slo.tune.bootstrap import LEVEL, block_indices

if TYPE_CHECKING:
    import numpy.typing as npt

    from slo.budget import BudgetAccount, BudgetStatus
    from slo.model.samples import Mask, Times, Values

FEWEST = 14
"""Days to learn from without which nothing is projected."""

LONGEST = 91
"""Days before now that are looked at: older ones tell of another service."""

WAYS = 1000
"""How many futures are drawn."""

_STEP = 6 * HOUR
_WEEK = 7
_KNOWN = 0.5
"""A day is learnt from where so much of it is covered, and not excluded."""


@dataclass(frozen=True)
class Crossing:
    """When a budget's way first crosses zero. None is an answer: not up to the horizon.

    Attributes:
        earliest: Before it with a chance of 5 %, in Unix milliseconds.
        likely: As likely before it as after.
        latest: After it with a chance of 5 %.
        chance: That it crosses zero up to the horizon at all.

    """

    earliest: int | None
    likely: int | None
    latest: int | None
    chance: float


@dataclass(frozen=True, eq=False)
class Projection:
    """A budget's ways from now on.

    Attributes:
        horizon: Up to when: the end of a calendar period, one period ahead of a rolling one.
        times: int64 Unix milliseconds, rising, shape (n,); empty with too little to learn from.
        low: Share of the budget that is left, less with a chance of 5 %, shape (n,).
        likely: As likely less as more, shape (n,).
        high: More with a chance of 5 %, shape (n,).
        exhausted: When the budget is spent; None where it is already, or nothing is known.
        recovered: When a spent budget is above zero again; None where it is not spent, or nothing
            is known.
        learnt_from: Days that were drawn from.

    """

    horizon: int
    times: Times
    low: Values
    likely: Values
    high: Values
    exhausted: Crossing | None
    recovered: Crossing | None
    learnt_from: int

    @property
    def known(self) -> bool:
        """Whether there was enough to learn from."""
        return bool(self.times.size)


@dataclass(frozen=True, eq=False)
class _Days:
    """Whole weeks that were, the last of them ends now.

    A day's place modulo seven stands for its weekday, so that days may begin at any hour.

    Attributes:
        ratios: Error ratio of each day, shape (7 * weeks,).
        totals: Events of each day, shape (7 * weeks,).
        usable: How many days there are to learn from; others are like their weekday.

    """

    ratios: Values
    totals: Values
    usable: int


def projection(account: BudgetAccount, at: int, seed: int = 0) -> Projection:
    """Project a budget from an instant on.

    Args:
        account: The objective's events up to then.
        at: Now, in Unix milliseconds.
        seed: The same seed gives the same projection.

    """
    status = account.status(at)
    rolling = isinstance(account.slo.period, RollingPeriod)
    horizon = at + account.slo.period.length if rolling else status.period.end
    days = _days(account, at)
    spent = status.remaining <= 0
    # A calendar period forgets nothing: what is spent is back when the next one begins.
    renewed = None if rolling or not spent else Crossing(horizon, horizon, horizon, 1.0)
    if days.usable < FEWEST or not status.allowed or horizon - at < _STEP:
        nothing = np.empty(0)
        return Projection(
            horizon, np.empty(0, np.int64), nothing, nothing, nothing, None, renewed, days.usable
        )
    times = np.unique(np.append(np.arange(at, horizon, _STEP, dtype=np.int64), horizon))
    ways = _ways(account, status, days, times, seed)
    low, likely, high = np.quantile(ways, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0)
    back = renewed or _crossing(times, ways, ways > 0)
    return Projection(
        horizon=horizon,
        times=times,
        low=low,
        likely=likely,
        high=high,
        exhausted=None if spent else _crossing(times, ways, ways <= 0),
        recovered=back if spent else None,
        learnt_from=days.usable,
    )


def _days(account: BudgetAccount, at: int) -> _Days:
    """The weeks before an instant, as far as the history reaches."""
    weeks = max(0, min(LONGEST, (at - account.known.start) // DAY) // _WEEK)
    edges = at - DAY * np.arange(weeks * _WEEK, -1, -1, dtype=np.int64)
    bad, total = (np.diff(values) for values in account.counts.at(edges))
    known = 1 - _within(account.unjudged(Span(int(edges[0]), at)), edges) / DAY
    # What was not seen of a day was like the rest of it.
    totals = np.where(known >= _KNOWN, total / np.maximum(known, _KNOWN), np.nan)
    # A day without events has no errors.
    ratios = np.divide(bad, total, out=np.zeros(bad.size), where=total > 0)
    ratios = np.where(known >= _KNOWN, ratios, np.nan)
    usable = int(np.count_nonzero(known >= _KNOWN))
    return _Days(_filled(ratios), _filled(totals), usable)


def _within(spans: tuple[Span, ...], edges: Times) -> Values:
    """Milliseconds of disjoint spans between neighbouring edges, shape (edges - 1,)."""
    bounds = np.array([(span.start, span.end) for span in spans], np.int64).reshape(-1, 2)
    clipped = bounds.clip(edges[:-1, None, None], edges[1:, None, None])
    return np.asarray((clipped[..., 1] - clipped[..., 0]).sum(axis=1), dtype=np.float64)


def _filled(days: Values) -> Values:
    """Unknown days as the mean of their weekday's, or of all where it has none."""
    known = np.isfinite(days)
    if known.all() or not known.any():
        return days
    by_weekday = days.reshape(-1, _WEEK)
    counted = known.reshape(-1, _WEEK).sum(axis=0)
    sums = np.nansum(by_weekday, axis=0)
    means = np.where(counted, sums / np.maximum(counted, 1), days[known].mean())
    return np.where(known, days, np.tile(means, by_weekday.shape[0]))


def _ways(
    account: BudgetAccount, status: BudgetStatus, days: _Days, times: Times, seed: int
) -> Values:
    """Shares of the budget that are left at instants, of each future; shape (WAYS, n)."""
    ahead = -(-int(times[-1] - times[0]) // DAY)
    usual = np.resize(days.totals.reshape(-1, _WEEK).mean(axis=0), ahead)
    drawn = _widened(days.ratios)[_drawn(days.ratios.size, ahead, seed)]
    passed = (times - times[0]) / DAY
    bad = status.bad + _at(usual * drawn, passed)
    total = status.total + _at(usual[None, :], passed)
    if isinstance(account.slo.period, RollingPeriod):
        gone_bad, gone_total = account.counts.at(times - account.slo.period.length)
        bad, total = bad - (gone_bad - gone_bad[0]), total - (gone_total - gone_total[0])
    else:
        seen, whole = account.judged_time(status.at)
        total = total * (whole / (seen + times - times[0]))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = 1 - bad / (float(account.slo.objective.error_budget) * total)
    # Without an event there is nothing to be bad.
    return np.where(total > 0, left, 1.0)


def _widened(ratios: Values) -> Values:
    """Strays from their weekday's mean, as much larger as few weeks make an interval too narrow.

    A mean of so few lies nearer to them than to the truth, and their spread is known no better:
    Student's quantile in place of the normal one.
    """
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415  only where intervals are asked for

    weeks = ratios.size // _WEEK
    tail = (1 + LEVEL) / 2
    factor = np.sqrt(weeks / (weeks - 1)) * stdtrit(weeks - 1, tail) / ndtri(tail)
    by_weekday = ratios.reshape(-1, _WEEK)
    usual = by_weekday.mean(axis=0)
    return np.asarray((usual + (by_weekday - usual) * factor).clip(0, 1).ravel())


def _drawn(count: int, ahead: int, seed: int) -> npt.NDArray[np.int64]:
    """Which days the days to come are like, each of the same weekday; shape (WAYS, ahead)."""
    pasts = _weekdays_kept(block_indices(count, count, samples=WAYS, seed=seed), count)
    futures = _weekdays_kept(block_indices(count, ahead, samples=WAYS, seed=seed + 1), count)
    return np.take_along_axis(pasts, futures, axis=1)


def _weekdays_kept(drawn: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Each block of seven days, turned until its days are of the weekdays that they stand for."""
    place = np.arange(drawn.shape[1])
    first = drawn[:, place // _WEEK * _WEEK]
    return (first + (place - first) % _WEEK) % count


def _at(daily: Values, passed: Values) -> Values:
    """Sums of what days bring, evenly over each, after so many days; shape (ways, n)."""
    sums = np.concatenate((np.zeros((daily.shape[0], 1)), np.cumsum(daily, axis=1)), axis=1)
    day = np.minimum(passed.astype(np.int64), daily.shape[1] - 1)
    return np.asarray(sums[:, day] + daily[:, day] * (passed - day))


def _crossing(times: Times, ways: Values, beyond: Mask) -> Crossing:
    """When ways first are beyond zero, between two points on their straight connection."""
    ever = beyond.any(axis=1)
    after = np.maximum(beyond.argmax(axis=1), 1)
    rows = np.arange(ways.shape[0])
    low, high = ways[rows, after - 1], ways[rows, after]
    share = np.divide(low, low - high, out=np.ones(low.size), where=low != high).clip(0, 1)
    start = times[after - 1].astype(np.float64)
    instants = np.where(ever, start + share * (times[after] - start), np.inf)
    tail = (1 - LEVEL) / 2
    found = np.quantile(instants, [tail, 0.5, 1 - tail], method="inverted_cdf")
    earliest, likely, latest = (round(float(one)) if np.isfinite(one) else None for one in found)
    return Crossing(earliest, likely, latest, float(ever.mean()))
