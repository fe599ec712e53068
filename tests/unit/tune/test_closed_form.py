"""The arithmetic of outages, against a window that slides over one, step by step."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from slo.model.alert import BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.objective import Objective, RollingPeriod
from slo.tune.closed_form import (
    budget_at_detection,
    burn_rate,
    detection_time,
    reset_time,
    time_to_exhaustion,
)

OBJECTIVE = Objective(Decimal("0.99"))
WEEK = RollingPeriod(7 * DAY)


def slides(alert, percent, length):
    """When the alert fires and falls silent, in seconds, by looking at every second.

    An outage from second 0 to ``length``; a window's error ratio is the share of it that lies
    within the outage, as a fraction: nothing is rounded.
    """

    def ratio(at, window):
        within = max(0, min(at, length) - max(at - window, 0))
        return Fraction(within * percent, window * 100)

    threshold = Fraction(str(alert.factor)) * Fraction(OBJECTIVE.error_budget)
    held, fires, last = None, None, None
    for at in range(length + alert.long // SECOND + alert.keep_firing // SECOND + 2):
        if all(ratio(at, window // SECOND) > threshold for window in alert.windows):
            held = at if held is None else held
            last = at
            if fires is None and at - held >= alert.hold // SECOND:
                fires = at
        elif fires is not None and last is not None:
            # The first second without the condition is where keep_firing_for begins.
            return fires, last + 1 + alert.keep_firing // SECOND
        else:
            held = None
    return fires, None


@st.composite
def alerts(draw):
    short = draw(st.integers(5, 60))
    long = short * draw(st.integers(1, 8))
    return BurnRateAlert(
        "page", "page", long * SECOND, short * SECOND, draw(st.sampled_from([1.0, 2.0, 6.0, 14.4])),
        hold=draw(st.sampled_from([0, 7 * SECOND])),
        keep_firing=draw(st.sampled_from([0, 9 * SECOND])),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(alerts(), st.integers(1, 100), st.integers(0, 200))
def test_an_outage_is_seen_and_forgotten_when_the_formulas_say(alert, percent, longer):
    detection = detection_time(alert, OBJECTIVE, percent / 100)
    assume(detection < 600 * SECOND)
    # Long enough to be seen: a formula says when, were the outage to last.
    length = int(detection / SECOND) + 2 + longer
    fires, silent = slides(alert, percent, length)
    assert fires is not None
    assert silent is not None
    # A look a second: at most a second late, and never early but for the last bit.
    assert -1e-6 <= fires - detection / SECOND <= 1 + 1e-6
    reset = reset_time(alert, OBJECTIVE, percent / 100)
    assert -1e-6 <= silent - length - reset / SECOND <= 1 + 1e-6
    spent = burn_rate(OBJECTIVE, percent / 100) * detection / WEEK.length
    assert budget_at_detection(alert, OBJECTIVE, WEEK, percent / 100) == pytest.approx(spent)


@given(alerts(), st.integers(1, 100))
def test_what_has_been_spent_does_not_depend_on_the_outage_unless_there_is_a_for(alert, percent):
    spent = budget_at_detection(alert, OBJECTIVE, WEEK, percent / 100)
    assume(spent < float("inf"))
    waiting = burn_rate(OBJECTIVE, percent / 100) * alert.hold / WEEK.length
    assert spent == pytest.approx(alert.budget_share(WEEK) + waiting)


def test_an_outage_at_the_threshold_is_never_seen_and_has_no_reset():
    alert = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 10.0)
    assert slides(alert, 10, 3600)[0] is None
    assert detection_time(alert, OBJECTIVE, 0.1) == float("inf")
    assert budget_at_detection(alert, OBJECTIVE, WEEK, 0.1) == float("inf")
    with pytest.raises(ValueError, match="page at 10x over 1h/5m does not fire at an error ratio"):
        reset_time(alert, OBJECTIVE, 0.1)


def test_no_errors_never_exhaust_a_budget():
    assert time_to_exhaustion(WEEK, burn_rate(OBJECTIVE, 0.0)) == float("inf")
    assert time_to_exhaustion(WEEK, 7.0) == DAY
