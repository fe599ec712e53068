"""Prometheus durations, as integer milliseconds.

Syntax: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations
(``1h30m``, ``5m``, ``100ms``; units ``ms s m h d w y`` in falling order, each at most once).
"""

from __future__ import annotations

import math
import re

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 365 * DAY

_UNITS = {"y": YEAR, "w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": 1}
_SYNTAX = re.compile("".join(rf"(?:(\d+){unit})?" for unit in _UNITS))


def parse_duration(text: str) -> int:
    """Milliseconds of a Prometheus duration.

    Raises:
        ValueError: The text is not a Prometheus duration.

    """
    match = _SYNTAX.fullmatch(text)
    if not text or match is None:
        if text == "0":
            return 0
        message = f"{text!r} is not a Prometheus duration such as 5m, 1h30m or 30d"
        raise ValueError(message)
    amounts = zip(match.groups(), _UNITS.values(), strict=True)
    return sum(int(amount) * unit for amount, unit in amounts if amount)


def format_duration(milliseconds: int) -> str:
    """Text of a duration, largest unit a day: ``format_duration(7 * DAY) == "7d"``.

    Raises:
        ValueError: The duration is negative.

    """
    if milliseconds < 0:
        message = f"a duration cannot be negative: {milliseconds} ms"
        raise ValueError(message)
    if milliseconds == 0:
        return "0s"
    text, rest = "", milliseconds
    for unit in ("d", "h", "m", "s", "ms"):
        amount, rest = divmod(rest, _UNITS[unit])
        text += f"{amount}{unit}" if amount else ""
    return text


def in_days(milliseconds: int) -> str:
    """How long a history is: ``21.5 days``; below two days as it is rounded, ``38m``."""
    if milliseconds >= 2 * DAY:
        return f"{milliseconds / DAY:.3g} days"
    return rounded_duration(milliseconds)


def rounded_duration(milliseconds: float) -> str:
    """A duration rounded to what matters: ``4m30s``, ``3h12m``, ``2d4h``; a dash for none."""
    if math.isnan(milliseconds):
        return "-"
    grain = HOUR if milliseconds >= DAY else MINUTE if milliseconds >= HOUR else SECOND
    return format_duration(round(milliseconds / grain) * grain)
