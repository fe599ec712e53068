"""Rates that can be checked by hand; test_against_reference.py holds the rest."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.engine import reference
from slo.engine.packed import MANY_RESETS, pack
from slo.engine.rate import increase, rate
from slo.engine.semantics import semantics_of
from slo.model.samples import STALE_BITS, series_of

V2, V2_51, V3 = (semantics_of(version) for version in ("2.42.0", "2.51.0", "3.0.0"))
STALE = np.array([STALE_BITS], dtype=np.uint64).view(np.float64)[0]


def value(function, samples, window, at, semantics=V2):
    times, values = zip(*samples, strict=True)
    series = series_of({"__name__": "x_total"}, times, values)
    points = function(series, window, np.array([at], dtype=np.int64), semantics)
    return float(points.values[0]) if points.present[0] else None


EVEN = [(t * 1000, 1000 + t) for t in range(0, 301, 15)]


def test_an_increase_over_all_of_its_window_is_a_difference():
    assert value(increase, EVEN, 300_000, 300_000) == 300
    assert value(rate, EVEN, 300_000, 300_000) == 300 * (1 / 300)


def test_an_increase_reaches_to_both_ends_of_the_window():
    # Samples from 15 s to 285 s of a window from 7 s to 293 s: 270 in 270 s, and 8 s at both ends.
    assert value(increase, EVEN, 286_000, 293_000) == 270 * ((270 + 8 + 8) / 270)


def test_a_series_that_begins_in_the_window_is_extended_by_half_an_interval():
    begun = [sample for sample in EVEN if sample[0] >= 150_000]
    assert value(increase, begun, 300_000, 300_000) == 150 * ((150 + 7.5 + 0) / 150)


def test_a_counter_is_not_extended_below_zero():
    young = [(t * 1000, t - 147) for t in range(150, 301, 15)]
    # It was 0 three seconds before its first sample. Up to 2.50 that is looked at first.
    expected = 150 * ((150 + 3 + 0) / 150)
    assert value(increase, young, 300_000, 300_000, V2) == expected
    assert value(increase, young, 300_000, 300_000, V2_51) == expected


def test_from_2_51_on_the_threshold_goes_before_the_zero_point():
    # Zero 20 s before the first sample: beyond 1.1 intervals, so that half of one is taken.
    young = [(t * 1000, t - 130) for t in range(150, 301, 15)]
    assert value(increase, young, 300_000, 300_000, V2) == 150 * ((150 + 7.5) / 150)
    # Zero 10 s before it: within 1.1 intervals, but half of one is less.
    young = [(t * 1000, t - 140) for t in range(150, 301, 15)]
    assert value(increase, young, 300_000, 300_000, V2) == 150 * ((150 + 10) / 150)
    assert value(increase, young, 300_000, 300_000, V2_51) == 150 * ((150 + 7.5) / 150)


def test_what_a_reset_lost_is_added():
    samples = [(0, 100), (15_000, 110), (30_000, 5), (45_000, 8), (60_000, 2), (75_000, 9)]
    assert value(increase, samples, 75_000, 75_000) == 9 - 100 + 110 + 8


def test_windows_are_closed_on_the_left_until_3_0():
    pair = [(0, 10), (60_000, 16)]
    assert value(increase, pair, 60_000, 60_000, V2) == 6
    assert value(increase, pair, 60_000, 60_000, V3) is None


@pytest.mark.parametrize(
    "samples", [[(60_000, 1)], [(0, 1), (300_001, 2)], [(0, 1), (60_000, STALE)]]
)
def test_fewer_than_two_samples_have_no_rate(samples):
    assert value(rate, samples, 300_000, 300_000) is None


def test_staleness_markers_are_no_samples_and_nan_is_one():
    assert value(increase, [(0, 1), (30_000, STALE), (60_000, 3)], 60_000, 60_000) == 2
    assert np.isnan(value(increase, [(0, 1), (30_000, 2), (60_000, np.nan)], 60_000, 60_000))


def test_a_window_with_parts_of_a_second_is_divided_as_go_divides():
    samples = [(0, 1e6), (1_000, 1e6 + 1), (2_003, 1e6 + 3)]
    series = series_of({"__name__": "x_total"}, *zip(*samples, strict=True))
    for window in range(2_003, 3_300):
        points = rate(series, window, np.array([2_003]), V2)
        seconds = window // 1000 + (window % 1000 * 1_000_000) / 1e9
        expected = reference.rate(series, window, 2_003, V2)
        assert points.values[0] == expected
        grown = increase(series, window, np.array([2_003]), V2).values[0]
        assert points.values[0] == pytest.approx(grown / seconds, rel=1e-15)


def test_nothing_asked_is_nothing_answered():
    series = series_of({"__name__": "x_total"}, [0, 1], [0, 1])
    assert rate(series, 1000, np.array([], dtype=np.int64), V2).values.shape == (0,)


def test_zero_points_are_found_where_products_overflow_and_vanish():
    for scale in (1e308, 1e-310, 5e-324):
        samples = [(0, scale), (15_000, scale), (30_000, scale * 1.5)]
        series = series_of({"__name__": "x_total"}, *zip(*samples, strict=True))
        for at in range(30_000, 61_000, 1_000):
            found = rate(series, 3_600_000, np.array([at]), V2).values[0]
            assert found == reference.rate(series, 3_600_000, at, V2)


@given(
    jumps=st.lists(st.integers(0, 40), min_size=200, max_size=400),
    broken=st.booleans(),
    version=st.sampled_from(["2.42", "3.1"]),
)
@settings(max_examples=30, deadline=None)
def test_many_resets_add_up_as_one_after_the_other(jumps, broken, version):
    """A gauge taken for a counter falls all the time."""
    values = np.array(jumps) * (0.1 if broken else 1.0)
    series = series_of({"__name__": "x"}, np.arange(values.size) * 15_000, values)
    if np.sum(np.diff(values) < 0) > MANY_RESETS:
        assert pack([series]).exact.tolist() == [not broken or not values.any()]
    at = np.arange(0, values.size * 15_000, 160_000)
    for window in (300_000, 3_000_000):
        points = rate(series, window, at, semantics_of(version))
        for index, instant in enumerate(at.tolist()):
            expected = reference.rate(series, window, instant, semantics_of(version))
            assert points.present[index] == (expected is not None)
            assert expected is None or points.values[index] == expected


def test_the_engine_is_imported_without_its_compiler():
    program = "import sys, slo.engine.ratio, slo.engine.alert, slo.engine.events; "
    program += "sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
