"""Service level indicators: which samples say how well a service does.

Each kind has one error ratio, in 0 to 1, over any window; ``slo.promql.error_ratio`` writes it
down as PromQL and ``slo.engine`` computes it from raw samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slo.model.selector import Matcher, Selector

Counted = Literal["bad", "good"]
"""What the numerator of a ratio counts."""

Comparison = Literal["<", "<=", ">", ">="]
Aggregation = Literal["", "sum", "min", "max", "avg"]


@dataclass(frozen=True)
class EventRatio:
    """Bad (or good) events over all events, both from counters.

    Where events are present but no series of the numerator is, the numerator is 0: a service
    that never failed has an error ratio of 0, and one that never succeeded of 1.
    """

    counted: Counted
    numerator: Selector
    total: Selector

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the indicator reads."""
        return (self.numerator, self.total)


@dataclass(frozen=True)
class LatencyBuckets:
    """The share of requests at or under a bucket's bound of a classic histogram.

    Attributes:
        bucket: The ``_bucket`` series, without a condition on ``le``.
        bound: The bucket's upper bound as Prometheus prints it, such as ``5`` or ``0.25``.
        total: The ``_count`` series.

    """

    bucket: Selector
    bound: str
    total: Selector

    @property
    def numerator(self) -> Selector:
        """The bucket's series; Prometheus 3 writes ``le="5"`` as ``"5.0"``, so both match."""
        if "." in self.bound or not self.bound.isdecimal():
            return self.bucket.where(Matcher("le", "=", self.bound))
        return self.bucket.where(Matcher("le", "=~", rf"{self.bound}(\.0)?"))

    @property
    def counted(self) -> Counted:
        """A bucket counts requests that were fast enough."""
        return "good"

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the indicator reads."""
        return (self.numerator, self.total)


@dataclass(frozen=True)
class RawRatio:
    """A gauge that already is a ratio; its mean over all samples of the window counts."""

    counted: Counted
    ratio: Selector

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the indicator reads."""
        return (self.ratio,)


@dataclass(frozen=True)
class TimeSlices:
    """The share of time slices in which a gauge keeps a promise such as ``depth <= 100``.

    Attributes:
        gauge: The gauge's series.
        aggregation: How several series become one before the comparison; empty compares each.
        comparison: The promise: a slice is good where ``gauge comparison bound`` holds.
        bound: The value compared with, in the gauge's unit.
        slice_length: Milliseconds between two looks at the gauge, at multiples of itself.

    """

    gauge: Selector
    aggregation: Aggregation
    comparison: Comparison
    bound: float
    slice_length: int

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the indicator reads."""
        return (self.gauge,)


Indicator = EventRatio | LatencyBuckets | RawRatio | TimeSlices
