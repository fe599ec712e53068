"""A budget's way through its period in the height of a line of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.figures.reduce import drawn, reduced

if TYPE_CHECKING:
    from slo.model.samples import Points

WIDTH, HEIGHT = 96, 24
_POINTS = 96
_EDGE = 2.0


@dataclass(frozen=True)
class Sparkline:
    """A small line drawing, in pixels from its upper left corner.

    Attributes:
        path: What an SVG path draws; the line breaks at gaps. Empty where there is no point.
        zero: Height of the line on which the budget is spent.

    """

    path: str
    zero: str


def sparkline(remaining: Points) -> Sparkline:
    """Draw what is left of a budget, from all of it at the top, as far below zero as it went."""
    line = reduced(remaining, _POINTS)
    values = drawn(line)
    known = values[np.isfinite(values)]
    low, high = float(np.min(known, initial=0.0)), float(np.max(known, initial=1.0))

    def down(value: float) -> str:
        return f"{_EDGE + (HEIGHT - 2 * _EDGE) * (high - value) / (high - low):.1f}"

    first, last = (line.times[0], line.times[-1]) if line.times.size else (0, 1)
    path, drawing = [], False
    for time, value in zip(line.times, values, strict=True):
        if np.isfinite(value):
            right = _EDGE + (WIDTH - 2 * _EDGE) * (time - first) / max(last - first, 1)
            path.append(f"{'L' if drawing else 'M'}{right:.1f} {down(float(value))}")
        drawing = bool(np.isfinite(value))
    return Sparkline("".join(path), down(0.0))
