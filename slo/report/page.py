"""The report's page: one file that opens from disk, asks nobody for anything, and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from slo.figures.burn_down import figure as burn_down_figure
from slo.figures.burn_rates import burn_rates
from slo.figures.episodes import episodes
from slo.figures.javascript import (
    as_script,
    content_security_policy,
    drawing,
    plotly_javascript,
)
from slo.figures.theme import CONFIG
from slo.model.duration import HOUR, format_duration
from slo.model.objective import period_at
from slo.promql import error_ratio
from slo.report import wording
from slo.report.sparkline import HEIGHT, WIDTH, sparkline
from slo.report.verdict import what_alerts_did, what_is_left

if TYPE_CHECKING:
    from slo.figures.theme import Figure
    from slo.model.slo import Slo
    from slo.report.weekly_slo import WeeklySlo

_FILTERS = {
    "beside": wording.percent_beside,
    "count": wording.count,
    "day": wording.day,
    "duration": wording.duration,
    "instant": wording.instant,
    "minutes": wording.minutes,
    "percent": wording.percent,
    "points": wording.points,
    "window": format_duration,
}


def page(report: WeeklySlo) -> str:
    """The whole page as HTML, with plotly.js, five megabytes."""
    environment = Environment(
        loader=PackageLoader("slo.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    plotly, draw = plotly_javascript(), _source(environment, "weekly_slo.js")
    drawings = {name: drawing(figure) for name, figure in figures_of(report).items()}
    return environment.get_template("weekly_slo.html").render(
        report=report,
        difference=wording.difference,
        sparkline=sparkline,
        spark_width=WIDTH,
        spark_height=HEIGHT,
        period_at=period_at,
        query=_query,
        what_alerts_did=what_alerts_did,
        what_is_left=what_is_left,
        is_link=_is_link,
        plotly=plotly,
        draw=draw,
        figures=as_script({"config": {**CONFIG, "displayModeBar": False}, "figures": drawings}),
        policy=content_security_policy(plotly, draw),
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


def _source(environment: Environment, name: str) -> str:
    """A template's text as it is: a script's hash is over every character."""
    loader = environment.loader
    return loader.get_source(environment, name)[0] if loader else ""


def _query(slo: Slo) -> str:
    """The objective's error ratio over an hour, as PromQL."""
    return error_ratio(slo.indicator, HOUR)


def _is_link(address: str) -> bool:
    """Whether a runbook can be followed from wherever the page lies; paths of a checkout cannot."""
    return address.startswith(("https://", "http://"))
