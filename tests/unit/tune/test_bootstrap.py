"""Intervals, against published values and against histories whose truth is known."""

import math

import numpy as np
import pytest

from slo.tune.bootstrap import (
    Interval,
    block_indices,
    median_interval,
    proportion_interval,
    rate_interval,
    ratio_interval,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # R: binom.test(successes, trials, conf.level = 0.9)$conf.int
    [(0, 10, 0.0, 0.2588656), (10, 10, 0.7411344, 1.0), (3, 10, 0.0872644, 0.6066242)],
)
def test_a_share_is_bounded_as_clopper_and_pearson_say(successes, trials, low, high):
    found = proportion_interval(successes, trials)
    assert found.low == pytest.approx(low, abs=1e-6)
    assert found.high == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # R: poisson.test(events, conf.level = 0.9)$conf.int
    [(0, 0.0, 2.995732), (3, 0.8176914, 7.753657), (10, 5.425406, 16.96222)],
)
def test_a_rate_is_bounded_as_garwood_says(events, low, high):
    found = rate_interval(events, 2.0)
    assert found.low == pytest.approx(low / 2, abs=1e-6)
    assert found.high == pytest.approx(high / 2, abs=1e-5)


def test_nothing_is_known_of_nothing():
    for interval in (
        proportion_interval(0, 0),
        rate_interval(0, 0.0),
        ratio_interval(np.array([]), np.array([])),
        median_interval(np.array([1.0, 2.0]), np.array([0, 1])),
    ):
        assert math.isnan(interval.low)
        assert math.isnan(interval.high)


def test_a_union_holds_both_and_what_is_unknown_adds_nothing():
    unknown = Interval(math.nan, math.nan)
    assert Interval(1, 2).union(Interval(0, 1.5)) == Interval(0, 2)
    assert Interval(1, 2).union(unknown) == Interval(1, 2)
    assert 1.5 in Interval(1, 2)
    assert 2.5 not in Interval(1, 2)


def test_blocks_are_runs_of_days_around_the_circle():
    drawn = block_indices(10, 20, block=7, samples=50, seed=3)
    assert drawn.shape == (50, 20)
    for at in (0, 7):
        steps = np.diff(drawn[:, at : at + 7], axis=1) % 10
        assert (steps == 1).all()
    assert np.array_equal(drawn, block_indices(10, 20, block=7, samples=50, seed=3))
    assert block_indices(3, 5, block=7, samples=2).max() == 2


def covered(rng, correlation):
    """How often the true ratio lies within the interval, over days whose errors linger."""
    hits = 0
    for trial in range(120):
        noise = rng.normal(size=90)
        for day in range(1, 90):
            noise[day] = correlation * noise[day - 1] + np.sqrt(1 - correlation**2) * noise[day]
        errors = 10 * np.exp(0.5 * noise - 0.125)
        hits += 10 / 1000 in ratio_interval(errors, np.full(90, 1000.0), seed=trial)
    return hits / 120


def test_the_ratio_of_independent_days_is_covered_as_often_as_promised():
    assert 0.8 <= covered(np.random.default_rng(1), 0.0) <= 0.97


def test_days_that_tell_of_each_other_are_covered_far_better_than_by_single_days():
    # Single days cover 0.46 of such histories where 0.9 was promised. Thirteen blocks of a week
    # are few: they cover three in four, and a longer history more.
    assert covered(np.random.default_rng(2), 0.7) >= 0.65


def test_the_median_of_a_handful_is_bounded_by_its_order_statistics():
    values = np.array([5.0, 1.0, 3.0, 2.0, 4.0])
    found = median_interval(values, np.arange(5))
    # 1 - 2 / 2**5 is 94 %: the whole range, and nothing narrower would do.
    assert (found.low, found.high) == (1.0, 5.0)


def test_the_median_of_many_is_covered():
    rng = np.random.default_rng(5)
    hits = 0
    for trial in range(100):
        values = rng.exponential(size=60)
        hits += math.log(2) in median_interval(values, np.arange(60), seed=trial)
    assert hits >= 85
