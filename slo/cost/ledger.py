"""Dollars, tokens, calls and tickets of each UTC day, counted from raw samples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.fixed import fixed_costs
from slo.cost.prices import ITEM, at_list_price, contract_prices, model_cost
from slo.cost.sources import CostSources, cost_sources
from slo.engine.coverage import coverage
from slo.engine.growth import Tally, growth, summed, tally
from slo.engine.packed import without_markers
from slo.errors import NotEnoughData
from slo.model.cost_model import NO_COST_MODEL
from slo.model.duration import DAY
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slo.model.cost_model import ContractPrice, CostModel
    from slo.model.samples import History, Mask, Series, Times, Values
    from slo.model.selector import Selector
    from slo.model.service_alert import CostBudget

WHOLE = 0.95
"""Share of a stretch that must have samples for its number to be compared."""

JUDGED = ("resolved", "escalated", "error")
"""Outcomes that cost work; tickets that customers withdraw do not count."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """What each UTC day cost and what it brought; every array has a value a day.

    Attributes:
        days: The beginning of each day, int64 Unix milliseconds, shape (n,).
        coverage: Share of each day for which there are samples of cost.
        llm: Dollars for language models, by provider, model and type of token.
        running: Dollars for all else, by service; fixed items among them.
        tokens: Tokens, by provider, model and type of token.
        calls: Calls of models, by provider and model.
        tickets: Finished tickets, by category and outcome.
        by_category: Dollars for models, by category of tickets. The metric does not tell models
            apart: contract prices change a day's dollars of every category by as much.
        by_feature: Dollars for models, by feature; the same.
        unpriced: Calls whose cost is unknown, by provider and reason.
        at_list_price: Tokens times the list price of their moment, in dollars, by item.
        without_price: Tokens that have no list price, by item.
        prices: Dollars per million tokens at each day's end, by item, at contract where there is
            a contract price; NaN where unknown.
        human_ticket: Dollars that a person's ticket costs at each day's end; NaN where unknown.
        human_ticket_of: The same of tickets of some categories, on all days.
        counted: What the cost counter says in place of ``llm``: at list price.
        fixed: Dollars of ``running`` that are fixed, whether or not there are samples.

    """

    days: Times
    coverage: Values
    llm: Tally
    running: Tally
    tokens: Tally
    calls: Tally
    tickets: Tally
    by_category: Tally
    by_feature: Tally
    unpriced: Tally
    at_list_price: Tally
    without_price: Tally
    prices: Tally
    human_ticket: Values
    human_ticket_of: Mapping[str, float]
    counted: Tally
    fixed: Values

    @property
    def totals(self) -> Values:
        """Dollars of each day, for everything; shape (n,)."""
        return self._total(self.llm) + self._total(self.running)

    @property
    def varying(self) -> Values:
        """Dollars of each day but for fixed items; shape (n,)."""
        return np.maximum(0.0, self.totals - self.fixed)

    @property
    def scale(self) -> Values:
        """How many dollars at contract prices one of the cost counter is, by day; shape (n,)."""
        return scaled(self._total(self.llm), self._total(self.counted))

    @property
    def whole(self) -> Mask:
        """Days that are covered well enough to be compared; shape (n,)."""
        return np.asarray(self.coverage >= WHOLE, dtype=np.bool_)

    def within(self, span: Span) -> Mask:
        """The days that lie in a span; shape (n,)."""
        return np.asarray((self.days >= span.start) & (self.days < span.end), dtype=np.bool_)

    def finished(self, outcomes: Sequence[str] = JUDGED) -> Values:
        """Tickets of each day with one of some outcomes; shape (n,)."""
        return self._total({k: v for k, v in self.tickets.items() if k[1] in outcomes})

    def covered(self, span: Span) -> float:
        """Share of a span of whole days for which there are samples of cost."""
        return float(np.sum(self.coverage[self.within(span)])) * DAY / span.length

    def _total(self, found: Tally) -> Values:
        return next(
            iter(summed(((), v) for v in found.values()).values()), np.zeros(self.days.size)
        )


def over(values: Values, days: Mask) -> float:
    """The sum over some days, rounded once."""
    return fsum(values[days])


def added(found: Tally, days: Mask) -> dict[tuple[str, ...], float]:
    """Each key's sum over some days."""
    return {key: over(values, days) for key, values in found.items()}


def total(found: Tally, days: Mask) -> float:
    """All keys' sum over some days, rounded once."""
    return fsum(value for values in found.values() for value in values[days])


def scaled(paid: Values, counted: Values) -> Values:
    """``paid / counted``, and 1 where nothing was counted."""
    return np.divide(paid, counted, out=np.ones_like(paid), where=counted > 0)


def ledger(
    budgets: Sequence[CostBudget], history: History, end: int, model: CostModel = NO_COST_MODEL
) -> Ledger:
    """Count a service's cost, day by day.

    Args:
        budgets: Those of the service; their counters are its cost.
        history: Raw samples.
        end: Where the last day ends at the latest, a midnight in UTC; later samples are not read.
        model: What counters cannot say. Fixed items cost their part on each day that the history
            reaches, covered by samples or not.

    Raises:
        ConfigError: There is no budget.
        NotEnoughData: The history holds none of the counters, or ends before it begins.

    """
    read = cost_sources(budgets)
    spent = _spending(read, history)
    if not spent or end <= history.span.start:
        names = ", ".join(sorted({one.cost.metric for one in budgets}))
        raise NotEnoughData(f"the history ({history.span}) holds no samples of {names}")
    first = history.span.start // DAY * DAY
    edges = np.arange(first, end + 1, DAY, dtype=np.int64)
    spans = [Span(int(day), int(day) + DAY) for day in edges[:-1]]
    priced, without = at_list_price(history, read, edges)
    fixed = _fixed(model, history, edges)
    found = Ledger(
        days=edges[:-1],
        coverage=np.array([coverage(spent, span) for span in spans]),
        llm=model_cost(history, read.llm, model.prices, ITEM, edges),
        running=summed((*_running(read, history, edges), *fixed.items())),
        tokens=tally(history, read.tokens, ITEM, edges),
        calls=tally(history, read.calls, ("provider", "model"), edges),
        tickets=tally(history, read.tickets, ("category", "outcome"), edges),
        by_category=tally(history, read.by_category, ("category",), edges),
        by_feature=tally(history, read.by_feature, ("feature",), edges),
        unpriced=tally(history, read.unpriced, ("provider", "reason"), edges),
        at_list_price=priced,
        without_price=without,
        prices=_prices(history, read, model.prices, edges),
        human_ticket=_human_ticket(history, read, model, edges),
        human_ticket_of=dict(model.human_ticket.by_category),
        counted=tally(history, read.llm, ITEM, edges),
        fixed=next(iter(summed(((), v) for v in fixed.values()).values()), np.zeros(len(spans))),
    )
    return replace(
        found,
        by_category={key: values * found.scale for key, values in found.by_category.items()},
        by_feature={key: values * found.scale for key, values in found.by_feature.items()},
    )


def _spending(read: CostSources, history: History) -> list[Series]:
    selectors = (read.llm, *(selector for _, selector in read.running))
    return [one for selector in selectors for one in history.select(selector)]


def _running(
    read: CostSources, history: History, edges: Times
) -> Iterable[tuple[tuple[str], Values]]:
    """By the label ``service``, or by the budget's title; a series of two budgets counts once."""
    named = {
        one.labels: (dict(one.labels).get("service") or title, one)
        for title, selector in reversed(read.running)
        for one in history.select(selector)
    }
    return (((name,), growth(one, edges)) for name, one in named.values())


def _fixed(model: CostModel, history: History, edges: Times) -> Tally:
    """Fixed items on the days that the history reaches."""
    reached = edges[:-1] < history.span.end
    return {
        key: np.where(reached, values, 0.0)
        for key, values in fixed_costs(model.fixed, edges[:-1]).items()
    }


def _prices(
    history: History, read: CostSources, contracts: Sequence[ContractPrice], edges: Times
) -> Tally:
    found = _levels(history, read.price, ITEM, edges)
    for item in dict.fromkeys(one.item for one in contracts):
        agreed = contract_prices(contracts, item, edges[:-1])
        listed = found.get(item, np.full(agreed.size, np.nan))
        found[item] = np.where(np.isfinite(agreed), agreed, listed)
    return dict(sorted(found.items()))


def _human_ticket(history: History, read: CostSources, model: CostModel, edges: Times) -> Values:
    if model.human_ticket.dollars is not None:
        return np.full(edges.size - 1, model.human_ticket.dollars)
    unknown = np.full(edges.size - 1, np.nan)
    return _levels(history, read.human_ticket, (), edges).get((), unknown)


def _levels(history: History, selector: Selector, labels: Sequence[str], edges: Times) -> Tally:
    """The last value of each day of gauges, the highest of several processes; NaN without any."""
    found: Tally = {}
    for one in history.select(selector):
        key = tuple(dict(one.labels).get(name, "") for name in labels)
        times, values = without_markers(one)
        last = np.searchsorted(times, edges[1:], side="right") - 1
        known = (last >= 0) & (times[last.clip(0)] > edges[:-1]) if times.size else last > 0
        level = np.where(known, values[last.clip(0)] if times.size else np.nan, np.nan)
        found[key] = np.fmax(found[key], level) if key in found else level
    return dict(sorted(found.items()))
