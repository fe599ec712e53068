"""The report's page: one file that opens from disk, asks nobody for anything, and prints."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from typing import TYPE_CHECKING, Any

from slo import figures
from slo.figures.burn_down import figure as burn_down_figure
from slo.figures.javascript import plotly_javascript as script
from slo.figures.theme import CONFIG
from slo.model.duration import DAY, HOUR, MINUTE, SECOND, format_duration
from slo.model.objective import period_at
from slo.model.span import format_instant
from slo.version import __version__

if TYPE_CHECKING:
    from slo.report.weekly_slo import SloWeek, WeeklySlo

_DRAW = """
"use strict";
const figures = JSON.parse(document.getElementById("figures").textContent);
const config = JSON.parse(document.getElementById("config").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
function ink() { return dark.matches ? "#c9d1d9" : "#374151"; }
for (const [id, figure] of Object.entries(figures)) {
  figure.layout.font.color = ink();
  Plotly.newPlot(id, figure.data, figure.layout, config);
}
dark.addEventListener("change", () => {
  for (const id of Object.keys(figures)) Plotly.relayout(id, {"font.color": ink()});
});
"""


def page(report: WeeklySlo) -> str:
    """The whole page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("slo.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "duration": duration,
        "instant": format_instant,
        "count": count,
        "change": change,
    }
    plotly = script()
    drawn = {key: json.loads(made.to_json()) for key, made in _figures(report).items()}
    return environment.get_template("weekly_slo.html").render(
        report=report,
        sparkline=sparkline,
        period_at=period_at,
        version=__version__,
        plotly=plotly,
        draw=_DRAW,
        figures=_as_script(drawn),
        config=_as_script(CONFIG),
        policy=_content_security_policy(plotly, _DRAW),
    )


def _figures(report: WeeklySlo) -> dict[str, Any]:
    """Plotly figures by the id of the element that they are drawn in."""
    made = {}
    for one in report.slos:
        made[f"burn-down-{one.slo.name}"] = burn_down_figure(one.burn_down)
        made[f"burn-rates-{one.slo.name}"] = figures.burn_rates(one.result)
        made[f"episodes-{one.slo.name}"] = figures.episodes(one.result)
    return made


def _as_script(value: Any) -> str:  # noqa: ANN401  whatever JSON can hold
    """JSON that may stand in a script element, whatever names people chose."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _content_security_policy(*scripts: str) -> str:
    """Only these scripts run, and nothing is fetched; plotly sets styles as it draws."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def percent(share: float, digits: int = 1) -> str:
    """A share as people read it; a dash where there is none."""
    return "-" if math.isnan(share) else f"{100 * share:.{digits}f} %"


def change(now: float, before: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    if math.isnan(now) or math.isnan(before):
        return "no comparison"
    return f"{100 * (now - before):+.2f} points on last week"


def count(value: float) -> str:
    """A number of events; a dash where there is none."""
    return "-" if math.isnan(value) else f"{value:,.0f}"


def duration(milliseconds: float) -> str:
    """A duration rounded to what matters; a dash where there is none."""
    if math.isnan(milliseconds):
        return "-"
    grain = HOUR if milliseconds >= DAY else MINUTE if milliseconds >= HOUR else SECOND
    return format_duration(round(milliseconds / grain) * grain)


def sparkline(one: SloWeek) -> list[tuple[int, float]]:
    """Heights of seven bars, 0 to 20, of each day's error ratio; the budget's line is at 10."""
    budget = float(one.slo.objective.error_budget)
    return [
        (index, 0.0 if math.isnan(day) else min(20.0, max(0.8, 10 * day / budget)))
        for index, day in enumerate(one.daily)
    ]
