"""What is promised, and for how long: objectives, error budgets and periods."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from slo.model.duration import DAY, format_duration
from slo.model.span import Span, to_datetime, to_milliseconds

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True)
class Objective:
    """The share of good events that is promised, kept as a decimal.

    ``100 - 99.9`` is 0.09999999999999432 in floats; the text of a rule and the engine's number
    must come from the same digits.

    Attributes:
        ratio: Above 0 and below 1.

    """

    ratio: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.ratio < 1:
            message = f"an objective lies between 0 and 1, both excluded, not at {self.ratio}"
            raise ValueError(message)

    @property
    def error_budget(self) -> Decimal:
        """The share of events that may be bad: ``1 - ratio``, exactly."""
        return 1 - self.ratio

    @property
    def highest_burn_rate(self) -> Decimal:
        """The burn rate when every event is bad; an alert at or above it can never fire."""
        return 1 / self.error_budget

    def __str__(self) -> str:
        percent = (self.ratio * 100).normalize()
        return f"{percent:f} %"


@dataclass(frozen=True)
class RollingPeriod:
    """The last so many milliseconds, at any instant."""

    length: int

    def bounds(self, at: int) -> Span:
        """The period that ends at an instant."""
        return Span(at - self.length, at)

    def __str__(self) -> str:
        return f"{format_duration(self.length)} rolling"


CalendarUnit = Literal["d", "w", "M", "Q", "Y"]
_CALENDAR_NAMES = {"d": "day", "w": "week", "M": "month", "Q": "quarter", "Y": "year"}
_MONTHS = {"M": 1, "Q": 3, "Y": 12}
_MEAN_YEAR = 365.2425 * DAY
_MEAN_LENGTHS = {
    "d": DAY,
    "w": 7 * DAY,
    "M": _MEAN_YEAR / 12,
    "Q": _MEAN_YEAR / 4,
    "Y": _MEAN_YEAR,
}


@dataclass(frozen=True)
class CalendarPeriod:
    """Days, weeks, months, quarters or years of a calendar, one after the other.

    Attributes:
        count: How many units a period lasts.
        unit: d, w, M, Q or Y.
        start: The first period's beginning, aware; its zone decides where days begin. Periods
            before it are counted backwards.

    """

    count: int
    unit: CalendarUnit
    start: datetime

    def __post_init__(self) -> None:
        if self.count < 1:
            message = f"a period lasts at least one {_CALENDAR_NAMES[self.unit]}"
            raise ValueError(message)
        to_milliseconds(self.start)

    def _beginning(self, index: int) -> int:
        """Start of period number ``index`` in Unix milliseconds, by wall clock in the zone."""
        steps = index * self.count
        if self.unit in _MONTHS:
            months = self.start.year * 12 + self.start.month - 1 + steps * _MONTHS[self.unit]
            year, month = divmod(months, 12)
            first = self.start.replace(year=year, month=month + 1, day=1)
            moment = first + timedelta(days=min(self.start.day, _days_in(first)) - 1)
        else:
            moment = self.start + timedelta(days=steps * (7 if self.unit == "w" else 1))
        return to_milliseconds(moment)

    @property
    def length(self) -> int:
        """The length of the first period in milliseconds; months differ."""
        return self._beginning(1) - self._beginning(0)

    def bounds(self, at: int) -> Span:
        """The whole period that holds an instant."""
        guess = int((at - self._beginning(0)) / (self.count * _MEAN_LENGTHS[self.unit]))
        around = range(guess - 3, guess + 5)
        index = around[bisect_right(around, at, key=self._beginning) - 1]
        return Span(self._beginning(index), self._beginning(index + 1))

    def __str__(self) -> str:
        name = _CALENDAR_NAMES[self.unit]
        return f"calendar {name}" if self.count == 1 else f"{self.count} calendar {name}s"


def _days_in(first: datetime) -> int:
    following = first.replace(day=28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).day


Period = RollingPeriod | CalendarPeriod


def period_at(period: Period, at: int) -> str:
    """A period and its dates at an instant, for people."""
    bounds = period.bounds(at)
    return f"{period} ({to_datetime(bounds.start):%Y-%m-%d} to {to_datetime(bounds.end):%Y-%m-%d})"
