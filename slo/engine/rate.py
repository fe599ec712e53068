"""``rate()`` and ``increase()``, exactly as Prometheus extrapolates them (promql/functions.go)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.packed import pack
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.engine.semantics import Semantics
    from slo.model.samples import Mask, Series, Times, Values


_PIECES = 4
"""Pieces of work for each processor: one that is held up leaves the rest to the others."""


def rate(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``rate(series[window])`` at instants, per second; the window in milliseconds.

    Instants are int64 Unix milliseconds in rising order.
    """
    return _scaled(series, window, _seconds(window), at, semantics)


def increase(series: Series, window: int, at: Times, semantics: Semantics) -> Points:
    """``increase(series[window])`` at instants; the window in milliseconds.

    Instants are int64 Unix milliseconds in rising order.
    """
    return _scaled(series, window, 1.0, at, semantics)


def rate_shares(
    numerator: Sequence[Series],
    total: Sequence[Series],
    windows: Sequence[int],
    at: Times,
    semantics: Semantics,
) -> tuple[Values, Mask]:
    """``(sum(rate(numerator[w])) or 0 * total) / total`` with ``total = sum(rate(total[w]))``.

    Series are added in the order of their labels; one that has no rate is skipped, and a sum is
    absent where all lack one. A series in both sums is computed once.

    Returns:
        Values and presence, float64 and bool, of shape (windows, instants).

    """
    # numba takes a third of a second to load: only where rates are computed.
    from slo.engine import _rate_kernel  # noqa: PLC0415

    members = {one.labels: one for one in (*numerator, *total)}
    packed = pack([members[labels] for labels in sorted(members)])
    sums = [{one.labels for one in group} for group in (numerator, total)]
    found = np.empty((len(windows), at.size))
    present = np.empty(found.shape, dtype=np.bool_)
    layout = (
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
        np.array([[one in group for one in packed.labels] for group in sums], dtype=np.bool_),
        np.array(windows, dtype=np.float64),
        np.array([_seconds(window) for window in windows], dtype=np.float64),
        semantics.left_open,
        semantics.clamp_first,
        semantics.compensated_sum,
    )
    instants = at.astype(np.float64)

    def fill(piece: slice) -> None:
        _rate_kernel.shares(*layout, instants[piece], found[:, piece], present[:, piece])

    processors = os.cpu_count() or 1
    length = max(_rate_kernel.BLOCK, -(-at.size // (_PIECES * processors)))
    with ThreadPoolExecutor(processors) as threads:
        list(threads.map(fill, (slice(i, i + length) for i in range(0, at.size, length))))
    return found, present


def _scaled(series: Series, window: int, seconds: float, at: Times, semantics: Semantics) -> Points:
    from slo.engine import _rate_kernel  # noqa: PLC0415  as above

    packed = pack([series])
    found, present = np.full(at.size, np.nan), np.zeros(at.size, dtype=np.bool_)
    if packed.labels and at.size:
        _rate_kernel.rates(
            packed.times,
            packed.values,
            packed.resets,
            packed.lost,
            packed.lost_before,
            bool(packed.exact[0]),
            at.astype(np.float64),
            float(window),
            seconds,
            semantics.left_open,
            semantics.clamp_first,
            found,
            present,
        )
    return Points(at, found, present)


def _seconds(milliseconds: int) -> float:
    """Seconds as Go's ``Duration.Seconds`` rounds them: whole ones and the rest apart."""
    whole, rest = divmod(milliseconds, 1000)
    return whole + rest * 1_000_000 / 1e9
