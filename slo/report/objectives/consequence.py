"""What the error budget policy asks for, with the day until which it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.error_budget_policy import UNTIL
from slo.model.objective import CalendarPeriod
from slo.report.wording import short_day, weekday

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.budget import BudgetStatus
    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.report.objectives.spending import Spending
    from slo.tune.projection import Crossing, Projection


@dataclass(frozen=True)
class Consequence:
    """What is to be done about an objective's error budget.

    Attributes:
        action: In a sentence or two; empty where there is too little data to judge by.
        until: When a spent budget is back; None where it is not spent, or nothing is known.
        incidents: Incidents of the week that spent more than the policy lets pass.
        for_incidents: What is to be done about each of them.

    """

    action: str
    until: Crossing | None
    incidents: tuple[Spending, ...]
    for_incidents: str


def consequence(
    policy: ErrorBudgetPolicy,
    budget: BudgetStatus,
    projection: Projection,
    spendings: Sequence[Spending],
) -> Consequence:
    """Hold an objective's week against the policy.

    Args:
        policy: The service's.
        budget: The error budget at the week's end.
        projection: Where it leads.
        spendings: Where the week's bad events came from.

    """
    if budget.state == "insufficient data":
        return Consequence("", None, (), "")
    above = policy.incident_above
    limit = float("inf") if above is None else float(above)
    large = tuple(one for one in spendings if one.incident and one.in_period > limit)
    action = policy.action(budget.remaining)
    if budget.state == "exhausted":
        action = action.replace(UNTIL, until(budget, projection))
    return Consequence(action, projection.recovered, large, policy.incident if large else "")


def until(budget: BudgetStatus, projection: Projection) -> str:
    """Until when a spent budget is, in words: ``until Thursday 3 December (between ...)``."""
    back = projection.recovered
    if isinstance(budget.slo.period, CalendarPeriod):
        return f"until {weekday(projection.horizon)} (when the next period begins)"
    if back is None:
        return "until the budget is back"
    limit = short_day(projection.horizon)
    if back.earliest is None:
        return f"until the budget is back, hardly before {limit}"
    earliest = short_day(back.earliest)
    if back.likely is None:
        return f"until the budget is back ({earliest} at the earliest, likely after {limit})"
    likely = weekday(back.likely)
    if back.latest is None:
        soonest = "" if likely.endswith(f" {earliest}") else f"{earliest} at the earliest, "
        return f"until {likely} ({soonest}perhaps after {limit})"
    latest = short_day(back.latest)
    between = "" if earliest == latest else f" (between {earliest} and {latest})"
    return f"until {likely}{between}"
