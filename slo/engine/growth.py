"""How counters grew between instants: rounded once, however many samples lie between."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.packed import without_markers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.samples import History, Series, Times, Values
    from slo.model.selector import Selector

Tally = dict[tuple[str, ...], "Values"]
"""Numbers of neighbouring stretches by the values of some labels."""


def growth(series: Series, edges: Times) -> Values:
    """What a counter gained in each stretch ``edges[k] < t <= edges[k + 1]``.

    The same events as in ``slo.engine.events``: raw increments between neighbouring samples, from
    0 after a reset, nothing for the first sample. Each stretch is the exact sum, rounded once:
    adding up increments of dollars would lose a little with every sample.

    Args:
        series: A counter.
        edges: int64 Unix milliseconds, rising, shape (n + 1,).

    Returns:
        float64, shape (n,).

    """
    times, values = without_markers(series)
    finite = np.isfinite(values)
    times, values = times[finite], values[finite]
    if not values.size:
        return np.zeros(edges.size - 1)
    lost_at = np.flatnonzero(values[1:] < values[:-1]) + 1
    # A stretch that begins before the first sample begins with it.
    at = np.searchsorted(times, edges, side="right").clip(1) - 1
    resets = np.searchsorted(lost_at, at, side="right")
    return np.array(
        [
            fsum(
                (values[at[k + 1]], -values[at[k]], *values[lost_at[resets[k] : resets[k + 1]] - 1])
            )
            for k in range(edges.size - 1)
        ]
    )


def tally(history: History, selector: Selector, labels: Sequence[str], edges: Times) -> Tally:
    """The growth of a selector's counters between edges, summed by labels.

    A label that a series lacks counts as empty.
    """
    found = history.select(selector)
    return summed(
        (tuple(dict(one.labels).get(name, "") for name in labels), growth(one, edges))
        for one in found
    )


def summed(parts: Iterable[tuple[tuple[str, ...], Values]]) -> Tally:
    """Numbers added up by key, each sum rounded once; keys in their order."""
    by_key: dict[tuple[str, ...], list[Values]] = {}
    for key, values in parts:
        by_key.setdefault(key, []).append(values)
    return {
        key: np.array([fsum(column) for column in zip(*rows, strict=True)])
        for key, rows in sorted(by_key.items())
    }
