import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.figures.reduce import DRAWN_POINTS, date, dates, drawn, during, reduced
from slo.model.samples import Points
from slo.model.span import Span


def points(values) -> Points:
    """A value a second; None is absent."""
    present = np.array([value is not None for value in values], dtype=bool)
    numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
    return Points(np.arange(numbers.size, dtype=np.int64) * 1000, numbers, present)


def test_few_points_stay_as_they_are():
    few = points([1.0, None, 3.0])
    assert reduced(few) is few


def test_the_extremes_of_each_neighbourhood_stay():
    spiky = np.zeros(100_000)
    spiky[[12_345, 77_777]] = [50.0, -3.0]
    small = reduced(points(spiky))
    assert small.times.size <= DRAWN_POINTS + 2
    assert dict(zip(small.times.tolist(), small.values.tolist(), strict=True)) | {
        12_345_000: 50.0,
        77_777_000: -3.0,
    } == dict(zip(small.times.tolist(), small.values.tolist(), strict=True))


def test_a_line_breaks_at_a_gap_that_is_shorter_than_a_neighbourhood():
    values = [float(n % 7) for n in range(10_000)]
    values[5_000:5_003] = [None, None, None]
    small = reduced(points(values), 100)
    (absent,) = np.flatnonzero(~small.present)
    assert small.times[absent] == 5_000_000
    assert 0 < absent < small.times.size - 1


def test_values_that_are_no_numbers_break_the_line_too():
    line = drawn(points([1.0, float("inf"), float("nan"), None, 2.0]))
    assert np.isnan(line).tolist() == [False, True, True, True, False]


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan")))


@given(st.lists(numbers, min_size=1, max_size=400), st.integers(2, 60))
def test_whatever_is_reduced_keeps_its_ends_extremes_and_gaps(values, most):
    whole = points(values)
    small = reduced(whole, most)
    assert small.times[0] == whole.times[0]
    assert small.times[-1] == whole.times[-1]
    assert np.all(np.diff(small.times) > 0)
    # Three of each neighbourhood, and the ends; there may be one neighbourhood more than wanted.
    assert small.times.size <= max(most, 3 * (most // 2 + 1) + 2)
    index = small.times // 1000
    np.testing.assert_array_equal(small.values, whole.values[index])
    np.testing.assert_array_equal(small.present, whole.present[index])
    before, after = drawn(whole), drawn(small)
    if np.isfinite(before).any():
        assert np.nanmin(before) == np.nanmin(after)
        assert np.nanmax(before) == np.nanmax(after)
    assert np.isnan(before).any() == np.isnan(after).any()


def test_a_span_ends_before_its_end():
    assert during(points([1.0, 2.0, 3.0]), Span(1000, 2000)).values.tolist() == [2.0]


def test_dates_are_aware_and_utc():
    made = dates(np.array([1_794_182_400_123], dtype=np.int64))
    assert made[0].isoformat() == "2026-11-09T00:00:00.123000+00:00"
    assert date(1_794_182_400_123) == made[0]


@pytest.mark.parametrize("size", [1, 2, 1999, 2001, 4001])
def test_sizes_around_the_aim(size):
    small = reduced(points(np.arange(float(size))))
    assert small.values[[0, -1]].tolist() == [0.0, size - 1.0]
