"""Alerts on plain thresholds: a queue, a share of escalations, dollars an hour."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from slo.model.alert import BurnRateAlert, Severity
from slo.model.duration import SECOND, format_duration
from slo.model.expression import Expression
from slo.model.measure import CounterRate, CounterShare, Measure

if TYPE_CHECKING:
    from slo.model.indicator import Comparison
    from slo.model.objective import Period
    from slo.model.selector import Selector


@dataclass(frozen=True)
class ThresholdAlert:
    """Fires while a measure lies beyond a threshold over every one of its windows.

    Attributes:
        name: Unique among the alerts that are looked at together.
        severity: Page or ticket.
        measure: What is looked at.
        comparison: Fires where ``measure comparison threshold`` holds.
        threshold: In the measure's unit.
        windows: Milliseconds, longest first, each once.
        hold: Prometheus' ``for``, in milliseconds.
        keep_firing: Prometheus' ``keep_firing_for``, in milliseconds.
        minimum_events: A share of fewer events over a window says nothing; 0 for any number.
        events: Counters of those events; None for all that a ``CounterShare`` is a share of.

    """

    name: str
    severity: Severity
    measure: Measure
    comparison: Comparison
    threshold: float
    windows: tuple[int, ...]
    hold: int = 0
    keep_firing: int = 0
    minimum_events: float = 0
    events: Selector | None = None

    def __post_init__(self) -> None:
        if not self.windows or min(self.windows) <= 0:
            windows = ", ".join(str(window) for window in self.windows) or "none"
            message = f"{self.name} needs windows of positive length in ms, not {windows}"
            raise ValueError(message)
        if isnan(self.threshold):
            message = f"the threshold of {self.name} is no number"
            raise ValueError(message)
        if self.minimum_events and not (self.events or isinstance(self.measure, CounterShare)):
            message = f"{self.name} cannot ask for a minimum of events: it does not say of which"
            raise ValueError(message)
        object.__setattr__(self, "windows", tuple(sorted({*self.windows}, reverse=True)))

    @property
    def counted_events(self) -> Selector:
        """The counters that a minimum of events is asked of."""
        return self.events or self.measure.required

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the alert reads."""
        return tuple(dict.fromkeys((*self.measure.selectors, self.counted_events)))

    @property
    def long(self) -> int:
        """The longest window in milliseconds."""
        return self.windows[0]

    @property
    def short(self) -> int:
        """The shortest window in milliseconds: so long a past trouble is still seen."""
        return self.windows[-1]

    def __str__(self) -> str:
        hold = f" for {format_duration(self.hold)}" if self.hold else ""
        windows = "/".join(format_duration(window) for window in self.windows)
        # Prometheus' lookback is a window for the replay, and none that people wrote.
        instant = isinstance(self.measure, Expression) and not self.measure.looks_back
        over = "" if instant else f" over {windows}"
        return f"{self.severity} at {self.comparison} {self.threshold:g}{over}{hold}"


Alert = BurnRateAlert | ThresholdAlert


def cost_burn_alert(
    name: str,
    cost: Selector,
    *,
    budget: float,
    period: Period,
    factor: float,
    long: int,
    short: int,
    severity: Severity = "ticket",
    hold: int = 0,
    keep_firing: int = 0,
) -> ThresholdAlert:
    """Fires while money is spent ``factor`` times as fast as a budget allows, over both windows.

    Args:
        name: The alert's name.
        cost: Counters of dollars.
        budget: Dollars a period.
        period: What the budget is for; a calendar month counts as long as its first one is.
        factor: 1 spends the budget exactly by the end of the period.
        long: Milliseconds.
        short: Milliseconds, no longer than ``long``.
        severity: Page or ticket.
        hold: Prometheus' ``for``, in milliseconds.
        keep_firing: Prometheus' ``keep_firing_for``, in milliseconds.

    Raises:
        ValueError: A number that must be positive is not, or the windows are in the wrong order.

    """
    if not (budget > 0 and factor > 0):
        message = f"budget and burn rate of {name} must be positive, not {budget} and {factor}"
        raise ValueError(message)
    if not 0 < short <= long:
        message = f"the short window of {name} must be positive and no longer than the long one"
        raise ValueError(message)
    return ThresholdAlert(
        name=name,
        severity=severity,
        measure=CounterRate(cost),
        comparison=">",
        threshold=factor * budget / (period.length / SECOND),
        windows=(long, short),
        hold=hold,
        keep_firing=keep_firing,
    )
