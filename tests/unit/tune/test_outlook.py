"""What a service can promise, by histories whose days are known."""

from decimal import Decimal

import numpy as np
import pytest

from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.objective import RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.tune.outlook import objective_outlook
from tests import shop

START = 1_790_000_000_000 // DAY * DAY
MONTH = RollingPeriod(30 * DAY)


def history(failing_by_day):
    """One request a second; each day fails a share of its own."""
    days = len(failing_by_day)
    times = START + np.arange(0, days * DAY + 1, MINUTE, dtype=np.int64)
    share = np.repeat(np.asarray(failing_by_day, dtype=float), DAY // MINUTE)
    bad = np.concatenate(([0.0], np.cumsum(share * 60)))
    total = np.arange(times.size) * 60.0
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        Span(START, START + days * DAY + 1),
    )


def prospect(outlook, ratio):
    return next(one for one in outlook.prospects if one.objective.ratio == Decimal(ratio))


def test_what_every_day_keeps_is_kept_and_what_none_does_is_not():
    outlook = objective_outlook(shop.availability(period=MONTH), history([0.002] * 90))
    assert prospect(outlook, "0.995").chance == 1
    assert prospect(outlook, "0.999").chance == 0
    assert outlook.achievable == pytest.approx(0.998)
    assert str(outlook.recommended) == "99.5 %"
    assert outlook.verdict == (
        "99 % is kept with a chance of 100 %, and 100 % of past periods did. Even 99.5 % is kept "
        "with a chance of 100 %."
    )


def test_three_periods_without_a_failure_do_not_prove_that_none_will_come():
    outlook = objective_outlook(shop.availability(period=MONTH), history([0.0] * 90))
    best = prospect(outlook, "0.9999")
    assert best.chance == 1
    # The exact bound of 3 out of 3: 0.05 ** (1 / 3).
    assert best.bounds.low == pytest.approx(0.05 ** (1 / 3), abs=1e-6)
    assert best.bounds.high == 1


def test_the_chance_is_that_of_drawn_weeks():
    # A bad week in thirteen spends the month's whole budget: a month is kept where none of its
    # blocks holds a bad day. The obvious way to draw says how often that is.
    days = np.zeros(91)
    days[35:42] = 0.045
    outlook = objective_outlook(shop.availability(period=MONTH), history(days))
    rng = np.random.default_rng(7)
    kept = 0
    for _ in range(4000):
        drawn = np.concatenate([(s + np.arange(7)) % 91 for s in rng.integers(0, 91, 5)])[:30]
        kept += days[drawn].mean() <= 0.01
    assert outlook.present.chance == pytest.approx(kept / 4000, abs=0.03)
    assert outlook.present.chance in outlook.present.bounds


def test_past_periods_are_those_that_lie_within_the_history():
    days = [0.02] * 30 + [0.0] * 60
    outlook = objective_outlook(shop.availability(period=MONTH), history(days))
    # A period ending on day d holds 60 - d bad days; it is kept from half of them bad on.
    ratios = [0.02 * max(0, 60 - end) / 30 for end in range(30, 91)]
    assert outlook.present.kept == np.mean([ratio <= 0.01 + 1e-12 for ratio in ratios])


def test_each_nine_costs_minutes_and_requests():
    outlook = objective_outlook(shop.availability(period=MONTH), history([0.001] * 60))
    three = prospect(outlook, "0.999")
    assert three.minutes == pytest.approx(43.2)
    assert three.failures == pytest.approx(2592, rel=1e-3)
    assert prospect(outlook, "0.9999").minutes == pytest.approx(4.32)


def test_a_target_that_nobody_keeps_is_called_out():
    outlook = objective_outlook(
        shop.availability(ratio="0.9995", period=MONTH), history([0.004] * 90)
    )
    assert outlook.hopeless
    assert outlook.verdict.startswith(
        "99.95 % is kept with a chance of 0 %, and 0 % of past periods did: a target that nobody "
        "keeps."
    )


def test_a_history_that_is_shorter_than_a_period_has_no_bounds_and_says_so():
    outlook = objective_outlook(shop.availability(period=MONTH), history([0.001] * 20))
    assert np.isnan(outlook.present.bounds.low)
    assert np.isnan(outlook.present.kept)
    assert outlook.verdict == "20 days of history are too few to say what can be promised."
    assert outlook.recommended is None
    assert "20 days of history are shorter than the period of 30d" in outlook.warnings[0]


def test_what_is_excluded_spends_nothing():
    days = [0.0] * 40 + [0.9] + [0.0] * 49
    bad_day = Span(START + 40 * DAY, START + 41 * DAY)
    one = shop.availability(period=MONTH)
    out = Exclusion("move", bad_day, "kim", "a planned move")
    assert objective_outlook(one, history(days)).present.chance < 0.9
    assert objective_outlook(one, history(days), [out]).present.chance == 1


def test_the_same_seed_gives_the_same_outlook():
    one, past = shop.availability(period=MONTH), history(np.linspace(0, 0.02, 60))
    first, second = objective_outlook(one, past), objective_outlook(one, past)
    assert first.prospects == second.prospects
    assert (np.diff(first.targets) <= 0).all()
    assert (np.diff(first.chances) > 0).all()


def test_a_much_stricter_target_takes_five_whole_periods_that_kept_it():
    one = shop.availability(period=MONTH)
    for periods, enough in ((1, False), (4, False), (5, True)):
        outlook = objective_outlook(one, history([0.002] * 30 * periods))
        assert outlook.whole_periods == periods
        assert str(outlook.stricter.objective) == "99.5 %"
        # All of them kept it: the exact bound is 0.05 ** (1 / periods).
        assert outlook.stricter.bounds.low == pytest.approx(0.05 ** (1 / periods), abs=1e-6)
        assert outlook.too_loose == enough


def test_a_target_that_is_hardly_stricter_is_none_to_change_for():
    # 99.5 % is as strict as it gets; 99.2 % allows less than twice as many failures.
    outlook = objective_outlook(
        shop.availability(ratio="0.992", period=MONTH), history([0.004] * 180)
    )
    assert str(outlook.recommended) == "99.5 %"
    assert outlook.stricter is None
    assert not outlook.too_loose


def test_what_is_known_takes_a_period_and_failures_to_count():
    month = shop.availability(period=MONTH)
    assert objective_outlook(month, history([0.001] * 30)).known
    assert not objective_outlook(month, history([0.001] * 29)).known
    # A day allows 86,400 / 100,000 failures.
    day = shop.availability(ratio="0.99999", period=RollingPeriod(DAY))
    assert not objective_outlook(day, history([0.001] * 30)).known


def test_a_history_of_minutes_is_not_called_days():
    whole = shop.history()
    young = History(whole.series, Span(whole.span.start, whole.span.start + HOUR // 2))
    outlook = objective_outlook(shop.availability(), young)
    assert outlook.verdict == (
        "A day of history or less is too little to say what can be promised."
    )
    assert outlook.warnings[0].startswith("A day of history or less is shorter than the period")
