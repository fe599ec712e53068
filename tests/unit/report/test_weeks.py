"""The week of a report, and what is said where the history knows nothing of it."""

import pytest

from slo.errors import ConfigError, NotEnoughData
from slo.model.duration import DAY, MINUTE
from slo.model.span import Span, Week
from slo.report.weeks import week_within

WEEK = Week.parse("2026-W48")
YOUNG = Span(WEEK.span.start + 3 * DAY, WEEK.span.start + 3 * DAY + 22 * MINUTE)


def test_a_young_history_is_told_from_when_on_there_can_be_a_report():
    with pytest.raises(NotEnoughData, match="holds nothing of week 2026-W47") as refused:
        week_within("", YOUNG)
    assert "it begins in week 2026-W48: make the report of that one" in str(refused.value)
    assert "closed at 2026-11-30 00:00:00 UTC" in str(refused.value)


def test_a_week_that_was_named_is_not_answered_with_another():
    with pytest.raises(NotEnoughData, match="name another with --week"):
        week_within("2026-W10", YOUNG)


def test_a_week_that_no_year_has_is_said_to_be_none():
    with pytest.raises(ConfigError, match="'2026-W99' is no week of that year"):
        week_within("2026-W99", YOUNG)
