"""What thousands of alert conditions would have done over one history.

A condition holds where the lowest of its windows' error ratios exceeds a threshold; it fires once
it has held for so long. Results equal what ``slo.engine.alert`` says of each condition alone.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.engine.ratio import ErrorRatios
    from slo.model.samples import Times, Values
    from slo.model.span import Span

Counts = npt.NDArray[np.int32]

_PIECES = 8
"""Pieces of work a processor: loud conditions take longer than quiet ones."""


@dataclass(frozen=True, eq=False)
class Levels:
    """What thresholds are held against, with the extremes that let a sweep skip.

    Attributes:
        values: float64, shape (rows, E): a row for each pair of windows; minus infinity where a
            window has no value, as nothing is exceeded there.
        highest: float64, shape (rows, blocks): the highest level of each block.
        lowest: float64, shape (rows, blocks): the lowest.
        tallest: float64, shape (rows, blocks of blocks): the highest.
        first: The first evaluation, in Unix milliseconds.
        interval: Milliseconds between evaluations.
        end: Where episodes end that still fire, in Unix milliseconds.

    """

    values: Values
    highest: Values
    lowest: Values
    tallest: Values
    first: int
    interval: int
    end: int

    def at(self, index: npt.NDArray[np.int32]) -> Times:
        """The instants of evaluations, int64 Unix milliseconds."""
        return self.first + index.astype(np.int64) * self.interval


def levels_of(
    ratios: ErrorRatios, pairs: Sequence[tuple[int, int]], interval: int, end: int
) -> Levels:
    """The lower of each pair's error ratios.

    Args:
        ratios: Error ratios over every window of the pairs, at even instants.
        pairs: Long and short window in milliseconds.
        interval: Milliseconds between the instants.
        end: Unix milliseconds at which an episode that still fires is taken to end.

    """
    exceedable = {window: _exceedable(ratios, window) for window in {w for p in pairs for w in p}}
    values = np.empty((len(pairs), ratios.times.size))
    for row, (long, short) in enumerate(pairs):
        np.minimum(exceedable[long], exceedable[short], out=values[row])
    return levels(values, int(ratios.times[0]) if ratios.times.size else end, interval, end)


def levels(values: Values, first: int, interval: int, end: int) -> Levels:
    """Levels of any kind: float64, shape (rows, E), minus infinity where there is none."""
    from slo.engine import _sweep_kernel as kernel  # noqa: PLC0415  numba takes time to load

    rows, size = values.shape
    blocks = -(-size // kernel.BLOCK)
    highest, lowest = np.empty((rows, blocks)), np.empty((rows, blocks))
    kernel.extremes(values, kernel.BLOCK, highest, lowest)
    tallest = np.empty((rows, -(-blocks // kernel.BLOCKS)))
    kernel.extremes(highest, kernel.BLOCKS, tallest, np.empty_like(tallest))
    return Levels(values, highest, lowest, tallest, first, interval, end)


def _exceedable(ratios: ErrorRatios, window: int) -> Values:
    points = ratios.over(window)
    comparable = points.present & ~np.isnan(points.values)
    return np.where(comparable, points.values, -np.inf)


@dataclass(frozen=True, eq=False)
class Judged:
    """What conditions are judged by.

    Attributes:
        incidents: Spans, int64, shape (K, 2), in the order of their starts.
        excluded: Spans whose episodes count for nothing, int64, shape (X, 2).
        cuts: Where stretches begin, int64, rising, shape (S,); earlier episodes count to the
            first.
        seen: How long after its end a condition still sees an incident, by row of levels and
            hold: int64 milliseconds, shape (rows, H).
        warm: Instant before which an episode without an incident is not judged, by row of
            levels: int64, shape (rows,).

    """

    incidents: Times
    excluded: Times
    cuts: Times
    seen: Times
    warm: Times


def judged(
    incidents: Iterable[Span],
    excluded: Iterable[Span],
    *,
    cuts: Sequence[int],
    pairs: Sequence[tuple[int, int]],
    holds: Sequence[int],
    beginning: int,
) -> Judged:
    """Judge pairs of windows as a backtest judges an alert.

    Args:
        incidents: What there was to detect.
        excluded: What counts for nothing.
        cuts: Unix milliseconds at which stretches begin.
        pairs: Long and short window in milliseconds.
        holds: Prometheus' ``for`` in milliseconds, rising.
        beginning: Where the history begins, in Unix milliseconds.

    """
    return Judged(
        incidents=_spans(incidents),
        excluded=_spans(excluded),
        cuts=np.array(cuts or (beginning,), dtype=np.int64),
        seen=np.array([[short + hold for hold in holds] for _, short in pairs], dtype=np.int64),
        warm=np.array([beginning + long for long, _ in pairs], dtype=np.int64),
    )


def _spans(spans: Iterable[Span]) -> Times:
    rows = sorted((span.start, span.end) for span in spans)
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Sweep:
    """What every condition would have done: rows of levels by thresholds by holds.

    Attributes:
        episodes: int32, shape (rows, T, H, S): episodes that begin in each stretch.
        false: Likewise, those that belong to no incident.
        firing: Likewise, the evaluations at which they fire.
        detected: int32, shape (rows, T, H, K): index of the evaluation at which the first episode
            of each incident began, or -1.

    """

    episodes: Counts
    false: Counts
    firing: Counts
    detected: Counts


def sweep(over: Levels, by: Judged, thresholds: Values, holds: Sequence[int]) -> Sweep:
    """Try every row of levels at every threshold and hold.

    Args:
        over: Rows of levels.
        by: What they are judged by.
        thresholds: float64, shape (T,).
        holds: Prometheus' ``for`` in milliseconds, rising, shape (H,).

    """
    from slo.engine import _sweep_kernel as kernel  # noqa: PLC0415  as above

    rows, count = over.values.shape[0], thresholds.size * len(holds)
    each = np.stack(
        np.meshgrid(np.arange(rows), np.arange(thresholds.size), indexing="ij"), axis=-1
    ).reshape(-1, 2)
    shape = (each.shape[0], len(holds))
    stretches, incidents = by.cuts.size, by.incidents.shape[0]
    episodes, false, firing = (np.zeros((*shape, stretches), np.int32) for _ in range(3))
    detected = np.full((*shape, incidents), -1, np.int32)
    steps = _steps(holds, over.interval)
    latest = np.maximum.accumulate(by.incidents[:, 1])

    def fill(piece: slice) -> None:
        kernel.sweep(
            over.values, over.highest, over.lowest, over.tallest, thresholds, steps, by.seen,
            by.warm, over.first, over.interval, over.end, by.incidents, latest, by.excluded,
            by.cuts, each[piece], episodes[piece], false[piece], firing[piece], detected[piece],
        )  # fmt: skip

    processors = os.cpu_count() or 1
    length = max(1, -(-each.shape[0] // (_PIECES * processors)))
    if count:
        with ThreadPoolExecutor(processors) as threads:
            list(threads.map(fill, (slice(i, i + length) for i in range(0, shape[0], length))))
    grid = (rows, thresholds.size, len(holds))
    return Sweep(
        episodes.reshape(*grid, stretches),
        false.reshape(*grid, stretches),
        firing.reshape(*grid, stretches),
        detected.reshape(*grid, incidents),
    )


def _steps(holds: Sequence[int], interval: int) -> npt.NDArray[np.int64]:
    """Evaluations after the first at which a condition has held for so long."""
    return np.array([-(-hold // interval) for hold in holds], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Recorded:
    """Every judged episode of some conditions.

    Attributes:
        episodes: int64, shape (n, 3): start and end in Unix milliseconds, and whether it belongs
            to an incident; one condition's after the other's.
        begins: int64, shape (conditions + 1,): where each condition's begin.

    """

    episodes: Times
    begins: Times


def record(
    over: Levels,
    by: Judged,
    conditions: Sequence[tuple[int, float, int]],
    holds: Sequence[int],
) -> Recorded:
    """The episodes of conditions, each a row of levels, a threshold and an index of ``holds``."""
    from slo.engine import _sweep_kernel as kernel  # noqa: PLC0415  as above

    steps = _steps(holds, over.interval)
    parts = []
    for row, threshold, hold in conditions:
        space = np.empty((256, 3), np.int64)
        for _ in range(2):
            count = kernel.record(
                over.values, over.highest, over.lowest, over.tallest, threshold, steps[hold],
                by.seen[row, hold], by.warm[row], row, over.first, over.interval, over.end,
                by.incidents, by.excluded, space,
            )  # fmt: skip
            if count <= space.shape[0]:
                break
            space = np.empty((count, 3), np.int64)
        parts.append(space[:count])
    begins = np.concatenate(([0], np.cumsum([part.shape[0] for part in parts]))).astype(np.int64)
    together = np.concatenate(parts) if parts else np.empty((0, 3), np.int64)
    return Recorded(together, begins)


def calls(recorded: Recorded, sets: npt.NDArray[np.int64], by: Judged) -> tuple[Counts, Counts]:
    """How often each set of conditions calls, and how often falsely.

    Episodes that overlap or touch are one call; it is true if any of them belongs to an incident.

    Args:
        recorded: Episodes of conditions.
        sets: Indexes of conditions, -1 for none: int64, shape (m, members).
        by: Stretches by whose start calls are counted.

    Returns:
        Calls and false calls, int32, shape (m, S).

    """
    from slo.engine import _sweep_kernel as kernel  # noqa: PLC0415  as above

    called = np.zeros((sets.shape[0], by.cuts.size), np.int32)
    false = np.zeros_like(called)
    kernel.merge(recorded.episodes, recorded.begins, sets, by.cuts, called, false)
    return called, false
