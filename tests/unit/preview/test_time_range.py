import pytest

from slo.errors import ConfigError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.span import Week
from slo.preview.time_range import rate_interval, time_range

MONDAY = Week(2026, 46).span.start  # 2026-11-09
NOON = MONDAY + 2 * DAY + 12 * HOUR


@pytest.mark.parametrize(
    ("start", "end", "length", "step"),
    [
        ("now-6h", "now", 6 * HOUR, MINUTE),
        ("now-24h", "now", DAY, 5 * MINUTE),
        ("now-30d", "now", 30 * DAY, 2 * HOUR),
        ("now/d", "now", 12 * HOUR, 2 * MINUTE),
        ("now/w", "now", 2 * DAY + 12 * HOUR, 10 * MINUTE),
        ("now/M", "now/M", 10 * DAY + 12 * HOUR, HOUR),
    ],
)
def test_ranges_end_where_data_ends(start, end, length, step):
    found = time_range(start, end, NOON)
    assert (found.span.end, found.span.length, found.step) == (NOON, length, step)


def test_whole_periods_of_the_past():
    found = time_range("now-1d/d", "now-1d/d", NOON)
    assert (found.span.start, found.span.end) == (MONDAY + DAY, MONDAY + 2 * DAY)


def test_at_midnight_today_is_the_day_that_has_ended():
    assert time_range("now/d", "now", MONDAY).span.length == DAY


def test_a_panel_asks_on_multiples_of_its_step():
    grid = time_range("now-6h", "now", NOON + MINUTE).grid(HOUR)
    assert (grid.start % HOUR, grid.end % HOUR, grid.step) == (0, 0, HOUR)
    assert grid.size == 7


@pytest.mark.parametrize("text", ["6h", "now-6", "yesterday", "2026-11-01T00:00:00Z"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ConfigError, match="expected something like now-6h"):
        time_range(text, "now", NOON)


def test_a_range_without_time_is_refused():
    with pytest.raises(ConfigError, match="found no time in it"):
        time_range("now", "now-1h", NOON)


def test_rates_span_four_scrapes_or_the_step():
    assert rate_interval(MINUTE) == 4 * MINUTE
    assert rate_interval(HOUR) == 61 * MINUTE
