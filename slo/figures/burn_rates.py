"""How fast the budget burned over each alert's windows, and where that made the alert fire."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from plotly.subplots import make_subplots

from slo.figures.reduce import date, dates, drawn, during, reduced
from slo.figures.theme import (
    BLUE,
    GREY,
    SEVERITY_COLOURS,
    SKY,
    Figure,
    legend_entry,
    neutral,
)
from slo.model.duration import format_duration
from slo.model.samples import Points
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.backtest import Backtest
    from slo.model.alert import BurnRateAlert
    from slo.model.incident import Incident

Axis = Literal["log", "linear"]

_POINTS = 1_000
_ROW_HEIGHT, _EDGES = 118, 96
_LOWEST = 0.1
"""A logarithm has no zero: on that axis smaller burn rates lie on its foot, a tenth of the pace
that spends the budget by the end of the period."""


@dataclass(frozen=True, eq=False)
class AlertBurnRates:
    """What one alert compares with its factor.

    Attributes:
        alert: The alert.
        long: Burn rates over its long window; 1 spends the budget by the period's end.
        short: The same over its short window; None where it has only one.
        firing: The stretches in which it fired.

    """

    alert: BurnRateAlert
    long: Points
    short: Points | None
    firing: tuple[Span, ...]


@dataclass(frozen=True, eq=False)
class BurnRates:
    """The burn rates of a policy's alerts.

    Attributes:
        span: What is shown.
        alerts: One for each alert of the policy.
        incidents: Labelled incidents that overlap the span.

    """

    span: Span
    alerts: tuple[AlertBurnRates, ...]
    incidents: tuple[Incident, ...]

    @property
    def highest(self) -> float:
        """The highest burn rate or factor; 1 at least."""
        lines = [line for row in self.alerts for line in (row.long, row.short) if line]
        found = [float(np.max(v[np.isfinite(v)], initial=1.0)) for v in map(drawn, lines)]
        return max([1.0, *found, *(row.alert.factor for row in self.alerts)])


def computed(result: Backtest, span: Span | None = None) -> BurnRates:
    """Divide a backtest's error ratios by the budget.

    Args:
        result: The backtest.
        span: What to look at; all of it if not given.

    """
    shown = span or result.span
    budget = float(result.slo.objective.error_budget)

    def burn(window: int) -> Points:
        ratios = during(result.ratios.over(window), shown)
        return reduced(Points(ratios.times, ratios.values / budget, ratios.present), _POINTS)

    def firing(alert: BurnRateAlert) -> tuple[Span, ...]:
        own = (episode for episode in result.episodes if episode.alert == alert.name)
        ends = ((e.start, result.span.end if e.end is None else e.end) for e in own)
        cut = (Span(start, end).overlap(shown) for start, end in ends)
        return tuple(one for one in cut if one)

    rows = (
        AlertBurnRates(
            alert=alert,
            long=burn(alert.long),
            short=burn(alert.short) if alert.short != alert.long else None,
            firing=firing(alert),
        )
        for alert in result.slo.policy.alerts
    )
    incidents = (o.incident for o in result.outcomes if o.incident.span.overlap(shown))
    return BurnRates(shown, tuple(rows), tuple(incidents))


def burn_rates(result: Backtest, span: Span | None = None, axis: Axis = "log") -> Figure:
    """Draw a backtest's burn rates, a row for each alert.

    Args:
        result: The backtest.
        span: What to look at; all of it if not given.
        axis: ``log`` shows quiet days and outages at once, ``linear`` shows proportions.

    """
    return figure(computed(result, span), axis)


def figure(found: BurnRates, axis: Axis = "log") -> Figure:
    """Draw burn rates as lines, factors as dashed lines, episodes and incidents as bands."""
    rows = max(len(found.alerts), 1)
    height = rows * _ROW_HEIGHT + _EDGES
    titles = [_title(row.alert) for row in found.alerts]
    made = Figure(
        make_subplots(
            rows=rows,
            cols=1,
            shared_xaxes=True,
            subplot_titles=titles,
            vertical_spacing=34 / height if rows > 1 else 0,
        )
    )
    made.update_annotations(x=0, xanchor="left", font={"size": 12})
    for number, row in enumerate(found.alerts, start=1):
        _draw_row(made, row, number, axis)
        for incident in found.incidents:
            _band(made, incident.span.overlap(found.span), number, GREY, 0.22)
    _explain(made, found)
    neutral(made, height)
    made.update_layout(margin={"t": 34})
    made.update_xaxes(range=[date(found.span.start), date(found.span.end)], type="date")
    made.update_yaxes(type=axis, range=_range(found, axis), nticks=4)
    if axis == "log":
        made.update_yaxes(tickvals=_decades(found.highest), tickformat="~g", ticksuffix="x")
    return made


def _title(alert: BurnRateAlert) -> str:
    windows = " and ".join(format_duration(window) for window in alert.windows)
    held = f" for {format_duration(alert.hold)}" if alert.hold else ""
    return f"<b>{alert.name}</b> fires above {alert.factor:g}x over {windows}{held}"


def _draw_row(made: Figure, row: AlertBurnRates, number: int, axis: Axis) -> None:
    lines = [("long window", row.long, {"color": BLUE, "width": 1.8})]
    if row.short:
        lines.insert(0, ("short window", row.short, {"color": SKY, "width": 1, "dash": "dot"}))
    for name, points, line in lines:
        # Seven digits: twice as many as anybody is shown, in half the room.
        values = drawn(points).astype(np.float32)
        made.add_scatter(
            x=dates(points.times), y=np.maximum(values, _LOWEST) if axis == "log" else values,
            customdata=values, name=name, line=line, row=number, col=1,
            legendgroup=name, showlegend=number == 1, hovertemplate="%{customdata:.2f}x",
        )  # fmt: skip
    colour = SEVERITY_COLOURS[row.alert.severity]
    # Shapes take the value on a logarithmic axis too; only annotations would want its logarithm.
    made.add_hline(
        y=row.alert.factor, line={"color": colour, "dash": "dash", "width": 1.5}, row=number, col=1
    )
    for span in row.firing:
        _band(made, span, number, colour, 0.35)


def _band(made: Figure, span: Span | None, row: int, colour: str, opacity: float) -> None:
    if span:
        made.add_vrect(
            x0=date(span.start), x1=date(span.end), row=row, col=1, layer="below",
            fillcolor=colour, opacity=opacity, line={"color": colour, "width": 1},
        )  # fmt: skip


def _explain(made: Figure, found: BurnRates) -> None:
    """Legend entries for what is there to see."""
    for severity, colour in SEVERITY_COLOURS.items():
        own = [row for row in found.alerts if row.alert.severity == severity]
        if any(row.firing for row in own):
            legend_entry(made, f"{severity} firing", color=colour, opacity=0.5)
    if found.incidents:
        legend_entry(made, "incident", color=GREY, opacity=0.4)


def _range(found: BurnRates, axis: Axis) -> list[float]:
    top = found.highest * 1.5
    return [0.0, top] if axis == "linear" else [math.log10(_LOWEST), math.log10(top)]


def _decades(highest: float) -> list[float]:
    return [10.0**power for power in range(round(math.log10(_LOWEST)), 7) if 10**power <= highest]
