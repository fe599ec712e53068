"""Every value and every absence, against a real Prometheus, to the last bit."""

import json

import numpy as np
import pytest

from slo.engine.instants import instants
from slo.engine.rate import increase, rate
from slo.engine.ratio import error_ratios
from slo.engine.semantics import semantics_of
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.samples import History
from slo.model.selector import METRIC_NAME
from slo.promql import counter_selector, error_ratio, gauge_selector
from tests.integration.conftest import receiving
from tests.strategies import nasty_history, scattered_markers, wild_history

pytestmark = pytest.mark.integration

WINDOWS = (5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY, 3 * DAY, 30 * DAY)
ALL = counter_selector("req_total")


def time_slices(expr: str, comparison: str, bound: float, length: int = MINUTE) -> TimeSlices:
    selector, aggregation = gauge_selector(expr)
    return TimeSlices(selector, aggregation, comparison, bound, length)


INDICATORS = {
    "bad events": EventRatio("bad", counter_selector('req_total{code=~"5.."}'), ALL),
    "good events": EventRatio("good", counter_selector('req_total{code!~"5.."}'), ALL),
    "no numerator": EventRatio("bad", counter_selector('req_total{code="418"}'), ALL),
    "a numerator that comes and goes": EventRatio(
        "good", counter_selector('req_total{code="200",pod="p1"}'), ALL
    ),
    "a total that comes and goes": EventRatio(
        "bad",
        counter_selector('req_total{code="503",pod="p2"}'),
        counter_selector('req_total{pod="p2"}'),
    ),
    "latency": LatencyBuckets(counter_selector("dur_bucket"), "1", counter_selector("dur_count")),
    "raw": RawRatio("bad", counter_selector('bad_ratio{pod!="p0"}')),
    "raw with NaN": RawRatio("good", counter_selector("bad_ratio")),
    "slices": time_slices("depth", "<=", 100.0),
    "slices of a sum": time_slices("sum(depth)", "<", 250.0),
    "slices of a mean": time_slices("avg(depth)", ">=", 90.0, 2 * MINUTE),
    "slices of a maximum": time_slices("max(depth)", "<=", 150.0, 5 * MINUTE),
    "slices of a minimum": time_slices('min(depth{pod=~"p0|p2"})', ">", 20.0),
}


@pytest.fixture(scope="module")
def past() -> History:
    return nasty_history(seed=11)


@pytest.fixture(scope="module")
def server(past, serve_history):
    return serve_history(past)


def differences(ours, present, theirs, there) -> dict[str, int]:
    both = present & there
    unlike = ours[both].view(np.int64) != theirs[both].view(np.int64)
    unlike &= ~(np.isnan(ours[both]) & np.isnan(theirs[both]))
    return {"presence": int(np.sum(present != there)), "bits": int(np.sum(unlike))}


NONE = {"presence": 0, "bits": 0}


def assert_error_ratios_equal(indicator, history, server, windows, at) -> None:
    ours = error_ratios(indicator, history, windows, at, semantics_of("2.42.0"))
    for window in windows:
        found = server.query_range(error_ratio(indicator, window), at)
        empty = (np.full(at.size, np.nan), np.zeros(at.size, dtype=bool))
        theirs, there = found.get("{}", empty)
        points = ours.over(window)
        assert there.any()
        assert differences(points.values, points.present, theirs, there) == NONE, window


@pytest.mark.parametrize("name", INDICATORS)
def test_error_ratios_are_prometheus_own(name, past, server):
    at = instants(past.span, 5 * MINUTE, 17_003)
    assert_error_ratios_equal(INDICATORS[name], past, server, WINDOWS, at)


@pytest.mark.parametrize("function", [rate, increase])
@pytest.mark.parametrize("window", [MINUTE, 5 * MINUTE, HOUR, DAY])
def test_rates_of_single_series_are_prometheus_own(function, window, past, server):
    at = instants(past.span, MINUTE, 1_500)
    seconds = window // 1000
    found = server.query_range(f"{function.__name__}(req_total[{seconds}s])", at)
    for series in past.select(ALL):
        labels = dict(series.labels)
        del labels[METRIC_NAME]
        theirs, there = found[json.dumps(labels, sort_keys=True)]
        points = function(series, window, at, semantics_of("2.42.0"))
        assert differences(points.values, points.present, theirs, there) == NONE


WILD_WINDOWS = (90_500, 5 * MINUTE + 1, HOUR, 6 * HOUR + 30_000, DAY)
WILD = {
    "sinking counters": EventRatio(
        "bad", counter_selector('sinking{code="500"}'), counter_selector("sinking")
    ),
    "counters that are reset all the time": EventRatio(
        "good",
        counter_selector('sinking{code="200",Zone="z1"}'),
        counter_selector('sinking{code="200"}'),
    ),
    "NaN and infinities": EventRatio(
        "bad", counter_selector('strange{code="500"}'), counter_selector("strange")
    ),
    "labels before the name, tiny and huge": EventRatio(
        "bad", counter_selector('Scaled{Zone=~"z[12]"}'), counter_selector("Scaled")
    ),
    "means of NaN and infinities": RawRatio("bad", counter_selector("strange")),
    "means of infinities": RawRatio("good", counter_selector('strange{Zone!="z2",code="500"}')),
    "means of sums that cancel": RawRatio("bad", counter_selector("sinking")),
    "slices of NaN": time_slices("strange", "<", 50.0, 37_000),
    "slices of sums of NaN": time_slices("sum(strange)", "<=", 100.0),
    "slices of means of infinities": time_slices("avg(strange)", ">", 20.0, 45_000),
    "slices of minima below zero": time_slices("min(sinking)", "<", -3.0, 10_000),
}


@pytest.fixture(scope="module")
def wild() -> History:
    return wild_history(seed=5)


@pytest.fixture(scope="module")
def wild_server(wild, serve_history):
    return serve_history(wild)


@pytest.mark.parametrize("name", WILD)
def test_error_ratios_of_wild_samples_are_prometheus_own(name, wild, wild_server):
    at = instants(wild.span, MINUTE, 41_007)
    assert_error_ratios_equal(WILD[name], wild, wild_server, WILD_WINDOWS, at)


def test_staleness_markers_are_seen_as_prometheus_sees_them(tmp_path):
    past = scattered_markers(seed=8)
    at = instants(past.span, 10_000, 7)
    kinds = [
        INDICATORS["bad events"],
        RawRatio("bad", ALL),
        time_slices("req_total", "<", 300.0, 7_000),
        time_slices("sum(req_total)", "<", 3_000.0, 7_000),
        time_slices("avg(req_total)", "<", 300.0, 7_000),
    ]
    with receiving(past, tmp_path) as server:
        for indicator in kinds:
            windows = (MINUTE, 5 * MINUTE, HOUR)
            assert_error_ratios_equal(indicator, past, server, windows, at)


def test_the_server_is_of_the_version_that_we_compare_with(server):
    assert server.get("status/buildinfo")["version"].startswith("2.")
    assert semantics_of(server.get("status/buildinfo")["version"]) == semantics_of("2.42.0")
