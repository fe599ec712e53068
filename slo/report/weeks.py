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
            f"which begins at {format_instant(week.span.start)}"
        )
    return week
