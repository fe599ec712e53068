"""Events counted from raw samples: exact to the event, without extrapolation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.instants import instants
from slo.engine.packed import union, without_markers
from slo.engine.semantics import semantics_of
from slo.engine.slices import slices_within
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.model.indicator import Indicator
    from slo.model.samples import History, Series, Times, Values
    from slo.model.span import Span


@dataclass(frozen=True, eq=False)
class EventCounts:
    """Cumulative events.

    Attributes:
        times: int64 Unix milliseconds of samples, rising, shape (n,).
        bad: float64, bad events up to and at each sample, shape (n,).
        total: float64, all events likewise.

    """

    times: Times
    bad: Values
    total: Values

    def at(self, times: Times) -> tuple[Values, Values]:
        """Bad and all events up to and at instants; 0 before the first sample."""
        return _at((self.times, self.bad), times), _at((self.times, self.total), times)

    def between(self, span: Span) -> tuple[float, float]:
        """Bad and all events whose sample lies in ``start < t <= end``.

        A counter's sample tells of what happened before it: neighbouring spans share nothing.
        """
        bad, total = self.at(np.array([span.start, span.end], dtype=np.int64))
        return float(bad[1] - bad[0]), float(total[1] - total[0])


def event_counts(indicator: Indicator, history: History) -> EventCounts:
    """Count an indicator's events.

    Counters: raw increments between neighbouring samples of a series; after a reset the new
    value counts from 0, as in ``increase()``. A series' first sample counts nothing: when it
    was earned is unknown. A gauge that is a ratio: each sample is one event, bad by its bad
    share. Time slices: each slice is one event.
    """
    match indicator:
        case EventRatio() | LatencyBuckets():
            counted = _cumulative(map(_increments, history.select(indicator.numerator)))
            total = _cumulative(map(_increments, history.select(indicator.total)))
            good = indicator.counted == "good"
        case RawRatio():
            finite = [_finite(one) for one in history.select(indicator.ratio)]
            counted = _cumulative(finite)
            total = _cumulative((times, np.ones(times.size)) for times, _ in finite)
            good = indicator.counted == "good"
        case TimeSlices():
            at = instants(history.span, indicator.slice_length)
            spoken = semantics_of(history.server_version)
            slices = slices_within(indicator, history, at, spoken)
            counted = _cumulative((one.times, one.values) for one in slices)
            total = _cumulative((one.times, np.ones(one.times.size)) for one in slices)
            good = True
    times = union([counted[0], total[0]])
    of_counted, of_total = _at(counted, times), _at(total, times)
    return EventCounts(times, of_total - of_counted if good else of_counted, of_total)


def _increments(series: Series) -> tuple[Times, Values]:
    times, values = _finite(series)
    grown = np.diff(values)
    return times[1:], np.where(grown < 0, values[1:], grown)


def _finite(series: Series) -> tuple[Times, Values]:
    """A series without staleness markers, NaN and infinities: they count nothing."""
    times, values = without_markers(series)
    finite = np.isfinite(values)
    return (times, values) if finite.all() else (times[finite], values[finite])


def _cumulative(parts: Iterable[tuple[Times, Values]]) -> tuple[Times, Values]:
    """Running sum of all parts at the union of their times."""
    by_target: dict[tuple[int, int], tuple[Times, Values]] = {}
    for times, values in parts:
        # Series of one target share their times: a sort a target, not one a series.
        place = (times.__array_interface__["data"][0], times.size)
        _, so_far = by_target.get(place, (times, np.zeros(times.size)))
        by_target[place] = times, so_far + values
    if not by_target:
        return np.empty(0, dtype=np.int64), np.empty(0)
    together = union([times for times, _ in by_target.values()])
    gained = np.zeros(together.size)
    for times, values in by_target.values():
        gained[np.searchsorted(together, times)] += values
    return together, np.cumsum(gained)


def _at(cumulative: tuple[Times, Values], times: Times) -> Values:
    """A running sum at instants; 0 before its first sample."""
    sampled, values = cumulative
    if not values.size:
        return np.zeros(times.shape)
    index = np.searchsorted(sampled, times, side="right")
    return np.where(index > 0, values[index - 1], 0.0)
