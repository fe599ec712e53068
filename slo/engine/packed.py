"""Series laid out for kernels: one array of values, one of each distinct target's times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from slo.model.samples import is_stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Mask, Series, Times, Values
    from slo.model.selector import Labels

Offsets = npt.NDArray[np.int64]

EXACT_INTEGERS = 2.0**53

MANY_RESETS = 16
"""Within so many resets, adding one after the other is quicker than asking for more."""


@dataclass(frozen=True, eq=False)
class Packed:
    """Series that have samples, without staleness markers, in the order given.

    Attributes:
        labels: Each series' labels.
        times: Every distinct times array, one after the other: whole milliseconds in float64.
        time_starts: Where each begins, and the end: shape (groups + 1,).
        group: Which times array a series has, shape (series,).
        values: Every series' values, one after the other.
        value_starts: Where each begins, and the end: shape (series + 1,).
        resets: Index in its series of each sample that is smaller than the one before.
        reset_starts: Where each series' resets begin, and the end: shape (series + 1,).
        lost: The value before each reset.
        lost_before: Running sum of ``lost`` within a series, exclusive; shape of resets plus
            one a series, at ``reset_starts[s] + s``.
        exact: Whether a series has many resets and such sums, and gains with them, are exact.

    """

    labels: tuple[Labels, ...]
    times: Values
    time_starts: Offsets
    group: Offsets
    values: Values
    value_starts: Offsets
    resets: Offsets
    reset_starts: Offsets
    lost: Values
    lost_before: Values
    exact: Mask


def pack(series: Sequence[Series]) -> Packed:
    """Lay out series for the kernels; those that share their times share a group."""
    cleaned = [(one.labels, *without_markers(one)) for one in series]
    cleaned = [one for one in cleaned if one[1].size]
    group, distinct = _grouped([times for _, times, _ in cleaned])
    samples = [values for _, _, values in cleaned]
    resets = [np.flatnonzero(values[1:] < values[:-1]) + 1 for values in samples]
    lost = [values[at - 1] for values, at in zip(samples, resets, strict=True)]
    exact = [_adds_exactly(*pair) for pair in zip(samples, lost, strict=True)]
    return Packed(
        labels=tuple(labels for labels, _, _ in cleaned),
        times=_joined(distinct, np.int64).astype(np.float64),
        time_starts=_starts([one.size for one in distinct]),
        group=np.array(group, dtype=np.int64),
        values=_joined(samples, np.float64),
        value_starts=_starts([values.size for values in samples]),
        resets=_joined(resets, np.int64),
        reset_starts=_starts([one.size for one in resets]),
        lost=_joined(lost, np.float64),
        lost_before=_joined([_running(one) for one in lost], np.float64),
        exact=np.array(exact, dtype=np.bool_),
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
    with np.errstate(over="ignore"):
        return _are_integers(values) and float(np.abs(values).sum()) < EXACT_INTEGERS


def _are_integers(values: Values) -> bool:
    return bool(np.isfinite(values).all()) and bool((values == np.floor(values)).all())


def _grouped(arrays: Sequence[Times]) -> tuple[list[int], list[Times]]:
    """Which distinct array each one is, by identity first and then by content."""
    seen: dict[int, int] = {}
    alike: dict[tuple[int, int, int], list[int]] = {}
    distinct: list[Times] = []
    for times in arrays:
        if id(times) in seen:
            continue
        candidates = alike.setdefault((times.size, int(times[0]), int(times[-1])), [])
        same = [index for index in candidates if np.array_equal(distinct[index], times)]
        if not same:
            same = [len(distinct)]
            candidates += same
            distinct.append(times)
        seen[id(times)] = same[0]
    return [seen[id(times)] for times in arrays], distinct


def _adds_exactly(values: Values, lost: Values) -> bool:
    """Whether a counter with many losses gains the same however they are added up."""
    if lost.size <= MANY_RESETS or not _are_integers(values):
        return False
    with np.errstate(over="ignore"):
        return float(np.abs(lost).sum() + 2 * np.abs(values).max()) < EXACT_INTEGERS


def _running(values: Values) -> Values:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.concatenate(([0.0], np.cumsum(values)))


def _starts(sizes: list[int]) -> Offsets:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


_Kind = TypeVar("_Kind", np.int64, np.float64)


def _joined(arrays: Sequence[npt.NDArray[_Kind]], dtype: type[_Kind]) -> npt.NDArray[_Kind]:
    return np.concatenate([np.empty(0, dtype), *arrays])
