from decimal import Decimal

import pytest

from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import Objective, RollingPeriod

MONTH = RollingPeriod(30 * DAY)


def objective(text: str) -> Objective:
    return Objective(Decimal(text))


def test_the_workbooks_factors_for_30_days():
    policy = workbook_policy(objective("0.999"), MONTH)
    assert [(a.name, a.factor) for a in policy.alerts] == [
        ("page-1h", 14.4),
        ("page-6h", 6.0),
        ("ticket-1d", 3.0),
        ("ticket-3d", 1.0),
    ]
    assert policy.windows == tuple(
        sorted((5 * MINUTE, 30 * MINUTE, 2 * HOUR, HOUR, 6 * HOUR, DAY, 3 * DAY))
    )


def test_the_workbooks_factors_for_28_days():
    policy = workbook_policy(objective("0.999"), RollingPeriod(28 * DAY))
    assert [a.factor for a in policy.alerts] == [13.44, 5.6, 2.8, 1.0]


def test_no_alert_of_the_workbooks_is_slower_than_the_budgets_own_pace():
    policy = workbook_policy(objective("0.99"), RollingPeriod(7 * DAY))
    assert [a.factor for a in policy.alerts] == [3.36, 1.4, 1.0, 1.0]


def test_tiers_that_cannot_fire_are_left_out():
    # 1 / (1 - 0.9) = 10: nothing burns 14.4 times too fast.
    names = [a.name for a in workbook_policy(objective("0.9"), MONTH).alerts]
    assert names == ["page-6h", "ticket-1d", "ticket-3d"]


def test_tiers_longer_than_the_period_are_left_out():
    names = [a.name for a in workbook_policy(objective("0.999"), RollingPeriod(2 * DAY)).alerts]
    assert "ticket-3d" not in names


def test_the_threshold_is_prometheus_product_of_floats():
    alert = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4)
    assert alert.threshold(objective("0.999")) == 14.4 * 0.001
    assert alert.budget_share(MONTH) == pytest.approx(0.02)


def test_a_short_window_is_no_longer_than_the_long_one():
    with pytest.raises(ValueError, match="no longer than"):
        BurnRateAlert("page", "page", HOUR, 2 * HOUR, 1.0)


def test_names_are_unique_in_a_policy():
    alert = BurnRateAlert("page", "page", HOUR, HOUR, 1.0)
    with pytest.raises(ValueError, match="named page"):
        AlertPolicy((alert, alert))
