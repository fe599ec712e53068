import numpy as np

from slo.engine.coverage import coverage, gaps
from slo.model.duration import HOUR, MINUTE
from slo.model.samples import STALE_BITS, series_of
from slo.model.span import Span

DAY_HALF = Span(0, 12 * HOUR)


def scraped(start, stop, pod="a", values=None):
    times = np.arange(start, stop, MINUTE)
    return series_of({"__name__": "up", "pod": pod}, times, np.ones(times.size))


def test_a_series_that_is_always_there_covers_all():
    assert coverage([scraped(0, 12 * HOUR)], DAY_HALF) == 1.0


def test_nothing_covers_nothing():
    assert coverage([], DAY_HALF) == 0.0
    assert coverage([scraped(0, HOUR)], Span(5, 5)) == 0.0
    assert gaps([], DAY_HALF) == (DAY_HALF,)


def test_a_sample_is_seen_for_five_minutes():
    # The last sample before the gap is at 2 h 59 min, and seen until 3 h 4 min.
    series = [scraped(0, 3 * HOUR), scraped(9 * HOUR, 12 * HOUR, "b")]
    assert gaps(series, DAY_HALF) == (Span(3 * HOUR + 4 * MINUTE, 9 * HOUR),)
    assert coverage(series, DAY_HALF) == 1 - (6 * HOUR - 4 * MINUTE) / (12 * HOUR)


def test_one_series_is_enough():
    assert coverage([scraped(0, 7 * HOUR), scraped(6 * HOUR, 12 * HOUR, "b")], DAY_HALF) == 1.0


def test_samples_before_the_span_are_seen_into_it():
    series = [scraped(0, HOUR)]
    assert gaps(series, Span(HOUR, 2 * HOUR)) == (Span(HOUR + 4 * MINUTE, 2 * HOUR),)


def test_staleness_markers_are_no_samples():
    one = scraped(0, HOUR)
    values = one.values.copy()
    values.view(np.uint64)[30:] = STALE_BITS
    series = [series_of(dict(one.labels), one.times, values)]
    assert gaps(series, Span(0, HOUR)) == (Span(34 * MINUTE, HOUR),)
