"""A policy through time: what its alerts did, what one of them compared, what budget was left."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest import replay
from slo.budget import LEAST_COVERAGE, budget_account
from slo.figures.episodes import Bar, bar_properties, target_properties, timeline
from slo.figures.reduce import date, drawn, during, reduced, written_dates
from slo.figures.theme import BLUE, GREEN, SEVERITY_COLOURS, SKY, VERMILION, Figure, neutral
from slo.model.duration import MINUTE, format_duration
from slo.model.objective import RollingPeriod
from slo.model.samples import Points
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest import Backtest
    from slo.figures.episodes import Row, Timeline
    from slo.model.alert import BurnRateAlert
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo

_POINTS = 1_500
_ROW_HEIGHT, _LINES, _EDGES = 30, 380, 70
_LOWEST = 0.1
_LOWEST_LEFT = -1.0
"""A budget that is overspent by more is drawn at the foot."""

_MOST_BARS = 300


@dataclass(frozen=True, eq=False)
class Course:
    """What is drawn of a policy.

    Attributes:
        timeline: Incidents, and a row for each alert, as far as shown.
        alert: The alert whose burn rates are looked at.
        long: Burn rates over its long window.
        short: The same over its short one; no points where it has only one.
        left: Share of the error budget that is left at each instant.

    """

    timeline: Timeline
    alert: BurnRateAlert
    long: Points
    short: Points
    left: Points


def computed(
    result: Backtest, bad_share: Points, alert: str = "", span: Span | None = None
) -> Course:
    """As many points of a backtest as a screen has room for, whatever the stretch.

    Args:
        result: The backtest, with at least one alert.
        bad_share: Bad events as a share of those that the period is expected to hold; divided by
            an objective's error budget it is what is spent. See ``BudgetAccount.bad_share``.
        alert: Whose burn rates to look at; the first one's if empty.
        span: What to look at; all of it if not given.

    """
    shown = (span and span.overlap(result.span)) or result.span
    budget = float(result.slo.objective.error_budget)
    incidents = [outcome.incident for outcome in result.outcomes]
    rows = timeline(result.slo, result.episodes, incidents, result.span, shown)
    alerts = result.slo.policy.alerts
    chosen = next((one for one in alerts if one.name == alert), alerts[0])
    left = during(_known(bad_share, result), shown)
    return Course(
        timeline=replace(rows, rows=tuple(joined(row, shown) for row in rows.rows)),
        alert=chosen,
        long=_burn(result, chosen.long, budget, shown),
        short=_burn(result, chosen.short, budget, shown)
        if chosen.short != chosen.long
        else Points(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)),
        left=reduced(Points(left.times, 1 - left.values / budget, left.present), _POINTS),
    )


def _known(bad_share: Points, result: Backtest) -> Points:
    """Without the beginning, where too little of a rolling period is known to judge its budget."""
    period = result.slo.period
    if not isinstance(period, RollingPeriod):
        return bad_share
    enough = bad_share.times >= result.span.start + LEAST_COVERAGE * period.length
    return replace(bad_share, present=bad_share.present & enough)


def joined(row: Row, shown: Span) -> Row:
    """The same row with bars as one that the eye would not tell apart, where there are many."""
    if len(row.bars) <= _MOST_BARS:
        return row
    gap = shown.length // _MOST_BARS
    groups: list[list[Bar]] = []
    for bar in sorted(row.bars, key=lambda one: one.span):
        if groups and bar.span.start - groups[-1][-1].span.end <= gap:
            groups[-1].append(bar)
        else:
            groups.append([bar])
    return replace(row, bars=tuple(map(_one_bar, groups)))


def _one_bar(group: list[Bar]) -> Bar:
    if len(group) == 1:
        return group[0]
    span = Span(group[0].span.start, max(bar.span.end for bar in group))
    return Bar(span, f"{len(group)} episodes; zoom in to tell them apart")


def _burn(result: Backtest, window: int, budget: float, shown: Span) -> Points:
    ratios = during(result.ratios.over(window), shown)
    return reduced(Points(ratios.times, ratios.values / budget, ratios.present), _POINTS)


def policy_course(
    slo: Slo,
    history: History,
    incidents: Iterable[Incident] = (),
    *,
    alert: str = "",
    span: Span | None = None,
    interval: int = MINUTE,
) -> Figure:
    """Draw what an objective's alerts would have done, and what budget was left.

    Args:
        slo: The objective, with at least one alert.
        history: Raw samples.
        incidents: What really went wrong.
        alert: Whose burn rates to look at; the first one's if empty.
        span: What to look at; all of the history if not given.
        interval: Milliseconds between evaluations.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    past = replay(slo, history, incidents, interval)
    share = budget_account(slo, history).bad_share(past.ratios.times)
    return figure(computed(past.backtest(slo), share, alert, span))


def figure(found: Course) -> Figure:
    """Draw a timeline, burn rates and the budget over one axis of time."""
    rows, alert = found.timeline.rows, found.alert
    made = Figure()
    for row in rows:
        made.add_bar(
            name=row.name, showlegend=False, orientation="h", yaxis="y", **bar_properties(row)
        )
    made.add_scatter(yaxis="y", **target_properties(rows))
    windows = [format_duration(window) for window in (alert.long, alert.short)]
    lines = [
        (f"burn rate over {windows[1]}", found.short, {"color": SKY, "width": 1, "dash": "dot"}),
        (f"burn rate over {windows[0]}", found.long, {"color": BLUE, "width": 1.8}),
    ]
    for name, points, line in lines:
        values = drawn(points)
        made.add_scatter(
            x=written_dates(points.times), y=np.maximum(values, _LOWEST), customdata=values,
            name=name, mode="lines", line=line, yaxis="y2", hovertemplate="%{customdata:.2f}x",
        )  # fmt: skip
    left = drawn(found.left)
    made.add_scatter(
        x=written_dates(found.left.times), y=np.maximum(left, _LOWEST_LEFT), customdata=left,
        name="error budget left", mode="lines", line={"color": GREEN, "width": 1.8}, yaxis="y3",
        hovertemplate="%{customdata:.1%}",
    )  # fmt: skip
    height = len(rows) * _ROW_HEIGHT + _LINES
    neutral(made, height)
    _arrange(made, found, 1 - len(rows) * _ROW_HEIGHT / (height - _EDGES))
    return made


def _arrange(made: Figure, found: Course, foot: float) -> None:
    """Axes one above the other, the timeline's foot at a share of the height."""
    names = [row.name for row in found.timeline.rows]
    highest = max(1.0, found.alert.factor, *(_highest(p) for p in (found.long, found.short)))
    lowest = float(np.nanmin(drawn(found.left), initial=0.0))
    span = found.timeline.span
    middle = foot / 2
    made.update_layout(barmode="overlay", bargap=0.35, hovermode="closest", margin={"t": 12})
    made.update_xaxes(type="date", range=[date(span.start), date(span.end)], anchor="y3")
    made.update_layout(
        yaxis={
            "domain": [foot, 1], "type": "category", "categoryorder": "array",
            "categoryarray": names[::-1], "range": [-0.5, len(names) - 0.5], "fixedrange": True,
        },
        yaxis2={
            "domain": [middle + 0.03, foot - 0.03], "type": "log", "title": "burn rate",
            "range": [math.log10(_LOWEST), math.log10(highest * 1.5)], "ticksuffix": "x",
            "tickvals": [10.0**n for n in range(-1, 7) if 10.0**n <= highest * 1.5],
            "tickformat": "~g", "fixedrange": True,
        },
        yaxis3={
            "domain": [0, middle - 0.03], "title": "budget left", "tickformat": ".0%",
            "range": [max(lowest, _LOWEST_LEFT) - 0.05, 1.05], "fixedrange": True,
        },
    )  # fmt: skip
    grid = {key: made.layout.yaxis[key] for key in ("gridcolor", "zerolinecolor", "automargin")}
    made.update_layout(yaxis2=grid, yaxis3=grid)
    colour = SEVERITY_COLOURS[found.alert.severity]
    for axis, at, ink in (("y2", found.alert.factor, colour), ("y3", 0.0, VERMILION)):
        made.add_shape(
            type="line", xref="paper", x0=0, x1=1, yref=axis, y0=at, y1=at,
            line={"color": ink, "dash": "dash", "width": 1.5},
        )  # fmt: skip


def _highest(points: Points) -> float:
    return float(np.nanmax(drawn(points), initial=0.0))
