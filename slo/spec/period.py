"""``timeWindow``: the period that an error budget is for."""

from __future__ import annotations

import re
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, available_timezones

from slo.model.objective import CalendarPeriod, RollingPeriod
from slo.spec import scalars
from slo.spec.place import shown
from slo.spec.scalars import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.objective import CalendarUnit, Period
    from slo.spec.place import Place
    from slo.spec.wire import Calendar, TimeWindow

_UNITS = re.compile(r"([1-9]\d{0,3})([dwMQY])", re.ASCII)
_START = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", re.ASCII)


def period_of(windows: Sequence[TimeWindow], place: Place) -> Period:
    """The one period of an objective.

    ``isRolling`` may be left out: a window with a ``calendar`` follows it, others roll.

    Raises:
        SpecError: There is not exactly one window, or it does not say what it means.

    """
    if len(windows) != 1:
        raise place.refusal(f"{len(windows)} windows", "a list of exactly one")
    window, here = windows[0], place / 0
    if window.calendar is None and window.is_rolling is False:
        expected = "isRolling: true, or a calendar with startTime and timeZone"
        raise (here / "isRolling").refusal("false without a calendar", expected)
    if window.calendar is None:
        return RollingPeriod(scalars.duration(window.duration, here / "duration"))
    if window.is_rolling:
        expected = "isRolling: false, or no calendar"
        raise (here / "isRolling").refusal("true beside a calendar", expected)
    return _calendar_period(window.duration, window.calendar, here)


def _calendar_period(text: str, calendar: Calendar, place: Place) -> CalendarPeriod:
    units = _UNITS.fullmatch(text)
    scalars.duration(text, place / "duration")
    if units is None:
        expected = "whole days, weeks, months, quarters or years of the calendar, such as 1M"
        raise (place / "duration").refusal(shown(text), expected)
    start = _start(calendar, place / "calendar")
    return CalendarPeriod(int(units[1]), cast("CalendarUnit", units[2]), start)


def _start(calendar: Calendar, place: Place) -> datetime:
    zone = _zone(calendar.time_zone, place / "timeZone")
    text = calendar.start_time
    try:
        start = datetime.fromisoformat(text) if _START.fullmatch(text) else None
    except ValueError:
        start = None
    if start is None or not FIRST_YEAR <= start.year <= LAST_YEAR:
        expected = f"a date and time between {FIRST_YEAR} and {LAST_YEAR} without a zone"
        raise (place / "startTime").refusal(shown(text), f"{expected}, as 2026-01-01 00:00:00")
    return start.replace(tzinfo=zone)


def _zone(name: str, place: Place) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # The names of folders, and those that no file can have, end in other errors.
    except (KeyError, ValueError, OSError):
        close = get_close_matches(name, available_timezones(), n=1)
        expected = repr(close[0]) if close else "an IANA time zone such as 'Europe/Berlin'"
        raise place.refusal(shown(name), expected) from None
