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
from slo.model.span import merged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.model.indicator import Indicator
    from slo.model.samples import History, Series, Times, Values
    from slo.model.span import Span


Running = tuple["Times", "Values"]
"""Instants and how many events there were up to and at each."""


@dataclass(frozen=True, eq=False)
class EventCounts:
    """Cumulative events, target by target: their samples come at instants of their own.

    Attributes:
        counted: Of each target, the events that the indicator's numerator counts.
        totals: Of each target, all events.
        good: Whether the numerator counts good events.

    """

    counted: tuple[Running, ...]
    totals: tuple[Running, ...]
    good: bool

    @property
    def times(self) -> Times:
        """Every instant at which anything is counted, int64 Unix milliseconds, rising."""
        return union([times for times, _ in (*self.counted, *self.totals)])

    def at(self, times: Times) -> tuple[Values, Values]:
        """Bad and all events up to and at instants; 0 before the first sample.

        Args:
            times: int64 Unix milliseconds.

        """
        counted, total = _at(self.counted, times), _at(self.totals, times)
        return (total - counted if self.good else counted), total

    def between(self, span: Span) -> tuple[float, float]:
        """Bad and all events whose sample lies in ``start < t <= end``.

        A counter's sample tells of what happened before it: neighbouring spans share nothing.
        """
        bad, total = self.at(np.array([span.start, span.end], dtype=np.int64))
        return float(bad[1] - bad[0]), float(total[1] - total[0])

    def without(self, spans: Iterable[Span]) -> EventCounts:
        """The same counts as if nothing had been counted in ``start < t <= end`` of some spans."""
        left_out = merged(spans)
        if not left_out:
            return self
        return EventCounts(
            tuple(_without(running, left_out) for running in self.counted),
            tuple(_without(running, left_out) for running in self.totals),
            self.good,
        )

    def sampled(self, times: Times) -> EventCounts:
        """The same counts, known at some instants only: as if all targets were one.

        Args:
            times: int64 Unix milliseconds, rising.

        """
        bad, total = self.at(times)
        return EventCounts(((times, bad),), ((times, total),), good=False)


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
    return EventCounts(counted, total, good)


def _increments(series: Series) -> tuple[Times, Values]:
    times, values = _finite(series)
    grown = np.diff(values)
    return times[1:], np.where(grown < 0, values[1:], grown)


def _finite(series: Series) -> tuple[Times, Values]:
    """A series without staleness markers, NaN and infinities: they count nothing."""
    times, values = without_markers(series)
    finite = np.isfinite(values)
    return (times, values) if finite.all() else (times[finite], values[finite])


def _cumulative(parts: Iterable[Running]) -> tuple[Running, ...]:
    """Running sums of the parts, one for all that share their times: a target's series do."""
    by_target: dict[tuple[int, int], Running] = {}
    for times, values in parts:
        place = (times.__array_interface__["data"][0], times.size)
        _, so_far = by_target.get(place, (times, np.zeros(times.size)))
        by_target[place] = times, so_far + values
    return tuple((times, np.cumsum(values)) for times, values in by_target.values())


def _without(running: Running, spans: tuple[Span, ...]) -> Running:
    times, values = running
    grown = np.diff(values, prepend=0.0)
    for span in spans:
        first, stop = np.searchsorted(times, [span.start, span.end], side="right")
        grown[first:stop] = 0.0
    return times, np.cumsum(grown)


def _at(targets: tuple[Running, ...], times: Times) -> Values:
    """Running sums of all targets at instants; 0 before their first samples."""
    found = np.zeros(times.shape)
    for sampled, values in targets:
        if values.size:
            index = np.searchsorted(sampled, times, side="right")
            found += np.where(index > 0, values[index - 1], 0.0)
    return found
