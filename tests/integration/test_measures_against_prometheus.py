"""Every measure of alerts on thresholds, against a real Prometheus, to the last bit."""

import numpy as np
import pytest

from slo.engine.instants import instants
from slo.engine.measure import events_within, measured
from slo.engine.semantics import semantics_of
from slo.model.duration import HOUR, MINUTE
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.promql import counter_selector
from slo.promql import measured as written
from tests.strategies import nasty_history

pytestmark = pytest.mark.integration

V2 = semantics_of("2.42.0")
ALL, BAD = counter_selector("req_total"), counter_selector('req_total{code=~"5.."}')
DEPTH, RATIO = counter_selector("depth"), counter_selector("bad_ratio")
MEASURES = {
    "rate": CounterRate(ALL),
    "rate of what comes and goes": CounterRate(counter_selector('req_total{pod="p1"}')),
    "share": CounterShare(BAD, ALL),
    "share of nothing": CounterShare(counter_selector('req_total{code="418"}'), ALL),
    "mean": GaugeLevel(DEPTH),
    "highest": GaugeLevel(DEPTH, "max"),
    "lowest": GaugeLevel(DEPTH, "min"),
    "mean with NaN": GaugeLevel(RATIO),
    "highest with NaN": GaugeLevel(RATIO, "max"),
    "lowest with NaN": GaugeLevel(RATIO, "min"),
    "absent": GaugeLevel(counter_selector("nothing"), "max"),
}


@pytest.fixture(scope="module")
def past():
    return nasty_history(seed=23)


@pytest.fixture(scope="module")
def server(past, serve_history):
    return serve_history(past)


@pytest.fixture(scope="module")
def at(past):
    return instants(past.span, MINUTE, 17_000)


def assert_equal(points, server, expr: str) -> int:
    """Hold values against a query's; returns how many both have."""
    absent = np.full(points.times.size, np.nan), np.zeros(points.times.size, dtype=bool)
    theirs, there = server.query_range(expr, points.times).get("{}", absent)
    assert np.array_equal(points.present, there)
    ours, theirs = points.values[there], theirs[there]
    same = ours.view(np.int64) == theirs.view(np.int64)
    assert bool(np.all(same | (np.isnan(ours) & np.isnan(theirs))))
    return int(there.sum())


@pytest.mark.parametrize("window", [MINUTE, 5 * MINUTE, HOUR, 6 * HOUR])
@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_measures_are_prometheus(measure, window, past, server, at):
    points = measured(measure, past, window, at, V2)
    compared = assert_equal(points, server, written(measure, window))
    assert (compared > 1_000) == bool(past.select(measure.required))


def test_events_are_prometheus(past, server, at):
    points = events_within(ALL, past, HOUR, at, V2)
    assert assert_equal(points, server, "sum(increase(req_total[1h]))") > 1_000
