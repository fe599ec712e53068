"""Bounds of histograms and of queues."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.discovery.bounds import attainable_bound, bound_of, round_up


def day(*counts: float) -> np.ndarray:
    return np.array(counts, dtype=np.float64)


TOTAL = day(1000, 1000)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ({"0.1": day(500, 500), "0.5": day(992, 995), "1": day(999, 999)}, "0.5"),
        # A day in two below 99 %: the next bound.
        ({"0.5": day(999, 985), "1": day(999, 998)}, "1"),
        ({"0.5": day(960, 960), "1": day(970, 980)}, "0.5"),
        ({"0.5": day(910, 920)}, "0.5"),
        ({"0.5": day(800, 800), "+Inf": TOTAL}, None),
        # As Prometheus 3 writes it; and numbers are compared, not texts.
        ({"5.0": day(999, 999), "10.0": TOTAL}, "5.0"),
        ({"10": TOTAL, "9": TOTAL}, "9"),
        ({"-1": TOTAL, "0": TOTAL, "x": TOTAL, "1e-05": TOTAL}, "1e-05"),
        ({}, None),
    ],
)
def test_the_least_bound_that_nearly_all_kept(within, expected):
    assert attainable_bound(within, TOTAL) == expected


def test_days_without_requests_do_not_count():
    within = {"1": day(np.nan, 999)}
    assert attainable_bound(within, day(np.nan, 1000)) == "1"
    assert attainable_bound(within, day(np.nan, 0)) is None


@pytest.mark.parametrize(
    ("text", "bound"), [("1.0", "1"), ("0.25", "0.25"), ("10", "10"), ("2.50", "2.50")]
)
def test_bounds_are_written_as_by_prometheus_2(text, bound):
    assert bound_of(text) == bound


@given(st.floats(1e-6, 1e12))
def test_rounding_up_goes_no_further_than_needed(value):
    found = round_up(value)
    assert value * (1 - 1e-9) <= found <= value * 2.5 * (1 + 1e-9)
    assert round_up(found) == pytest.approx(found)


@pytest.mark.parametrize(("value", "up"), [(1, 1), (3, 5), (7, 10), (20, 20), (21, 50), (0.3, 0.5)])
def test_round_numbers(value, up):
    assert round_up(value) == pytest.approx(up)
