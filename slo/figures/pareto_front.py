"""What more pages would buy: the policies of a study, none better in every respect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.figures.theme import BLUE, GREEN, VERMILION, Figure, neutral

if TYPE_CHECKING:
    from slo.model.alert import AlertPolicy
    from slo.tune.contender import Contender
    from slo.tune.performance import Performance
    from slo.tune.study import Study


@dataclass(frozen=True)
class Choice:
    """A policy that has a place in the figure.

    Attributes:
        name: ``candidate 3``, or the names of the contenders that do the same.
        policy: The alerts.
        performance: What they would have done over the whole history.
        recommended: Whether it is the one to take.

    """

    name: str
    policy: AlertPolicy
    performance: Performance
    recommended: bool = False


def choices(study: Study) -> tuple[tuple[Choice, ...], ...]:
    """The policies in the order of the figure's traces and of their points."""
    front = sorted(study.front, key=lambda one: one.performance.pages_a_week)
    candidates = tuple(
        Choice(f"candidate {one.name}", one.policy, one.performance) for one in front
    )
    places: dict[tuple[float, float], list[Contender]] = {}
    for one in study.ranked:
        place = one.whole.pages_a_week, one.whole.spent_median
        places.setdefault(place, []).append(one)
    contenders = (
        Choice(
            " and ".join(one.name for one in here),
            here[0].policy,
            here[0].whole,
            here[0] is study.recommended,
        )
        for here in places.values()
    )
    return candidates, *((one,) for one in contenders)


def pareto_front(study: Study) -> Figure:
    """Draw budget spent at detection against pages a week, over the whole history, in sample.

    Present, workbook's and recommended policies are drawn beside the front's.
    """
    made = Figure()
    front, *contenders = choices(study)
    made.add_scatter(
        x=[one.performance.pages_a_week for one in front],
        y=[one.performance.spent_median for one in front],
        mode="lines+markers",
        line={"color": BLUE, "width": 1, "dash": "dot"},
        marker={"size": 8},
        name="candidates",
        text=[_told(one.policy.alerts, one.performance) for one in front],
        hovertemplate="%{text}<extra></extra>",
    )
    for (one,) in contenders:
        take = one.name.split(" and ")[0]
        made.add_scatter(
            x=[one.performance.pages_a_week],
            y=[one.performance.spent_median],
            mode="markers+text",
            marker={
                "color": GREEN if one.recommended else VERMILION,
                "size": 13,
                "symbol": "star" if one.recommended else "x-thin-open",
                "line": {"width": 2},
            },
            name=one.name,
            text=[f"{one.name} (take {take})" if one.recommended else one.name],
            textposition="top left",
            hovertext=[_told(one.policy.alerts, one.performance)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    neutral(made, height=360)
    made.update_xaxes(title="pages a week, in sample", rangemode="tozero", hoverformat="")
    made.update_yaxes(
        title="budget spent at detection (median)", tickformat=".1%", rangemode="tozero"
    )
    made.update_layout(hovermode="closest", showlegend=False)
    return made


def _told(alerts: object, done: Performance) -> str:
    listed = "<br>".join(str(alert) for alert in alerts)  # type: ignore[attr-defined]
    return f"{listed}<br>{done.caught} of {done.required} seen, {len(done.false_pages)} false pages"
