"""How a field is shown: the panel's defaults with the overrides that mean the field."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.figures.panels.colours import colour
from slo.figures.panels.units import Text, formatted
from slo.preview.dashboard import Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.preview.dashboard import Override, Panel
    from slo.preview.frames import Field, Value

_PERCENTAGE = "percentage"
_NOTHING = "-"


@dataclass(frozen=True)
class Step:
    """A threshold: from this value on, this colour."""

    value: float
    colour: str


@dataclass(frozen=True)
class Shown:
    """A value as people see it.

    Attributes:
        text: The words or the number.
        colour: By mapping or threshold; empty where neither says any.

    """

    text: Text
    colour: str = ""


@dataclass(frozen=True)
class Settings:
    """Grafana's settings of one field, by dotted ids."""

    values: Mapping[str, Any]

    def custom(self, name: str, otherwise: Any = None) -> Any:  # noqa: ANN401  whatever JSON holds
        """A setting of the panel's kind, such as ``lineWidth``."""
        found = self.values.get(f"custom.{name}")
        return otherwise if found is None else found

    @property
    def unit(self) -> str:
        """Grafana's id of the unit."""
        return str(self.values.get("unit") or "")

    @property
    def decimals(self) -> int | None:
        """Digits after the point; None for as many as matter."""
        found = self.values.get("decimals")
        return None if found is None else int(found)

    @property
    def low(self) -> float | None:
        """The least value of an axis or a gauge."""
        return self._number("min")

    @property
    def high(self) -> float | None:
        """The greatest value of an axis or a gauge."""
        return self._number("max")

    def _number(self, name: str) -> float | None:
        found = self.values.get(name)
        return None if found is None else float(found)

    @property
    def no_value(self) -> str:
        """What stands where there is nothing."""
        return str(self.values.get("noValue") or "")

    @property
    def colour_mode(self) -> str:
        """Where colours come from: ``thresholds``, ``palette-classic``, ``fixed``."""
        return str((self.values.get("color") or {}).get("mode") or "")

    @property
    def fixed_colour(self) -> str:
        """The one colour; empty where there is none."""
        named = (self.values.get("color") or {}).get("fixedColor")
        return colour(named) if named and self.colour_mode in ("fixed", "shades") else ""

    def steps(self, low: float = 0.0, high: float = 100.0) -> tuple[Step, ...]:
        """Thresholds in rising order; percentages become values between ``low`` and ``high``."""
        found = self.values.get("thresholds") or {}
        relative = found.get("mode") == _PERCENTAGE
        made = []
        for one in found.get("steps") or ():
            value = one.get("value")
            at = -math.inf if value is None else float(value)
            if relative and math.isfinite(at):
                at = low + (high - low) * at / 100
            made.append(Step(at, colour(str(one.get("color") or ""))))
        return tuple(sorted(made, key=lambda step: step.value))

    def threshold_colour(self, value: float, low: float = 0.0, high: float = 100.0) -> str:
        """The colour of the highest threshold that a value reaches; empty without any."""
        reached = [one.colour for one in self.steps(low, high) if value >= one.value]
        return reached[-1] if reached else ""

    def shown(self, value: Value) -> Shown:
        """A value as text with its colour: mappings first, then the unit and thresholds."""
        mapped = _mapped(value, self.values.get("mappings") or ())
        if mapped:
            words, named = mapped
            ruled = self._colour(value)
            if words:
                return Shown(Text(words), named or ruled)
            return Shown(self._text(value), named or ruled)
        return Shown(self._text(value), self._colour(value))

    def _text(self, value: Value) -> Text:
        if value is None:
            return Text(self.no_value or _NOTHING)
        if isinstance(value, str):
            return Text(value)
        return formatted(value, self.unit, self.decimals)

    def _colour(self, value: Value) -> str:
        if self.fixed_colour:
            return self.fixed_colour
        if not isinstance(value, int | float):
            return ""
        return self.threshold_colour(
            value, self.low or 0.0, 100.0 if self.high is None else self.high
        )


def _mapped(value: Value, mappings: Any) -> tuple[str, str] | None:  # noqa: ANN401  Grafana's JSON
    """Words and colour of the first mapping that a value meets."""
    for mapping in mappings:
        options = mapping.get("options") or {}
        match mapping.get("type"):
            case "value":
                result = _by_value(value, options)
            case "range":
                result = options.get("result") if _within(value, options) else None
            case "regex":
                result = _by_pattern(value, options)
            case "special":
                result = options.get("result") if _special(value, options.get("match")) else None
            case _:
                result = None
        if result is not None:
            named = result.get("color")
            return str(result.get("text") or ""), colour(named) if named else ""
    return None


def _by_value(value: Value, options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for key, result in options.items():
        if isinstance(value, int | float):
            try:
                if float(key) == value:
                    return dict(result)
            except ValueError:
                continue
        elif value is not None and key == value:
            return dict(result)
    return None


def _within(value: Value, options: Mapping[str, Any]) -> bool:
    low, high = options.get("from"), options.get("to")
    return (
        isinstance(value, int | float)
        and (low is None or value >= float(low))
        and (high is None or value <= float(high))
    )


def _by_pattern(value: Value, options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    pattern = str(options.get("pattern") or "").strip("/")
    found = re.search(pattern, value) if isinstance(value, str) and pattern else None
    if not found:
        return None
    result = dict(options.get("result") or {})
    if result.get("text"):
        result["text"] = re.sub(r"\$(\d)", lambda m: found[int(m[1])] or "", result["text"])
    return result


def _special(value: Value, match: str | None) -> bool:
    number = isinstance(value, int | float)
    match match:
        case "null":
            return value is None
        case "nan":
            return number and math.isnan(value)  # type: ignore[arg-type]
        case "null+nan":
            return value is None or (number and math.isnan(value))  # type: ignore[arg-type]
        case "true":
            return value in (True, "true")
        case "false":
            return value in (False, "false") and value is not None
        case "empty":
            return value == ""
        case _:
            return False


def settings_of(panel: Panel, field: Field) -> Settings:
    """A field's settings: the panel's, then those of each override that means it."""
    merged = dict(panel.defaults)
    for override in panel.overrides:
        if means(override, field):
            merged |= override.properties
    return Settings(merged)


def means(override: Override, field: Field) -> bool:
    """Whether an override is about a field."""
    wanted = override.wanted
    match override.matcher:
        case "byName":
            return bool(field.name == wanted)
        case "byNames":
            return field.name in (wanted or {}).get("names", ())
        case "byRegexp":
            return re.search(str(wanted).strip("/"), field.name) is not None
        case "byFrameRefID":
            return bool(field.ref == wanted)
        case "byType":
            return bool(field.kind == wanted)
        case "numeric":
            return field.kind == "number"
        case "time":
            return field.kind == "time"
        case _:
            return False


def display_name(settings: Settings, field: Field) -> str:
    """A field's name as people see it."""
    given = settings.values.get("displayName")
    if not given:
        return field.name
    labels = dict(field.labels)

    def put(found: re.Match[str]) -> str:
        if found[1] == "__field.name":
            return field.name
        return labels.get(found[1].removeprefix("__field.labels."), "")

    return re.sub(r"\$\{([^}]+)\}", put, str(given))


def links_of(settings: Settings) -> tuple[Link, ...]:
    """Where a field's values lead."""
    found = settings.values.get("links") or ()
    return tuple(Link(str(one.get("title") or ""), str(one.get("url") or "")) for one in found)
