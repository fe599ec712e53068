"""Growth of counters against exact fractions."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slo.engine.events import event_counts
from slo.engine.growth import growth, summed, tally
from slo.model.indicator import EventRatio
from slo.model.samples import STALE_BITS, History, series_of
from slo.model.span import Span
from slo.promql import counter_selector

STALE = float(np.array([STALE_BITS], dtype=np.uint64).view(np.float64)[0])
AMOUNTS = st.one_of(
    st.floats(0, 1e9, allow_subnormal=False),
    st.integers(0, 50).map(float),
    st.sampled_from([0.1, 0.01, STALE, float("nan"), float("inf")]),
)


def slow_growth(times, values, start, end):
    """One sample after the other, in fractions."""
    gained, before = Fraction(0), None
    for time, value in zip(times, values, strict=True):
        if not np.isfinite(value):
            continue
        now = Fraction(value)
        if before is not None and start < time <= end:
            gained += now - before if now >= before else now
        before = now
    return float(gained)


@given(
    st.lists(AMOUNTS, max_size=30),
    st.lists(st.integers(-5, 40), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_growth_is_the_exact_sum_rounded_once(values, edges):
    times = np.arange(len(values), dtype=np.int64)
    series = series_of({"__name__": "x"}, times, values)
    found = growth(series, np.array(edges, dtype=np.int64))
    assert found.tolist() == [slow_growth(times, values, *pair) for pair in pairwise(edges)]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40), st.integers(0, 40))
def test_it_counts_what_the_event_counter_counts(values, start):
    series = series_of({"__name__": "x"}, range(len(values)), values)
    history = History((series,), Span(0, 50))
    counter = counter_selector("x")
    counts = event_counts(EventRatio("bad", counter, counter), history)
    _, total = counts.between(Span(start, 50))
    assert growth(series, np.array([start, 50]))[0] == total


def test_a_cent_a_second_for_a_month_is_exact():
    cents = np.arange(30 * 86_400 + 1) * 0.01
    series = series_of({"__name__": "usd"}, np.arange(cents.size) * 1000, cents)
    assert growth(series, np.array([0, 30 * 86_400_000])).tolist() == [25_920.0]


def test_series_are_summed_by_label_and_one_that_lacks_it_counts_as_empty():
    history = History(
        (
            series_of({"__name__": "x", "a": "1", "pod": "p"}, [0, 10], [0, 2]),
            series_of({"__name__": "x", "a": "1", "pod": "q"}, [0, 10], [5, 6]),
            series_of({"__name__": "x", "pod": "q"}, [0, 10], [5, 9]),
        ),
        Span(0, 10),
    )
    found = tally(history, counter_selector("x"), ("a",), np.array([0, 5, 10]))
    assert {key: values.tolist() for key, values in found.items()} == {
        ("",): [0, 4],
        ("1",): [0, 3],
    }


def test_a_sum_is_rounded_once():
    parts = ((("k",), np.array([0.1])) for _ in range(10))
    assert summed(parts)[("k",)].tolist() == [1.0]
