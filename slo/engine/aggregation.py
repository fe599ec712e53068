"""``sum``, ``min``, ``max``, ``avg`` and ``count`` of series, as Prometheus adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.addition import RunningSum
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.engine.semantics import Semantics
    from slo.model.samples import Values


def _folded(seen: Sequence[Points], step: Callable[[Values, Values], Values]) -> Points:
    """Combine series in the order of their labels; the first present one begins."""
    values, present = seen[0].values.copy(), seen[0].present.copy()
    for points in seen[1:]:
        both = present & points.present
        with np.errstate(invalid="ignore"):
            values[both] = step(values[both], points.values[both])
        fresh = points.present & ~present
        values[fresh] = points.values[fresh]
        present |= points.present
    return Points(seen[0].times, values, present)


def _sum(seen: Sequence[Points], semantics: Semantics) -> Points:
    total = RunningSum(seen[0].times.size, semantics)
    for points in seen:
        total.add(points.values, points.present)
    return Points(seen[0].times, total.values, total.present)


def _avg(seen: Sequence[Points], semantics: Semantics) -> Points:
    count = np.sum([points.present for points in seen], axis=0)
    if semantics.mean_of_sum:
        total = _sum(seen, semantics)
        with np.errstate(invalid="ignore", divide="ignore"):
            return Points(total.times, total.values / count, total.present)
    so_far = np.zeros(seen[0].times.size)
    mean = np.zeros(so_far.size)
    for points in seen:
        here = points.present
        so_far[here] += 1
        with np.errstate(invalid="ignore"):
            moved = points.values[here] / so_far[here] - mean[here] / so_far[here]
            # An infinite mean stays so, unless NaN or the other infinity comes.
            stuck = np.isinf(mean[here]) & (
                np.isfinite(points.values[here]) | (points.values[here] == mean[here])
            )
            mean[here] = np.where(stuck, mean[here], mean[here] + moved)
    present = count > 0
    return Points(seen[0].times, np.where(present, mean, np.nan), present)


def _max(seen: Sequence[Points], _: Semantics) -> Points:
    return _folded(seen, np.fmax)


def _min(seen: Sequence[Points], _: Semantics) -> Points:
    return _folded(seen, np.fmin)


def _count(seen: Sequence[Points], _: Semantics) -> Points:
    count = np.sum([points.present for points in seen], axis=0)
    present = count > 0
    return Points(seen[0].times, np.where(present, count.astype(np.float64), np.nan), present)


AGGREGATIONS: dict[str, Callable[[Sequence[Points], Semantics], Points]] = {
    "sum": _sum,
    "avg": _avg,
    "max": _max,
    "min": _min,
    "count": _count,
}
"""Series in the order of their labels, at least one, to one; absent where all of them are."""
