"""Which conditions are tried, and what goals mean."""

from decimal import Decimal

import numpy as np
import pytest

from slo.errors import ConfigError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import Objective, RollingPeriod
from slo.tune.goals import Goals
from slo.tune.space import conditions
from tests import shop

MONTH = RollingPeriod(30 * DAY)


def test_the_urgent_burn_rate_is_the_workbooks_slower_page():
    assert Goals().urgent_burn_rate(Objective(Decimal("0.999")), MONTH) == pytest.approx(6.0)


def test_a_lenient_objective_leaves_the_urgent_burn_rate_room_above():
    objective = Objective(Decimal("0.9"))
    urgent = Goals().urgent_burn_rate(objective, MONTH)
    assert urgent == pytest.approx(10**0.5)
    assert urgent < float(objective.highest_burn_rate)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("catch", 0),
        ("catch", 1.5),
        ("detect_before", 0),
        ("pages_a_week", -1),
        ("tickets_a_week", -0.1),
        ("margin", 0.9),
        ("page_within", 0),
        ("catch", float("nan")),
    ],
)
def test_a_goal_that_nothing_can_meet_is_refused_by_its_name(field, value):
    with pytest.raises(ConfigError, match=field.replace("margin", "the margin")):
        Goals(**{field: value})


def test_goals_read_as_a_sentence():
    assert str(Goals(catch=0.1, pages_a_week=1)) == (
        "catch every incident that spends 10 % of the budget, by a page where it does within 6h; "
        "at most 1 page and 5 tickets a week; detect before 2 % is spent"
    )


@pytest.mark.parametrize("ratio", ["0.65", "0.9", "0.95", "0.99", "0.999", "0.9999"])
@pytest.mark.parametrize("severity", ["page", "ticket"])
def test_every_condition_can_fire_and_stands_for_an_alert(ratio, severity):
    one = shop.availability(ratio=ratio, period=MONTH)
    tried = conditions(one, severity, Goals(), MINUTE)
    assert tried.size > 100
    assert (np.diff(tried.factors) > 0).all()
    rng = np.random.default_rng(0)
    for index in rng.integers(0, tried.size, 50):
        alert = tried.alert(int(index))
        assert alert.can_fire(one.objective)
        assert alert.severity == severity
        assert alert.short * 4 <= alert.long <= alert.short * 24
        assert float(f"{alert.factor:.3g}") == alert.factor
    urgent = Goals().urgent_burn_rate(one.objective, MONTH)
    within = (
        tried.factors >= urgent * 0.99 if severity == "page" else tried.factors <= urgent * 1.01
    )
    assert within.all()


def test_windows_fit_the_period_and_the_interval():
    week = shop.availability(period=RollingPeriod(7 * DAY))
    longest = max(long for long, _ in conditions(week, "ticket", Goals(), MINUTE).pairs)
    assert longest <= 7 * DAY / 4
    slow = conditions(week, "page", Goals(), 10 * MINUTE)
    assert min(short for _, short in slow.pairs) >= 10 * MINUTE


def test_an_alert_is_named_after_its_severity_and_long_window():
    tried = conditions(shop.availability(period=MONTH), "page", Goals(), MINUTE)
    last = tried.alert(tried.size - 1)
    assert (last.name, last.long, last.hold) == ("page-12h", 12 * HOUR, 15 * MINUTE)
