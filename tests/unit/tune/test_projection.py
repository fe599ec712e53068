"""Where a budget leads: exact where days are alike, and as sure as it says."""

from datetime import datetime

import numpy as np
import pytest

from slo.budget import BudgetAccount, budget_account
from slo.engine.events import EventCounts
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.objective import CalendarPeriod, RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.tune.bootstrap import block_indices
from slo.tune.projection import (
    FEWEST,
    WAYS,
    _drawn,
    _weekdays_kept,
    _widened,
    projection,
)
from tests.shop import SPAN, WEEKS, availability, history, stretch

WEEKLY = CalendarPeriod(1, "w", datetime.fromisoformat("2026-11-02T00:00:00+00:00"))
MONTHLY = CalendarPeriod(1, "M", datetime.fromisoformat("2026-11-01T00:00:00+00:00"))


def projected(slo, *outages, at=SPAN.end, exclusions=(), **fields):
    return projection(budget_account(slo, history(*outages, **fields), exclusions), at)


def every_day(share, hours=2.4):
    """A tenth of each day's requests fail with a share."""
    return [(stretch(day, hours, week), share) for week in WEEKS for day in range(7)]


def test_days_that_are_alike_lead_to_one_instant():
    # November allows 7.2 hours; 30 days of 0.192 hours are 5.76 of them.
    found = projected(availability(period=MONTHLY), *every_day(0.08), at=SPAN.end - 1)
    assert found.horizon == datetime.fromisoformat("2026-12-01T00:00:00+00:00").timestamp() * 1000
    exhausted = found.exhausted
    assert (exhausted.earliest, exhausted.likely, exhausted.latest) == (None, None, None)
    assert exhausted.chance == 0.0
    assert found.low == pytest.approx(found.high, abs=1e-6)
    assert found.likely[-1] == pytest.approx(1 - 30 * 0.192 / 7.2, abs=0.04)


def test_a_steady_burn_is_exhausted_on_one_day():
    # 0.36 hours a day of the 7.2 that November allows: 20 days, from the second.
    found = projected(
        availability(period=MONTHLY), *every_day(0.15), at=stretch(0, 0, WEEKS[3]).start - 1
    )
    exhausted = found.exhausted
    assert exhausted.chance == 1.0
    second = stretch(0, 0, WEEKS[1]).start
    for one in (exhausted.earliest, exhausted.likely, exhausted.latest):
        assert one == pytest.approx(second + 20 * DAY, abs=1.5 * DAY)
    assert found.recovered is None


def test_a_quiet_history_keeps_its_budget():
    found = projected(availability())
    assert found.exhausted.chance == 0.0
    assert found.likely.tolist() == [1.0] * found.times.size
    assert found.horizon == SPAN.end + 21 * DAY
    assert found.times[0] == SPAN.end
    assert found.times[-1] == found.horizon


def test_a_spent_rolling_budget_is_back_when_the_outage_has_left():
    outage = stretch(0, 6, WEEKS[1])
    found = projected(availability(), (outage, 1.0))
    assert found.exhausted is None
    # The period holds 5.04 hours; 0.96 of the outage's must have left it.
    back = outage.start + round(0.96 * HOUR) + 21 * DAY
    assert found.recovered.earliest == pytest.approx(back, abs=3 * HOUR)
    assert found.recovered.earliest <= found.recovered.likely
    # The outage may come again: that is what the interval is for.
    assert found.recovered.latest is None or found.recovered.latest > found.recovered.earliest
    assert 0.5 < found.recovered.chance <= 1.0


def test_a_spent_calendar_budget_is_back_when_the_next_period_begins():
    found = projected(availability(period=MONTHLY), (stretch(0, 9, WEEKS[1]), 1.0), at=SPAN.end - 1)
    end = int(datetime.fromisoformat("2026-12-01T00:00:00+00:00").timestamp() * 1000)
    recovered = found.recovered
    assert (recovered.earliest, recovered.likely, recovered.latest) == (end, end, end)
    assert recovered.chance == 1.0


def test_a_calendar_period_that_ends_now_leads_nowhere():
    found = projected(availability(period=WEEKLY), at=SPAN.end - 1)
    assert not found.known
    assert found.exhausted is None
    spent = projected(availability(period=WEEKLY), (stretch(0, 9), 1.0), at=SPAN.end - 1)
    assert spent.recovered.likely == SPAN.end


def test_too_few_days_are_said_to_be():
    short = Span(SPAN.end - (FEWEST - 1) * DAY, SPAN.end)
    account = budget_account(availability(), history(span=short))
    found = projection(account, SPAN.end)
    assert not found.known
    assert found.exhausted is None
    assert found.learnt_from < FEWEST


def test_days_that_are_excluded_or_not_seen_are_not_learnt_from():
    slo = availability()
    outage = stretch(1, 24, WEEKS[2])
    out = Exclusion("move", outage, "kim", "moved")
    with_it = projected(slo, (outage, 1.0), exclusions=(out,))
    assert with_it.learnt_from == 27
    assert with_it.exhausted.chance == 0.0
    unseen = projected(slo, gaps=(stretch(1, 20), stretch(3, 23)))
    assert unseen.learnt_from == 26
    assert unseen.likely.min() == 1.0


def test_without_events_nothing_is_projected():
    frozen = [one for one in history().series if dict(one.labels)["code"] == "500"]
    account = budget_account(availability(), History(tuple(frozen), SPAN))
    found = projection(account, SPAN.end)
    assert not found.known
    assert (found.exhausted, found.recovered) == (None, None)


def test_the_same_history_gives_the_same_projection():
    one, other = (projected(availability(), *every_day(0.1)) for _ in range(2))
    assert np.array_equal(one.low, other.low)
    assert one.exhausted == other.exhausted


def test_drawn_days_stand_for_their_weekday():
    drawn = _drawn(42, 30, seed=3)
    assert drawn.shape == (WAYS, 30)
    assert np.array_equal(drawn % 7, np.tile(np.arange(30) % 7, (WAYS, 1)))


def test_blocks_keep_their_days_and_only_turn():
    drawn = block_indices(42, 28, samples=50)
    turned = _weekdays_kept(drawn, 42)
    for before, after in zip(drawn.reshape(-1, 7), turned.reshape(-1, 7), strict=True):
        assert sorted(before.tolist()) == sorted(after.tolist())


def test_weekdays_that_are_alike_are_not_widened():
    ratios = np.tile([0.1, 0.2, 0.3, 0.4, 0.5, 0.0, 0.0], 6)
    assert _widened(ratios) == pytest.approx(ratios)


def test_six_weeks_are_widened_by_students_quantile():
    ratios = np.tile([0.1] * 7, 6)
    ratios[0], ratios[7] = 0.2, 0.0
    # sqrt(6 / 5) * 2.015 / 1.645, on both sides of the mean.
    factor = 1.0954 * 2.0150 / 1.6449
    widened = _widened(ratios)
    assert widened[0] == pytest.approx(0.1 + 0.1 * factor, abs=1e-4)
    assert widened[7] == 0.0


def test_a_way_is_what_a_slow_walk_through_its_days_is():
    """Each future again, hour by hour, in plain Python."""
    slo = availability()
    account = budget_account(slo, history((stretch(1, 3), 0.5), (stretch(4, 2, WEEKS[1]), 1.0)))
    found = projection(account, SPAN.end)
    days = [
        account.counts.between(Span(SPAN.end - (28 - k) * DAY, SPAN.end - (27 - k) * DAY))
        for k in range(28)
    ]
    ratios = _widened(np.array([bad / total for bad, total in days]))
    usual = [np.mean([days[7 * week + day][1] for week in range(4)]) for day in range(7)]
    ends = []
    for future in _drawn(28, 21, seed=0):
        bad, total = 0.0, 0.0
        for day, like in enumerate(future):
            bad += usual[day % 7] * ratios[like]
            total += usual[day % 7]
        # One period on, everything that was has left.
        ends.append(1 - bad / (0.01 * total))
    low, likely, high = np.quantile(ends, [0.05, 0.5, 0.95])
    assert (found.low[-1], found.likely[-1], found.high[-1]) == pytest.approx(
        (low, likely, high), abs=1e-3
    )


def test_nine_of_ten_budgets_end_within_the_band():
    rng = np.random.default_rng(4)
    slo = availability(period=RollingPeriod(28 * DAY))
    times = SPAN.start + HOUR * np.arange(1, 24 * 70 + 1, dtype=np.int64)
    ends, at = SPAN.start + 70 * DAY, SPAN.start + 42 * DAY
    every_five_minutes = np.arange(SPAN.start, ends, 5 * MINUTE)
    seen = (series_of({}, every_five_minutes, every_five_minutes),)
    inside = 0
    for _ in range(40):
        traffic = np.repeat([1.15, 1.08, 1.03, 1, 0.95, 0.5, 0.45] * 10, 24) * 3600
        bad = traffic * 0.008 * rng.gamma(0.05, 20, times.size)
        counts = EventCounts(((times, np.cumsum(bad)),), ((times, np.cumsum(traffic)),), good=False)
        account = BudgetAccount(slo, counts, Span(SPAN.start, at), (), seen)
        found = projection(account, at)
        inside += found.low[-1] <= account.status(ends).remaining <= found.high[-1]
    assert 32 <= inside <= 40
