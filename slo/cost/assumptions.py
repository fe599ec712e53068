"""What a cost model changed: fixed items and contract prices, in dollars of a stretch."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.fixed import fixed_total
from slo.cost.ledger import over
from slo.cost.prices import PriceEffect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.cost.ledger import Ledger
    from slo.model.cost_model import ContractPrice, CostModel, FixedCost
    from slo.model.samples import Mask, Values


@dataclass(frozen=True)
class Assumptions:
    """What people configured, and what it amounts to in a stretch.

    Attributes:
        model: The cost model.
        fixed: Its fixed items, each with its dollars.
        prices: Its contract prices, each with its effect.

    """

    model: CostModel
    fixed: tuple[tuple[FixedCost, float], ...]
    prices: tuple[PriceEffect, ...]

    @property
    def configured(self) -> bool:
        """Whether there is a cost model."""
        return bool(self.model.name)

    @property
    def at_contract(self) -> float:
        """Dollars for tokens with a contract price, as the report counts them."""
        return fsum(one.dollars for one in self.prices)

    @property
    def at_list(self) -> float:
        """Dollars for the same tokens by the cost counter."""
        return fsum(one.counted for one in self.prices)

    @property
    def difference(self) -> float:
        """Dollars by which contract prices changed the cost."""
        return self.at_contract - self.at_list

    @property
    def ratio(self) -> float:
        """The same as a share of list price; NaN where that is nothing."""
        return self.difference / self.at_list if self.at_list else float("nan")


def assumptions(model: CostModel, found: Ledger, days: Mask) -> Assumptions:
    """What a cost model amounts to on some days, which the history reaches."""
    return Assumptions(
        model=model,
        fixed=tuple((one, fsum(fixed_total((one,), found.days[days]))) for one in model.fixed),
        prices=tuple(_effect(one, found, days) for one in model.prices),
    )


def _effect(price: ContractPrice, found: Ledger, days: Mask) -> PriceEffect:
    held = days & np.array([price.valid.holds(int(day)) for day in found.days], dtype=np.bool_)

    def of(numbers: Mapping[tuple[str, ...], Values]) -> float:
        values = numbers.get(price.item)
        return 0.0 if values is None else over(values, held)

    counted = of(found.counted)
    return PriceEffect(price, of(found.tokens), of(found.llm), counted, held=bool(held.any()))
