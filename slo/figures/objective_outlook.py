"""With which chance each objective will be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import counted
from slo.figures.theme import BLUE, VERMILION, Figure, neutral
from slo.tune.outlook import objective_outlook as computed

if TYPE_CHECKING:
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.tune.outlook import Outlook

__all__ = ["computed", "figure", "objective_outlook"]


def objective_outlook(slo: Slo, history: History) -> Figure:
    """Draw the chance to keep each target over the next period, by a block bootstrap of days.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    return figure(computed(slo, history))


def figure(outlook: Outlook) -> Figure:
    """Draw the curve, and the bounds of the targets that people promise."""
    made = Figure()
    made.add_scatter(
        x=outlook.targets, y=outlook.chances, line={"color": BLUE, "width": 2},
        hovertemplate="%{x:.3%} is kept with a chance of %{y:.0%}<extra></extra>",
    )  # fmt: skip
    shown = [
        one
        for one in outlook.prospects
        if outlook.targets[-1] <= float(one.objective.ratio) <= outlook.targets[0]
        or one is outlook.present
    ]
    made.add_scatter(
        x=[float(one.objective.ratio) for one in shown],
        y=[one.chance for one in shown],
        mode="markers",
        marker={"color": BLUE, "size": 7},
        error_y={
            "array": [max(0.0, one.bounds.high - one.chance) for one in shown],
            "arrayminus": [max(0.0, one.chance - one.bounds.low) for one in shown],
            "color": BLUE,
            "thickness": 1,
        },
        text=[str(one.objective) for one in shown],
        hovertemplate="%{text}: %{y:.0%}<extra></extra>",
    )
    made.add_vline(
        x=float(outlook.present.objective.ratio),
        line={"color": VERMILION, "dash": "dash", "width": 1.5},
        annotation_text=f"specified: {outlook.present.objective}",
        annotation_position="top left",
    )
    neutral(made, height=320)
    made.update_xaxes(
        tickformat=".3~%",
        title=f"objective over {outlook.slo.period}, from {counted(outlook.days, 'day')}",
        hoverformat="",
    )
    made.update_yaxes(tickformat=".0%", title="chance to keep it", range=[0, 1.08])
    made.update_layout(hovermode="closest", showlegend=False)
    return made
