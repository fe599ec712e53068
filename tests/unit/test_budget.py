"""Error budgets with and without what somebody excluded."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.budget import budget_account, budget_status
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.objective import CalendarPeriod, RollingPeriod
from slo.model.span import Span
from tests.shop import SPAN, WEEK, WEEKS, availability, history, stretch

OUTAGE = stretch(2, 2)
PAST = history((OUTAGE, 0.5))
MONTHLY = CalendarPeriod(1, "M", datetime(2026, 11, 1, tzinfo=UTC))


def out(span, name="move", **fields):
    return Exclusion(name, span, "kim", "moved the database", **fields)


def test_what_is_excluded_is_neither_good_nor_bad():
    raw = budget_status(availability(), PAST, SPAN.end)
    judged = budget_status(availability(), PAST, SPAN.end, [out(OUTAGE)])
    assert raw.bad == pytest.approx(3600)
    assert judged.bad == 0
    assert judged.total == raw.total - 7200
    assert judged.remaining == 1.0


def test_overlapping_exclusions_take_out_what_both_hold_once():
    halves = [out(stretch(2, 1.5)), out(stretch(2.02, 1.52), "again")]
    judged = budget_status(availability(), PAST, SPAN.end, halves)
    assert judged.bad == pytest.approx(0, abs=1e-9)
    assert judged.total == budget_status(availability(), PAST, SPAN.end).total - 7200


@pytest.mark.parametrize("other", [{"service": "bank"}, {"slos": ("latency",)}])
def test_exclusions_of_others_take_nothing_out(other):
    judged = budget_status(availability(), PAST, SPAN.end, [out(OUTAGE, **other)])
    assert judged.bad == pytest.approx(3600)


def test_a_calendar_period_expects_events_only_where_it_is_judged():
    monthly = availability(period=MONTHLY)
    at = WEEK.span.end - 1
    ahead = stretch(8, 24)
    raw = budget_status(monthly, PAST, at)
    judged = budget_status(monthly, PAST, at, [out(OUTAGE), out(ahead, "planned")])
    # A request a second, in 30 days less two hours and a day that is still to come.
    assert raw.expected == pytest.approx(30 * 86_400, rel=1e-4)
    assert judged.expected == pytest.approx(30 * 86_400 - 7200 - 86_400, rel=1e-4)


def test_what_is_excluded_is_not_covered():
    half = Span(SPAN.end - 21 * DAY, SPAN.end - 10 * DAY)
    status = budget_status(availability(), PAST, SPAN.end, [out(half)])
    assert status.coverage == pytest.approx(10 / 21)
    assert status.state == "insufficient data"


def test_a_gap_within_an_exclusion_counts_once():
    gap = stretch(3, 10)
    account = budget_account(availability(), history(gaps=(gap,)), [out(stretch(3, 24))])
    assert account.coverage(WEEK.span) == pytest.approx(6 / 7)


@settings(max_examples=25)
@given(
    bounds=st.lists(
        st.tuples(st.integers(0, 28 * 24 * 60), st.integers(1, 3 * 24 * 60)), max_size=5
    ),
    weeks=st.sampled_from(WEEKS),
)
def test_what_is_judged_and_what_is_excluded_are_all(bounds, weeks):
    """Against each minute's events, looked at one by one."""
    exclusions = [
        out(Span(SPAN.start + a * MINUTE, SPAN.start + (a + b) * MINUTE), str(k))
        for k, (a, b) in enumerate(bounds)
    ]
    raw = budget_account(availability(), PAST).counts
    judged = budget_account(availability(), PAST, exclusions).counts
    times = np.arange(weeks.span.start + MINUTE, weeks.span.end + 1, MINUTE)
    bad, total = 0.0, 0.0
    for at in times.tolist():
        if any(one.span.start < at <= one.span.end for one in exclusions):
            counted = raw.between(Span(at - MINUTE, at))
            bad, total = bad + counted[0], total + counted[1]
    assert judged.between(weeks.span)[1] + total == raw.between(weeks.span)[1]
    assert judged.between(weeks.span)[0] + bad == raw.between(weeks.span)[0]


def test_counts_without_nothing_are_the_same():
    counts = budget_account(availability(), PAST).counts
    assert counts.without([]) is counts


def test_the_burn_down_does_not_see_what_is_excluded():
    account = budget_account(availability(), PAST, [out(OUTAGE)])
    assert account.burn_down(SPAN.end).values.tolist() == [1.0] * 500
    assert account.judged_time(SPAN.end) == (21 * DAY - 2 * HOUR,) * 2


@pytest.mark.parametrize(
    "period",
    [RollingPeriod(9 * DAY), CalendarPeriod(1, "w", datetime(2026, 1, 7, tzinfo=UTC))],
    ids=str,
)
def test_the_share_at_many_instants_is_what_the_status_says_at_each(period):
    outages = [(stretch(1, 2, week), 0.5) for week in WEEKS]
    past = history(*outages, gaps=(stretch(3, 20),))
    left_out = Exclusion("move", stretch(2, 30), "ada", "a move", "shop")
    account = budget_account(availability(period=period), past, [left_out])
    times = np.arange(SPAN.start - HOUR, SPAN.end, 7 * HOUR + MINUTE, dtype=np.int64)
    share = account.bad_share(times)
    slow = [account.status(at) for at in times.tolist()]
    budget = float(availability().objective.error_budget)
    np.testing.assert_allclose(share.values / budget, [one.spent for one in slow], rtol=1e-9)
    assert share.present.tolist() == [one.total > 0 for one in slow]
