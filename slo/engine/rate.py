"""``rate()`` and ``increase()``, exactly as Prometheus extrapolates them (promql/functions.go)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.packed import pack
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.engine.semantics import Semantics
    from slo.model.samples import Mask, Series, Times, Values

_BLOCK = 1024
"""Evaluations that a thread works on at once: their bounds fit into its cache."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over series: float64 and bool, both of shape (windows, instants)."""

    values: Values
    present: Mask


def rate(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``rate(series[window])`` at instants, per second; the window in milliseconds."""
    return _alone(series, window, at, semantics, window / 1000)


def increase(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``increase(series[window])`` at instants; the window in milliseconds."""
    return _alone(series, window, at, semantics, 1.0)


def _alone(series: Series, window: int, at: Times, semantics: Semantics, seconds: float) -> Points:
    _, found = _summed([], [series], [window], [seconds], at, semantics)
    return Points(at, found.values[0], found.present[0])


def summed_rates(
    numerator: Sequence[Series],
    total: Sequence[Series],
    windows: Sequence[int],
    at: Times,
    semantics: Semantics,
) -> tuple[Sums, Sums]:
    """``sum(rate(numerator[w]))`` and ``sum(rate(total[w]))`` for every window.

    Series are added in the order of their labels; one that has no rate is skipped, and a sum is
    absent where all lack one. A series in both sums is computed once.
    """
    seconds = [window / 1000 for window in windows]
    return _summed(numerator, total, windows, seconds, at, semantics)


def _summed(  # noqa: PLR0917  numerator and total, each with what both share
    numerator: Sequence[Series],
    total: Sequence[Series],
    windows: Sequence[int],
    seconds: Sequence[float],
    at: Times,
    semantics: Semantics,
) -> tuple[Sums, Sums]:
    # numba takes a third of a second to load: only where rates are computed.
    from slo.engine import _rate_kernel  # noqa: PLC0415

    members = {one.labels: one for one in (*numerator, *total)}
    ordered = [members[labels] for labels in sorted(members)]
    counted, everything = ({one.labels for one in group} for group in (numerator, total))
    packed = pack(ordered)
    shape = (len(windows), at.size)
    sums = Sums(np.empty(shape), np.zeros(shape, dtype=np.bool_))
    totals = Sums(np.empty(shape), np.zeros(shape, dtype=np.bool_))
    _rate_kernel.summed_rates(
        packed.times,
        packed.time_starts,
        packed.group,
        packed.values,
        packed.value_starts,
        packed.resets,
        packed.reset_starts,
        packed.lost,
        packed.lost_before,
        packed.exact,
        np.array([one.labels in counted for one in ordered], dtype=np.bool_),
        np.array([one.labels in everything for one in ordered], dtype=np.bool_),
        np.ascontiguousarray(at, dtype=np.int64),
        np.array(windows, dtype=np.int64),
        np.array(seconds, dtype=np.float64),
        semantics.left_open,
        semantics.clamp_first,
        semantics.compensated_sum,
        _BLOCK,
        sums.values,
        totals.values,
        sums.present,
        totals.present,
    )
    for found in (sums, totals):
        found.values[~found.present] = np.nan
    return sums, totals
