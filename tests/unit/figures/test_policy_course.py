from decimal import Decimal

import numpy as np
import pytest

import slo
from slo.budget import budget_account
from slo.figures.episodes import Bar, Row
from slo.figures.policy_course import computed, figure, joined
from slo.model.duration import HOUR, MINUTE
from slo.model.objective import Objective
from slo.model.span import Span
from tests.shop import SPAN, availability, history, incident, stretch

OUTAGE = stretch(2, 1)
PAST = history((OUTAGE, 0.5))


@pytest.fixture(scope="module")
def replayed():
    return slo.replay(availability(), PAST, [incident(OUTAGE)])


@pytest.fixture(scope="module")
def share(replayed):
    return budget_account(availability(), PAST).bad_share(replayed.ratios.times)


def test_burn_rates_and_the_budget_follow_the_objective(replayed, share):
    for ratio, budget in (("0.99", 0.01), ("0.995", 0.005)):
        wanted = availability().with_objective(Objective(Decimal(ratio)))
        found = computed(replayed.backtest(wanted), share)
        assert found.long.values[found.long.present].max() == pytest.approx(0.5 / budget, rel=0.05)
        status = slo.budget_status(wanted, PAST, int(found.left.times[-1]))
        assert found.left.values[-1] == pytest.approx(status.remaining)


def test_a_stretch_is_drawn_with_every_point_that_there_is(replayed, share):
    result = replayed.backtest(availability())
    whole = computed(result, share)
    assert whole.long.times.size < 2_500 < replayed.ratios.times.size
    near = computed(result, share, span=OUTAGE)
    assert np.diff(near.long.times).tolist() == [MINUTE] * 59
    assert np.diff(near.left.times).tolist() == [MINUTE] * 59


def test_the_alert_that_is_looked_at_has_its_own_windows_and_burn_rate(replayed, share):
    result = replayed.backtest(availability())
    found = computed(result, share, "ticket-1d")
    made = figure(found)
    assert [trace.name for trace in made.data[-3:]] == [
        "burn rate over 2h",
        "burn rate over 1d",
        "error budget left",
    ]
    assert made.layout.shapes[0].y0 == 3.0
    assert figure(computed(result, share)).layout.shapes[0].y0 == 14.4


def test_every_row_has_the_same_axis_of_time():
    made = slo.figures.policy_course(availability(), PAST, [incident(OUTAGE)])
    assert {trace.xaxis for trace in made.data} == {None}
    assert made.data[0].base[0].timestamp() * 1000 == OUTAGE.start
    assert [edge.timestamp() * 1000 for edge in made.layout.xaxis.range] == [SPAN.start, SPAN.end]


def test_bars_that_the_eye_would_not_tell_apart_are_one_until_somebody_looks_closer():
    flapping = tuple(
        Bar(Span(start, start + MINUTE), "episode")
        for start in range(0, 1000 * 10 * MINUTE, 10 * MINUTE)
    )
    row = Row("page-1h", "red", flapping)
    (one,) = joined(row, Span(0, 10_000 * HOUR)).bars
    assert one.span == Span(0, flapping[-1].span.end)
    assert one.text == "1000 episodes; zoom in to tell them apart"
    assert joined(row, Span(0, HOUR)).bars == flapping
