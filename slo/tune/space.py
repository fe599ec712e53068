"""Which alert conditions are tried: windows, burn rates, ``for``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.alert import BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE, format_duration
from slo.model.indicator import TimeSlices

if TYPE_CHECKING:
    from slo.model.alert import Severity
    from slo.model.objective import Objective
    from slo.model.samples import Values
    from slo.model.slo import Slo
    from slo.tune.goals import Goals

_LONG: dict[Severity, tuple[int, ...]] = {
    "page": (30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR),
    "ticket": (6 * HOUR, 12 * HOUR, DAY, 3 * DAY),
}
_SHORT = (
    *(5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR),
)
_HOLDS: dict[Severity, tuple[int, ...]] = {
    "page": (0, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE),
    "ticket": (0, 15 * MINUTE, HOUR),
}

_NARROWEST = 24
"""A short window is at least this fraction of the long one; the workbook's are a twelfth."""

_WIDEST = 4
"""A short window is at most this fraction of the long one: else it resets no sooner."""

_PERIODS = 4
"""A long window is at most this fraction of the period; a slower alert comes too late."""

_A_DECADE = 24
_DIGITS = 2
_FINE_BELOW = 20
"""Where outages cannot burn faster, burn rates lie closer together."""


@dataclass(frozen=True, eq=False)
class Conditions:
    """Every condition that is tried for a severity: pairs of windows by burn rates by ``for``.

    Attributes:
        severity: Page or ticket.
        pairs: Long and short windows in milliseconds.
        factors: Burn rates, rising, float64, shape (F,).
        holds: Prometheus' ``for`` in milliseconds, rising.

    """

    severity: Severity
    pairs: tuple[tuple[int, int], ...]
    factors: Values
    holds: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many pairs, burn rates and holds; a condition's index counts through them."""
        return len(self.pairs), self.factors.size, len(self.holds)

    @property
    def size(self) -> int:
        """How many conditions."""
        pairs, factors, holds = self.shape
        return pairs * factors * holds

    def alert(self, index: int) -> BurnRateAlert:
        """The alert that a condition stands for."""
        pair, factor, hold = (int(i) for i in np.unravel_index(index, self.shape))
        long, short = self.pairs[pair]
        name = f"{self.severity}-{format_duration(long)}"
        value = float(self.factors[factor])
        return BurnRateAlert(name, self.severity, long, short, value, self.holds[hold])


def conditions(slo: Slo, severity: Severity, goals: Goals, interval: int) -> Conditions:
    """What is tried for a severity of an objective.

    Pages burn at least as fast as what is urgent, tickets faster than the budget allows and no
    faster than that. Windows are those that people use: the workbook's, and what lies between.

    Args:
        slo: The objective.
        severity: Page or ticket.
        goals: Say what is urgent.
        interval: Milliseconds between evaluations; no window is shorter.

    """
    urgent = goals.urgent_burn_rate(slo.objective, slo.period)
    highest = float(slo.objective.highest_burn_rate)
    between = (urgent, highest) if severity == "page" else (1.0, urgent)
    least = max(interval, _slice(slo))
    pairs = tuple(
        (long, short)
        for long in _LONG[severity]
        for short in _SHORT
        if long <= slo.period.length / _PERIODS
        and max(least, long // _NARROWEST) <= short <= long // _WIDEST
    )
    return Conditions(severity, pairs, _factors(*between, slo.objective), _HOLDS[severity])


def _slice(slo: Slo) -> int:
    return slo.indicator.slice_length if isinstance(slo.indicator, TimeSlices) else 0


def _factors(low: float, high: float, objective: Objective) -> Values:
    """Burn rates in even steps, with no more digits than a person would write."""
    fine = float(objective.highest_burn_rate) < _FINE_BELOW
    a_decade, digits = (4 * _A_DECADE, _DIGITS + 1) if fine else (_A_DECADE, _DIGITS)
    count = max(2, round(np.log10(high / low) * a_decade) + 1) if high > low else 1
    steps = np.geomspace(low, high, count)
    rounded = np.unique([float(f"{step:.{digits}g}") for step in steps])
    return rounded[(rounded >= min(low, high)) & (rounded < float(objective.highest_burn_rate))]
