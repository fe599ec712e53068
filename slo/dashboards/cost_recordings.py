"""What dashboards read of budgets of money: limits, dollars of an hour, how fast they burn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import HOUR, SECOND, format_duration
from slo.promql import number, summed_rate, with_range
from slo.rules.rule import RecordingRule

if TYPE_CHECKING:
    from slo.model.service_alert import CostBudget


def identity(budget: CostBudget) -> dict[str, str]:
    """The labels that say which budget a series is about."""
    return {
        names.SERVICE_LABEL: budget.service,
        names.BUDGET_LABEL: budget.name,
        names.TITLE_LABEL: budget.title,
    }


def hour_rules(budget: CostBudget) -> tuple[RecordingRule, ...]:
    """The budget itself, and what was spent of it in the last hour."""
    of_budget = identity(budget)
    spent = f"sum(increase({with_range(budget.cost, format_duration(HOUR))}))"
    return (
        RecordingRule(names.COST_BUDGET, f"vector({number(budget.dollars)})", of_budget),
        RecordingRule(
            names.COST_BUDGET_PERIOD,
            f"vector({number(budget.period.length / SECOND)})",
            of_budget,
        ),
        RecordingRule(names.COST_SPENT_IN_AN_HOUR, spent, of_budget),
    )


def burn_rate_rules(budget: CostBudget) -> dict[int, RecordingRule]:
    """How fast the budget burns, by the windows in milliseconds that its alerts look at."""
    windows = sorted({window for one in budget.alerts for window in one.alert.windows})
    return {window: _burn_rate(budget, window) for window in windows}


def _burn_rate(budget: CostBudget, window: int) -> RecordingRule:
    spent = summed_rate(budget.cost, format_duration(window))
    allowed = f"({number(budget.dollars)} / {number(budget.period.length / SECOND)})"
    labels = {**identity(budget), names.WINDOW_LABEL: format_duration(window)}
    return RecordingRule(names.COST_BURN_RATE, f"{spent} / {allowed}", labels)
