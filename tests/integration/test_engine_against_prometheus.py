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
from tests.strategies import nasty_history

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


@pytest.mark.parametrize("name", INDICATORS)
def test_error_ratios_are_prometheus_own(name, past, server):
    indicator = INDICATORS[name]
    at = instants(past.span, 5 * MINUTE, 17_003)
    ours = error_ratios(indicator, past, WINDOWS, at, semantics_of("2.42.0"))
    for window in WINDOWS:
        found = server.query_range(error_ratio(indicator, window), at)
        empty = (np.full(at.size, np.nan), np.zeros(at.size, dtype=bool))
        theirs, there = found.get("{}", empty)
        points = ours.over(window)
        assert there.any()
        assert differences(points.values, points.present, theirs, there) == NONE, window


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


def test_the_server_is_of_the_version_that_we_compare_with(server):
    assert server.get("status/buildinfo")["version"].startswith("2.")
    assert semantics_of(server.get("status/buildinfo")["version"]) == semantics_of("2.42.0")
