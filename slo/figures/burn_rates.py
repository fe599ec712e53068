"""How fast the budget burned, beside the rates at which alerts fire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from slo.figures.reduce import dates, drawn, reduced
from slo.figures.theme import DASHES, INCIDENT_FILL, LINES, SEVERITY_COLOURS, neutral
from slo.model.duration import format_duration
from slo.model.samples import Points
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.backtest import Backtest


@dataclass(frozen=True, eq=False)
class BurnRates:
    """Burn rates over an objective's long windows, and what alerts make of them.

    Attributes:
        lines: Burn rate by window in milliseconds; 1 spends the budget by the period's end.
        thresholds: Each alert's name, severity and factor.
        firing: Stretches in which an alert of a severity fired.
        incidents: Labelled incidents by name.

    """

    lines: tuple[tuple[int, Points], ...]
    thresholds: tuple[tuple[str, str, float], ...]
    firing: tuple[tuple[str, Span], ...]
    incidents: tuple[tuple[str, Span], ...]


def computed(result: Backtest) -> BurnRates:
    """Divide error ratios by the budget."""
    budget = float(result.slo.objective.error_budget)
    long = sorted({alert.long for alert in result.slo.policy.alerts})
    lines = []
    for window in long:
        points = reduced(result.ratios.over(window))
        lines.append((window, Points(points.times, points.values / budget, points.present)))
    return BurnRates(
        lines=tuple(lines),
        thresholds=tuple((a.name, a.severity, a.factor) for a in result.slo.policy.alerts),
        firing=tuple(
            (e.severity, Span(e.start, result.span.end if e.end is None else e.end))
            for e in result.episodes
        ),
        incidents=tuple((o.incident.name, o.incident.span) for o in result.outcomes),
    )


def burn_rates(result: Backtest) -> go.Figure:
    """Draw the burn rates of a backtest."""
    return figure(computed(result))


def figure(found: BurnRates) -> go.Figure:
    """Draw burn rates as lines, factors as dashed lines, episodes and incidents as bands."""
    made = go.Figure()
    for name, span in found.incidents:
        made.add_vrect(
            **_edges(span), fillcolor=INCIDENT_FILL, line_width=0, layer="below",
            annotation_text=name, annotation={"font_size": 10, "textangle": -90},
            annotation_position="top left",
        )  # fmt: skip
    for severity, span in found.firing:
        made.add_vrect(
            **_edges(span), fillcolor=SEVERITY_COLOURS[severity], opacity=0.15, line_width=0,
            layer="below",
        )  # fmt: skip
    for index, (window, points) in enumerate(found.lines):
        made.add_scatter(
            x=dates(points.times),
            y=drawn(points),
            name=f"over {format_duration(window)}",
            line={"color": LINES[index % len(LINES)], "dash": DASHES[index % len(DASHES)]},
            hovertemplate="%{y:.2f}x",
        )
    for name, severity, factor in found.thresholds:
        made.add_hline(
            y=factor,
            line={"color": SEVERITY_COLOURS[severity], "dash": "dash", "width": 1},
            annotation_text=f"{name} {factor:g}x",
            annotation={"font_size": 10, "bgcolor": "rgba(255,255,255,0.6)"},
            annotation_position="top right",
        )
    made.update_yaxes(title="burn rate", rangemode="tozero")
    return neutral(made, height=360)


def _edges(span: Span) -> dict[str, object]:
    import numpy as np  # noqa: PLC0415  two numbers

    start, end = dates(np.array([span.start, span.end], dtype=np.int64))
    return {"x0": start, "x1": end}
