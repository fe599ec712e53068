"""What was spent and what may be, as PromQL over what is recorded by the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import COST_OF_AN_HOUR
from slo.dashboards.promises import MONTH
from slo.dashboards.whole_hours import REST_OF_THE_MONTH, mean_of_a_week, so_far
from slo.model import names
from slo.model.duration import SECOND

if TYPE_CHECKING:
    from slo.dashboards.promises import Promises


def budgets(promises: Promises) -> str:
    """Dollars that each budget allows for a month, by its title."""
    limit = f"{names.COST_BUDGET}{{{promises.budget_matcher}}}"
    period = f"{names.COST_BUDGET_PERIOD}{{{promises.budget_matcher}}}"
    month = MONTH // SECOND
    return f"sum by ({names.TITLE_LABEL}) ({limit} / {period} * {month})"


def spent_of_budgets(promises: Promises) -> str:
    """Dollars of each budget that were spent in the panel's stretch, by the budget's title."""
    series = of_budgets(promises)
    by = f"sum by ({names.TITLE_LABEL})"
    return f"({by} ({so_far(series)}) or 0 * {by} ({series}))"


def of_budgets(promises: Promises) -> str:
    """Dollars of each hour that budgets count, in the environment that they are for."""
    return f"{names.COST_SPENT_IN_AN_HOUR}{{{promises.budget_matcher}}}"


EVERYTHING = COST_OF_AN_HOUR.of()
"""Dollars of each hour, by service, in the chosen environments."""


def spent(series: str = EVERYTHING) -> str:
    """Dollars that were spent in the panel's stretch, and 0 in its first hour."""
    return f"(sum({so_far(series)}) or 0 * sum({series}))"


def forecast(series: str) -> str:
    """Dollars by the end of the month, if its rest costs what the last 7 days did."""
    return f"{spent(series)} + {REST_OF_THE_MONTH} * {mean_of_a_week(f'sum({series})')}"
