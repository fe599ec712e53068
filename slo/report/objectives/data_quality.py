"""How far the samples of a week can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.coverage import coverage, gaps
from slo.engine.packed import without_markers
from slo.history.contents import required_series
from slo.model.indicator import EventRatio, LatencyBuckets

if TYPE_CHECKING:
    from slo.model.samples import History, Series
    from slo.model.slo import Slo
    from slo.model.span import Span


@dataclass(frozen=True)
class DataQuality:
    """What is known of an objective's samples in a week.

    Attributes:
        coverage: Share of the week in which there are samples.
        gaps: Stretches without, of more than five minutes.
        resets: How often a counter fell, over all series; 0 for gauges.
        series: Series with a sample in the week.
        samples: Samples in the week.

    """

    coverage: float
    gaps: tuple[Span, ...]
    resets: int
    series: int
    samples: int

    @property
    def longest_gap(self) -> int:
        """Milliseconds; 0 without gaps."""
        return max((gap.length for gap in self.gaps), default=0)


def data_quality(slo: Slo, history: History, span: Span) -> DataQuality:
    """Look at the samples that an objective reads in a span.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required = required_series(slo, history)
    read = history.restrict(slo.indicator.selectors).series
    counters = isinstance(slo.indicator, EventRatio | LatencyBuckets)
    sizes = [size for size in (_samples(series, span) for series in read) if size]
    return DataQuality(
        coverage=coverage(required, span),
        gaps=gaps(required, span),
        resets=sum(_resets(series, span) for series in read) if counters else 0,
        series=len(sizes),
        samples=sum(sizes),
    )


def _samples(series: Series, span: Span) -> int:
    first, stop = np.searchsorted(series.times, [span.start, span.end])
    return int(stop - first)


def _resets(series: Series, span: Span) -> int:
    times, values = without_markers(series)
    inside = (times[1:] >= span.start) & (times[1:] < span.end)
    return int(np.count_nonzero((np.diff(values) < 0) & inside))
