"""Fewer points, the same picture: the extremes of each stretch are kept."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from slo.model.samples import Points

if TYPE_CHECKING:
    import pandas as pd

    from slo.model.samples import Times

DRAWN_POINTS = 2_000


def reduced(points: Points, most: int = DRAWN_POINTS) -> Points:
    """At most about ``most`` points: the smallest and the largest of each of ``most / 2`` buckets.

    Where a bucket holds no value at all, one absent point stays: lines break at gaps.
    """
    n = points.times.size
    if n <= most:
        return points
    edges = np.linspace(0, n, most // 2 + 1).astype(np.int64)
    usable = points.present & np.isfinite(points.values)
    kept: set[int] = set()
    for low, high in pairwise(edges):
        inside = np.flatnonzero(usable[low:high]) + low
        if inside.size:
            values = points.values[inside]
            kept |= {int(inside[values.argmin()]), int(inside[values.argmax()])}
        else:
            kept.add(int(low))
    index = np.array(sorted(kept | {0, n - 1}), dtype=np.int64)
    return Points(points.times[index], points.values[index], points.present[index])


def dates(times: Times) -> pd.DatetimeIndex:
    """Unix milliseconds as aware dates, as plotly draws them."""
    import pandas as pd  # noqa: PLC0415  only where a figure is drawn

    return pd.to_datetime(times, unit="ms", utc=True)


def drawn(points: Points) -> list[float | None]:
    """Values with None where there is none, so that lines break."""
    usable = points.present & np.isfinite(points.values)
    return [float(value) if ok else None for value, ok in zip(points.values, usable, strict=True)]
