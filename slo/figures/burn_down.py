"""What is left of the error budget through its period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from slo.budget import budget_status
from slo.budget import burn_down as remaining_budget
from slo.engine.events import event_counts
from slo.figures.reduce import dates, drawn, reduced
from slo.figures.theme import BLUE, GREY, VERMILION, neutral
from slo.model.duration import WEEK
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.model.objective import Slo
    from slo.model.samples import History, Points


@dataclass(frozen=True, eq=False)
class BurnDown:
    """A budget's way down, and where it leads.

    Attributes:
        remaining: Share of the budget that is left, at instants of the period.
        exhausted_at: When the last week's pace spends the rest, in Unix milliseconds; None where
            it is spent already, grows, or ends later than another period from now.

    """

    remaining: Points
    exhausted_at: int | None


def computed(slo: Slo, history: History, at: int) -> BurnDown:
    """The remaining budget up to an instant, and its projection at the last week's pace."""
    remaining = remaining_budget(slo, history, at)
    now = budget_status(slo, history, at)
    spent_in_week = _spent(slo, history, at, WEEK)
    if not spent_in_week > 0 or not now.remaining > 0:
        return BurnDown(remaining, None)
    left = now.remaining / spent_in_week * WEEK
    return BurnDown(remaining, at + round(left) if left <= slo.period.length else None)


def _spent(slo: Slo, history: History, at: int, length: int) -> float:
    bad, _ = event_counts(slo.indicator, history).between(Span(at - length, at))
    allowed = budget_status(slo, history, at).allowed
    return bad / allowed if allowed else float("nan")


def burn_down(slo: Slo, history: History, at: int | None = None) -> go.Figure:
    """Draw what is left of the budget, with its end at the last week's pace."""
    end = history.span.end if at is None else at
    return figure(computed(slo, history, end))


def figure(found: BurnDown) -> go.Figure:
    """Draw a budget's way down."""
    line = reduced(found.remaining)
    made = go.Figure(
        go.Scatter(
            x=dates(line.times),
            y=drawn(line),
            name="budget left",
            line={"color": BLUE, "width": 2},
            fill="tozeroy",
            fillcolor="rgba(0,114,178,0.12)",
            hovertemplate="%{y:.1%}",
        )
    )
    made.add_hline(y=0, line={"color": VERMILION, "dash": "dash", "width": 1.5})
    if found.exhausted_at is not None:
        ends = found.remaining
        made.add_scatter(
            x=[dates(ends.times[-1:])[0], dates(ends.times[-1:] * 0 + found.exhausted_at)[0]],
            y=[float(ends.values[-1]), 0.0],
            name="at the last week's pace",
            line={"color": GREY, "dash": "dot", "width": 2},
            hovertemplate="%{y:.1%}",
        )
    made.update_yaxes(tickformat=".0%", title="error budget left")
    return neutral(made)
