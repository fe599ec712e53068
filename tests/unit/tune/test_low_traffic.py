"""What alerts mean where events are few, against simulated traffic."""

from decimal import Decimal

import numpy as np
import pytest

from slo.model.alert import BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE, WEEK
from slo.model.objective import Objective, RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.tune.low_traffic import RARELY, false_calls_a_week, low_traffic
from tests import shop

START = 1_790_000_000_000 // DAY * DAY
PAGE = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4)


def simulated(alert, threshold, events, ratio, *, weeks, seed):
    """How often a condition on counts of failures, which come by chance, begins to hold."""
    rng = np.random.default_rng(seed)
    span = weeks * WEEK
    at = np.sort(rng.uniform(0, span, rng.poisson(events * ratio * span / HOUR)))
    short = int(np.floor(threshold * events * alert.short / HOUR)) + 1
    long = max(short, int(np.floor(threshold * events * alert.long / HOUR)) + 1)
    # The condition changes where a failure comes, or leaves a window.
    moments = np.sort(np.concatenate([at, at + alert.short, at + alert.long]))
    before = [np.searchsorted(at, moments - w, "right") for w in (alert.short, alert.long)]
    now = np.searchsorted(at, moments, "right")
    holds = (now - before[0] >= short) & (now - before[1] >= long)
    return (np.diff(holds.astype(int)) == 1).sum() / weeks


@pytest.mark.parametrize(
    ("events", "ratio", "factor", "long", "short"),
    [
        (10, 0.005, 14.4, HOUR, 5 * MINUTE),
        (60, 0.003, 14.4, HOUR, 5 * MINUTE),
        (200, 0.004, 6, 6 * HOUR, 30 * MINUTE),
        (40, 0.02, 3, 6 * HOUR, HOUR),
        (500, 0.002, 3, HOUR, HOUR),
    ],
)
def test_calls_by_chance_are_as_often_as_in_a_simulation(events, ratio, factor, long, short):
    alert = BurnRateAlert("a", "page", long, short, factor)
    threshold = alert.threshold(Objective(Decimal("0.999")))
    expected = false_calls_a_week(alert, threshold, np.array([events]), ratio)
    counted = simulated(alert, threshold, events, ratio, weeks=400, seed=1)
    assert expected > 0.05
    assert expected == pytest.approx(counted, rel=0.15)


def few(requests_an_hour, ratio, days=60, seed=0):
    rng = np.random.default_rng(seed)
    times = START + np.arange(0, days * DAY + 1, MINUTE, dtype=np.int64)
    total = np.concatenate(([0.0], np.cumsum(rng.poisson(requests_an_hour / 60, times.size - 1))))
    failed = rng.binomial(np.diff(total).astype(int), ratio)
    bad = np.concatenate(([0.0], np.cumsum(failed).astype(float)))
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        Span(START, START + days * DAY + 1),
    )


def test_the_workbooks_ten_requests_an_hour():
    # One failure in an hour is an error ratio of 10 %, 100 times the budget of 99.9 %: a single
    # one pages, and a healthy service with one failure in a thousand pages every week.
    one = shop.availability(PAGE, ratio="0.999", period=RollingPeriod(30 * DAY))
    (found,) = low_traffic(one, few(10, 0.001))
    assert found.events == pytest.approx(10, abs=1.5)
    assert (found.failures, found.failures_short) == (1, 1)
    assert found.fires_by_chance
    assert found.chance_in_a_week > 0.5
    assert found.least_failures >= 2
    assert found.longer > 1
    assert found.fewer_nines is not None
    assert found.fewer_nines.ratio < Decimal("0.999")


def test_each_way_out_makes_calls_by_chance_rare():
    one = shop.availability(PAGE, ratio="0.999", period=RollingPeriod(30 * DAY))
    hours, ratio = np.full(24, 10.0), 0.001
    (found,) = low_traffic(one, few(10, ratio))
    threshold = PAGE.threshold(one.objective)

    def often(alert=PAGE, limit=threshold, least=1):
        return false_calls_a_week(alert, limit, hours, ratio, least)

    assert often() > RARELY
    assert often(least=found.least_failures) <= 2 * RARELY
    longer = BurnRateAlert("a", "page", HOUR * found.longer, 5 * MINUTE * found.longer, 14.4)
    assert often(longer) <= 2 * RARELY
    assert often(limit=PAGE.threshold(found.fewer_nines)) <= 2 * RARELY


def test_plenty_of_traffic_needs_no_way_out():
    one = shop.availability(PAGE, ratio="0.99", period=RollingPeriod(30 * DAY))
    (found,) = low_traffic(one, few(100_000, 0.002, days=20))
    assert not found.fires_by_chance
    assert (found.least_failures, found.longer, found.fewer_nines) == (0, 0, None)
    # Seen nine times in ten: a little above the factor, as counts scatter.
    assert 14.4 < found.detectable < 15


def test_what_not_even_an_outage_shows_is_infinite():
    one = shop.availability(PAGE, ratio="0.999", period=RollingPeriod(30 * DAY))
    (found,) = low_traffic(one, few(0.5, 0.0))
    assert found.detectable == float("inf")
    assert found.false_a_week == 0


def test_incidents_are_no_part_of_a_healthy_service():
    one = shop.availability(PAGE, ratio="0.999", period=RollingPeriod(30 * DAY))
    outage = Span(START + 5 * DAY, START + 6 * DAY)
    past = few(60, 0.0005)
    bad = next(series for series in past.series if dict(series.labels)["code"] == "500")
    extra = np.interp(bad.times, [outage.start, outage.end], [0, 500])
    broken = History(
        (
            series_of(dict(bad.labels), bad.times, bad.values + np.floor(extra)),
            *(series for series in past.series if series is not bad),
        ),
        past.span,
    )
    (with_it,) = low_traffic(one, broken)
    (without,) = low_traffic(one, broken, [shop.incident(outage)])
    assert without.false_a_week < with_it.false_a_week / 2


def test_the_traffic_of_less_than_an_hour_stands_for_an_hours():
    whole = shop.history()
    young = History(whole.series, Span(whole.span.start, whole.span.start + 38 * MINUTE))
    page = next(one for one in low_traffic(shop.availability(), young) if one.alert.long == HOUR)
    assert page.events == pytest.approx(3600)  # one request a second
    assert page.failures == 519  # 14.4 times 1 % of them, and one more
    assert np.isfinite(page.detectable)
