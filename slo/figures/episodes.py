"""Incidents and what each alert did, on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.figures.reduce import date
from slo.figures.theme import GREY, SEVERITY_COLOURS, Figure, neutral
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest import Backtest
    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.model.slo import Slo

INCIDENTS = "incidents"
_ROW_HEIGHT, _EDGES = 34, 72


@dataclass(frozen=True)
class Bar:
    """A stretch in a row of the timeline.

    Attributes:
        span: As much of it as is shown.
        text: What it is, for people.

    """

    span: Span
    text: str


@dataclass(frozen=True)
class Row:
    """Incidents, or what one alert did."""

    name: str
    colour: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """Incidents in the first row, then a row for each alert of the policy.

    Attributes:
        span: What is shown.
        rows: From top to bottom.

    """

    span: Span
    rows: tuple[Row, ...]


def computed(result: Backtest, span: Span | None = None) -> Timeline:
    """A backtest's incidents and episodes in a span, or in all of it."""
    incidents = [outcome.incident for outcome in result.outcomes]
    return timeline(result.slo, result.episodes, incidents, result.span, span or result.span)


def timeline(
    slo: Slo,
    found: Sequence[Episode],
    incidents: Sequence[Incident],
    evaluated: Span,
    shown: Span,
) -> Timeline:
    """Episodes and incidents in rows.

    Args:
        slo: The objective, whose alerts have a row each.
        found: Episodes of its alerts.
        incidents: Labelled incidents.
        evaluated: The evaluated stretch; episodes that never ended end with it.
        shown: What to look at.

    """
    labelled = bars(((i.span, f"{i.name} ({i.kind})") for i in incidents), shown)
    rows = [Row(INCIDENTS, GREY, labelled)]
    for alert in slo.policy.alerts:
        own = (
            (
                Span(episode.start, evaluated.end if episode.end is None else episode.end),
                f"{episode.alert}, error ratio up to {episode.peak:.2%}",
            )
            for episode in found
            if episode.alert == alert.name
        )
        rows.append(Row(alert.name, SEVERITY_COLOURS[alert.severity], bars(own, shown)))
    return Timeline(shown, tuple(rows))


def bars(stretches: Iterable[tuple[Span, str]], shown: Span) -> tuple[Bar, ...]:
    """Stretches with their texts as bars, as much of them as is shown."""
    cut = ((span.overlap(shown), text) for span, text in stretches)
    return tuple(Bar(span, text) for span, text in cut if span)


def episodes(result: Backtest, span: Span | None = None) -> Figure:
    """Draw a backtest's incidents and episodes, in a span or in all of it."""
    return figure(computed(result, span))


def figure(found: Timeline) -> Figure:
    """Draw bars in their rows, the first row on top."""
    made = Figure()
    for row in found.rows:
        made.add_bar(name=row.name, showlegend=False, orientation="h", **bar_properties(row))
    names = [row.name for row in found.rows]
    made.update_layout(barmode="overlay", bargap=0.35)
    neutral(made, height=len(names) * _ROW_HEIGHT + _EDGES)
    made.update_layout(hovermode="closest", margin={"t": 16, "b": 36})
    made.update_xaxes(type="date", range=[date(found.span.start), date(found.span.end)])
    made.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=names[::-1],
        range=[-0.5, len(names) - 0.5],
    )
    return made


def bar_properties(row: Row) -> dict[str, object]:
    """What of a trace depends on its bars; the outline keeps the shortest visible.

    A row without bars keeps its place on the axis by an empty one.
    """
    shown = row.bars
    return {
        "base": [date(bar.span.start) for bar in shown] or [None],
        "x": [bar.span.length for bar in shown] or [None],
        "y": [row.name for _ in shown] or [row.name],
        "text": [bar.text for bar in shown] or [""],
        "textposition": "none",
        "marker": {"color": row.colour, "line": {"color": row.colour, "width": 2}},
        "customdata": [str(bar.span) for bar in shown] or [""],
        "hovertemplate": "%{text}<br>%{customdata}<extra></extra>",
    }


def target_properties(rows: Iterable[Row]) -> dict[str, object]:
    """Unseen marks in the middle of every bar, row by row: what a pointer near a bar finds.

    An hour of a quarter is a fifth of a pixel wide, and nobody hits that.
    """
    found = [(row, bar) for row in rows for bar in row.bars]
    return {
        "x": [date(bar.span.start + bar.span.length // 2) for _, bar in found] or [None],
        "y": [row.name for row, _ in found] or [None],
        "text": [bar.text for _, bar in found] or [""],
        "customdata": [str(bar.span) for _, bar in found] or [""],
        "hovertemplate": "%{text}<br>%{customdata}<extra></extra>",
        "mode": "markers",
        "opacity": 0,
        "showlegend": False,
        "name": "to click on",
    }
