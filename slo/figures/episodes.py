"""Incidents and what each alert did, on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from slo.figures.reduce import dates
from slo.figures.theme import GREY, SEVERITY_COLOURS, neutral
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.backtest import Backtest

INCIDENTS = "incidents"


@dataclass(frozen=True)
class Bar:
    """A stretch in a row of the timeline."""

    row: str
    span: Span
    text: str
    colour: str


def computed(result: Backtest) -> tuple[Bar, ...]:
    """Incidents in the first row, then a row for each alert's episodes."""
    bars = [
        Bar(INCIDENTS, o.incident.span, f"{o.incident.name} ({o.incident.kind})", GREY)
        for o in result.outcomes
    ]
    for episode in result.episodes:
        span = Span(episode.start, result.span.end if episode.end is None else episode.end)
        text = f"{episode.alert}, peak error ratio {episode.peak:.2%}"
        bars.append(Bar(episode.alert, span, text, SEVERITY_COLOURS[episode.severity]))
    return tuple(bars)


def episodes(result: Backtest) -> go.Figure:
    """Draw the incidents and episodes of a backtest."""
    rows = [INCIDENTS, *(alert.name for alert in result.slo.policy.alerts)]
    return figure(computed(result), rows, result.span)


def figure(bars: tuple[Bar, ...], rows: list[str], span: Span) -> go.Figure:
    """Draw bars in their rows, the first row on top."""
    made = go.Figure()
    for row in rows:
        own = [bar for bar in bars if bar.row == row]
        made.add_bar(
            base=[dates(np.array([bar.span.start]))[0] for bar in own],
            x=[bar.span.length for bar in own],
            y=[row for _ in own],
            orientation="h",
            marker={"color": [bar.colour for bar in own]},
            text=[bar.text for bar in own],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    edges = dates(np.array([span.start, span.end], dtype=np.int64))
    made.update_xaxes(type="date", range=list(edges))
    made.update_yaxes(
        categoryorder="array", categoryarray=rows[::-1], range=[-0.5, len(rows) - 0.5]
    )
    made.update_layout(barmode="overlay", bargap=0.35)
    return neutral(made, height=90 + 34 * len(rows)).update_layout(hovermode="closest")
