import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.engine import _sum_kernel
from slo.engine.over_time import mean_over_time
from slo.engine.semantics import semantics_of
from slo.model.samples import series_of

V2, V3 = semantics_of("2.42"), semantics_of("3.0")


def mean(values, at, window, semantics=V2):
    series = series_of({"__name__": "ratio"}, np.arange(len(values)) * 1000, values)
    found, present = mean_over_time([series], [window], np.array([at]), semantics)
    return float(found[0, 0]) if present[0, 0] else None


def test_a_mean_over_all_samples_of_a_window():
    assert mean([0.5, 0.25, 0.75, 1.0], 3_000, 2_000) == (0.25 + 0.75 + 1.0) / 3
    assert mean([0.5, 0.25, 0.75, 1.0], 3_000, 2_000, V3) == (0.75 + 1.0) / 2
    assert mean([0.5], 3_000, 2_000) is None


def test_means_weigh_samples_not_series():
    one = series_of({"pod": "a"}, [0, 1_000, 2_000], [0.0, 0.0, 0.0])
    other = series_of({"pod": "b"}, [2_000], [1.0])
    found, _ = mean_over_time([one, other], [5_000], np.array([2_000]), V2)
    assert found[0, 0] == 0.25


def test_sums_keep_what_plain_additions_lose():
    assert mean([1.0, 1e100, 1.0, -1e100], 3_000, 3_000) == 0.5


@pytest.mark.parametrize(
    ("odd", "expected"),
    [([np.nan], np.nan), ([np.inf], np.inf), ([-np.inf, 1], -np.inf), ([np.inf, -np.inf], np.nan)],
)
def test_what_is_not_finite_stays_in_its_windows(odd, expected):
    values = [0.1, *odd, 0.1, 0.3]
    assert np.array_equal(mean(values, 9_000, 9_000), expected, equal_nan=True)
    assert mean(values, (len(values) - 1) * 1000, 1_000) == 0.2


def test_huge_values_overflow_where_prometheus_does():
    assert mean([1e308, 1e308], 1_000, 1_000) == np.inf
    assert mean([1e308, 1e308, 0.5, 0.25], 3_000, 1_000) == 0.375


@given(
    kind=st.sampled_from(["eighths", "uniform", "wide", "cancelling"]),
    seed=st.integers(0, 2**32 - 1),
    window=st.integers(1, 300),
)
@settings(max_examples=100, deadline=None)
def test_running_sums_round_as_sums_of_each_window(kind, seed, window):
    """Values with few digits often sum to the exact middle between two floats."""
    rng = np.random.default_rng(seed)
    values = {
        "eighths": lambda: rng.integers(0, 2**53, 600) / 8 + rng.integers(0, 2, 600),
        "uniform": lambda: rng.random(600),
        "wide": lambda: rng.normal(0, 1, 600) * 10.0 ** rng.integers(-30, 30, 600),
        "cancelling": lambda: np.tile([0.1, -0.1, 0.3, -0.3], 150) * rng.choice([1, 2.5, 1e9]),
    }[kind]()
    low = np.arange(600 - window)
    prefixes = _sum_kernel.prefixes(values)
    quick = _sum_kernel.from_prefixes(values, *prefixes, low, low + window)
    slow = _sum_kernel.one_by_one(values, low, low + window)
    assert quick.tolist() == slow.tolist()
