"""Single values of a specification: names, numbers, days and durations, from their text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from slo.model.duration import DAY, HOUR, MINUTE, WEEK, YEAR, parse_duration
from slo.model.span import to_milliseconds
from slo.spec.place import shown

if TYPE_CHECKING:
    from slo.spec.place import Place

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SHORTHAND = re.compile(r"(\d{1,9})([mhdwMQY])", re.ASCII)
_SHORTHAND_UNITS = {
    "m": MINUTE,
    "h": HOUR,
    "d": DAY,
    "w": WEEK,
    "M": 30 * DAY,
    "Q": 90 * DAY,
    "Y": YEAR,
}
_LONGEST = 10 * YEAR
_MOST_DIGITS = 20
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 2200
_LONGEST_LABEL = 100


def name(text: str, place: Place) -> str:
    """A name that can stand in labels, file names and rule groups.

    Raises:
        SpecError: It is not a name after RFC 1123.

    """
    if not _NAME.fullmatch(text):
        expected = "a name of lower-case letters, digits and '-', such as 'ticket-success'"
        raise place.refusal(shown(text), f"{expected}, at most 63 characters")
    return text


def number(text: str, place: Place) -> Decimal:
    """A number with all of its digits.

    Raises:
        SpecError: It is not a finite number of at most 20 digits.

    """
    if _NUMBER.fullmatch(text):
        value = Decimal(text)
        digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
        if len(digits) <= _MOST_DIGITS and -_MOST_DIGITS <= exponent <= _MOST_DIGITS:
            return value
    raise place.refusal(shown(text), f"a number of at most {_MOST_DIGITS} digits")


def positive(text: str, place: Place) -> Decimal:
    """A number above 0.

    Raises:
        SpecError: It is not.

    """
    value = number(text, place)
    if value <= 0:
        raise place.refusal(shown(text), "a number above 0")
    return value


def not_negative(text: str, place: Place) -> Decimal:
    """A number from 0 on.

    Raises:
        SpecError: It is not.

    """
    value = number(text, place)
    if value < 0:
        raise place.refusal(shown(text), "a number of at least 0")
    return value


def label(text: str, place: Place) -> str:
    """A value of a label, or a name for people: one line of text.

    Raises:
        SpecError: It is empty, has a line break or space around it, or is too long.

    """
    if text != text.strip() or not text.isprintable() or not 0 < len(text) <= _LONGEST_LABEL:
        expected = f"one line of 1 to {_LONGEST_LABEL} characters without space around it"
        raise place.refusal(shown(text), expected)
    return text


def day(text: str, place: Place) -> int:
    """The beginning of a day in UTC, Unix milliseconds.

    Raises:
        SpecError: It is not a date between 1970 and 2200.

    """
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        expected = f"a date between {FIRST_YEAR} and {LAST_YEAR}, such as 2026-11-01"
        raise place.refusal(shown(text), expected)
    return to_milliseconds(datetime(found.year, found.month, found.day, tzinfo=UTC))


def duration(text: str, place: Place) -> int:
    """Milliseconds, more than 0, of OpenSLO's shorthand or of a Prometheus duration.

    ``5m`` is five minutes in both, ``1M`` a month of 30 days, ``1Q`` 90 days, ``1Y`` 365 days.

    Raises:
        SpecError: It is neither, is 0, or is longer than ten years.

    """
    milliseconds = duration_or_zero(text, place)
    if milliseconds == 0:
        raise place.refusal(shown(text), "a duration above 0")
    return milliseconds


def duration_or_zero(text: str, place: Place) -> int:
    """The same, where no time at all is an answer too.

    Raises:
        SpecError: It is no duration, or longer than ten years.

    """
    shorthand = _SHORTHAND.fullmatch(text)
    try:
        milliseconds = (
            int(shorthand[1]) * _SHORTHAND_UNITS[shorthand[2]]
            if shorthand
            else parse_duration(text)
        )
    except ValueError:
        expected = "a duration such as 5m, 1h, 30d, 4w, 1M, 1Q, 1Y, or 1h30m"
        raise place.refusal(shown(text), expected) from None
    if milliseconds > _LONGEST:
        raise place.refusal(shown(text), "a duration of at most ten years")
    return milliseconds
