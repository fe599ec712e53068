"""What costs the same every month, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.growth import summed
from slo.model.duration import DAY
from slo.model.span import month_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.engine.growth import Tally
    from slo.model.cost_model import FixedCost
    from slo.model.samples import Times, Values


def fixed_costs(items: Iterable[FixedCost], days: Times) -> Tally:
    """Dollars of each UTC day by item: an equal part of its month, where the item is valid.

    Args:
        items: What costs the same every month; those of one name are added up.
        days: The beginning of each day, int64 Unix milliseconds, shape (n,).

    """
    lengths = np.array([month_of(int(day)).length for day in days], dtype=np.float64) / DAY
    return summed(((one.name,), one.dollars / lengths * _valid(one, days)) for one in items)


def fixed_total(items: Iterable[FixedCost], days: Times) -> Values:
    """Dollars of each day for all items together, shape (n,)."""
    named = fixed_costs(items, days).values()
    return next(iter(summed(((), one) for one in named).values()), np.zeros(days.size))


def _valid(one: FixedCost, days: Times) -> Values:
    return np.array([one.valid.holds(int(day)) for day in days], dtype=np.float64)
