"""An alert on a threshold through time: its measure, how that is distributed, when it fired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.figures.episodes import INCIDENTS, Row, bar_properties, bars, target_properties
from slo.figures.policy_course import joined
from slo.figures.reduce import date, drawn, during, reduced, written_dates
from slo.figures.theme import BLUE, GREY, SEVERITY_COLOURS, SKY, Figure, neutral
from slo.model.duration import format_duration
from slo.model.expression import Expression
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.backtest import AlertBacktest
    from slo.model.samples import Points, Values
    from slo.model.threshold_alert import ThresholdAlert

_POINTS, _BINS = 1_500, 60
_HEIGHT, _ROWS_HEIGHT = 460, 80
_BESIDE = 0.8
"""How far the history reaches; the distribution stands beside it."""


@dataclass(frozen=True, eq=False)
class AlertCourse:
    """What is drawn of an alert on a threshold.

    Attributes:
        alert: The alert.
        unit: Of its number; empty where it has none.
        span: What is shown.
        rows: Incidents, and when the alert fired, as far as shown.
        lines: The measure over each of the alert's windows, longest first.
        levels: Middles of equally wide steps of the measure, over all of the time.
        shares: Share of the evaluations in each step, over the longest window.

    """

    alert: ThresholdAlert
    unit: str
    span: Span
    rows: tuple[Row, ...]
    lines: tuple[Points, ...]
    levels: Values
    shares: Values


def computed(result: AlertBacktest, unit: str = "", span: Span | None = None) -> AlertCourse:
    """As many points as a screen has room for, whatever the stretch.

    Args:
        result: A backtest whose first alert is looked at.
        unit: Of its number, for people.
        span: What to look at; all of it if not given.

    """
    shown = (span and span.overlap(result.span)) or result.span
    alert = result.alerts[0]
    values = [result.values[alert.measure, window] for window in alert.windows]
    levels, shares = _distribution(drawn(values[0]))
    return AlertCourse(
        alert=alert,
        unit=unit,
        span=shown,
        rows=tuple(joined(row, shown) for row in _rows(result, alert, shown)),
        lines=tuple(reduced(during(one, shown), _POINTS) for one in values),
        levels=levels,
        shares=shares,
    )


def _rows(result: AlertBacktest, alert: ThresholdAlert, shown: Span) -> tuple[Row, Row]:
    found = (outcome.incident for outcome in result.outcomes)
    incidents = bars(((one.span, f"{one.name} ({one.kind})") for one in found), shown)
    fired = (
        (
            Span(one.start, result.span.end if one.end is None else one.end),
            f"{one.alert}, {one.peak:.4g} at its peak",
        )
        for one in result.episodes
        if one.alert == alert.name
    )
    colour = SEVERITY_COLOURS[alert.severity]
    return Row(INCIDENTS, GREY, incidents), Row(alert.name, colour, bars(fired, shown))


def _distribution(values: Values) -> tuple[Values, Values]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.empty(0), np.empty(0)
    counts, edges = np.histogram(finite, bins=_BINS)
    return (edges[1:] + edges[:-1]) / 2, counts / finite.size


def alert_course(result: AlertBacktest, unit: str = "", span: Span | None = None) -> Figure:
    """Draw a backtest's first alert on a threshold: episodes, measure, distribution.

    Args:
        result: The backtest.
        unit: Of its number, for people; a ``ratio`` is drawn as percent.
        span: What to look at; all of it if not given.

    """
    return figure(computed(result, unit, span))


def figure(found: AlertCourse) -> Figure:
    """Draw a timeline above the measure, and the measure's distribution beside it."""
    made, alert = Figure(), found.alert
    for row in found.rows:
        made.add_bar(
            name=row.name, showlegend=False, orientation="h", yaxis="y", **bar_properties(row)
        )
    made.add_scatter(yaxis="y", **target_properties(found.rows))
    share = found.unit == "ratio"
    instant = isinstance(alert.measure, Expression) and not alert.measure.looks_back
    for number, points in enumerate(found.lines):
        over = "" if instant else f" over {format_duration(alert.windows[number])}"
        made.add_scatter(
            x=written_dates(points.times), y=drawn(points), name=f"measure{over}", mode="lines",
            line={"color": SKY if number else BLUE, "width": 1 if number else 1.6}, yaxis="y2",
            hovertemplate="%{y:.3%}" if share else "%{y:.4g}",
        )  # fmt: skip
    shares = np.where(found.shares > 0, found.shares, np.nan)
    made.add_bar(
        x=shares, y=found.levels, orientation="h", xaxis="x2", yaxis="y2", showlegend=False,
        marker={"color": BLUE, "opacity": 0.6}, hovertemplate="%{y:.4g}: %{x:.3%} of the time",
        name="share of the time",
    )  # fmt: skip
    neutral(made, _HEIGHT)
    _arrange(made, found, share=share)
    return made


def _arrange(made: Figure, found: AlertCourse, *, share: bool) -> None:
    names = [row.name for row in found.rows]
    foot = 1 - _ROWS_HEIGHT / _HEIGHT
    made.update_layout(barmode="overlay", bargap=0.2, hovermode="closest", margin={"t": 12})
    made.update_layout(
        xaxis={
            "type": "date", "range": [date(found.span.start), date(found.span.end)],
            "domain": [0, _BESIDE], "anchor": "y2",
        },
        xaxis2={
            "type": "log", "domain": [_BESIDE + 0.03, 1], "anchor": "y2", "nticks": 4,
            "tickformat": "~%", "title": "of the time", "fixedrange": True, "hoverformat": "",
        },
        yaxis={
            "domain": [foot, 1], "type": "category", "categoryorder": "array",
            "categoryarray": names[::-1], "range": [-0.5, len(names) - 0.5], "fixedrange": True,
        },
        yaxis2={
            "domain": [0, foot - 0.06], "tickformat": ".2~%" if share else "~g",
            "title": "" if share else found.unit, "fixedrange": True, "range": _range(found),
        },
    )  # fmt: skip
    lines = {key: made.layout.yaxis[key] for key in ("gridcolor", "zerolinecolor", "automargin")}
    made.update_layout(yaxis2=lines, xaxis2={"gridcolor": lines["gridcolor"]})
    made.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref="y2",
        y0=found.alert.threshold, y1=found.alert.threshold,
        line={
            "color": SEVERITY_COLOURS[found.alert.severity], "dash": "dash", "width": 1.5,
        },
    )  # fmt: skip


def _range(found: AlertCourse) -> list[float]:
    """All levels that there were, and the threshold, whatever is shown."""
    at = [*found.levels.tolist(), found.alert.threshold]
    margin = 0.06 * (max(at) - min(at)) or 1.0
    return [min(at) - margin, max(at) + margin]
