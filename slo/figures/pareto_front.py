"""What more pages would buy: the policies of a study, none better in every respect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.figures.theme import BLUE, GREEN, VERMILION, Figure, neutral

if TYPE_CHECKING:
    from slo.tune.contender import Contender
    from slo.tune.performance import Performance
    from slo.tune.study import Study


def pareto_front(study: Study) -> Figure:
    """Draw budget spent at detection against pages a week, over the whole history, in sample.

    Present, workbook's and recommended policies are drawn beside the front's.
    """
    made = Figure()
    front = sorted(study.front, key=lambda one: one.performance.pages_a_week)
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
    places: dict[tuple[float, float], list[Contender]] = {}
    for one in study.ranked:
        place = one.whole.pages_a_week, one.whole.spent_median
        places.setdefault(place, []).append(one)
    for (pages, spent), here in places.items():
        chosen = here[0] is study.recommended
        names = " and ".join(one.name for one in here)
        made.add_scatter(
            x=[pages],
            y=[spent],
            mode="markers+text",
            marker={
                "color": GREEN if chosen else VERMILION,
                "size": 13,
                "symbol": "star" if chosen else "x-thin-open",
                "line": {"width": 2},
            },
            name=names,
            text=[f"{names} (take {here[0].name})" if chosen else names],
            textposition="top left",
            hovertext=[_told(here[0].policy.alerts, here[0].whole)],
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
