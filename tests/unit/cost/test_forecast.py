"""The month's forecast: exact where days are alike, and as sure as it says."""

import numpy as np
import pytest

from slo.cost.forecast import forecast, weekday
from slo.cost.ledger import Ledger
from slo.model.duration import DAY
from slo.model.span import Week, month_of, to_datetime

MONDAY = Week.parse("2026-W40").span.start


def ledger_of(costs, coverage=None, start=MONDAY):
    days = start + DAY * np.arange(len(costs), dtype=np.int64)
    empty = ({},) * 9
    covered = np.ones(len(costs)) if coverage is None else np.asarray(coverage, dtype=float)
    spent = np.asarray(costs, dtype=float)
    unknown, nothing = np.full(len(costs), np.nan), np.zeros(len(costs))
    return Ledger(days, covered, {}, {("compute",): spent}, *empty, unknown, {}, {}, nothing)


def test_weekdays_are_those_of_the_calendar():
    days = MONDAY + DAY * np.arange(400)
    assert weekday(days).tolist() == [to_datetime(int(day)).weekday() for day in days]


@pytest.mark.parametrize("month", ["2026-01", "2026-12", "2024-02"])
def test_a_month_is_that_of_the_calendar(month):
    found = month_of(int(np.datetime64(f"{month}-17", "ms").astype(int)))
    first = np.datetime64(month, "M")
    assert found.start == first.astype("datetime64[ms]").astype(int)
    assert found.end == (first + 1).astype("datetime64[ms]").astype(int)


def test_weeks_that_are_alike_are_forecast_exactly():
    week = [10.0, 20, 30, 40, 50, 6, 7]
    found = forecast(ledger_of(week * 6))
    days = found.days
    true = sum(week[day] for day in weekday(days))
    assert (found.low, found.expected, found.high) == pytest.approx((true,) * 3)
    assert found.spent == sum(week[day] for day in weekday(days[days < found.until]))
    assert found.missing == 0
    assert to_datetime(found.month.start).strftime("%Y-%m") == "2026-11"


def test_a_month_that_is_over_has_no_interval():
    # From Monday 28 September to the end of November.
    found = forecast(ledger_of(np.arange(64.0)))
    assert found.until == found.month.end
    assert found.low == found.expected == found.high == found.spent


def test_days_that_nobody_recorded_are_estimated_and_said_to_be():
    coverage = np.ones(42)
    coverage[-3] = 0.4
    costs = np.full(42, 10.0)
    costs[-3] = 3.0
    found = forecast(ledger_of(costs, coverage))
    assert found.missing == 1
    assert found.expected == pytest.approx(300)


def test_too_few_days_give_no_forecast():
    found = forecast(ledger_of(np.ones(13)))
    assert not found.known
    assert np.isnan(found.expected)
    assert found.learnt_from == 13


def test_nine_of_ten_months_end_within_the_interval():
    rng = np.random.default_rng(1)
    profile = np.array([1.15, 1.08, 1.03, 1, 0.95, 0.5, 0.45])
    inside = 0
    for seed in range(60):
        costs = 100 * profile[np.arange(80) % 7] * rng.gamma(100, 0.01, 80)
        found = forecast(ledger_of(costs[:42]), seed)
        month = ledger_of(costs).within(found.month)
        inside += found.low <= costs[month].sum() <= found.high
    assert 48 <= inside <= 60
