"""What a panel of series over time shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from slo.figures.panels.colours import of_palette
from slo.figures.panels.time_series import Axis, Line, Threshold, TimeSeries, figure
from slo.preview.reducers import REDUCERS, TITLES
from slo.preview.settings import Settings, display_name, settings_of
from slo.preview.views import Entry, Legend, Plot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.preview.frames import Field
    from slo.preview.questions import PanelAnswer
    from slo.preview.views import View

_DASHES = {"dash": "dash", "dot": "dot", "solid": "solid"}
_FEW_POINTS = 2


def time_series(found: PanelAnswer, marks: Sequence[tuple[int, str]]) -> View:
    """Lines, areas or bars, with a legend.

    Args:
        found: The answer.
        marks: Unix milliseconds of annotations, each with its words.

    """
    drawn: list[tuple[Line, Field, Settings]] = []
    for frame in found.frames:
        time = next((f for f in frame.fields if f.kind == "time"), None)
        for field in frame.fields:
            if field.kind == "number" and time is not None:
                settings = settings_of(found.panel, field)
                line = _line(field, time, settings, of_palette(len(drawn)))
                drawn.append((line, field, settings))
    visible = [one for one in drawn if not (one[2].custom("hideFrom") or {}).get("viz")]
    lines = tuple(line for line, _, _ in visible)
    sides = {line.side: settings for line, _, settings in reversed(visible)}
    panel = Settings(found.panel.defaults)
    left, right = (_axis(sides.get(side, panel), side, panel) for side in ("left", "right"))
    made = TimeSeries(found.range.span, lines, _thresholds(panel), left, right, tuple(marks))
    return Plot(figure(made), _legend(found.panel.options, visible))


def _line(field: Field, time: Field, settings: Settings, palette: str) -> Line:
    values = np.array([math.nan if v is None else v for v in field.values], dtype=np.float64)
    stacking = settings.custom("stacking") or {}
    stacked = stacking.get("mode") not in (None, "none")
    style = settings.custom("drawStyle", "line")
    fill = float(settings.custom("fillOpacity", 0)) / 100
    return Line(
        name=display_name(settings, field),
        times=np.array(time.values, dtype=np.int64),
        values=values,
        unit=settings.unit,
        decimals=settings.decimals,
        colour=_colour(settings, values, palette),
        side="right" if settings.custom("axisPlacement") == "right" else "left",
        bars=style == "bars",
        stack=str(stacking.get("group") or "A") if stacked else "",
        width=0 if style == "points" else float(settings.custom("lineWidth", 1)) * 1.2,
        dash=_DASHES.get((settings.custom("lineStyle") or {}).get("fill", "solid"), "solid"),
        fill=fill,
        stepped=settings.custom("lineInterpolation") in ("stepAfter", "stepBefore"),
        marked=style == "points"
        or settings.custom("showPoints") == "always"
        or int(np.isfinite(values).sum()) < _FEW_POINTS,
    )


def _colour(settings: Settings, values: Any, palette: str) -> str:  # noqa: ANN401  numpy's array
    if settings.fixed_colour:
        return settings.fixed_colour
    if settings.colour_mode == "thresholds":
        known = values[np.isfinite(values)]
        return settings.threshold_colour(float(known[-1])) if known.size else palette
    return palette


def _axis(settings: Settings, side: str, panel: Settings) -> Axis:
    of_panel = panel if side == "left" else settings
    scale = (settings.custom("scaleDistribution") or {}).get("type", "linear")
    low = settings.low if settings.low is not None else settings.custom("axisSoftMin")
    high = settings.high if settings.high is not None else settings.custom("axisSoftMax")
    label = str(settings.custom("axisLabel") or "")
    if side == "right" and settings.values.get("min") == of_panel.values.get("min"):
        low = settings.low
    return Axis(low, high, label, logarithmic=scale == "log")


def _thresholds(panel: Settings) -> tuple[Threshold, ...]:
    """Those that the panel draws: as lines, as areas, or as both."""
    mode = str((panel.custom("thresholdsStyle") or {}).get("mode") or "off")
    if mode == "off":
        return ()
    line, area = "line" in mode or "dashed" in mode, "area" in mode
    low, high = panel.low or 0.0, 100.0 if panel.high is None else panel.high
    return tuple(Threshold(s.value, s.colour, line, area) for s in panel.steps(low, high))


def _legend(options: Mapping[str, Any], drawn: Sequence[tuple[Line, Field, Settings]]) -> Legend:
    wanted = options.get("legend") or {}
    if wanted.get("showLegend") is False or wanted.get("displayMode") == "hidden":
        return Legend()
    calcs = [name for name in wanted.get("calcs") or () if name in REDUCERS]
    entries = tuple(
        Entry(
            line.name,
            line.colour,
            tuple(
                (TITLES[name], str(settings.shown(REDUCERS[name](field.values)).text))
                for name in calcs
            ),
        )
        for line, field, settings in drawn
        if not (settings.custom("hideFrom") or {}).get("legend")
    )
    return Legend(
        entries,
        table=wanted.get("displayMode") == "table",
        beside=wanted.get("placement") == "right",
    )
