from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.duration import DAY, HOUR
from slo.model.objective import CalendarPeriod, Objective, RollingPeriod
from slo.model.span import to_milliseconds

BERLIN = ZoneInfo("Europe/Berlin")


def at(*parts: int, zone=UTC) -> int:
    return to_milliseconds(datetime(*parts, tzinfo=zone))


def test_the_error_budget_keeps_every_digit():
    assert Objective(Decimal("0.999")).error_budget == Decimal("0.001")
    assert str(Objective(Decimal("0.9990"))) == "99.9 %"


@pytest.mark.parametrize("ratio", ["0", "1", "99.9", "-0.1"])
def test_an_objective_lies_between_0_and_1(ratio):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Objective(Decimal(ratio))


def test_an_outage_of_everything_burns_at_the_highest_rate():
    assert Objective(Decimal("0.9")).highest_burn_rate == 10


def test_a_rolling_period_ends_now():
    span = RollingPeriod(30 * DAY).bounds(at(2026, 11, 1))
    assert (span.start, span.end) == (at(2026, 10, 2), at(2026, 11, 1))


def test_calendar_months_have_their_own_lengths():
    months = CalendarPeriod(1, "M", datetime(2026, 1, 1, tzinfo=UTC))
    february = months.bounds(at(2026, 2, 14, 12))
    assert (february.start, february.end) == (at(2026, 2, 1), at(2026, 3, 1))
    leap = months.bounds(at(2028, 2, 29))
    assert leap.length == 29 * DAY


def test_calendar_days_follow_the_wall_clock_of_their_zone():
    days = CalendarPeriod(1, "d", datetime(2026, 1, 1, tzinfo=BERLIN))
    change = days.bounds(at(2026, 3, 29, 12))
    assert change.start == at(2026, 3, 29, zone=BERLIN)
    assert change.length == 23 * HOUR


def test_a_period_from_the_31st_ends_on_short_months_last_day():
    months = CalendarPeriod(1, "M", datetime(2026, 1, 31, tzinfo=UTC))
    span = months.bounds(at(2026, 3, 5))
    assert (span.start, span.end) == (at(2026, 2, 28), at(2026, 3, 31))


@pytest.mark.parametrize("unit", ["d", "w", "M", "Q", "Y"])
@given(
    instant=st.integers(min_value=at(2000, 1, 1), max_value=at(2060, 1, 1)),
    count=st.integers(min_value=1, max_value=5),
)
def test_every_instant_lies_in_its_period_and_periods_touch(unit, instant, count):
    period = CalendarPeriod(count, unit, datetime(2026, 1, 31, 6, tzinfo=BERLIN))
    span = period.bounds(instant)
    assert span.start <= instant < span.end
    assert period.bounds(span.end).start == span.end
    assert period.bounds(span.start - 1).end == span.start
