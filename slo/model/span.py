"""Stretches of time in UTC: spans, months and ISO weeks. Instants are integer Unix milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from slo.model.duration import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_milliseconds(moment: datetime) -> int:
    """Unix milliseconds of an aware moment.

    Raises:
        ValueError: The moment is naive.

    """
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise ValueError(message)
    return round(moment.timestamp() * 1000)


def to_datetime(milliseconds: int) -> datetime:
    """The moment in UTC of Unix milliseconds."""
    # Exact for every year, which fromtimestamp() with a float is not.
    return _EPOCH + timedelta(milliseconds=milliseconds)


def format_instant(milliseconds: int) -> str:
    """An instant as people read it: ``2026-11-02 14:30:00 UTC``."""
    return f"{to_datetime(milliseconds):%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True, order=True)
class Span:
    """The instants ``start <= t < end``, in Unix milliseconds.

    Attributes:
        start: The first instant.
        end: The instant after the last.

    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            message = f"a span cannot end ({self.end}) before it starts ({self.start})"
            raise ValueError(message)

    @property
    def length(self) -> int:
        """Milliseconds from start to end."""
        return self.end - self.start

    def overlap(self, other: Span) -> Span | None:
        """What both spans share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __str__(self) -> str:
        return f"{format_instant(self.start)} to {format_instant(self.end)}"


def month_of(instant: int) -> Span:
    """The calendar month that holds an instant, in UTC."""
    first = to_datetime(instant).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    later = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return Span(to_milliseconds(first), to_milliseconds(later))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants as spans that neither overlap nor touch, in the order of time."""
    found: list[Span] = []
    for span in sorted(one for one in spans if one.length):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def outside(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    """What of a span none of some others holds, in the order of time."""
    found, start = [], span.start
    for other in merged(others):
        if other.start >= span.end:
            break
        if other.start > start:
            found.append(Span(start, other.start))
        start = max(start, other.end)
    if start < span.end:
        found.append(Span(start, span.end))
    return tuple(found)


_WEEK_SYNTAX = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week in UTC, Monday 00:00 to Monday 00:00.

    Attributes:
        year: The ISO year, which may begin in December or January.
        number: From 1 to 52 or 53.

    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """Read ``2026-W45``.

        Raises:
            ValueError: The text is not an ISO week that exists.

        """
        match = _WEEK_SYNTAX.fullmatch(text)
        if match is None:
            message = f"{text!r} is not an ISO week such as 2026-W45"
            raise ValueError(message)
        week = cls(int(match[1]), int(match[2]))
        try:
            datetime.fromisocalendar(week.year, week.number, 1)
        except ValueError:
            message = f"{text!r} is no week of that year: ISO years have 52, or 53"
            raise ValueError(message) from None
        return week

    @classmethod
    def of(cls, milliseconds: int) -> Week:
        """The week that holds an instant."""
        year, number, _ = to_datetime(milliseconds).isocalendar()
        return cls(year, number)

    @classmethod
    def last_closed(cls, milliseconds: int) -> Week:
        """The last week that had ended by an instant."""
        return cls.of(milliseconds - WEEK)

    @property
    def span(self) -> Span:
        """From Monday 00:00 UTC, seven days."""
        monday = datetime.fromisocalendar(self.year, self.number, 1).replace(tzinfo=UTC)
        start = to_milliseconds(monday)
        return Span(start, start + WEEK)

    @property
    def previous(self) -> Week:
        """The week before."""
        return Week.of(self.span.start - WEEK)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"
