"""Numbers that a panel reduces its fields to, and what such panels show: stat, gauge, bars, pie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.figures.panels.colours import of_palette
from slo.figures.panels.gauge import Gauge, arcs
from slo.figures.panels.pie import Pie, Slice, figure
from slo.figures.panels.units import Text
from slo.preview.reducers import REDUCERS
from slo.preview.settings import display_name, settings_of
from slo.preview.views import Bar, Bars, Dial, Dials, Entry, Legend, Plot, Tile, Tiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.preview.frames import Field, Frame, Value
    from slo.preview.questions import PanelAnswer
    from slo.preview.settings import Settings, Shown
    from slo.preview.views import View

_WIDTH, _HEIGHT = 100.0, 30.0


@dataclass(frozen=True)
class Number:
    """One number of a panel.

    Attributes:
        name: What it is of.
        value: The number.
        settings: How it is shown.
        field: Where it comes from.

    """

    name: str
    value: Value
    settings: Settings
    field: Field

    @property
    def shown(self) -> Shown:
        """As people see it."""
        return self.settings.shown(self.value)

    @property
    def exact(self) -> str:
        """For machines: every digit."""
        return repr(self.value) if isinstance(self.value, float) else str(self.value or "")

    @property
    def size(self) -> float:
        """The number, 0 where there is none."""
        return float(self.value) if isinstance(self.value, int | float) else 0.0

    def bounds(self, low: float, high: float) -> tuple[float, float]:
        """The ends of its scale: its settings', or these."""
        bottom = low if self.settings.low is None else self.settings.low
        top = high if self.settings.high is None else self.settings.high
        return bottom, top if top > bottom else bottom + 1


def numbers(found: PanelAnswer) -> list[Number]:
    """The numbers of a panel, by its reducer, or a number a row where it asks for all values."""
    options = found.panel.options.get("reduceOptions") or {}
    calc = (options.get("calcs") or ["lastNotNull"])[0]
    reduce = REDUCERS.get(calc, REDUCERS["lastNotNull"])
    made: list[Number] = []
    for frame in found.frames:
        for field in _fields(frame, str(options.get("fields") or "")):
            settings = settings_of(found.panel, field)
            name = display_name(settings, field)
            if not options.get("values"):
                made.append(Number(name, reduce(field.values), settings, field))
                continue
            words = _words(frame)
            made += [
                Number(words[row] or name, value, settings, field)
                for row, value in enumerate(field.values)
            ]
    limit = options.get("limit")
    return made[: int(limit)] if limit and options.get("values") else made


def _fields(frame: Frame, wanted: str) -> Iterator[Field]:
    """Those that hold numbers, or those that a pattern such as ``/^Cost$/`` names."""
    for field in frame.fields:
        if wanted.startswith("/"):
            if re.search(wanted.strip("/"), field.name):
                yield field
        elif (wanted and field.name == wanted) or (not wanted and field.kind == "number"):
            yield field


def _words(frame: Frame) -> list[str]:
    """What each row is called: its words."""
    texts = [f.values for f in frame.fields if f.kind == "string"]
    return [" ".join(str(v[row]) for v in texts if v[row]) for row in range(frame.length)]


def stat(found: PanelAnswer) -> View:
    """Big numbers."""
    options = found.panel.options
    read = numbers(found)
    mode = options.get("textMode") or "auto"
    named = mode == "value_and_name" or (mode == "auto" and len(read) > 1)
    line = options.get("graphMode", "area") == "area"
    coloured = options.get("colorMode") != "none"
    tiles = tuple(
        Tile(
            name=one.name if named else "",
            text=Text(one.name) if mode == "name" else one.shown.text,
            colour=one.shown.colour if coloured else "",
            value="" if mode == "name" else one.exact,
            sparkline=_sparkline(one) if line else "",
        )
        for one in read
    )
    return Tiles(tiles, filled=str(options.get("colorMode") or "").startswith("background"))


def _sparkline(one: Number) -> str:
    values = [v if isinstance(v, int | float) else None for v in one.field.values]
    known = [value for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004  a line has two ends
        return ""
    low, high = one.bounds(min(known), max(known))
    path, drawing = [], False
    for place, value in enumerate(values):
        if value is not None:
            right = _WIDTH * place / (len(values) - 1)
            down = _HEIGHT - (_HEIGHT - 2) * min(max((value - low) / (high - low), 0.0), 1.0)
            path.append(f"{'L' if drawing else 'M'}{right:.1f} {down:.1f}")
        drawing = value is not None
    return "".join(path)


def gauge(found: PanelAnswer) -> View:
    """Dials."""
    read = numbers(found)
    dials = []
    for one in read:
        low, high = one.bounds(0.0, 1.0 if one.settings.unit == "percentunit" else 100.0)
        steps = tuple((step.value, step.colour) for step in one.settings.steps(low, high))
        colour = one.settings.threshold_colour(one.size, low, high) or of_palette(0)
        dial = Gauge(one.size, low, high, colour, steps, one.settings.unit, one.settings.decimals)
        name = one.name if len(read) > 1 else ""
        shown = one.shown
        dials.append(Dial(name, shown.text, shown.colour, one.exact, dial.ends, arcs(dial)))
    return Dials(tuple(dials))


def bar_gauge(found: PanelAnswer) -> View:
    """Bars with their numbers."""
    read = numbers(found)
    sizes = [one.size for one in read]
    least, most = min([0.0, *sizes]), max(sizes, default=1.0)
    bars = []
    for number, one in enumerate(read):
        low, high = one.bounds(least, most)
        share = min(max((one.size - low) / (high - low), 0.0), 1.0)
        bars.append(Bar(one.name, one.shown.text, _colour(one, number), one.exact, share))
    return Bars(tuple(bars))


def pie(found: PanelAnswer) -> View:
    """Shares of a whole."""
    read = [one for one in numbers(found) if one.size > 0]
    total = sum(one.size for one in read)
    options: dict[str, Any] = dict(found.panel.options.get("legend") or {})
    wanted = options.get("values") or ()
    slices, entries = [], []
    for number, one in enumerate(read):
        colour = _colour(one, number)
        slices.append(Slice(one.name, one.size, str(one.shown.text), colour))
        figures = {"value": str(one.shown.text), "percent": f"{100 * one.size / total:.0f}%"}
        titles = {"value": "Value", "percent": "Percent"}
        entries.append(
            Entry(one.name, colour, tuple((titles[n], figures[n]) for n in wanted if n in titles))
        )
    whole = read[0].settings.shown(total).text if read else ""
    donut = found.panel.options.get("pieType") == "donut"
    drawn = figure(Pie(tuple(slices), donut, str(whole)))
    shown = options.get("showLegend", True)
    legend = Legend(
        tuple(entries) if shown else (),
        table=options.get("displayMode") == "table",
        beside=options.get("placement") == "right",
    )
    return Plot(drawn, legend)


def _colour(one: Number, number: int) -> str:
    """By threshold where the panel colours so, else the palette's next."""
    if one.settings.fixed_colour:
        return one.settings.fixed_colour
    if one.settings.colour_mode == "thresholds" and one.shown.colour:
        return one.shown.colour
    return of_palette(number)
