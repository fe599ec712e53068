"""Series over time, as Grafana's panel of that name draws them: lines, areas, bars, two axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from slo.figures.panels.colours import veiled
from slo.figures.panels.units import formatted
from slo.figures.reduce import date, dates
from slo.figures.theme import GREY, Figure, neutral
from slo.model.duration import DAY

if TYPE_CHECKING:
    from slo.model.samples import Times, Values
    from slo.model.span import Span

Side = Literal["left", "right"]

_HEIGHT = 200
_TICKS = 5
_SOME_DAYS = 4
_AIR = 0.06
"""Of an axis' length, above what it shows."""

_NICE = (1, 2, 2.5, 5, 10)
_STEPS_OF_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200,
                     86400, 172800, 432000, 864000)  # fmt: skip
_SECONDS = {"s": 1.0, "ms": 1000.0, "m": 1 / 60}
_BINARY = ("bytes", "bits", "binBps", "binbps")


@dataclass(frozen=True, eq=False)
class Line:
    """One series.

    Attributes:
        name: In the legend.
        times: int64 Unix milliseconds, shape (n,).
        values: float64, shape (n,); NaN where there is none.
        unit: Grafana's.
        decimals: Digits after the point; None for as many as matter.
        colour: What a browser understands.
        side: The axis that it belongs to.
        bars: Drawn as bars rather than as a line.
        stack: What it is stacked with; empty for nothing.
        width: Of the line, in pixels.
        dash: plotly's: ``solid``, ``dash`` or ``dot``.
        fill: Opacity of the area below, 0 to 1.
        stepped: Held until the next value, rather than drawn straight to it.
        marked: Points are drawn too.

    """

    name: str
    times: Times
    values: Values
    unit: str
    decimals: int | None
    colour: str
    side: Side = "left"
    bars: bool = False
    stack: str = ""
    width: float = 1.5
    dash: str = "solid"
    fill: float = 0.0
    stepped: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Threshold:
    """A value that is drawn across the plot.

    Attributes:
        value: Where.
        colour: From there on.
        line: Drawn as a line.
        area: The ground from there to the next threshold is tinted.

    """

    value: float
    colour: str
    line: bool = True
    area: bool = False


@dataclass(frozen=True)
class Axis:
    """One side's scale.

    Attributes:
        low: The least value that is shown; None for what fits.
        high: The greatest; likewise.
        label: Beside it.
        logarithmic: Powers of ten are equally far apart.

    """

    low: float | None = None
    high: float | None = None
    label: str = ""
    logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class TimeSeries:
    """What a panel shows.

    Attributes:
        span: The shown range.
        lines: In the order of their drawing.
        thresholds: Of the left axis.
        left: The left axis.
        right: The right one, if any line belongs to it.
        marks: Unix milliseconds of what happened, each with its words.

    """

    span: Span
    lines: tuple[Line, ...]
    thresholds: tuple[Threshold, ...] = ()
    left: Axis = Axis()
    right: Axis = Axis()
    marks: tuple[tuple[int, str], ...] = ()


def figure(found: TimeSeries) -> Figure:
    """Draw a panel's series; its legend is the page's."""
    made = Figure()
    two = any(line.side == "right" for line in found.lines)
    for number, line in enumerate(found.lines):
        _draw(made, line, number)
    neutral(made, _HEIGHT)
    made.update_layout(
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
        barmode="stack",
        bargap=0.15,
        dragmode=False,
        autosize=True,
        height=None,
    )
    made.update_xaxes(
        range=[date(found.span.start), date(found.span.end)], type="date", fixedrange=True,
        showgrid=True, nticks=7, ticks="", showline=False, tickformat=_time_format(found.span),
        ticklabelstandoff=5,
    )  # fmt: skip
    _scale(made, "yaxis", found.left, [n for n in found.lines if n.side == "left"], found)
    if two:
        lines = [one for one in found.lines if one.side == "right"]
        _scale(made, "yaxis2", found.right, lines, found)
        made.update_layout(
            yaxis2={"overlaying": "y", "side": "right", "showgrid": False, "automargin": True,
                    "anchor": "x"}
        )  # fmt: skip
    for mark, words in found.marks:
        made.add_vline(x=date(mark), line={"color": GREY, "width": 1, "dash": "dot"})
        made.add_annotation(
            x=date(mark), y=1, yref="paper", text="▾", hovertext=words, showarrow=False,
            font={"size": 11}, yshift=4,
        )  # fmt: skip
    return made


def _time_format(span: Span) -> str:
    """Of the axis: the day is only told where there are several."""
    if span.length <= DAY:
        return "%H:%M"
    return "%d %b %H:%M" if span.length <= _SOME_DAYS * DAY else "%d %b"


def _draw(made: Figure, line: Line, number: int) -> None:
    texts = [
        "" if math.isnan(value) else str(formatted(value, line.unit, line.decimals))
        for value in line.values.tolist()
    ]
    axis = "y2" if line.side == "right" else "y"
    shared = {
        "x": dates(line.times), "y": line.values, "name": line.name, "yaxis": axis,
        "customdata": texts, "hovertemplate": "%{customdata}",
    }  # fmt: skip
    if line.bars:
        made.add_bar(
            **shared, offsetgroup=f"{axis}-{line.stack or number}",
            marker={"color": veiled(line.colour, max(line.fill, 0.35)),
                    "line": {"color": line.colour, "width": min(line.width, 1)}},
        )  # fmt: skip
        return
    filled = line.fill > 0
    made.add_scatter(
        **shared,
        mode="lines+markers" if line.marked else "lines",
        line={"color": line.colour, "width": line.width, "dash": line.dash,
              "shape": "hv" if line.stepped else "linear"},
        marker={"size": 5, "color": line.colour},
        fill=("tonexty" if line.stack else "tozeroy") if filled else "none",
        fillcolor=veiled(line.colour, line.fill),
        stackgroup=f"{axis}-{line.stack}" if line.stack else None,
        connectgaps=False,
    )  # fmt: skip


def _scale(made: Figure, name: str, axis: Axis, lines: list[Line], found: TimeSeries) -> None:
    limits = found.thresholds if name == "yaxis" else ()
    low, high = _extent(axis, lines, limits)
    unit, decimals = (lines[0].unit, lines[0].decimals) if lines else ("", None)
    ticks = _decades(low, high) if axis.logarithmic else nice_ticks(low, high, unit)
    settings = {
        "tickvals": ticks, "ticktext": _labels(ticks, unit, decimals), "fixedrange": True,
        "zeroline": False, "title": {"text": axis.label, "standoff": 4} if axis.label else None,
        "type": "log" if axis.logarithmic else "linear",
        "range": [math.log10(low), math.log10(high)] if axis.logarithmic else [low, high],
    }  # fmt: skip
    made.update_layout({name: settings})
    ordered = [one for one in limits if math.isfinite(one.value)]
    ends = [*(one.value for one in limits[1:]), math.inf]
    for one, following in zip(limits, ends, strict=False):
        bottom, top = max(one.value, low), min(following, high)
        if one.area and bottom < top:
            made.add_hrect(
                y0=bottom, y1=top, fillcolor=one.colour, opacity=0.12, line_width=0, layer="below"
            )
    for one in ordered:
        if one.line and low <= one.value <= high:
            made.add_hline(y=one.value, line={"color": one.colour, "width": 1.5, "dash": "dash"})


def _extent(axis: Axis, lines: list[Line], limits: tuple[Threshold, ...]) -> tuple[float, float]:
    """The least and the greatest value of an axis: what it shows, with some air above."""
    tops, bottoms = _heights(lines)
    # Grafana does not make room for thresholds; a reader wants to see those that are near.
    near = [t.value for t in limits if t.line and math.isfinite(t.value)]
    reach = max(tops, default=1.0)
    tops += [value for value in near if reach < value <= reach * 3]
    low = min(bottoms, default=0.0) if axis.low is None else axis.low
    high = max(tops, default=1.0) if axis.high is None else axis.high
    if axis.logarithmic:
        return max(low, high / 1e6, 1e-12) * 0.8, max(high, 1e-11) * 1.3
    if axis.low is None and 0 < low < high * 0.6:
        low = 0.0
    if high <= low:
        high = low + (abs(low) or 1.0)
    air = (high - low) * _AIR
    return low - (air if axis.low is None and low != 0 else 0), high + (
        air if axis.high is None else air / 3
    )


def _heights(lines: list[Line]) -> tuple[list[float], list[float]]:
    """Greatest and least values; stacks are as high as their parts together."""
    tops, bottoms = [], []
    stacks: dict[str, dict[int, float]] = {}
    for line in lines:
        known = np.isfinite(line.values)
        if not known.any():
            continue
        if line.stack:
            sums = stacks.setdefault(line.stack, {})
            pairs = zip(line.times[known].tolist(), line.values[known].tolist(), strict=True)
            for time, value in pairs:
                sums[time] = sums.get(time, 0.0) + value
            bottoms.append(0.0)
        else:
            tops.append(float(line.values[known].max()))
            bottoms.append(float(line.values[known].min()))
        if line.bars or line.fill:
            bottoms.append(0.0)
    for sums in stacks.values():
        tops.append(max(sums.values()))
        bottoms.append(min(*sums.values(), 0.0) if len(sums) > 1 else 0.0)
    return tops, bottoms


def nice_ticks(low: float, high: float, unit: str) -> list[float]:
    """About five round numbers between two, in a unit of which people count sixties and 1024s."""
    wanted = (high - low) / _TICKS
    if not math.isfinite(wanted) or wanted <= 0:
        return [low]
    if unit in _SECONDS and wanted / _SECONDS[unit] >= 1:
        seconds = wanted / _SECONDS[unit]
        step = next((s for s in _STEPS_OF_SECONDS if s >= seconds), seconds) * _SECONDS[unit]
    elif unit in _BINARY:
        power = 1024.0 ** math.floor(math.log(wanted, 1024)) if wanted >= 1 else 1.0
        step = power * 2 ** math.ceil(math.log2(max(wanted / power, 1e-9)))
    else:
        power = 10.0 ** math.floor(math.log10(wanted))
        step = next(n for n in _NICE if n * power >= wanted * 0.999) * power
    first = math.ceil(low / step - 1e-9)
    return [step * n for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _decades(low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    return [10.0**power for power in range(first, last + 1)]


def _labels(ticks: list[float], unit: str, decimals: int | None) -> list[str]:
    """Texts of an axis: no more digits than tell them apart."""
    for digits in range(6):
        texts = [str(formatted(tick, unit, digits)) for tick in ticks]
        if len(set(texts)) == len(texts) and all(_is_exact(tick, unit, digits) for tick in ticks):
            return texts
    return [str(formatted(tick, unit, decimals)) for tick in ticks]


def _is_exact(tick: float, unit: str, digits: int) -> bool:
    """Whether rounding to some digits leaves a tick's text as it is with more of them."""
    return float(formatted(tick, unit, digits).number or 0) == float(
        formatted(tick, unit, digits + 3).number or 0
    )
