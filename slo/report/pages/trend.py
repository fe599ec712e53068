"""Weeks as a small drawing: a line of shares, or bars of dollars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 480, 72
_EDGE = 5
_LEAST_RANGE = 0.1
"""What is drawn above zero at least: a tenth of a budget."""
_WIDEST = 64
"""Pixels of a week's room: four weeks need no more."""
_FULL = 0.7
"""How much of a week's room its bar takes."""


@dataclass(frozen=True)
class Line:
    """A line through weeks, in pixels from its upper left corner.

    Attributes:
        path: What an SVG path draws, broken at weeks without a number; empty below two numbers.
        zero: The height on which the budget is spent.
        dots: Each week's place, None where there is no number.

    """

    path: str
    zero: float
    dots: tuple[tuple[float, float] | None, ...]


def line(values: Sequence[float]) -> Line:
    """Draw shares of a budget, oldest first, as large as they fit with zero in sight."""
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([_LEAST_RANGE, *known])
    right = (WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)

    def down(value: float) -> float:
        return round(_EDGE + (HEIGHT - 2 * _EDGE) * (high - value) / (high - low), 1)

    dots: list[tuple[float, float] | None] = []
    steps, drawing = [], False
    for index, value in enumerate(values):
        dot = (round(_EDGE + right * index, 1), down(value)) if math.isfinite(value) else None
        dots.append(dot)
        if dot:
            steps.append(f"{'L' if drawing else 'M'}{dot[0]} {dot[1]}")
        drawing = dot is not None
    return Line("".join(steps) if len(known) > 1 else "", down(0.0), tuple(dots))


@dataclass(frozen=True)
class Bars:
    """A bar a week, in pixels from the upper left corner; all stand on the lower edge.

    Attributes:
        bars: Each week's left edge, upper edge, width and height; None where there is no number.
        allowed: What an SVG path draws: a step a week, at the height of what the budgets allow.

    """

    bars: tuple[tuple[float, float, float, float] | None, ...]
    allowed: str


def bars(spent: Sequence[float], allowed: Sequence[float]) -> Bars:
    """Draw dollars, oldest first, from zero, as large as they and the budgets fit.

    Args:
        spent: Of each week; NaN where it is not known.
        allowed: What the budgets allow in each week; NaN where there is none.

    """
    most = max((one for one in (*spent, *allowed) if math.isfinite(one)), default=0.0) or 1.0
    room = min(WIDTH / max(len(spent), 1), _WIDEST)

    def down(dollars: float) -> float:
        return round(_EDGE + (HEIGHT - _EDGE) * (1 - max(dollars, 0.0) / most), 1)

    drawn: list[tuple[float, float, float, float] | None] = []
    for index, dollars in enumerate(spent):
        if not math.isfinite(dollars):
            drawn.append(None)
            continue
        left, top = round(room * (index + (1 - _FULL) / 2), 1), down(dollars)
        drawn.append((left, top, round(room * _FULL, 1), round(HEIGHT - top, 1)))
    steps = [
        f"M{room * index:.1f} {down(dollars)}H{room * (index + 1):.1f}"
        for index, dollars in enumerate(allowed)
        if math.isfinite(dollars)
    ]
    return Bars(tuple(drawn), "".join(steps))
