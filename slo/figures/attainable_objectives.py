"""Which objectives history would have kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from slo.engine.events import event_counts
from slo.figures.theme import BLUE, VERMILION, neutral
from slo.model.duration import DAY

if TYPE_CHECKING:
    from slo.model.objective import Slo
    from slo.model.samples import History, Values

_WINDOW = 7 * DAY


@dataclass(frozen=True, eq=False)
class AttainableObjectives:
    """How often each objective was kept over seven days, in sample.

    Attributes:
        objectives: Shares of good events, rising.
        kept: Share of the seven-day stretches that kept each.
        present: The objective as it is specified.

    """

    objectives: Values
    kept: Values
    present: float


def computed(slo: Slo, history: History) -> AttainableObjectives:
    """Seven-day stretches that end at every whole day, each weighted alike."""
    counts = event_counts(slo.indicator, history)
    ends = np.arange(history.span.start + _WINDOW, history.span.end + 1, DAY, dtype=np.int64)
    bad_end, total_end = counts.at(ends)
    bad_start, total_start = counts.at(ends - _WINDOW)
    total = total_end - total_start
    achieved = 1 - (bad_end - bad_start)[total > 0] / total[total > 0]
    objectives = np.unique(np.concatenate((achieved, [float(slo.objective.ratio)])))
    kept = np.array([np.mean(achieved >= one) if achieved.size else np.nan for one in objectives])
    return AttainableObjectives(objectives, kept, float(slo.objective.ratio))


def attainable_objectives(slo: Slo, history: History) -> go.Figure:
    """Draw the share of seven-day stretches that kept each objective."""
    found = computed(slo, history)
    made = go.Figure(
        go.Scatter(
            x=found.objectives,
            y=found.kept,
            name="kept",
            line={"color": BLUE, "shape": "vh"},
            hovertemplate="%{y:.0%} of stretches kept %{x:.4%}<extra></extra>",
        )
    )
    made.add_vline(
        x=found.present,
        line={"color": VERMILION, "dash": "dash"},
        annotation_text=f"specified: {slo.objective}",
    )
    made.update_xaxes(tickformat=".2%", title="objective")
    made.update_yaxes(tickformat=".0%", title="seven-day stretches that kept it", range=[0, 1.05])
    return neutral(made).update_layout(hovermode="closest", showlegend=False)
