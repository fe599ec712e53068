import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.duration import DAY, HOUR, MINUTE, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("5m", 5 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("30d", 30 * DAY),
        ("1w", 7 * DAY),
        ("1y", 365 * DAY),
        ("100ms", 100),
        ("1d2h3m4s5ms", DAY + 2 * HOUR + 3 * MINUTE + 4_005),
        ("0", 0),
        ("0s", 0),
    ],
)
def test_durations_mean_what_prometheus_means(text, milliseconds):
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "m5", "5m1h", "-5m", "1.5h", "5M", "5min", "٣m "])
def test_what_prometheus_refuses_is_refused(text):
    with pytest.raises(ValueError, match="is not a Prometheus duration"):
        parse_duration(text)


@given(st.integers(min_value=0, max_value=10**13))
def test_text_and_milliseconds_round_trip(milliseconds):
    assert parse_duration(format_duration(milliseconds)) == milliseconds


def test_weeks_are_printed_as_days():
    assert format_duration(28 * DAY) == "28d"


def test_a_negative_duration_has_no_text():
    with pytest.raises(ValueError, match="cannot be negative"):
        format_duration(-1)
