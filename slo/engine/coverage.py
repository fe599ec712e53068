"""How much of a stretch there are samples for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.packed import union, without_markers
from slo.engine.semantics import LOOKBACK
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Series


def coverage(series: Sequence[Series], span: Span) -> float:
    """Share of a span in which at least one series has a sample no older than five minutes.

    Five minutes is Prometheus' lookback: an instant without one has no value there either.
    """
    if not span.length:
        return 0.0
    return 1 - sum(gap.length for gap in gaps(series, span)) / span.length


def gaps(series: Sequence[Series], span: Span) -> tuple[Span, ...]:
    """The stretches of a span in which no series has a sample no older than five minutes."""
    arrays = {id(one.times): without_markers(one)[0] for one in series}
    times = union(list(arrays.values()))
    inside = times[(times > span.start - LOOKBACK) & (times < span.end)]
    seen_until = np.concatenate(([span.start], inside + LOOKBACK))
    seen_again = np.concatenate((inside, [span.end]))
    bare = np.flatnonzero(np.maximum(seen_again, span.start) > seen_until)
    return tuple(Span(max(int(seen_until[i]), span.start), int(seen_again[i])) for i in bare)
