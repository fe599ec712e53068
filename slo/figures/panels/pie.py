"""Shares of a whole, as Grafana's pie chart draws them."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from slo.figures.theme import Figure, neutral

_HEIGHT = 220
_HOLE = 0.62


@dataclass(frozen=True)
class Slice:
    """One part: its name, its value, the value as people read it, and its colour."""

    name: str
    value: float
    text: str
    colour: str


@dataclass(frozen=True)
class Pie:
    """What a pie chart shows.

    Attributes:
        slices: In the order of the legend.
        donut: It has a hole, with ``centre`` in it.
        centre: Words in the hole.

    """

    slices: tuple[Slice, ...]
    donut: bool = False
    centre: str = ""


def figure(found: Pie) -> Figure:
    """Draw a pie; its legend is the page's."""
    made = Figure(
        go.Pie(
            labels=[one.name for one in found.slices],
            values=[max(one.value, 0.0) for one in found.slices],
            customdata=[one.text for one in found.slices],
            marker={
                "colors": [one.colour for one in found.slices],
                "line": {"color": "rgba(128,128,128,0.3)", "width": 1},
            },
            hole=_HOLE if found.donut else 0,
            sort=False,
            direction="clockwise",
            textinfo="none",
            hovertemplate="%{label}: %{customdata} (%{percent})<extra></extra>",
        )
    )
    neutral(made, _HEIGHT)
    made.update_layout(
        showlegend=False, margin={"l": 6, "r": 6, "t": 6, "b": 6}, height=None, autosize=True
    )
    if found.donut and found.centre:
        made.add_annotation(text=found.centre, showarrow=False, font={"size": 16}, x=0.5, y=0.5)
    return made
