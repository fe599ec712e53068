"""Every measure of alerts on thresholds, against a real Prometheus, to the last bit."""

import numpy as np
import pytest

from slo.engine.instants import instants
from slo.engine.measure import events_within, measured
from slo.engine.semantics import semantics_of
from slo.model.duration import HOUR, MINUTE
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.promql import counter_selector
from slo.promql_expression import expression_of
from slo.promql_expression import measured as written
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
EXPRESSIONS = {
    "the worst pod's share": (
        'max(sum by (pod) (rate(req_total{code=~"5.."}[$window])) '
        "/ sum by (pod) (rate(req_total[$window])))"
    ),
    "matching on a label": (
        "max(sum by (pod, code) (increase(req_total[$window])) "
        "/ on (pod, code) count by (pod, code) (depth or req_total))"
    ),
    "what is there now": "sum(depth) / count(depth)",
    "the lowest mean": "min(avg_over_time(depth[$window])) * 2 - 1",
    "an age": "time() - max(max_over_time(depth[$window]))",
    "a rate of its own": "sum(rate(req_total[10m])) * 60 + avg(max_over_time(depth[$window]))",
    "nothing is there": 'absent(depth{pod="p1"}) or vector(0)',
    "a fallback": "sum(rate(nothing_total[$window])) or 0 * sum(rate(req_total[$window]))",
    "the least": "min(min_over_time(depth[$window])) or vector(7)",
    "samples": "sum(count_over_time(depth[$window])) - sum(sum_over_time(bad_ratio[$window]))",
    "nothing": "sum(nothing) / sum(depth)",
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


@pytest.mark.parametrize("window", [MINUTE, HOUR])
@pytest.mark.parametrize("text", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expressions_are_prometheus(text, window, past, server, at):
    measure = expression_of(text)
    points = measured(measure, past, window, at, V2)
    compared = assert_equal(points, server, f"sum({written(measure, window)})")
    assert (compared > 1_000) == ("nothing) /" not in text)


@pytest.mark.parametrize("window", [MINUTE, HOUR])
def test_sums_of_arithmetic_are_what_a_rule_sees(window, past, server, at):
    """At single instants: over a range, Prometheus adds what arithmetic makes in any order."""
    measure = expression_of("sum(avg_over_time(depth[$window]))")
    some = at[::60]
    points = measured(measure, past, window, some, V2)
    theirs = [server.query(written(measure, window), int(one)) for one in some]
    assert theirs == [
        [value] if there else [] for value, there in zip(points.values, points.present, strict=True)
    ]
    assert points.present.sum() > 50


def test_events_are_prometheus(past, server, at):
    points = events_within(ALL, past, HOUR, at, V2)
    assert assert_equal(points, server, "sum(increase(req_total[1h]))") > 1_000
