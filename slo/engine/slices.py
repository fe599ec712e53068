"""Time slices: a gauge looked at on the dot, compared with its promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.aggregation import AGGREGATIONS
from slo.engine.instants import instants
from slo.engine.semantics import LOOKBACK
from slo.model.samples import Points, Series, is_stale
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.engine.semantics import Semantics
    from slo.model.indicator import TimeSlices
    from slo.model.samples import History, Times, Values

_KEPT: dict[str, Callable[[Values, float], object]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def kept_slices(
    indicator: TimeSlices,
    history: History,
    windows: Sequence[int],
    at: Times,
    semantics: Semantics,
) -> tuple[Series, ...]:
    """Series of 1 where a slice kept the promise and 0 where it broke it; absent slices lack.

    Slices are looked at at multiples of their length, as a subquery does, over all that the
    windows at these instants reach.
    """
    if not at.size or not windows:
        return ()
    length = indicator.slice_length
    reached = Span(int(at[0]) - max(windows), int(at[-1]) + 1)
    return slices_within(indicator, history, instants(reached, length), semantics)


def slices_within(
    indicator: TimeSlices, history: History, at: Times, semantics: Semantics
) -> tuple[Series, ...]:
    """The same at given instants."""
    series = history.select(indicator.gauge)
    seen = [looked_up(one, at, semantics) for one in series]
    if indicator.aggregation and seen:
        together = AGGREGATIONS[indicator.aggregation](seen, semantics)
        return (_kept(Series((), *_as_samples(together)), indicator),)
    return tuple(
        _kept(Series(one.labels, *_as_samples(points)), indicator)
        for one, points in zip(series, seen, strict=True)
    )


def looked_up(series: Series, at: Times, semantics: Semantics) -> Points:
    """An instant selector: the last sample within five minutes, unless it is a stale marker."""
    if not series.times.size:
        return Points(at, np.full(at.size, np.nan), np.zeros(at.size, dtype=np.bool_))
    index = np.searchsorted(series.times, at, side="right") - 1
    last = np.maximum(index, 0)
    age = at - series.times[last]
    fresh = age < LOOKBACK if semantics.left_open else age <= LOOKBACK
    present = (index >= 0) & fresh & ~is_stale(series.values)[last]
    return Points(at, np.where(present, series.values[last], np.nan), present)


def _as_samples(points: Points) -> tuple[Times, Values]:
    return points.times[points.present], points.values[points.present]


def _kept(series: Series, indicator: TimeSlices) -> Series:
    with np.errstate(invalid="ignore"):
        kept = _KEPT[indicator.comparison](series.values, indicator.bound)
    return Series(series.labels, series.times, np.asarray(kept, dtype=np.float64))
