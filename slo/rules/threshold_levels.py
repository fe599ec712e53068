"""At which level of its series an alert on a threshold is just beyond it, or just short of it.

The engine says what the alert's expression is at a level, and bisection finds the level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.alert import states, threshold_condition
from slo.engine.instants import instants
from slo.engine.measure import events_within, measured
from slo.model.expression import Absent, Expression
from slo.model.samples import History
from slo.model.span import Span
from slo.rules.threshold_series import Stretch, sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.threshold_alert import ThresholdAlert
    from slo.rules.threshold_series import Example

_MARGIN = 0.01
_STEEPEST = 35.0
"""Levels reach to e to this power, to both sides of 0 for gauges."""

_HALVINGS = 45
_DIGITS = 5


@dataclass(frozen=True)
class Bench:
    """An alert and its series, ready to be tried.

    Attributes:
        alert: The alert.
        series: Those that it reads; the first one leads.
        step: Milliseconds between samples.
        interval: Milliseconds between evaluations.

    """

    alert: ThresholdAlert
    series: tuple[Example, ...]
    step: int
    interval: int

    def history(self, stretches: Sequence[Stretch]) -> History:
        """The samples of some stretches."""
        made = tuple(sampled(one, stretches, self.step) for one in self.series)
        length = sum(one.steps for one in stretches) * self.step
        return History(made, Span(0, length + 1))

    def state(self, stretches: Sequence[Stretch]) -> int:
        """0, 1 or 2 at the end: inactive, pending or firing."""
        past, alert = self.history(stretches), self.alert
        at = instants(past.span, self.interval)
        values = [measured(alert.measure, past, window, at) for window in alert.windows]
        counted = alert.windows if alert.minimum_events else ()
        events = [events_within(alert.counted_events, past, window, at) for window in counted]
        holds = threshold_condition(alert, values, events)
        state, _ = states(holds, at, alert.hold, alert.keep_firing)
        return int(state[-1])

    def value(self, level: float | None, steps: int) -> float:
        """The expression over the longest window, after the level lasted so many steps."""
        past = self.history([Stretch(level, steps)])
        at = np.array([past.span.end - 1], dtype=np.int64)
        points = measured(self.alert.measure, past, self.alert.long, at)
        return float(points.values[0]) if points.present[0] else math.nan


@dataclass(frozen=True)
class Levels:
    """Levels of the series that leads; None where it is missing."""

    beyond: float | None
    short_of: float | None


def levels(bench: Bench, steps: int) -> Levels | None:
    """The levels 1 % beyond and short of the threshold, or None where there are none.

    Nearer where an expression cannot go so far, such as a share beyond 1.
    """
    measure, alert = bench.alert.measure, bench.alert
    if isinstance(measure, Expression) and isinstance(measure.root, Absent):
        return Levels(None, 1.0)
    lowest = 0.0 if bench.series[0].kind == "counter" else -_STEEPEST
    low, high = bench.value(_level(lowest), steps), bench.value(_level(_STEEPEST), steps)
    if math.isnan(low):
        # A share of nothing is no number.
        lowest = 1e-9
        low = bench.value(_level(lowest), steps)
    if not low < high and not high < low:
        return None
    above = alert.comparison in {">", ">="}
    most, least = max(low, high), min(low, high)
    beyond = _target(alert.threshold, most if above else least, 1.0)
    short_of = _target(alert.threshold, least if above else most, 0.0)
    if beyond is None or short_of is None:
        return None
    found = [_bisected(bench, steps, lowest, target, low < high) for target in (beyond, short_of)]
    return Levels(*found)


def _target(threshold: float, bound: float, from_zero: float) -> float | None:
    """A margin away from the threshold, towards a bound of what is possible."""
    distance = abs(bound - threshold)
    margin = abs(threshold) * _MARGIN or from_zero
    if distance == 0 and margin > 0:
        return None
    return threshold + math.copysign(min(margin, distance / 2), bound - threshold)


def _level(exponent: float) -> float:
    return math.copysign(math.expm1(abs(exponent)), exponent)


def _bisected(bench: Bench, steps: int, lowest: float, target: float, rising: bool) -> float:  # noqa: FBT001  of the expression, not of this function
    low, high = lowest, _STEEPEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (bench.value(_level(middle), steps) < target) == rising:
            low = middle
        else:
            high = middle
    # What is meant to be exactly nothing must not be almost nothing.
    level = _level((low + high) / 2)
    return float(f"{level:.{_DIGITS}g}") if abs(level) > 1e-9 else 0.0  # noqa: PLR2004
