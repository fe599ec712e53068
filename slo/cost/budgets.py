"""How budgets of money stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.cost.ledger import WHOLE
from slo.cost.prices import day_edges, model_cost
from slo.engine.coverage import coverage
from slo.engine.growth import tally
from slo.model.duration import DAY
from slo.model.objective import CalendarPeriod
from slo.model.selector import Matcher
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.cost.ledger import Ledger
    from slo.model.cost_model import CategoryBudget, ContractPrice
    from slo.model.samples import History, Series, Times, Values
    from slo.model.selector import Selector
    from slo.model.service_alert import CostBudget

BudgetStanding = Literal["overspent", "at risk", "within budget", "insufficient data"]


@dataclass(frozen=True)
class CostBudgetStatus:
    """A budget of money at an instant.

    Attributes:
        budget: The budget, of a counter or of a category of tickets.
        period: What it is for, at that instant; the end of a calendar period may lie ahead.
        spent: Dollars spent in the period.
        in_week: Dollars spent in the week.
        week: The week.
        coverage: Share of the period up to then for which there are samples.

    """

    budget: CostBudget | CategoryBudget
    period: Span
    spent: float
    in_week: float
    week: Span
    coverage: float

    @property
    def left(self) -> float:
        """Dollars that may still be spent; negative when overspent."""
        return self.budget.dollars - self.spent

    @property
    def remaining(self) -> float:
        """The same as a share of the budget."""
        return self.left / self.budget.dollars

    @property
    def pace(self) -> float:
        """How many times as fast as the budget allows the week spent it."""
        return self.in_week / self.budget.dollars * self.period.length / self.week.length

    @property
    def standing(self) -> BudgetStanding:
        """Overspent, at risk (faster than allowed, or little left), or within the budget.

        What is overspent is so however little of the period is covered.
        """
        if self.spent > self.budget.dollars:
            return "overspent"
        if self.coverage < WHOLE:
            return "insufficient data"
        return "at risk" if self.pace > 1 else "within budget"


def cost_budget_status(
    budget: CostBudget,
    history: History,
    week: Span,
    end: int,
    prices: Sequence[ContractPrice] = (),
) -> CostBudgetStatus:
    """How a budget stands at the end of a week.

    Args:
        budget: The budget.
        history: Raw samples.
        week: The week.
        end: Where what is known of the week ends, Unix milliseconds.
        prices: Contract prices. The budget's own alerts and dashboards count at list price.

    """

    def spent(span: Span) -> float:
        parts = model_cost(history, budget.cost, prices, (), day_edges(span))
        return fsum(parts.get((), ()))

    return _status(budget, week, end, spent, history.select(budget.cost))


def category_budget_status(
    budget: CategoryBudget,
    history: History,
    week: Span,
    end: int,
    *,
    found: Ledger,
    counter: Selector,
) -> CostBudgetStatus:
    """How the budget of a category stands at the end of a week.

    Args:
        budget: The budget.
        history: Raw samples.
        week: The week.
        end: Where what is known of the week ends, Unix milliseconds.
        found: Says how contract prices scale what the counter counts at list price.
        counter: Dollars for models by category.

    """
    only = counter.where(Matcher("category", "=", budget.category))

    def spent(span: Span) -> float:
        edges = day_edges(span)
        counted = tally(history, only, (), edges).get((), np.zeros(edges.size - 1))
        return fsum(counted * _scale(found, edges[:-1]))

    return _status(budget, week, end, spent, history.select(only))


def _scale(found: Ledger, at: Times) -> Values:
    """The scale of the days that hold some instants; 1 before the ledger begins."""
    day = (at // DAY * DAY - found.days[0]) // DAY
    known = (day >= 0) & (day < found.days.size)
    return np.where(known, found.scale[day.clip(0, found.days.size - 1)], 1.0)


def _status(
    budget: CostBudget | CategoryBudget,
    week: Span,
    end: int,
    spent: Callable[[Span], float],
    series: Sequence[Series],
) -> CostBudgetStatus:
    calendar = isinstance(budget.period, CalendarPeriod)
    period = budget.period.bounds(end - 1 if calendar else end)
    seen = Span(period.start, end)
    return CostBudgetStatus(
        budget=budget,
        period=period,
        spent=spent(seen),
        in_week=spent(week),
        week=week,
        coverage=coverage(series, seen),
    )
