"""Stretches of steady error ratios, written as the samples of a series for promtool."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from slo.promql import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Phase:
    """A stretch during which the same share of events is bad.

    Attributes:
        bad: The share, 0 to 1.
        steps: How many intervals between samples it lasts.

    """

    bad: float
    steps: int


def counter_values(phases: Sequence[Phase], increase: Callable[[float], float]) -> str:
    """A counter from 0 that grows, in each step, by what ``increase`` makes of the bad share."""
    parts, value, first = [], Decimal(0), True
    for phase in phases:
        if phase.steps < 1:
            continue
        step = Decimal(repr(increase(phase.bad)))
        # The first part holds the sample at the start as well.
        start, more = (Decimal(0), phase.steps) if first else (value + step, phase.steps - 1)
        parts.append(f"{number(start)}+{number(step)}x{more}")
        value, first = value + step * phase.steps, False
    return " ".join(parts)


def gauge_values(phases: Sequence[Phase], level: Callable[[float], float]) -> str:
    """A gauge that stands, throughout each phase, at what ``level`` makes of the bad share."""
    parts: list[str] = []
    for phase in phases:
        if phase.steps >= 1:
            more = phase.steps - 1 if parts else phase.steps
            parts.append(f"{number(level(phase.bad))}+0x{more}")
    return " ".join(parts)
