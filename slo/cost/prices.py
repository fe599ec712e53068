"""Tokens times price: the list price that the agent states, and contract prices in its place.

A contract price is a cost model's. It holds for whole days in UTC, on which the report counts
tokens times that price; on other days, and where tokens of an item are not counted, it counts
what the cost counter says.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.sources import LLM_COST, LLM_TOKENS
from slo.engine.growth import growth, summed, tally
from slo.engine.packed import without_markers
from slo.model.duration import DAY
from slo.model.selector import METRIC_NAME, Matcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.cost.sources import CostSources
    from slo.engine.growth import Tally
    from slo.model.cost_model import ContractPrice
    from slo.model.samples import History, Series, Times, Values
    from slo.model.selector import Labels, Selector
    from slo.model.span import Span

ITEM = ("provider", "model", "token_type")
"""The labels that say what a price is for."""

_PER_MILLION = 1e6


@dataclass(frozen=True)
class PriceEffect:
    """What a price in place of the list price changed in a stretch.

    Attributes:
        price: The price.
        tokens: Tokens on days on which it held.
        dollars: What the report counts for them.
        counted: What the cost counter says of them, at list price.
        held: Whether the price held on any day of the stretch.

    """

    price: ContractPrice
    tokens: float
    dollars: float
    counted: float
    held: bool

    @property
    def difference(self) -> float:
        """Dollars more than at list price."""
        return self.dollars - self.counted


def day_edges(span: Span) -> Times:
    """Where a span begins and ends, and the midnights in UTC between; int64, shape (n + 1,)."""
    first = (span.start // DAY + 1) * DAY
    midnights = np.arange(first, span.end, DAY, dtype=np.int64)
    return np.concatenate(([span.start], midnights, [span.end])).astype(np.int64)


def contract_prices(prices: Sequence[ContractPrice], item: tuple[str, ...], days: Times) -> Values:
    """Dollars per million tokens of an item at instants; NaN where the list price holds."""
    found = np.full(days.size, np.nan)
    for one in prices:
        if one.item == item:
            found[[one.valid.holds(int(day)) for day in days]] = one.dollars
    return found


def model_cost(
    history: History,
    cost: Selector,
    prices: Sequence[ContractPrice],
    labels: Sequence[str],
    edges: Times,
) -> Tally:
    """Dollars for models between edges, by labels, at contract prices where there are any.

    Args:
        history: Raw samples.
        cost: Counters of dollars; of others than the agent's for models no price is known.
        prices: Contract prices.
        labels: What to tell apart; a label that a series lacks counts as empty.
        edges: int64 Unix milliseconds, rising, shape (n + 1,); no two have midnight between.

    """
    if not prices or cost.metric != LLM_COST:
        return tally(history, cost, labels, edges)
    tokens = {target(one): one for one in history.select(_tokens_beside(cost))}
    parts = []
    for counter in history.select(cost):
        counted = growth(counter, edges)
        beside = tokens.pop(target(counter), None)
        at = contract_prices(prices, _values(counter, ITEM), edges[:-1])
        if beside is not None:
            paid = growth(beside, edges) * np.nan_to_num(at) / _PER_MILLION
            counted = np.where(np.isfinite(at), paid, counted)
        parts.append((_values(counter, labels), counted))
    # Where the exporter knows no price, it counts tokens and no dollars.
    for beside in tokens.values():
        at = contract_prices(prices, _values(beside, ITEM), edges[:-1])
        if np.isfinite(at).any():
            paid = growth(beside, edges) * np.nan_to_num(at) / _PER_MILLION
            parts.append((_values(beside, labels), paid))
    return summed(parts)


def at_list_price(history: History, read: CostSources, edges: Times) -> tuple[Tally, Tally]:
    """Tokens times the list price that the same process stated then, and tokens without one."""
    prices = {target(one): one for one in history.select(read.price)}
    priced, without = [], []
    for one in history.select(read.tokens):
        item = _values(one, ITEM)
        price = prices.get(target(one))
        if price is None or not without_markers(price)[0].size:
            without.append((item, growth(one, edges)))
        else:
            priced.append((item, _at_price(one, price, edges)))
    return summed(priced), summed(without)


def target(series: Series) -> Labels:
    """Every label but the metric's name."""
    return tuple(pair for pair in series.labels if pair[0] != METRIC_NAME)


def _tokens_beside(cost: Selector) -> Selector:
    """Counters of the tokens that counters of dollars are for."""
    return cost.without(METRIC_NAME).where(Matcher(METRIC_NAME, "=", LLM_TOKENS))


def _values(series: Series, labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict(series.labels).get(name, "") for name in labels)


def _at_price(tokens: Series, price: Series, edges: Times) -> Values:
    """Dollars of each day, the price changing wherever it did.

    A new price comes with a new process: what is counted up to the first sample that states it
    has that price already.
    """
    times, values = without_markers(price)
    changed = np.flatnonzero(np.diff(values) != 0)
    cuts = np.unique(np.concatenate((edges, times[changed])))
    cuts = cuts[(cuts >= edges[0]) & (cuts <= edges[-1])]
    stated = np.searchsorted(times, cuts[:-1], side="right").clip(max=times.size - 1)
    dollars = growth(tokens, cuts) * values[stated] / _PER_MILLION
    day = np.searchsorted(edges, cuts[:-1], side="right") - 1
    return np.array([fsum(dollars[day == number]) for number in range(edges.size - 1)])
