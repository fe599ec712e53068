"""What an alert on a plain threshold looks at: one number over a window, from any series.

``slo.promql_expression.measured`` writes each down as PromQL; ``slo.engine.measure`` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slo.model.expression import Expression

if TYPE_CHECKING:
    from slo.model.selector import Selector

Statistic = Literal["avg", "max", "min"]


@dataclass(frozen=True)
class CounterRate:
    """How fast counters grow together, a second; absent where none has two samples.

    Attributes:
        counter: What grows.

    """

    counter: Selector

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the measure reads."""
        return (self.counter,)

    @property
    def required(self) -> Selector:
        """The series without which there is no number."""
        return self.counter


@dataclass(frozen=True)
class CounterShare:
    """What share of some counters' growth is in others: escalated tickets out of all.

    0 where only the whole grew; absent where the whole has no rate, NaN where it did not grow.

    Attributes:
        part: The counters that are counted.
        whole: Those that they are a part of.

    """

    part: Selector
    whole: Selector

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the measure reads."""
        return (self.part, self.whole)

    @property
    def required(self) -> Selector:
        """The series without which there is no number."""
        return self.whole


@dataclass(frozen=True)
class GaugeLevel:
    """How high gauges stood: the mean, highest or lowest of all samples of all series.

    Attributes:
        gauge: What is looked at.
        statistic: ``avg``, ``max`` or ``min`` of the samples.

    """

    gauge: Selector
    statistic: Statistic = "avg"

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the measure reads."""
        return (self.gauge,)

    @property
    def required(self) -> Selector:
        """The series without which there is no number."""
        return self.gauge


Measure = CounterRate | CounterShare | GaugeLevel | Expression
