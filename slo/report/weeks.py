"""Which week a report is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.errors import ConfigError, NotEnoughData
from slo.model.span import Week, format_instant

if TYPE_CHECKING:
    from slo.model.span import Span


def week_within(text: str, span: Span) -> Week:
    """A week by its name, or the last closed one of a history.

    Raises:
        ConfigError: It is not an ISO week.
        NotEnoughData: The history does not reach into it.

    """
    try:
        week = Week.parse(text) if text else Week.last_closed(span.end)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    if week.span.overlap(span) is None:
        raise NotEnoughData(
            f"the history ({span}) holds nothing of week {week}, "
            f"which begins at {format_instant(week.span.start)}; {_way_out(span, text)}"
        )
    return week


def _way_out(span: Span, asked: str) -> str:
    """What to do for a report of a week that the history does not reach into."""
    if asked:
        return "name another with --week, or keep more history with 'slo snapshot'"
    # Nobody named it, so that it is the last that closed: the history began after it.
    running = Week.of(span.end - 1)
    return (
        f"it begins in week {running}: make the report of that one, when it has closed at "
        f"{format_instant(running.span.end)}, after another 'slo snapshot'"
    )
