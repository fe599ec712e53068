"""What a table panel shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.figures.panels.units import Text
from slo.model.span import to_datetime
from slo.preview.settings import Settings, display_name, links_of, settings_of
from slo.preview.views import Cell, Column, Message, Table

if TYPE_CHECKING:
    from slo.preview.frames import Field, Value
    from slo.preview.questions import PanelAnswer
    from slo.preview.views import View

_GAUGES = ("gauge", "lcd-gauge", "basic", "gradient-gauge")
_OLD_MODES = {"color-background-solid": "color-background", "lcd-gauge": "gauge", "basic": "gauge"}


def table(found: PanelAnswer) -> View:
    """Rows of cells, of the first frame, as Grafana shows it."""
    if not found.frames:
        return Message("no data", "No data")
    frame = found.frames[int(found.panel.options.get("frameIndex") or 0)]
    columns, cells = [], []
    for field in frame.fields:
        settings = settings_of(found.panel, field)
        if settings.custom("hidden") or (settings.custom("hideFrom") or {}).get("viz"):
            continue
        columns.append(Column(display_name(settings, field), field.kind == "number"))
        cells.append(_cells(field, settings))
    more = len(found.frames) - 1
    note = f"Grafana offers {more} more of such tables in a menu." if more else ""
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), note)


def _cells(field: Field, settings: Settings) -> list[Cell]:
    options = settings.custom("cellOptions") or {}
    look = str(options.get("type") or settings.custom("displayMode") or "auto")
    numbers = [v for v in field.values if isinstance(v, int | float)]
    low = settings.low if settings.low is not None else min([0.0, *numbers])
    high = settings.high if settings.high is not None else max(numbers, default=1.0)
    links = tuple(link.title or link.url for link in links_of(settings))
    made = []
    for value in field.values:
        shown = settings.shown(value)
        text = shown.text
        if field.kind == "time" and not settings.unit and isinstance(value, int | float):
            text = Text(f"{to_datetime(round(value)):%Y-%m-%d %H:%M:%S}")
        coloured = look.startswith("color") or look in _GAUGES
        made.append(
            Cell(
                text=text,
                value=repr(value) if isinstance(value, float) else "",
                colour=shown.colour if coloured else "",
                look=_OLD_MODES.get(look, look),
                share=_share(value, low, high),
                links=links,
            )
        )
    return made


def _share(value: Value, low: float, high: float) -> float:
    if not isinstance(value, int | float) or high <= low:
        return 0.0
    return min(max((value - low) / (high - low), 0.0), 1.0)
