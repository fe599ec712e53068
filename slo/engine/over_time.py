"""What gauges were over windows: their mean, and their highest or lowest sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.engine.addition import RunningSum
from slo.engine.packed import is_whole, without_markers
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.engine.packed import Offsets
    from slo.engine.semantics import Semantics
    from slo.model.samples import Mask, Series, Times, Values

    WindowSums = Callable[[Offsets, Offsets], Values]

_LARGE = 1e290
"""Running sums of larger values may overflow where those of windows do not."""


def mean_over_time(
    series: Sequence[Series], windows: Sequence[int], at: Times, semantics: Semantics
) -> tuple[Values, Mask]:
    """``sum(sum_over_time(x[w])) / sum(count_over_time(x[w]))``: the mean of all samples.

    Returns:
        Values and presence, float64 and bool, of shape (windows, instants).

    """
    sums = [RunningSum(at.size, semantics) for _ in windows]
    counts = np.zeros((len(windows), at.size))
    side = "right" if semantics.left_open else "left"
    for one in series:
        times, values = without_markers(one)
        sums_of = _window_sums(values)
        high = np.searchsorted(times, at, side="right")
        for row, window in enumerate(windows):
            low = np.searchsorted(times, at - window, side=side)  # type: ignore[call-overload]
            sums[row].add(sums_of(low, high), high > low)
            counts[row] += high - low
    mean = np.full(counts.shape, np.nan)
    present = np.zeros(counts.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore", divide="ignore"):
        for row, total in enumerate(sums):
            mean[row], present[row] = total.values / counts[row], total.present
    return mean, present


def sum_over_time(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``sum_over_time(x[w])`` of one series at instants; the window in milliseconds."""
    times, values = without_markers(series)
    low, high = _bounds(times, window, at, semantics)
    present = high > low
    return Points(at, np.where(present, _window_sums(values)(low, high), np.nan), present)


def count_over_time(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``count_over_time(x[w])`` of one series at instants; the window in milliseconds."""
    times, _ = without_markers(series)
    low, high = _bounds(times, window, at, semantics)
    present = high > low
    return Points(at, np.where(present, (high - low).astype(np.float64), np.nan), present)


def _bounds(times: Times, window: int, at: Times, semantics: Semantics) -> tuple[Offsets, Offsets]:
    """The samples ``low <= i < high`` of each window."""
    side: Literal["left", "right"] = "right" if semantics.left_open else "left"
    return np.searchsorted(times, at - window, side=side), np.searchsorted(times, at, side="right")


def extreme_over_time(
    series: Sequence[Series], statistic: str, window: int, at: Times, semantics: Semantics
) -> Points:
    """``max(max_over_time(x[w]))``, or the same with ``min``, at instants.

    NaN counts only where there is nothing else, as in Prometheus.
    """
    further = np.fmax if statistic == "max" else np.fmin
    values, present = np.full(at.size, np.nan), np.zeros(at.size, dtype=np.bool_)
    side: Literal["left", "right"] = "right" if semantics.left_open else "left"
    for one in series:
        times, samples = without_markers(one)
        low = np.searchsorted(times, at - window, side=side)
        high = np.searchsorted(times, at, side="right")
        values = further(values, _extremes(samples, low, high, further))
        present |= high > low
    return Points(at, values, present)


def _extremes(samples: Values, low: Offsets, high: Offsets, further: np.ufunc) -> Values:
    """The furthest of the samples ``low <= i < high``, NaN of none.

    Two stretches of a power of two cover any window, the second over a part of the first.
    """
    found = np.full(low.size, np.nan)
    counts = high - low
    reach, length = samples, 1
    while bool((counts >= length).any()):
        here = (counts >= length) & (counts < 2 * length)
        found[here] = further(reach[low[here]], reach[high[here] - length])
        reach, length = further(reach[:-length], reach[length:]), 2 * length
    return found


def _window_sums(values: Values) -> WindowSums:
    """``sum_over_time`` of windows ``low <= i < high`` of these values."""
    finite = np.isfinite(values)
    if finite.all():
        return _finite_sums(values)
    # Running sums would carry a NaN or an infinity on for ever.
    plain = _finite_sums(np.where(finite, values, 0.0))
    kinds = [np.isnan(values), values == np.inf, values == -np.inf]
    counts = [_running(kind.astype(np.float64)) for kind in kinds]

    def sums(low: Offsets, high: Offsets) -> Values:
        nan, up, down = (count[high] > count[low] for count in counts)
        return np.select([nan | (up & down), up, down], [np.nan, np.inf, -np.inf], plain(low, high))

    return sums


def _finite_sums(values: Values) -> WindowSums:
    if is_whole(values):
        running = _running(values)
        return lambda low, high: running[high] - running[low]
    # numba takes a third of a second to load: only where it is needed.
    from slo.engine import _sum_kernel  # noqa: PLC0415

    if float(np.abs(values).max()) > _LARGE:
        return lambda low, high: _sum_kernel.one_by_one(values, low, high)
    big, small, size = _sum_kernel.prefixes(values)
    return lambda low, high: _sum_kernel.from_prefixes(values, big, small, size, low, high)


def _running(values: Values) -> Values:
    return np.concatenate(([0.0], np.cumsum(values)))
