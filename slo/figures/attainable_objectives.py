"""Which objectives the history would have kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.events import event_counts
from slo.figures.theme import BLUE, VERMILION, Figure, neutral
from slo.history.contents import required_series
from slo.model.duration import DAY, WEEK

if TYPE_CHECKING:
    from slo.model.objective import Objective
    from slo.model.samples import History, Values
    from slo.model.slo import Slo


@dataclass(frozen=True, eq=False)
class AttainableObjectives:
    """How often each objective was kept over seven days.

    In sample: what the past kept says little about weeks unlike those of the history, and
    stretches that begin on neighbouring days share six of their seven.

    Attributes:
        present: The objective as it is specified.
        stretches: How many stretches of seven days there are.
        objectives: Shares of good events, rising; those at which ``kept`` changes, and the
            present one. Shape (n,).
        kept: Share of the stretches that kept each. Shape (n,); NaN without stretches.

    """

    present: Objective
    stretches: int
    objectives: Values
    kept: Values

    @property
    def kept_present(self) -> float:
        """Share of the stretches that kept the objective as it is specified."""
        return float(self.kept[np.searchsorted(self.objectives, float(self.present.ratio))])


def computed(slo: Slo, history: History) -> AttainableObjectives:
    """Judge every stretch of seven days that begins a whole number of days after the history.

    Each stretch weighs alike, however many events it holds; those without any do not count.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    counts = event_counts(slo.indicator, history)
    ends = np.arange(history.span.start + WEEK, history.span.end + 1, DAY, dtype=np.int64)
    (bad_before, before), (bad, total) = counts.at(ends - WEEK), counts.at(ends)
    bad, total = bad - bad_before, total - before
    achieved = 1 - bad[total > 0] / total[total > 0]
    objectives = np.unique(np.append(achieved, float(slo.objective.ratio)))
    kept = [np.mean(achieved >= one) if achieved.size else np.nan for one in objectives]
    return AttainableObjectives(slo.objective, achieved.size, objectives, np.array(kept))


def attainable_objectives(slo: Slo, history: History) -> Figure:
    """Draw the share of seven-day stretches that kept each objective, in sample.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    return figure(computed(slo, history))


def figure(found: AttainableObjectives) -> Figure:
    """Draw a step down at each stretch's achievement."""
    made = Figure()
    made.add_scatter(
        x=found.objectives, y=found.kept, line={"color": BLUE, "width": 2, "shape": "vh"},
        hovertemplate="%{y:.0%} of the stretches kept %{x:.4%}<extra></extra>",
    )  # fmt: skip
    made.add_vline(
        x=float(found.present.ratio),
        line={"color": VERMILION, "dash": "dash", "width": 1.5},
        annotation_text=f"specified: {found.present}, kept by {found.kept_present:.0%}",
        annotation_position="top left",
    )
    neutral(made, height=320)
    made.update_xaxes(
        tickformat=".3~%",
        title=f"objective ({found.stretches} stretches of seven days, in sample)",
        hoverformat="",
    )
    made.update_yaxes(
        tickformat=".0%",
        title="share that kept it",
        range=[0, 1.08],
    )
    made.update_layout(hovermode="closest", showlegend=False)
    return made
