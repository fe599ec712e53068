"""``sum(sum_over_time(x[w])) / sum(count_over_time(x[w]))`` at many instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.addition import RunningSum
from slo.engine.packed import is_whole, without_markers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.engine.packed import Offsets
    from slo.engine.semantics import Semantics
    from slo.model.samples import Mask, Series, Times, Values


def mean_over_time(
    series: Sequence[Series], windows: Sequence[int], at: Times, semantics: Semantics
) -> tuple[Values, Mask]:
    """Means over all samples of all series: values and presence of shape (windows, instants)."""
    samples = [without_markers(one) for one in series]
    mean = np.full((len(windows), at.size), np.nan)
    present = np.zeros(mean.shape, dtype=np.bool_)
    side = "right" if semantics.left_open else "left"
    for row, window in enumerate(windows):
        total = RunningSum(at.size, semantics)
        count = np.zeros(at.size)
        for times, values in samples:
            low = np.searchsorted(times, at - window, side=side)  # type: ignore[call-overload]
            high = np.searchsorted(times, at, side="right")
            total.add(_window_sums(values, low, np.maximum(low, high)), high > low)
            count += np.maximum(high - low, 0)
        present[row] = total.present
        with np.errstate(invalid="ignore", divide="ignore"):
            mean[row] = total.values / count
    return mean, present


def _window_sums(values: Values, low: Offsets, high: Offsets) -> Values:
    """``sum_over_time`` of each window ``low <= i < high``."""
    if is_whole(values):
        running = np.concatenate(([0.0], np.cumsum(values)))
        return running[high] - running[low]
    # numba takes a third of a second to load: only where it is needed.
    from slo.engine import _sum_kernel  # noqa: PLC0415

    sums = np.empty(low.size)
    # Prefixes carry an infinity or a NaN on for ever, and may overflow where windows do not.
    safe = bool(np.isfinite(values).all()) and float(np.abs(values).max(initial=0)) < _LARGE
    kernel = _sum_kernel.from_prefixes if safe else _sum_kernel.compensated
    kernel(values, low, high, sums)
    return sums


_LARGE = 1e290
