"""One value on a dial, with thresholds around it, as Grafana's gauge draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import plotly.graph_objects as go

from slo.figures.panels.units import formatted
from slo.figures.theme import Figure, neutral

_HEIGHT = 180
_EDGE = 0.82
"""Where the ring of thresholds begins, as a share of the dial."""


@dataclass(frozen=True)
class Gauge:
    """What a dial shows.

    Attributes:
        value: Where its hand is.
        low: The dial's least value.
        high: Its greatest.
        colour: Of the hand's way.
        steps: Values in rising order, each with the colour from there on.
        unit: Grafana's.
        decimals: Digits after the point; None for as many as matter.

    """

    value: float
    low: float
    high: float
    colour: str
    steps: tuple[tuple[float, str], ...]
    unit: str
    decimals: int | None


def figure(found: Gauge) -> Figure:
    """Draw a dial; the number itself is the page's."""
    ends = [*(value for value, _ in found.steps[1:]), math.inf]
    ring = [
        {
            "range": [max(value, found.low), min(end, found.high)],
            "color": colour,
            "thickness": 1 - _EDGE,
        }
        for (value, colour), end in zip(found.steps, ends, strict=True)
        if max(value, found.low) < min(end, found.high)
    ]
    ticks = [found.low, found.high]
    made = Figure(
        go.Indicator(
            mode="gauge",
            value=min(max(found.value, found.low), found.high),
            gauge={
                "axis": {
                    "range": ticks, "tickvals": ticks, "ticks": "",
                    "ticktext": [str(formatted(t, found.unit, found.decimals)) for t in ticks],
                },
                "bar": {"color": found.colour, "thickness": 0.6},
                "bgcolor": "rgba(128,128,128,0.18)",
                "borderwidth": 0,
                "steps": ring,
            },
        )
    )  # fmt: skip
    neutral(made, _HEIGHT)
    made.update_layout(margin={"l": 24, "r": 24, "t": 14, "b": 6}, height=None, autosize=True)
    return made
