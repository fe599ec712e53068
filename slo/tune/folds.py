"""Walk-forward validation: earlier weeks choose, later weeks judge.

Rob J. Hyndman and George Athanasopoulos, Forecasting: Principles and Practice, "Time series
cross-validation"; a gap keeps windows that reach back from telling one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.duration import DAY, WEEK
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_TRAINING = 21 * DAY
"""Nothing is chosen from less than three weeks."""

_FIRST = 3
"""The first fold is trained on this fraction of the history, or ``LEAST_TRAINING``."""

_MOST = 12
"""So many folds at most: each costs a search."""


@dataclass(frozen=True)
class Fold:
    """A stretch that judges what an earlier one chose.

    Attributes:
        training: What the search may see.
        test: What judges its choice; begins a gap after the end of the training.

    """

    training: Span
    test: Span


def walk_forward(span: Span, gap: int) -> tuple[Fold, ...]:
    """Folds whose tests follow each other to the end of a history; none where it is too short.

    Args:
        span: The history.
        gap: Milliseconds between training and test: the longest window that is tried.

    """
    first = span.start + max(LEAST_TRAINING + gap, span.length // _FIRST)
    step = max(WEEK, -(-(span.end - first) // _MOST))
    folds = []
    start = first
    while span.end - start >= WEEK:
        # What is left over at the end is no fold of its own.
        end = span.end if span.end - start < step + WEEK else start + step
        folds.append(Fold(Span(span.start, start - gap), Span(start, end)))
        start = end
    return tuple(folds)


def cuts(folds: Sequence[Fold], span: Span) -> tuple[int, ...]:
    """Where to cut a history so that every training and test is made of whole stretches."""
    borders = {span.start}
    for fold in folds:
        borders |= {fold.training.end, fold.test.start}
    return tuple(sorted(borders))
