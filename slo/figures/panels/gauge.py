"""One value on a dial, with thresholds around it, as Grafana's gauge draws it: as paths of SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass

from slo.figures.panels.units import formatted

WIDTH, HEIGHT = 200, 118
_CENTRE, _DOWN = WIDTH / 2, 104.0
_RING, _RING_WIDTH = 92.0, 5.0
_DIAL, _DIAL_WIDTH = 77.0, 19.0
_GAP = 0.6
"""Degrees between two colours of the ring."""


@dataclass(frozen=True)
class Gauge:
    """What a dial shows.

    Attributes:
        value: How far it reaches.
        low: The dial's least value.
        high: Its greatest.
        colour: Of the way up to the value.
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

    @property
    def ends(self) -> tuple[str, str]:
        """The least and the greatest value, as people read them."""
        low, high = (str(formatted(end, self.unit)) for end in (self.low, self.high))
        return low, high


@dataclass(frozen=True)
class Arc:
    """A stroke along a circle; ``colour`` is empty for the ground below the value."""

    path: str
    colour: str
    width: float


def arcs(found: Gauge) -> tuple[Arc, ...]:
    """A dial's strokes: its ground, the way up to the value, and the ring of thresholds."""

    def turned(value: float) -> float:
        share = (value - found.low) / (found.high - found.low)
        return 180 * min(max(share, 0.0), 1.0)

    drawn = [Arc(_arc(_DIAL, 0, 180), "", _DIAL_WIDTH)]
    if turned(found.value):
        drawn.append(Arc(_arc(_DIAL, 0, turned(found.value)), found.colour, _DIAL_WIDTH))
    following = [*(value for value, _ in found.steps[1:]), math.inf]
    for (value, colour), end in zip(found.steps, following, strict=True):
        first, last = turned(value), turned(end)
        if last - first > _GAP:
            drawn.append(Arc(_arc(_RING, first, last - _GAP), colour, _RING_WIDTH))
    return tuple(drawn)


def _arc(radius: float, first: float, last: float) -> str:
    """From one angle to another, in degrees clockwise from the left."""

    def place(degrees: float) -> str:
        angle = math.radians(degrees)
        right, down = _CENTRE - radius * math.cos(angle), _DOWN - radius * math.sin(angle)
        return f"{right:.2f} {down:.2f}"

    return f"M{place(first)}A{radius:g} {radius:g} 0 0 1 {place(last)}"
