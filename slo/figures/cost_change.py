"""Why a week cost more or less than the one before, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.figures.theme import BLUE, GREEN, GREY, VERMILION, Figure, neutral

if TYPE_CHECKING:
    from slo.cost.change import Change

_CENT = 0.005


@dataclass(frozen=True)
class Steps:
    """From one amount to another.

    Attributes:
        names: The first stretch, each part that is a cent or more, the second stretch.
        dollars: The first amount, the steps, the last amount.

    """

    names: tuple[str, ...]
    dollars: tuple[float, ...]


def computed(change: Change) -> Steps:
    """The parts of a change, in their order."""
    parts = [part for part in change.parts if abs(part.dollars) >= _CENT]
    return Steps(
        ("week before", *(part.name for part in parts), "this week"),
        (change.before, *(part.dollars for part in parts), change.after),
    )


def cost_change(change: Change) -> Figure:
    """Draw a change of cost as a waterfall."""
    return figure(computed(change))


def figure(found: Steps) -> Figure:
    """Draw the first amount, the steps between, and the last."""
    inner = len(found.names) - 2
    made = Figure()
    made.add_waterfall(
        x=[name.replace(" ", "<br>") for name in found.names],
        y=found.dollars,
        measure=["absolute", *["relative"] * inner, "total"],
        text=[_text(i, found) for i in range(len(found.names))],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        connector={"line": {"color": GREY, "width": 1, "dash": "dot"}},
        increasing={"marker": {"color": VERMILION}},
        decreasing={"marker": {"color": GREEN}},
        totals={"marker": {"color": BLUE}},
    )
    neutral(made, height=340)
    made.update_layout(showlegend=False, margin={"t": 40, "b": 52})
    made.update_xaxes(type="category", tickangle=0)
    made.update_yaxes(range=_range(found), tickprefix="$", tickformat=",.0f")
    return made


def _text(index: int, found: Steps) -> str:
    amount = found.dollars[index]
    if index in (0, len(found.names) - 1):
        return f"${amount:,.0f}"
    return f"{'+' if amount > 0 else '−'}${abs(amount):,.2f}"  # noqa: RUF001  a minus sign is meant


def _range(found: Steps) -> list[float]:
    """Where the steps are; a small change would be invisible above zero."""
    level, levels = 0.0, []
    for amount in found.dollars[:-1]:
        level += amount
        levels.append(level)
    low, high = min(levels), max(levels)
    room = max(high - low, 0.02 * abs(high), _CENT)
    return [max(0.0, low - 0.6 * room), high + 0.25 * room]
