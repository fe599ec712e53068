"""How budgets of money stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.cost.ledger import WHOLE
from slo.engine.coverage import coverage
from slo.engine.growth import tally
from slo.model.objective import CalendarPeriod
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.model.samples import History
    from slo.model.service_alert import CostBudget

BudgetStanding = Literal["overspent", "at risk", "within budget", "insufficient data"]


@dataclass(frozen=True)
class CostBudgetStatus:
    """A budget of money at an instant.

    Attributes:
        budget: The budget.
        period: What it is for, at that instant; the end of a calendar period may lie ahead.
        spent: Dollars spent in the period.
        in_week: Dollars spent in the week.
        week: The week.
        coverage: Share of the period up to then for which there are samples.

    """

    budget: CostBudget
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
    budget: CostBudget, history: History, week: Span, end: int
) -> CostBudgetStatus:
    """How a budget stands at the end of a week.

    Args:
        budget: The budget.
        history: Raw samples.
        week: The week.
        end: Where what is known of the week ends, Unix milliseconds.

    """
    calendar = isinstance(budget.period, CalendarPeriod)
    period = budget.period.bounds(end - 1 if calendar else end)
    seen = Span(period.start, end)

    def spent(span: Span) -> float:
        edges = np.array([span.start, span.end], dtype=np.int64)
        return float(tally(history, budget.cost, (), edges).get((), np.zeros(1))[0])

    return CostBudgetStatus(
        budget=budget,
        period=period,
        spent=spent(seen),
        in_week=spent(week),
        week=week,
        coverage=coverage(history.select(budget.cost), seen),
    )
