"""What went wrong with alerts, case by case: incidents that none saw, and pages for nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import numpy as np
from plotly.subplots import make_subplots

from slo.figures.reduce import date, dates, drawn, during, reduced
from slo.figures.theme import BLUE, GREY, SEVERITY_COLOURS, SKY, Figure, legend_entry, neutral
from slo.model.duration import MINUTE, format_duration
from slo.model.span import Span, format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.backtest import Compared, Judged
    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.model.samples import Points, Values

    Lines = tuple[Compared, ...]

MOST_CASES = 12
"""Cases that a figure shows unless told; the rest are counted."""

_POINTS = 600
_ROW_HEIGHT, _EDGES, _EMPTY = 170, 110, 120
_MARGIN = 30 * MINUTE


@dataclass(frozen=True, eq=False)
class Case:
    """One incident that no alert saw, or one page that belongs to no incident.

    Attributes:
        kind: ``missed`` or ``false``.
        title: What happened, and when.
        lines: What one alert compares over each of its windows, longest first, as far as shown:
            the alert that paged, or the one that came nearest to seeing what was missed.
        shown: The stretch to look at.
        incidents: As much of incidents as is shown.
        fired: As much of the alert's episodes as is shown.

    """

    kind: Literal["missed", "false"]
    title: str
    lines: Lines
    shown: Span
    incidents: tuple[Span, ...]
    fired: tuple[Span, ...]


@dataclass(frozen=True, eq=False)
class Cases:
    """What went wrong in a backtest.

    Attributes:
        shown: Incidents that were missed, then pages for nothing, each in the order of time.
        more: How many there are beside them.

    """

    shown: tuple[Case, ...]
    more: int


def computed(result: Judged, most: int = MOST_CASES) -> Cases:
    """The cases of a backtest, of burn-rate alerts or of alerts on thresholds.

    Args:
        result: The backtest.
        most: So many cases at most.

    """
    lines = {name: tuple(of) for name, of in groupby(result.compared, lambda one: one.alert)}
    missed = result.missed if lines else ()
    false = [episode for episode in result.false_episodes if episode.severity == "page"]
    cases = [
        *(_missed(result, incident, lines) for incident in missed[:most]),
        *(_false(result, episode, lines) for episode in false[: max(0, most - len(missed))]),
    ]
    return Cases(tuple(cases), len(missed) + len(false) - len(cases))


def outcomes(result: Judged, most: int = MOST_CASES) -> Figure:
    """Draw each incident that was missed and each page for nothing, a row for each.

    Args:
        result: A backtest of burn-rate alerts, or of alerts on thresholds.
        most: So many rows at most; incidents that were missed come first.

    """
    return figure(computed(result, most))


def figure(found: Cases) -> Figure:
    """Draw what was compared as lines, thresholds dashed, incidents and episodes as bands."""
    rows = len(found.shown)
    if not rows:
        return _nothing()
    height = rows * _ROW_HEIGHT + _EDGES
    titles = [f"<b>{case.title}</b>" for case in found.shown]
    made = Figure(
        make_subplots(rows=rows, cols=1, subplot_titles=titles, vertical_spacing=62 / height)
        if rows > 1
        else make_subplots(rows=1, cols=1, subplot_titles=titles)
    )
    made.update_annotations(x=0, xanchor="left", font={"size": 12})
    for row, case in enumerate(found.shown, start=1):
        _draw(made, case, row)
    _explain(made, found)
    neutral(made, height)
    if found.more:
        made.update_layout(title={"text": f"and {found.more} more", "x": 1, "xanchor": "right"})
    made.update_layout(margin={"t": 40})
    return made


def _missed(result: Judged, incident: Incident, lines: Mapping[str, Lines]) -> Case:
    name = max(lines, key=lambda one: _nearness(lines[one], incident.span))
    title = f"missed: {incident.name}, {format_instant(incident.span.start)}, nearest {name}"
    return _case(result, "missed", title, incident.span, lines[name])


def _false(result: Judged, episode: Episode, lines: Mapping[str, Lines]) -> Case:
    span = Span(episode.start, result.span.end if episode.end is None else episode.end)
    title = f"false: {episode.alert}, {format_instant(episode.start)}"
    return _case(result, "false", title, span, lines[episode.alert])


def _case(
    result: Judged, kind: Literal["missed", "false"], title: str, at: Span, lines: Lines
) -> Case:
    """Look at a stretch and as far around it as the alert's windows reach."""
    before, after = (max(_MARGIN, line.window) for line in (lines[0], lines[-1]))
    around = Span(at.start - before, at.end + after)
    shown = around.overlap(result.span) or result.span
    own = (one for one in result.episodes if one.alert == lines[0].alert)
    ends = ((one.start, result.span.end if one.end is None else one.end) for one in own)
    return Case(
        kind=kind,
        title=title,
        lines=tuple(replace(one, values=during(one.values, shown)) for one in lines),
        shown=shown,
        incidents=_cut((outcome.incident.span for outcome in result.outcomes), shown),
        fired=_cut((Span(start, end) for start, end in ends), shown),
    )


def _cut(spans: Iterable[Span], shown: Span) -> tuple[Span, ...]:
    return tuple(one for one in (span.overlap(shown) for span in spans) if one)


def _nearness(lines: Lines, span: Span) -> float:
    """How near an alert came in a stretch: 0 at its threshold, as a share of it."""
    at = [_beyond(line, during(line.values, span)) for line in lines]
    return float(np.min(at, axis=0).max(initial=-np.inf))


def _beyond(line: Compared, points: Points) -> Values:
    """How far values lie beyond the threshold, minus infinity where there is none."""
    sign = 1 if line.comparison in {">", ">="} else -1
    gap = sign * (drawn(points) - line.threshold) / (abs(line.threshold) or 1.0)
    return np.where(np.isnan(gap), -np.inf, gap)


def _draw(made: Figure, case: Case, row: int) -> None:
    share = case.lines[0].is_share
    severity = SEVERITY_COLOURS[case.lines[0].severity]
    colours = (BLUE, SKY, *(GREY for _ in case.lines))
    for line, colour in zip(case.lines, colours, strict=False):
        points = reduced(line.values, _POINTS)
        made.add_scatter(
            x=dates(points.times), y=drawn(points), row=row, col=1, showlegend=False,
            name=f"{line.alert} over {format_duration(line.window)}",
            line={"color": colour, "width": 1.6}, hovertemplate="%{y:.3%}" if share else "%{y:.4g}",
        )  # fmt: skip
    made.add_hline(
        y=case.lines[0].threshold, row=row, col=1,
        line={"color": severity, "dash": "dash", "width": 1.5},
    )  # fmt: skip
    bands = [(span, GREY, 0.22) for span in case.incidents]
    for span, colour, opacity in [*bands, *((span, severity, 0.3) for span in case.fired)]:
        made.add_vrect(
            x0=date(span.start), x1=date(span.end), row=row, col=1, layer="below",
            fillcolor=colour, opacity=opacity, line={"color": colour, "width": 1},
        )  # fmt: skip
    made.update_xaxes(
        range=[date(case.shown.start), date(case.shown.end)], type="date", row=row, col=1
    )
    made.update_yaxes(
        rangemode="tozero", tickformat=".2~%" if share else "~g", nticks=4, row=row, col=1
    )


def _explain(made: Figure, found: Cases) -> None:
    """Legend entries for what is there to see."""
    legend_entry(made, "longest window", color=BLUE)
    if any(len(case.lines) > 1 for case in found.shown):
        legend_entry(made, "shorter window", color=SKY)
    if any(case.incidents for case in found.shown):
        legend_entry(made, "incident", color=GREY, opacity=0.4)
    for severity, colour in SEVERITY_COLOURS.items():
        own = [case for case in found.shown if case.lines[0].severity == severity]
        if any(case.fired for case in own):
            legend_entry(made, f"{severity} firing", color=colour, opacity=0.5)


def _nothing() -> Figure:
    made = neutral(Figure(), _EMPTY)
    text = "No incident was missed, and no page was for nothing."
    made.add_annotation(text=text, x=0, y=0.5, xref="paper", yref="paper", showarrow=False)
    made.update_xaxes(visible=False)
    made.update_yaxes(visible=False)
    return made
