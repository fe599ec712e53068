"""Whether the cost counter says what tokens times list price say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.cost.ledger import total

if TYPE_CHECKING:
    from slo.cost.ledger import Ledger
    from slo.model.samples import Mask

TOLERANCE = 0.01
"""A hundredth may come from tiers and rounding; more needs a look."""


@dataclass(frozen=True)
class Reconciliation:
    """The counter of model cost beside tokens times list price.

    Attributes:
        counted: Dollars by the counter, whatever contract prices say.
        computed: Dollars by tokens and the price gauge of their moment.
        without_price: Tokens for which there is no list price.
        unpriced_calls: Calls whose cost the exporter could not tell.

    """

    counted: float
    computed: float
    without_price: float
    unpriced_calls: float

    @property
    def difference(self) -> float:
        """Dollars that the counter says more."""
        return self.counted - self.computed

    @property
    def ratio(self) -> float:
        """The difference as a share of what was computed; NaN where that is nothing."""
        return self.difference / self.computed if self.computed else float("nan")

    @property
    def agrees(self) -> bool:
        """Whether both say the same but for a hundredth, and nothing went without a price."""
        near = abs(self.difference) <= TOLERANCE * max(self.counted, self.computed)
        return near and not self.without_price and not self.unpriced_calls


def reconciliation(found: Ledger, days: Mask) -> Reconciliation:
    """Compare them over some days."""
    return Reconciliation(
        counted=total(found.counted, days),
        computed=total(found.at_list_price, days),
        without_price=total(found.without_price, days),
        unpriced_calls=total(found.unpriced, days),
    )
