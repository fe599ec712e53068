"""Series laid out for kernels: one array of values, one of each distinct target's times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from slo.model.samples import is_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Series, Times, Values

Offsets = npt.NDArray[np.int64]

EXACT_INTEGERS = 2.0**53


@dataclass(frozen=True, eq=False)
class Packed:
    """Series without staleness markers, in the order in which ``sum()`` adds them.

    Attributes:
        times: Every distinct times array, one after the other.
        time_starts: Where each begins, and the end: shape (groups + 1,).
        group: Which times array a series has, shape (series,).
        values: Every series' values, one after the other.
        value_starts: Where each begins, and the end: shape (series + 1,).
        resets: Index in its series of each sample that is smaller than the one before.
        reset_starts: Where each series' resets begin, and the end: shape (series + 1,).
        lost: The value before each reset.
        lost_before: Running sum of ``lost`` within a series, exclusive; shape of resets plus
            one a series, at ``reset_starts[s] + s``.
        exact: Whether a series holds whole numbers only, so that running sums lose nothing.

    """

    times: Times
    time_starts: Offsets
    group: Offsets
    values: Values
    value_starts: Offsets
    resets: Offsets
    reset_starts: Offsets
    lost: Values
    lost_before: Values
    exact: npt.NDArray[np.bool_]


def pack(series: Sequence[Series]) -> Packed:
    """Lay out series for the kernels; those that share their times share a group."""
    cleaned = [without_markers(one) for one in series]
    groups: dict[bytes, int] = {}
    known: dict[int, int] = {}
    distinct: list[Times] = []
    group = []
    for times, _ in cleaned:
        index = known.get(id(times))
        if index is None:
            index = groups.setdefault(times.tobytes(), len(distinct))
            if index == len(distinct):
                distinct.append(times)
            known[id(times)] = index
        group.append(index)
    resets = [np.flatnonzero(values[1:] < values[:-1]) + 1 for _, values in cleaned]
    lost = [values[at - 1] for (_, values), at in zip(cleaned, resets, strict=True)]
    before = [np.concatenate(([0.0], np.cumsum(one))) for one in lost]
    return Packed(
        times=_joined(distinct, np.int64),
        time_starts=_starts([one.size for one in distinct]),
        group=np.array(group, dtype=np.int64),
        values=_joined([values for _, values in cleaned], np.float64),
        value_starts=_starts([values.size for _, values in cleaned]),
        resets=_joined(resets, np.int64),
        reset_starts=_starts([one.size for one in resets]),
        lost=_joined(lost, np.float64),
        lost_before=_joined(before, np.float64),
        exact=np.array([is_whole(values) for _, values in cleaned], dtype=np.bool_),
    )


def without_markers(series: Series) -> tuple[Times, Values]:
    """Times and values of a series without its staleness markers, as range selectors see it."""
    stale = is_stale(series.values)
    if not stale.any():
        return series.times, series.values
    return series.times[~stale], series.values[~stale]


def union(arrays: Sequence[Times]) -> Times:
    """All instants of some rising arrays, rising, each once.

    A stable sort merges runs that are sorted already; ``np.unique`` would hash them.
    """
    distinct = {(one.__array_interface__["data"][0], one.size): one for one in arrays}
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    times = np.sort(np.concatenate([np.empty(0, np.int64), *distinct.values()]), kind="stable")
    return times[np.diff(times, prepend=times[:1] - 1) > 0]


def is_whole(values: Values) -> bool:
    """Whether every partial sum of these values is exact in floats."""
    if not np.isfinite(values).all():
        return False
    return bool((values == np.floor(values)).all()) and float(np.abs(values).sum()) < EXACT_INTEGERS


def _starts(sizes: list[int]) -> Offsets:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


_Kind = TypeVar("_Kind", np.int64, np.float64)


def _joined(arrays: Sequence[npt.NDArray[_Kind]], dtype: type[_Kind]) -> npt.NDArray[_Kind]:
    return np.concatenate([np.empty(0, dtype), *arrays])
