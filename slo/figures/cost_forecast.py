"""A month's cost as it adds up, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.figures.reduce import dates
from slo.figures.theme import BLUE, GREY, VERMILION, Figure, neutral
from slo.model.duration import DAY

if TYPE_CHECKING:
    from slo.cost.forecast import Forecast
    from slo.model.samples import Times, Values


@dataclass(frozen=True, eq=False)
class CostForecast:
    """Dollars since the month began, at the end of each day.

    Attributes:
        spent_at: Ends of days that are over, int64 Unix milliseconds, shape (n,).
        spent: Dollars up to them, shape (n,).
        ahead_at: The last of them and the ends of days to come, shape (m,).
        ahead: Expected dollars, shape (m,).
        low: The lower end of the interval, shape (m,).
        high: The upper end, shape (m,).
        budget: Dollars that may be spent in the month.

    """

    spent_at: Times
    spent: Values
    ahead_at: Times
    ahead: Values
    low: Values
    high: Values
    budget: float


def computed(found: Forecast, budget: float) -> CostForecast:
    """A month's way; without a forecast what is to come is empty."""
    ends = np.concatenate(([found.month.start], found.days + DAY))
    way, low, high = (
        np.concatenate(([0.0], one)) for one in (found.way, found.way_low, found.way_high)
    )
    over = ends <= found.until
    ahead = ends >= min(found.until, found.month.end)
    return CostForecast(
        ends[over], way[over], ends[ahead], way[ahead], low[ahead], high[ahead], budget
    )


def cost_forecast(found: Forecast, budget: float) -> Figure:
    """Draw a month's cost and where it leads.

    Args:
        found: The forecast.
        budget: Dollars that may be spent in the month.

    """
    return figure(computed(found, budget))


def figure(found: CostForecast) -> Figure:
    """Draw the way so far, the way ahead with its interval, and the budget."""
    made = Figure()
    made.add_scatter(
        x=dates(found.spent_at), y=found.spent, name="spent", mode="lines",
        line={"color": BLUE, "width": 2}, fill="tozeroy", fillcolor="rgba(0,114,178,0.12)",
        hovertemplate="$%{y:,.2f}",
    )  # fmt: skip
    made.add_scatter(
        x=dates(found.ahead_at), y=found.high, mode="lines", line={"width": 0},
        showlegend=False, hoverinfo="skip",
    )  # fmt: skip
    made.add_scatter(
        x=dates(found.ahead_at), y=found.low, mode="lines", line={"width": 0}, fill="tonexty",
        fillcolor="rgba(128,128,128,0.28)", name="in nine of ten cases", hoverinfo="skip",
    )  # fmt: skip
    made.add_scatter(
        x=dates(found.ahead_at), y=found.ahead, name="expected", mode="lines",
        line={"color": GREY, "dash": "dot", "width": 2}, hovertemplate="$%{y:,.2f}",
    )  # fmt: skip
    made.add_hline(
        y=found.budget, line={"color": VERMILION, "dash": "dash", "width": 1.5},
        annotation_text="budget", annotation_position="top left",
    )  # fmt: skip
    made.update_yaxes(rangemode="tozero", tickprefix="$", tickformat=",.0f")
    return neutral(made, height=300)
