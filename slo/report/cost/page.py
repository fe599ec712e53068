"""The cost report's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.figures.cost_change import cost_change
from slo.figures.cost_forecast import cost_forecast
from slo.figures.daily_cost import daily_cost
from slo.model.objective import period_at
from slo.report.cost.wording import month_name, what_happened
from slo.report.looks import LOOKS
from slo.report.pages.offline_page import offline_page
from slo.webpage.plotly_file import PLOTLY

if TYPE_CHECKING:
    from slo.figures.theme import Figure
    from slo.report.cost.weekly_cost import WeeklyCost


def cost_page(report: WeeklyCost, plotly: str = PLOTLY) -> str:
    """The whole page as HTML, which finds plotly.js at an address relative to it."""
    return offline_page(
        "weekly_cost.html",
        cost_figures_of(report),
        plotly,
        report=report,
        looks=LOOKS,
        month=month_name(report),
        period_at=period_at,
        what_happened=what_happened,
        source=Path(report.assumptions.model.file).name,
    )


def cost_figures_of(report: WeeklyCost) -> dict[str, Figure]:
    """Figures by the id of the element that each is drawn in."""
    made = {"daily-cost": daily_cost(report.ledger, report.week.span)}
    if report.forecast.known:
        made["cost-forecast"] = cost_forecast(report.forecast, report.month_budget)
    if report.change:
        made["cost-change"] = cost_change(report.change)
    return made
