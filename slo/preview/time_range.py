"""Which stretch a dashboard shows, and at which instants it is asked about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from slo.errors import ConfigError
from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.grid import Grid
from slo.model.span import Span, to_datetime, to_milliseconds

if TYPE_CHECKING:
    from datetime import datetime

_SYNTAX = re.compile(r"now(?:([+-])(\d+)([smhdwMy]))?(?:/([dwMy]))?")
_FIXED = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_MONTHS = 12

_POINTS = 400
_STEPS = tuple(
    step
    for unit, counts in ((SECOND, (15, 30)), (MINUTE, (1, 2, 5, 10, 15, 20, 30)),
                         (HOUR, (1, 2, 3, 6, 12)), (DAY, (1,)))
    for step in (count * unit for count in counts)
)  # fmt: skip

SCRAPE = MINUTE
"""What ``$__rate_interval`` takes for the interval of scrapes: longer than most, so never empty."""


@dataclass(frozen=True)
class TimeRange:
    """A stretch, and the step at which most panels ask about it.

    Attributes:
        span: From the range's start to its end.
        step: Milliseconds; panels may ask more seldom.

    """

    span: Span
    step: int

    def grid(self, least: int = 0) -> Grid:
        """Instants of a panel: both ends lie on multiples of its step, as Grafana has them."""
        step = max(self.step, least)
        start, end = (instant // step * step for instant in (self.span.start, self.span.end))
        return Grid(start, end, step)


def time_range(start: str, end: str, now: int) -> TimeRange:
    """The range of texts such as ``now-6h`` and ``now``, or ``now/M``.

    Args:
        start: Where it begins; ``/d``, ``/w``, ``/M``, ``/y`` round down.
        end: Where it ends; the same round up.
        now: Unix milliseconds.

    Raises:
        ConfigError: A text is no such range, or the range ends before it begins.

    """
    span = (_instant(start, now, up=0), _instant(end, now, up=1))
    if span[0] >= span[1]:
        raise ConfigError(f"the range {start} to {end}: found no time in it, expected some")
    # Grafana shows what is yet to come as empty; a preview ends where there is data.
    last = min(span[1], now)
    length = last - min(span[0], last - MINUTE)
    step = next((one for one in _STEPS if length <= one * _POINTS), _STEPS[-1])
    return TimeRange(Span(last - length, last), step)


def rate_interval(step: int) -> int:
    """Milliseconds of ``$__rate_interval``: room for four scrapes, and no gap between steps."""
    return max(step + SCRAPE, 4 * SCRAPE)


def _instant(text: str, now: int, up: int) -> int:
    found = _SYNTAX.fullmatch(text.strip())
    if found is None:
        raise ConfigError(f"the range: found {text!r}, expected something like now-6h or now/M")
    moment, rounded = to_datetime(now), found[4]
    if found[1]:
        moment = _moved(moment, int(f"{found[1]}{found[2]}"), found[3])
    if rounded:
        # At midnight the day that has just ended is meant: there is nothing of the next.
        within = moment - timedelta(milliseconds=1)
        moment = _moved(_floor(within, rounded), up, rounded)
    return to_milliseconds(moment)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit == "M":
        month = moment.year * _MONTHS + moment.month - 1 + count
        first = moment.replace(day=1, year=month // _MONTHS, month=month % _MONTHS + 1)
        return first + timedelta(days=moment.day - 1)
    if unit == "y":
        return _moved(moment, count * _MONTHS, "M")
    return moment + timedelta(milliseconds=count * _FIXED[unit])


def _floor(moment: datetime, unit: str) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "w":
        return day - timedelta(days=day.weekday())
    if unit == "M":
        return day.replace(day=1)
    return day.replace(day=1, month=1) if unit == "y" else day
