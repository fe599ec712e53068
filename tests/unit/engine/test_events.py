import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slo.engine.events import event_counts
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.samples import STALE_BITS, History, series_of
from slo.model.span import Span
from slo.promql import counter_selector

BAD = EventRatio("bad", counter_selector('x_total{code="500"}'), counter_selector("x_total"))
GOOD = EventRatio("good", counter_selector('x_total{code="200"}'), counter_selector("x_total"))
STALE = np.array([STALE_BITS], dtype=np.uint64).view(np.float64)[0]


def counter(code, times, values, pod="a"):
    return series_of({"__name__": "x_total", "code": code, "pod": pod}, times, values)


def history(*series, end=1_000):
    return History(series, Span(0, end))


TIMES = [100, 200, 300, 400]


def test_events_are_increments_between_samples():
    past = history(counter("200", TIMES, [5, 7, 7, 9]), counter("500", TIMES, [1, 1, 3, 4]))
    for indicator in (BAD, GOOD):
        counts = event_counts(indicator, past)
        assert counts.times.tolist() == [200, 300, 400]
        assert counts.at(counts.times)[0].tolist() == [0, 2, 3]
        assert counts.at(counts.times)[1].tolist() == [2, 4, 7]


def test_after_a_reset_the_new_value_counts_from_zero():
    counts = event_counts(BAD, history(counter("500", TIMES, [50, 60, 4, 6])))
    assert counts.at(counts.times)[1].tolist() == [10, 14, 16]


def test_markers_and_nan_count_nothing():
    past = history(counter("500", [*TIMES, 500], [1, STALE, 3, np.nan, 7]))
    counts = event_counts(BAD, past)
    assert counts.at(counts.times)[1].tolist() == [2, 6]
    assert counts.times.tolist() == [300, 500]


def test_neighbouring_spans_share_no_event():
    past = history(counter("500", TIMES, [0, 1, 3, 7]))
    counts = event_counts(BAD, past)
    assert counts.between(Span(0, 300)) == (3.0, 3.0)
    assert counts.between(Span(300, 1_000)) == (4.0, 4.0)
    assert counts.between(Span(150, 199)) == (0.0, 0.0)
    bad, total = counts.at(np.array([0, 200, 10_000]))
    assert bad.tolist() == total.tolist() == [0, 1, 7]


def test_targets_scraped_at_different_times_add_up():
    past = history(
        counter("500", TIMES, [0, 1, 3, 7]), counter("200", [150, 250, 300], [0, 10, 20], "b")
    )
    counts = event_counts(BAD, past)
    assert counts.times.tolist() == [200, 250, 300, 400]
    assert counts.at(counts.times)[0].tolist() == [1, 1, 3, 7]
    assert counts.at(counts.times)[1].tolist() == [1, 11, 23, 27]


def test_nothing_there_is_nothing_counted():
    counts = event_counts(BAD, history())
    assert counts.times.size == 0
    assert counts.between(Span(0, 1_000)) == (0.0, 0.0)


def test_latency_counts_what_was_slower_than_the_bound():
    past = history(
        series_of({"__name__": "d_bucket", "le": "0.5"}, TIMES, [0, 3, 6, 6]),
        series_of({"__name__": "d_bucket", "le": "+Inf"}, TIMES, [0, 4, 8, 9]),
        series_of({"__name__": "d_count"}, TIMES, [0, 4, 8, 9]),
    )
    indicator = LatencyBuckets(counter_selector("d_bucket"), "0.5", counter_selector("d_count"))
    assert event_counts(indicator, past).between(Span(0, 1_000)) == (3.0, 9.0)


def test_each_sample_of_a_ratio_is_one_event():
    past = history(series_of({"__name__": "r"}, [*TIMES, 500], [1, 0.75, np.nan, 0.5, 1]))
    good = event_counts(RawRatio("good", counter_selector("r")), past)
    assert good.between(Span(0, 1_000)) == (0.75, 4.0)
    bad = event_counts(RawRatio("bad", counter_selector("r")), past)
    assert bad.between(Span(0, 400)) == (2.25, 3.0)


def test_each_slice_with_a_value_is_one_event():
    past = history(series_of({"__name__": "depth"}, [0, 60_000, 120_000], [5, 50, 5]), end=900_000)
    indicator = TimeSlices(counter_selector("depth"), "", "<=", 10.0, 60_000)
    counts = event_counts(indicator, past)
    # The last sample is seen for five minutes: slices at 0 to 7 min.
    assert counts.between(Span(-1, 900_000)) == (1.0, 8.0)
    assert counts.times.tolist() == [60_000 * minute for minute in range(8)]


@given(st.lists(st.integers(0, 50), min_size=2, max_size=60), st.data())
def test_spans_that_follow_each_other_add_up(values, data):
    times = np.arange(len(values)) * 10
    counts = event_counts(BAD, history(counter("500", times, values)))
    cuts = sorted(data.draw(st.lists(st.integers(-5, len(values) * 10), min_size=2, max_size=6)))
    parts = [counts.between(Span(*pair))[0] for pair in itertools.pairwise(cuts)]
    assert sum(parts) == counts.between(Span(cuts[0], cuts[-1]))[0]
    grown = [b if b < a else b - a for a, b in itertools.pairwise(values)]
    assert counts.between(Span(-1, len(values) * 10))[1] == sum(grown)
