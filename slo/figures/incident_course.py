"""An incident through time: alerts, burn rates, budget, and below them errors and traffic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest import replay
from slo.budget import budget_account
from slo.figures.policy_course import computed as policy_computed
from slo.figures.policy_course import figure as policy_figure
from slo.figures.reduce import drawn, during, reduced, written_dates
from slo.figures.theme import GREEN, GREY, PURPLE, SEVERITY_COLOURS, VERMILION, Figure
from slo.model.duration import HOUR, MINUTE, SECOND, format_duration
from slo.model.samples import Points
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.backtest import Backtest
    from slo.engine.events import EventCounts
    from slo.figures.policy_course import Course
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo

_POINTS = 1_500
_BELOW, _BELOW_HEIGHT = 0.3, 220
_LEGEND_BELOW = 44
_TRAFFIC_WINDOW = 5 * MINUTE


@dataclass(frozen=True, eq=False)
class IncidentCourse:
    """What is drawn of an incident.

    Attributes:
        incident: The incident.
        course: Alerts, burn rates and budget around it.
        ratio: Error ratios over the shortest window that any alert compares.
        window: That window, in milliseconds.
        budget: The error ratio that an objective allows.
        traffic: Events a second over five minutes.

    """

    incident: Incident
    course: Course
    ratio: Points
    window: int
    budget: float
    traffic: Points


def computed(
    incident: Incident,
    result: Backtest,
    bad_share: Points,
    counts: EventCounts,
    span: Span | None = None,
) -> IncidentCourse:
    """As many points around an incident as a screen has room for.

    Args:
        incident: What to look at.
        result: A backtest of an objective with at least one alert.
        bad_share: See ``slo.figures.policy_course``.
        counts: The objective's events.
        span: What to look at; the incident and what surrounds it if not given.

    """
    shown = span or around(incident.span)
    window = result.slo.policy.windows[0]
    ratio = reduced(during(result.ratios.over(window), shown), _POINTS)
    times = during(bad_share, shown).times
    _, until = counts.at(times)
    _, before = counts.at(times - _TRAFFIC_WINDOW)
    traffic = (until - before) * SECOND / _TRAFFIC_WINDOW
    return IncidentCourse(
        incident=incident,
        course=policy_computed(result, bad_share, span=shown),
        ratio=ratio,
        window=window,
        budget=float(result.slo.objective.error_budget),
        traffic=reduced(Points(times, traffic, np.ones(times.size, np.bool_)), _POINTS),
    )


def around(span: Span) -> Span:
    """A stretch with as much before and after it as lets people see what led to it."""
    margin = max(HOUR, span.length // 2)
    return Span(span.start - margin, span.end + margin)


def incident_course(
    slo: Slo, history: History, incident: Incident, span: Span | None = None, interval: int = MINUTE
) -> Figure:
    """Draw what an incident did to an objective with at least one alert, and who noticed.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    past = replay(slo, history, [incident], interval)
    account = budget_account(slo, history)
    share = account.bad_share(past.ratios.times)
    return figure(computed(incident, past.backtest(slo), share, account.counts, span))


def figure(found: IncidentCourse) -> Figure:
    """Draw the policy's course, and below it error ratio and traffic; the incident is grey."""
    made = policy_figure(found.course)
    share = drawn(found.ratio)
    made.add_scatter(
        x=written_dates(found.ratio.times), y=share, mode="lines", yaxis="y4",
        name=f"error ratio over {format_duration(found.window)}",
        line={"color": VERMILION, "width": 1.5}, hovertemplate="%{y:.3%}",
    )  # fmt: skip
    made.add_scatter(
        x=written_dates(found.traffic.times), y=drawn(found.traffic), mode="lines", yaxis="y5",
        name="events a second", line={"color": PURPLE, "width": 1.5}, hovertemplate="%{y:.3g}",
    )  # fmt: skip
    layout = made.layout
    for axis in (layout.yaxis, layout.yaxis2, layout.yaxis3):
        axis.domain = [_BELOW + (1 - _BELOW) * edge for edge in axis.domain]
    common = {
        "gridcolor": layout.yaxis.gridcolor, "zerolinecolor": layout.yaxis.zerolinecolor,
        "rangemode": "tozero", "automargin": True, "fixedrange": True, "nticks": 4,
    }  # fmt: skip
    edges = layout.margin.t + layout.margin.b
    made.update_layout(
        height=layout.height + _BELOW_HEIGHT,
        yaxis4={
            "domain": [_BELOW / 2 + 0.02, _BELOW - 0.04], "title": "errors",
            "tickformat": ".2~%", **common,
        },
        yaxis5={"domain": [0, _BELOW / 2 - 0.03], "title": "events/s", **common},
        # Dates below hours take two lines.
        legend={"y": -_LEGEND_BELOW / (layout.height + _BELOW_HEIGHT - edges)},
    )  # fmt: skip
    made.update_xaxes(anchor="y5")
    made.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref="y4", y0=found.budget, y1=found.budget,
        line={"color": GREEN, "dash": "dash", "width": 1.5},
    )  # fmt: skip
    made.add_vrect(
        x0=_text(found.incident.span.start), x1=_text(found.incident.span.end), layer="below",
        fillcolor=GREY, opacity=0.18, line={"width": 0},
    )  # fmt: skip
    for row in found.course.timeline.rows[1:]:
        if row.colour == SEVERITY_COLOURS["page"] and row.bars:
            first = _text(row.bars[0].span.start)
            made.add_vline(x=first, line={"color": row.colour, "dash": "dot", "width": 1})
    return made


def _text(instant: int) -> str:
    return str(written_dates(np.array([instant], np.int64))[0])
