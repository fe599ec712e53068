"""How ``sum()`` adds series: plainly, or with Neumaier's compensation (promql kahanSumInc)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.engine.semantics import Semantics
    from slo.model.samples import Mask, Values


class RunningSum:
    """Sums at many instants to which series are added one after the other."""

    def __init__(self, size: int, semantics: Semantics) -> None:
        self._values = np.zeros(size)
        self._carry = np.zeros(size)
        self._compensated = semantics.compensated_sum
        self.present = np.zeros(size, dtype=np.bool_)

    def add(self, values: Values, present: Mask) -> None:
        """Add a series where it has a value."""
        running, value = self._values[present], values[present]
        with np.errstate(invalid="ignore"):
            added = running + value
            if self._compensated:
                larger = np.abs(running) >= np.abs(value)
                lost = np.where(larger, (running - added) + value, (value - added) + running)
                kept = self._carry[present] + lost
                self._carry[present] = np.where(np.isinf(added), 0.0, kept)
        self._values[present] = added
        self.present |= present

    @property
    def values(self) -> Values:
        """The sums; NaN where no series had a value."""
        return np.where(self.present, self._values + self._carry, np.nan)
