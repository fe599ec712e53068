"""Dollars, tokens, calls and tickets of each UTC day, counted from raw samples."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.sources import CostSources, cost_sources
from slo.engine.coverage import coverage
from slo.engine.growth import Tally, growth, summed, tally
from slo.engine.packed import without_markers
from slo.errors import NotEnoughData
from slo.model.duration import DAY
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import History, Mask, Series, Times, Values
    from slo.model.selector import Selector
    from slo.model.service_alert import CostBudget

Item = tuple[str, str, str]
"""A provider, a model and a type of token."""

_ITEM = ("provider", "model", "token_type")
_PER_MILLION = 1e6
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
        running: Dollars for all else, by service.
        tokens: Tokens, by provider, model and type of token.
        calls: Calls of models, by provider and model.
        tickets: Finished tickets, by category and outcome.
        by_category: Dollars for models, by category of tickets.
        by_feature: Dollars for models, by feature.
        unpriced: Calls whose cost is unknown, by provider and reason.
        at_list_price: Tokens times the list price of their moment, in dollars, by item.
        without_price: Tokens that have no list price, by item.
        prices: Dollars per million tokens at each day's end, by item; NaN where unknown.
        human_ticket: Dollars that a person's ticket costs at each day's end; NaN where unknown.

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

    @property
    def totals(self) -> Values:
        """Dollars of each day, for everything; shape (n,)."""
        return self._total(self.llm) + self._total(self.running)

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


def ledger(budgets: Sequence[CostBudget], history: History, end: int) -> Ledger:
    """Count a service's cost, day by day.

    Args:
        budgets: Those of the service; their counters are its cost.
        history: Raw samples.
        end: Where the last day ends at the latest, a midnight in UTC; later samples are not read.

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
    priced, without = _priced(history, read, edges)
    return Ledger(
        days=edges[:-1],
        coverage=np.array([coverage(spent, span) for span in spans]),
        llm=tally(history, read.llm, _ITEM, edges),
        running=_running(read, history, edges),
        tokens=tally(history, read.tokens, _ITEM, edges),
        calls=tally(history, read.calls, ("provider", "model"), edges),
        tickets=tally(history, read.tickets, ("category", "outcome"), edges),
        by_category=tally(history, read.by_category, ("category",), edges),
        by_feature=tally(history, read.by_feature, ("feature",), edges),
        unpriced=tally(history, read.unpriced, ("provider", "reason"), edges),
        at_list_price=priced,
        without_price=without,
        prices=_levels(history, read.price, _ITEM, edges),
        human_ticket=_levels(history, read.human_ticket, (), edges).get(
            (), np.full(edges.size - 1, np.nan)
        ),
    )


def _spending(read: CostSources, history: History) -> list[Series]:
    selectors = (read.llm, *(selector for _, selector in read.running))
    return [one for selector in selectors for one in history.select(selector)]


def _running(read: CostSources, history: History, edges: Times) -> Tally:
    """By the label ``service``, or by the budget's title; a series of two budgets counts once."""
    named = {
        one.labels: (dict(one.labels).get("service") or title, one)
        for title, selector in reversed(read.running)
        for one in history.select(selector)
    }
    return summed(((name,), growth(one, edges)) for name, one in named.values())


def _priced(history: History, read: CostSources, edges: Times) -> tuple[Tally, Tally]:
    """Tokens times the list price that the same process stated then, and tokens without one."""
    prices = {_target(one): one for one in history.select(read.price)}
    priced, without = [], []
    for one in history.select(read.tokens):
        item = tuple(dict(one.labels).get(name, "") for name in _ITEM)
        price = prices.get(_target(one))
        if price is None or not without_markers(price)[0].size:
            without.append((item, growth(one, edges)))
        else:
            priced.append((item, _at_price(one, price, edges)))
    return summed(priced), summed(without)


def _target(series: Series) -> tuple[tuple[str, str], ...]:
    """Every label but the metric's name."""
    return tuple(pair for pair in series.labels if pair[0] != "__name__")


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
