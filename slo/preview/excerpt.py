"""The few samples of a history that some expressions read.

A month of a service is a hundred million samples; a dashboard looks at a sliver of them. Windows
up to half an hour keep every sample. Longer ones keep about 60 each, and of counters also both
sides of every reset, so that increases stay what they were but for extrapolation at the edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import MINUTE
from slo.model.samples import History, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Mask
    from slo.preview.reads import Read

WHOLE = 30 * MINUTE
"""Up to this length every sample of a window is kept."""

_SAMPLES = 60
_COUNTERS = ("_total", "_bucket", "_count", "_sum")


def excerpt(history: History, asked: Sequence[Read]) -> History:
    """The same history with no more samples than are read; series without any are left out."""
    kept = []
    for series in history.series:
        own = [read for read in asked if read.selector.matches(series.labels)]
        mask = _read_of(series, own)
        if mask.any():
            kept.append(Series(series.labels, series.times[mask], series.values[mask]))
    return History(tuple(kept), history.span, history.server_version, history.source)


def _read_of(series: Series, asked: Sequence[Read]) -> Mask:
    mask = np.zeros(series.times.size, dtype=np.bool_)
    for read in asked:
        if not read.counted:
            mask |= _last_of_each(series, read)
        elif read.window <= WHOLE:
            mask |= _all_of_each(series, read)
        else:
            mask |= _some_of_each(series, read)
    return mask


def _last_of_each(series: Series, read: Read) -> Mask:
    instants = read.grid.instants
    index = np.searchsorted(series.times, instants, side="right") - 1
    known = index >= 0
    seen = known & (series.times[np.maximum(index, 0)] >= instants - read.window)
    mask = np.zeros(series.times.size, dtype=np.bool_)
    mask[index[seen]] = True
    return mask


def _all_of_each(series: Series, read: Read) -> Mask:
    instants = read.grid.instants
    steps = np.zeros(series.times.size + 1, dtype=np.int64)
    np.add.at(steps, np.searchsorted(series.times, instants - read.window, side="left"), 1)
    np.add.at(steps, np.searchsorted(series.times, instants, side="right"), -1)
    mask: Mask = np.cumsum(steps[:-1]) > 0
    return mask


def _some_of_each(series: Series, read: Read) -> Mask:
    """One sample of every stretch, wherever a window may lie; both ends; both sides of resets."""
    times, values = series.times, series.values
    inside = (times >= read.grid.start - read.window) & (times <= read.grid.end)
    stretch = times // (read.window // _SAMPLES)
    mask = np.concatenate(([True], stretch[1:] != stretch[:-1]))
    if series.metric.endswith(_COUNTERS):
        fell = values[1:] < values[:-1]
        mask[1:] |= fell
        mask[:-1] |= fell
    mask &= inside
    if inside.any():
        mask[np.flatnonzero(inside)[[0, -1]]] = True
    return mask
