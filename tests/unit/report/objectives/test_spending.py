"""Bad events, told by incident: none lost, none twice."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.budget import budget_account
from slo.model.duration import MINUTE
from slo.model.span import Span
from slo.report.objectives.spending import spendings
from tests.shop import SPAN, WEEK, WEEKS, availability, history, incident, stretch

# Two hours at a half are 3,600 bad events, one hour at a tenth 360; 21 days allow 18,144.
OUTAGE, DRIP = stretch(2, 2), stretch(4, 1)
PAST = history((OUTAGE, 0.5), (DRIP, 0.1))
ACCOUNT = budget_account(availability(), PAST)
BUDGET = ACCOUNT.status(SPAN.end)


def told(*incidents, account=ACCOUNT, week=WEEK.span):
    return spendings(account, BUDGET, week, incidents)


def test_each_incident_has_its_events_and_the_rest_stands_last():
    outage, rest = told(incident(OUTAGE))
    assert outage.bad == pytest.approx(3600)
    assert outage.of_week == pytest.approx(3600 / 3960)
    assert outage.of_budget == pytest.approx(3600 / 18_144, abs=1e-5)
    assert outage.in_period == outage.of_budget
    assert rest.incident is None
    assert rest.bad == pytest.approx(360)
    assert math.isnan(rest.in_period)


def test_the_largest_stands_first():
    rows = told(incident(DRIP, "drip"), incident(OUTAGE))
    assert [row.incident and row.incident.name for row in rows] == ["outage", "drip", None]
    assert rows[2].bad == 0


def test_an_overlap_counts_for_the_incident_that_began_first():
    first, second = stretch(2, 1.5), stretch(2 + 1 / 24, 1)
    rows = told(incident(second, "second"), incident(first, "first"))
    assert {row.incident.name: round(row.bad) for row in rows[:2]} == {"first": 2700, "second": 900}
    # The policy asks what an incident spent, whatever else went on.
    assert rows[1].in_period == pytest.approx(1800 / 18_144, abs=1e-5)


def test_an_incident_that_began_before_the_week_counts_from_the_week_on():
    over = Span(WEEK.span.start - 60 * MINUTE, WEEK.span.start + 60 * MINUTE)
    account = budget_account(availability(), history((over, 0.5)))
    row, rest = spendings(account, account.status(SPAN.end), WEEK.span, [incident(over)])
    assert row.bad == pytest.approx(1800)
    assert row.in_period == pytest.approx(2 * row.of_budget)
    assert rest.bad == 0


def test_a_week_without_bad_events_has_no_shares():
    account = budget_account(availability(), history())
    (rest,) = spendings(account, account.status(SPAN.end), WEEKS[1].span, [])
    assert (rest.bad, rest.of_budget) == (0, 0)
    assert math.isnan(rest.of_week)


@settings(max_examples=60)
@given(
    bounds=st.lists(
        st.tuples(st.integers(-3 * 24 * 60, 8 * 24 * 60), st.integers(1, 4 * 24 * 60)), max_size=6
    )
)
def test_shares_add_up_to_the_weeks_bad_events_exactly(bounds):
    """Against each minute's events, given to the first incident that holds it."""
    start = WEEK.span.start
    incidents = [
        incident(Span(start + a * MINUTE, start + (a + b) * MINUTE), f"i{k}")
        for k, (a, b) in enumerate(bounds)
    ]
    counts = budget_account(availability(), WHOLE).counts
    rows = told(*incidents, account=budget_account(availability(), WHOLE))
    assert sum(row.bad for row in rows) == counts.between(WEEK.span)[0]
    expected = {one.name: 0.0 for one in incidents if one.span.overlap(WEEK.span)} | {None: 0.0}
    times = np.arange(start, WEEK.span.end + 1, MINUTE)
    grown = np.diff(counts.at(times)[0])
    ordered = sorted(incidents, key=lambda one: (one.span, one.name))
    for at, bad in zip(times[1:].tolist(), grown.tolist(), strict=True):
        holder = next((i.name for i in ordered if i.span.start < at <= i.span.end), None)
        expected[holder] += bad
    assert {row.incident and row.incident.name: row.bad for row in rows} == expected


WHOLE = history(*((stretch(day, 9), 0.1 * (day + 1)) for day in range(7)))
"""A share of sixty events a minute that is a whole number."""
