"""The SLO report's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.figures.burn_down import figure as burn_down_figure
from slo.figures.burn_rates import burn_rates
from slo.figures.episodes import episodes
from slo.model.duration import HOUR
from slo.model.objective import period_at
from slo.promql import error_ratio
from slo.report import wording
from slo.report.objectives.verdict import (
    what_alerts_did,
    what_is_left,
    what_the_week_spent,
    where_it_leads,
)
from slo.report.pages.offline_page import offline_page
from slo.report.pages.sparkline import HEIGHT, WIDTH, sparkline
from slo.webpage.plotly_file import PLOTLY

if TYPE_CHECKING:
    from slo.figures.theme import Figure
    from slo.model.slo import Slo
    from slo.report.objectives.weekly_slo import WeeklySlo


def page(report: WeeklySlo, plotly: str = PLOTLY) -> str:
    """The whole page as HTML, which finds plotly.js at an address relative to it."""
    return offline_page(
        "weekly_slo.html",
        figures_of(report),
        plotly,
        report=report,
        difference=wording.difference,
        sparkline=sparkline,
        spark_width=WIDTH,
        spark_height=HEIGHT,
        period_at=period_at,
        query=_query,
        what_alerts_did=what_alerts_did,
        what_is_left=what_is_left,
        what_the_week_spent=what_the_week_spent,
        where_it_leads=where_it_leads,
        is_link=_is_link,
    )


def figures_of(report: WeeklySlo) -> dict[str, Figure]:
    """Figures by the id of the element that each is drawn in."""
    made = {}
    for one in report.slos:
        made[f"burn-down-{one.slo.name}"] = burn_down_figure(one.burn_down)
        if one.slo.policy.alerts:
            made[f"burn-rates-{one.slo.name}"] = burn_rates(one.result, report.week.span)
        if one.outcomes or one.alerts.calls:
            made[f"episodes-{one.slo.name}"] = episodes(one.result, report.week.span)
    return made


def _query(slo: Slo) -> str:
    """The objective's error ratio over an hour, as PromQL."""
    return error_ratio(slo.indicator, HOUR)


def _is_link(address: str) -> bool:
    """Whether a runbook can be followed from wherever the page lies; paths of a checkout cannot."""
    return address.startswith(("https://", "http://"))
