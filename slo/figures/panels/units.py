"""Numbers with their units, as Grafana writes them.

After @grafana/data, packages/grafana-data/src/valueFormats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT = ("", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept")
_SI = ("", "k", "M", "G", "T", "P", "E", "Z", "Y")
_SMALL_SI = ("", "m", "µ", "n", "p")
_COUNT = ("", "K", "M", "B", "T")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")

_MINUTE, _HOUR, _DAY, _WEEK, _YEAR = 60, 3_600, 86_400, 604_800, 31_536_000
_TIMES = (
    (1e-6, 1e9, " ns"), (1e-3, 1e6, " µs"), (1, 1e3, " ms"), (_MINUTE, 1, " s"),
    (_HOUR, 1 / _MINUTE, " mins"), (_DAY, 1 / _HOUR, " hours"), (_WEEK, 1 / _DAY, " days"),
    (_YEAR, 1 / _WEEK, " weeks"), (math.inf, 1 / _YEAR, " years"),
)  # fmt: skip
_SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": _MINUTE, "h": _HOUR, "d": _DAY}
_PARTS = (("year", _YEAR), ("week", _WEEK), ("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE),
          ("second", 1))  # fmt: skip

_CURRENCIES = {
    "currencyUSD": "$", "currencyEUR": "€", "currencyGBP": "£", "currencyJPY": "¥",
    "currencyCHF": "CHF", "currencyINR": "₹",
}  # fmt: skip
_COUNTED = {
    "reqps": " req/s", "ops": " ops/s", "cps": " c/s", "rps": " rd/s", "wps": " wr/s",
    "iops": " io/s", "eps": " evt/s", "mps": " msg/s", "reqpm": " req/m", "opm": " ops/m",
    "cpm": " c/m", "rpm": " rd/m", "wpm": " wr/m", "epm": " evt/m", "mpm": " msg/m",
    "recps": " rec/s", "rows": " rows/s", "pps": " p/s",
}  # fmt: skip
_BYTES = {"bytes": "B", "Bps": "B/s", "binBps": "B/s", "bits": "b", "bps": "b/s", "binbps": "b/s"}
_DECIMAL_BYTES = {"decbytes": "B", "decbits": "b"}
_DECIMAL_RATES = ("Bps", "bps")
_BOOLS = {"bool": ("True", "False"), "bool_yes_no": ("Yes", "No"), "bool_on_off": ("On", "Off")}
_SIGNIFICANT, _MOST_DIGITS = 3, 15


@dataclass(frozen=True)
class Text:
    """A number as people read it; prefix and suffix are set smaller beside it."""

    number: str
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}{self.suffix}"


def formatted(value: float, unit: str, decimals: int | None = None) -> Text:
    """A value in a unit of Grafana's.

    Args:
        value: The number; infinities are written as such.
        unit: Grafana's id, such as ``percentunit``; one that is not known is a suffix.
        decimals: As many digits after the point; as many as matter if None.

    """
    if not math.isfinite(value):
        return Text("NaN" if math.isnan(value) else "∞" if value > 0 else "-∞")
    kind, _, own = unit.partition(":")
    if own:
        return _custom(value, kind, own, decimals)
    plain = _PLAIN.get(unit)
    return plain(value, decimals) if plain else _of_a_family(value, unit, decimals)


def _of_a_family(value: float, unit: str, decimals: int | None) -> Text:
    if unit in _SECONDS:
        return _time(value * _SECONDS[unit], decimals)
    if unit in _CURRENCIES:
        return _money(value, _CURRENCIES[unit], decimals)
    if unit in _COUNTED:
        return _scaled(value, 1000, _COUNT, _COUNTED[unit], decimals)
    if unit in _DECIMAL_RATES or unit in _DECIMAL_BYTES:
        return _scaled(value, 1000, _spaced(_SI), (_BYTES | _DECIMAL_BYTES)[unit], decimals)
    if unit in _BYTES:
        return _scaled(value, 1024, _spaced(_BINARY), _BYTES[unit], decimals)
    if unit in _BOOLS:
        return Text(_BOOLS[unit][0 if value else 1])
    return Text(fixed(value, decimals), suffix=f" {unit}")


def _custom(value: float, kind: str, own: str, decimals: int | None) -> Text:
    match kind:
        case "prefix":
            return Text(fixed(value, decimals), prefix=own)
        case "suffix":
            return Text(fixed(value, decimals), suffix=own)
        case "count":
            return _scaled(value, 1000, _COUNT, f" {own}", decimals)
        case "si":
            return _si(value, own, decimals)
        case "currency":
            return _money(value, own, decimals)
        case _:
            return Text(fixed(value, decimals), suffix=f" {kind}:{own}")


def fixed(value: float, decimals: int | None = None) -> str:
    """A number with so many digits after the point, or with three that matter."""
    digits = _decimals(value) if decimals is None else decimals
    text = f"{value:.{digits}f}"
    # A rounded negative is no negative zero.
    return text.removeprefix("-") if float(text) == 0 else text


def _decimals(value: float) -> int:
    """Three significant digits, none for whole numbers."""
    if value == math.trunc(value):
        return 0
    return min(max(_SIGNIFICANT - 1 - math.floor(math.log10(abs(value))), 0), _MOST_DIGITS)


def _scaled(
    value: float, factor: int, names: tuple[str, ...], unit: str, decimals: int | None
) -> Text:
    size, step = value, 0
    while abs(size) >= factor and step < len(names) - 1:
        size, step = size / factor, step + 1
    return Text(fixed(size, decimals), suffix=f"{names[step]}{unit}")


def _spaced(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {name}" for name in names)


def _si(value: float, unit: str, decimals: int | None) -> Text:
    size, step = value, 0
    while 0 < abs(size) < 1 and step < len(_SMALL_SI) - 1:
        size, step = size * 1000, step + 1
    if step:
        return Text(fixed(size, decimals), suffix=f" {_SMALL_SI[step]}{unit}".rstrip())
    return _scaled(value, 1000, _spaced(_SI), unit, decimals)


def _money(value: float, symbol: str, decimals: int | None) -> Text:
    plain = _scaled(abs(value), 1000, _COUNT, "", decimals)
    return Text(plain.number, ("-" if value < 0 else "") + symbol, plain.suffix)


def _time(seconds: float, decimals: int | None) -> Text:
    if seconds == 0:
        return Text("0", suffix=" s")
    _, scale, unit = next(row for row in _TIMES if abs(seconds) < row[0])
    return Text(fixed(seconds * scale, decimals), suffix=unit)


def _in_words(seconds: float, decimals: int | None) -> str:
    """The largest part and ``decimals`` smaller ones: ``1 day, 2 hours``."""
    rest, parts = abs(seconds), []
    for name, length in _PARTS:
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count:.0f} {name}{'' if count == 1 else 's'}")
    shown = ", ".join(parts[: (decimals or 0) + 1]) or "0 seconds"
    return f"{shown} ago" if seconds < 0 else shown


def _instant(value: float, _: int | None) -> Text:
    return Text(f"{to_datetime(round(value)):%Y-%m-%d %H:%M:%S}")


_PLAIN: dict[str, Callable[[float, int | None], Text]] = {
    "": lambda value, decimals: Text(fixed(value, decimals)),
    "none": lambda value, decimals: Text(fixed(value, decimals)),
    "string": lambda value, _: Text(f"{value:.15g}"),
    "short": lambda value, decimals: _scaled(value, 1000, _SHORT, "", decimals),
    "sishort": lambda value, decimals: _si(value, "", decimals),
    "percent": lambda value, decimals: Text(fixed(value, decimals), suffix="%"),
    "percentunit": lambda value, decimals: Text(fixed(100 * value, decimals), suffix="%"),
    "locale": lambda value, decimals: Text(
        f"{round(value, 20 if decimals is None else decimals):,.15g}"
    ),
    "sci": lambda value, decimals: Text(f"{value:.{2 if decimals is None else decimals}e}"),
    "dtdurations": lambda value, decimals: Text(_in_words(value, decimals)),
    "dtdurationms": lambda value, decimals: Text(_in_words(value / 1000, decimals)),
    "dateTimeAsIso": _instant,
    "dateTimeAsLocal": _instant,
    "dateTimeAsSystem": _instant,
    "time": _instant,
}
"""How values are written in units that are of no family."""
