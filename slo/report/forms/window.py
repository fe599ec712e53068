"""A report's days in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.wording import day, instant

if TYPE_CHECKING:
    from slo.model.span import Span


def window(week: Span, until: int) -> str:
    """A week's days, and where what is known of them ends.

    Args:
        week: The week.
        until: Where the history ends inside of it, else the week's end; Unix milliseconds.

    """
    days = f"{day(week.start)} to {day(week.end - 1)}, in UTC."
    if until >= week.end:
        return days
    return f"{days} The history ends at {instant(until)}, before the week does."
