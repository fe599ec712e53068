"""The workbook's six approaches as policies, scaled to an objective."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import RollingPeriod
from slo.tune.presets import (
    LONGER_DURATION,
    LONGER_WINDOW,
    MULTIPLE_BURN_RATES,
    OWN,
    SINGLE_BURN_RATE,
    TARGET_ERROR_RATE,
    WORKBOOK,
    presets,
)
from tests import shop


def known(ratio="0.999", days=30):
    return presets(shop.availability(ratio=ratio, period=RollingPeriod(days * DAY)))


def test_the_six_approaches_for_30_days_in_the_chapters_order():
    told = {name: [str(alert) for alert in policy.alerts] for name, policy in known().items()}
    assert told == {
        OWN: ["page at 14.4x over 1h/5m", "ticket at 3x over 1d/2h"],
        TARGET_ERROR_RATE: ["page at 1x over 10m"],
        LONGER_WINDOW: ["page at 1x over 1d12h"],
        LONGER_DURATION: ["page at 1x over 1m for 1h"],
        SINGLE_BURN_RATE: ["page at 36x over 1h"],
        MULTIPLE_BURN_RATES: [
            "page at 14.4x over 1h",
            "page at 6x over 6h",
            "ticket at 1x over 3d",
        ],
        WORKBOOK: [
            "page at 14.4x over 1h/5m",
            "page at 6x over 6h/30m",
            "ticket at 3x over 1d/2h",
            "ticket at 1x over 3d/6h",
        ],
    }
    assert list(told) == [
        OWN, TARGET_ERROR_RATE, LONGER_WINDOW, LONGER_DURATION, SINGLE_BURN_RATE,
        MULTIPLE_BURN_RATES, WORKBOOK,
    ]  # fmt: skip


@given(st.sampled_from(["0.5", "0.9", "0.95", "0.99", "0.99999"]), st.integers(1, 365))
def test_every_preset_can_fire_and_fits_into_its_period(ratio, days):
    one = shop.availability(ratio=ratio, period=RollingPeriod(days * DAY))
    for name, policy in presets(one).items():
        assert policy.alerts
        if name != OWN:
            assert all(alert.can_fire(one.objective) for alert in policy.alerts)
            assert max(policy.windows) <= one.period.length


def test_an_approach_none_of_whose_alerts_can_fire_is_left_out():
    # A burn rate of 36 asks for more than every event to fail.
    assert SINGLE_BURN_RATE not in known(ratio="0.97")
    assert SINGLE_BURN_RATE in known(ratio="0.98")
    # 36 hours are longer than a day; three days as well.
    short = known(days=1)
    assert LONGER_WINDOW not in short
    assert [alert.long for alert in short[MULTIPLE_BURN_RATES].alerts] == [HOUR, 6 * HOUR]


@pytest.mark.parametrize("days", [7, 28, 30, 90])
def test_shares_of_the_budget_stay_whatever_the_period(days):
    month = RollingPeriod(days * DAY)
    shares = [round(alert.budget_share(month), 9) for alert in known(days=days)[WORKBOOK].alerts]
    # A factor below 1 would guard a budget that lasts: over a week the slow tiers stop at 1.
    expected = [0.02, 0.05, max(0.1, 1 / days), max(0.1, 3 / days)]
    assert shares == pytest.approx(expected)


def test_the_first_three_compare_the_objective_itself_whatever_the_period():
    for days in (7, 30, 90):
        for name, long, hold in (
            (TARGET_ERROR_RATE, 10 * MINUTE, 0),
            (LONGER_WINDOW, 36 * HOUR, 0),
            (LONGER_DURATION, MINUTE, HOUR),
        ):
            (alert,) = known(days=days)[name].alerts
            assert (alert.factor, alert.windows, alert.hold) == (1.0, (long,), hold)
