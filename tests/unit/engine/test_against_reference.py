"""The kernels hold the slow and obvious reference to the bit, in every version's arithmetic."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.engine import alert, reference
from slo.engine.rate import rate
from slo.engine.ratio import error_ratios
from slo.engine.semantics import semantics_of
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.samples import STALE_BITS, History, Series, series_of
from slo.model.selector import Matcher, Selector
from slo.model.span import Span
from slo.promql import counter_selector

VERSIONS = ("2.42.0", "2.51.0", "2.54.1", "3.7.0")
STALE = struct.unpack("<d", struct.pack("<Q", STALE_BITS))[0]
WINDOWS = (60_000, 300_000, 1_200_000)
AT = np.arange(0, 2_400_000, 45_000, dtype=np.int64)
TOTAL = counter_selector("x_total")

whole = st.integers(min_value=0, max_value=2_000).map(float)
broken = st.floats(min_value=0, max_value=1e6, allow_subnormal=False)
strange = st.sampled_from([math.nan, STALE, math.inf, -1.5, 0.0, 1e300])


@st.composite
def times(draw) -> list[int]:
    gaps = st.one_of(st.sampled_from([15_000, 15_000, 15_000, 30_000]), st.integers(1, 700_000))
    steps = draw(st.lists(gaps, min_size=1, max_size=60))
    start = draw(st.integers(-500_000, 1_000_000))
    return list(np.cumsum([start, *steps[1:]]))


@st.composite
def histories(draw, values=None) -> History:
    """Up to five series on up to three targets; values may fall, jump, go stale or be NaN."""
    targets = draw(st.lists(times(), min_size=1, max_size=3))
    kinds = [whole, broken, st.one_of(whole, broken, strange)]
    kind = draw(st.sampled_from(kinds)) if values is None else values
    series: list[Series] = []
    for index in range(draw(st.integers(1, 5))):
        own = targets[draw(st.integers(0, len(targets) - 1))]
        found = draw(st.lists(kind, min_size=len(own), max_size=len(own)))
        if draw(st.booleans()):
            found = list(np.cumsum(np.nan_to_num(found, posinf=0.0)))
        labels = {"__name__": "x_total", "code": str(200 + 100 * (index % 4)), "pod": str(index)}
        series.append(series_of(labels, own, found))
    return History(tuple(series), Span(-500_000, 2_400_000))


def same(ours: float, present: bool, theirs: float | None) -> bool:
    if theirs is None or not present:
        return present == (theirs is not None)
    return bool(ours == theirs) or (math.isnan(ours) and math.isnan(theirs))


def assert_same_ratios(indicator, history, semantics) -> None:
    ours = error_ratios(indicator, history, WINDOWS, AT, semantics)
    for window in WINDOWS:
        points = ours.over(window)
        for index, at in enumerate(AT.tolist()):
            theirs = reference.error_ratio(indicator, history, window, at, semantics)
            value, present = float(points.values[index]), bool(points.present[index])
            assert same(value, present, theirs), (window, at, value, present, theirs)


@pytest.mark.parametrize("version", VERSIONS)
@given(history=histories())
@settings(max_examples=40, deadline=None)
def test_rates(version, history):
    semantics = semantics_of(version)
    for series in history.series:
        for window in WINDOWS:
            points = rate(series, window, AT, semantics)
            for index, at in enumerate(AT.tolist()):
                theirs = reference.rate(series, window, at, semantics)
                assert same(float(points.values[index]), bool(points.present[index]), theirs)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("counted", ["bad", "good"])
@given(history=histories())
@settings(max_examples=25, deadline=None)
def test_ratios_of_events(version, counted, history):
    numerator = counter_selector('x_total{code=~"[45].."}')
    assert_same_ratios(EventRatio(counted, numerator, TOTAL), history, semantics_of(version))


@pytest.mark.parametrize("version", VERSIONS)
@given(history=histories(values=st.one_of(broken, strange)))
@settings(max_examples=20, deadline=None)
def test_means_of_ratios(version, history):
    assert_same_ratios(RawRatio("good", TOTAL), history, semantics_of(version))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("aggregation", ["", "sum", "min", "max", "avg"])
@given(
    history=histories(values=st.one_of(whole, broken, st.just(STALE))),
    comparison=st.sampled_from(["<", "<=", ">", ">="]),
    bound=st.sampled_from([0.0, 5.0, 1_000.0]),
)
@settings(max_examples=6, deadline=None)
def test_time_slices(version, aggregation, history, comparison, bound):
    indicator = TimeSlices(TOTAL, aggregation, comparison, bound, 60_000)
    assert_same_ratios(indicator, history, semantics_of(version))


def test_latency_counts_what_was_fast_enough_in_both_spellings():
    at = np.array([600_000], dtype=np.int64)
    for le in ("5", "5.0"):
        steps = np.arange(41) * 15_000
        fast = series_of({"__name__": "d_bucket", "le": le}, steps, np.arange(41) * 3.0)
        count = series_of({"__name__": "d_count"}, steps, np.arange(41) * 4.0)
        indicator = LatencyBuckets(counter_selector("d_bucket"), "5", counter_selector("d_count"))
        past = History((fast, count), Span(0, 600_001))
        ratios = error_ratios(indicator, past, (300_000,), at)
        assert ratios.values[0, 0] == 0.25


def test_a_numerator_without_series_counts_nothing_while_there_is_traffic():
    steps = np.arange(41) * 15_000
    count = series_of({"__name__": "x_total", "code": "200"}, steps, np.arange(41) * 4.0)
    past = History((count,), Span(0, 600_001))
    none = Selector((Matcher("__name__", "=", "x_total"), Matcher("code", "=", "500")))
    at = np.array([600_000, 3_000_000], dtype=np.int64)
    bad = error_ratios(EventRatio("bad", none, TOTAL), past, (300_000,), at)
    good = error_ratios(EventRatio("good", none, TOTAL), past, (300_000,), at)
    assert (bad.values[0, 0], good.values[0, 0]) == (0.0, 1.0)
    assert bad.present.tolist() == [[True, False]]


@given(
    holds=st.lists(st.booleans(), max_size=60),
    hold=st.sampled_from([0, 30_000, 60_000, 150_000, 300_000]),
    keep=st.sampled_from([0, 30_000, 60_000, 150_000, 300_000]),
    interval=st.sampled_from([30_000, 60_000]),
)
@settings(max_examples=500, deadline=None)
def test_alert_states(holds, hold, keep, interval):
    at = np.arange(len(holds), dtype=np.int64) * interval
    state, since = alert.states(np.array(holds, dtype=bool), at, hold, keep)
    assert (state == alert.FIRING).tolist() == reference.firing(holds, at.tolist(), hold, keep)
    assert bool(np.all(since[state != alert.INACTIVE] <= at[state != alert.INACTIVE]))


def test_prometheus_example_of_a_rate_by_hand():
    # 10 in 60 s between samples at 15 s and 75 s, window 0 to 90 s: both ends within 1.1 * 15 s.
    series = series_of(
        {"__name__": "x_total"}, [15_000, 30_000, 45_000, 60_000, 75_000], [100, 102, 105, 107, 110]
    )
    at = np.array([90_000], dtype=np.int64)
    points = rate(series, 90_000, at, semantics_of("2.42"))
    assert points.values[0] == 10 * ((60.0 + 15.0 + 15.0) / 60.0 / 90.0)
