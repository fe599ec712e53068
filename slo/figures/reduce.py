"""Fewer points, the same picture: the extremes of each stretch are kept, and so are the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.model.samples import Points

if TYPE_CHECKING:
    import pandas as pd

    from slo.model.samples import Mask, Times, Values
    from slo.model.span import Span

DRAWN_POINTS = 2_000
"""More than a screen has columns."""


def reduced(points: Points, most: int = DRAWN_POINTS) -> Points:
    """About ``most`` points that draw the same line; all of them where there are no more.

    Of each of ``most / 2`` neighbourhoods of equal count the smallest and the largest value stay,
    and the first absent point, at which the line breaks. First and last point stay.

    Args:
        points: Values at rising instants, shape (n,).
        most: Aim; gaps add at most half as many again.

    """
    count = points.times.size
    if count <= most:
        return points
    drawable = points.present & np.isfinite(points.values)
    width = -(-count // max(most // 2, 1))
    kept = np.concatenate(
        (
            [0, count - 1],
            _first_of_each(np.where(drawable, points.values, np.inf), width, drawable),
            _first_of_each(np.where(drawable, -points.values, np.inf), width, drawable),
            _first_of_each(np.where(drawable, np.inf, 0.0), width, ~drawable),
        )
    )
    index = np.unique(kept)
    return Points(points.times[index], points.values[index], points.present[index])


def _first_of_each(values: Values, width: int, among: Mask) -> npt.NDArray[np.int64]:
    """Index of the smallest value of each ``width`` neighbours, where any of them counts."""
    missing = -values.size % width
    table = np.concatenate((values, np.full(missing, np.inf))).reshape(-1, width)
    counts = np.concatenate((among, np.zeros(missing, dtype=np.bool_))).reshape(-1, width)
    index: npt.NDArray[np.int64] = np.arange(table.shape[0]) * width + table.argmin(axis=1)
    return index[counts.any(axis=1)]


def during(points: Points, span: Span) -> Points:
    """The points of a span."""
    inside = (points.times >= span.start) & (points.times < span.end)
    return Points(points.times[inside], points.values[inside], points.present[inside])


def dates(times: Times) -> pd.DatetimeIndex:
    """Unix milliseconds as dates in UTC, aware."""
    import pandas as pd  # noqa: PLC0415  only where a figure is drawn

    return pd.to_datetime(times, unit="ms", utc=True)


def written_dates(times: Times) -> npt.NDArray[np.str_]:
    """Unix milliseconds as texts that plotly.js reads as UTC: the quickest way to redraw many."""
    return np.datetime_as_string(times.astype("datetime64[ms]"))


def date(instant: int) -> pd.Timestamp:
    """Unix milliseconds as a date in UTC, aware."""
    import pandas as pd  # noqa: PLC0415  only where a figure is drawn

    return pd.Timestamp(instant, unit="ms", tz="UTC")


def drawn(points: Points) -> Values:
    """Values, NaN where there is none, so that lines break; shape (n,)."""
    return np.where(points.present & np.isfinite(points.values), points.values, np.nan)
