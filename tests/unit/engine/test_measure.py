"""Measures against loops that look at every sample, and alerts on them by hand."""

import math

import numpy as np
import pytest

from slo.engine import reference
from slo.engine.alert import threshold_condition, threshold_episodes
from slo.engine.measure import events_within, measured
from slo.engine.semantics import semantics_of
from slo.model.duration import HOUR, MINUTE
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.model.samples import Points, is_stale, series_of
from slo.model.threshold_alert import ThresholdAlert
from slo.promql import counter_selector
from tests.strategies import START, nasty_history

ALL, BAD = counter_selector("req_total"), counter_selector('req_total{code=~"5.."}')
DEPTH = counter_selector("depth")
PAST = nasty_history(seed=5, days=0.4)
AT = START + np.arange(20, 560, 7, dtype=np.int64) * MINUTE
VERSIONS = ("2.42", "3.0")


def by_loop(measure, window, at, semantics):
    """The measure as its PromQL reads, a sample at a time; None where absent."""
    if isinstance(measure, GaugeLevel):
        inside = [
            value
            for one in PAST.select(measure.gauge)
            for time, value, stale in zip(one.times, one.values, is_stale(one.values), strict=True)
            if not stale and at - window <= time <= at
            and not (semantics.left_open and time == at - window)
        ]  # fmt: skip
        if not inside:
            return None
        told = {"max": max, "min": min, "avg": lambda v: math.fsum(v) / len(v)}
        return told[measure.statistic](inside)
    rates = {
        selector: [r for one in PAST.select(selector)
                   if (r := reference.rate(one, window, at, semantics)) is not None]
        for selector in measure.selectors
    }  # fmt: skip
    if not rates[measure.required]:
        return None
    total = math.fsum(rates[measure.required])
    if isinstance(measure, CounterRate):
        return total
    return math.fsum(rates[measure.part]) / total


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "measure",
    [
        CounterRate(ALL),
        CounterRate(counter_selector('req_total{pod="p1"}')),
        CounterShare(BAD, ALL),
        CounterShare(counter_selector("nothing_total"), ALL),
        GaugeLevel(DEPTH),
        GaugeLevel(DEPTH, "max"),
        GaugeLevel(counter_selector('depth{pod=~"p1|p2"}'), "min"),
    ],
    ids=str,
)
@pytest.mark.parametrize("window", [MINUTE, 37 * MINUTE, 3 * HOUR])
def test_measures_are_what_a_loop_over_samples_says(measure, window, version):
    semantics = semantics_of(version)
    points = measured(measure, PAST, window, AT, semantics)
    some = slice(None, None, 9)
    expected = [by_loop(measure, window, int(at), semantics) for at in AT[some]]
    assert points.present[some].tolist() == [value is not None for value in expected]
    for ours, theirs in zip(points.values[some], expected, strict=True):
        if theirs is not None:
            assert ours == pytest.approx(theirs, rel=1e-12)


def test_events_within_a_window_are_rates_times_its_length():
    events = events_within(ALL, PAST, HOUR, AT)
    rates = measured(CounterRate(ALL), PAST, HOUR, AT)
    assert np.allclose(events.values, rates.values * 3600, equal_nan=True)


def test_nan_is_no_extreme_where_there_is_a_number():
    gauge = series_of({"__name__": "g"}, [0, 1_000, 2_000], [math.nan, 3.0, math.nan])
    past = type(PAST)((gauge,), PAST.span)
    at = np.array([500, 1_500, 2_500])
    highest = GaugeLevel(counter_selector("g"), "max")
    assert np.array_equal(
        measured(highest, past, 600, at).values, [math.nan, 3.0, math.nan], equal_nan=True
    )
    assert measured(highest, past, 3_000, at).values[1:].tolist() == [3.0, 3.0]


def points(*values):
    """A value a minute; None where there is none."""
    present = np.array([value is not None for value in values])
    numbers = np.array([math.nan if value is None else value for value in values])
    return Points(np.arange(len(values), dtype=np.int64) * MINUTE, numbers, present)


def alert(comparison, *windows, measure=None, **fields):
    of = measure or GaugeLevel(DEPTH)
    return ThresholdAlert("a", "page", of, comparison, 5.0, windows or (MINUTE,), **fields)


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (">", [0, 0, 1, 0, 0]),
        (">=", [0, 1, 1, 0, 0]),
        ("<", [1, 0, 0, 0, 0]),
        ("<=", [1, 1, 0, 0, 0]),
    ],
)
def test_comparisons_are_prometheus_and_absence_is_beyond_nothing(comparison, expected):
    holds = threshold_condition(alert(comparison), [points(4, 5, 6, None, math.nan)])
    assert holds.astype(int).tolist() == expected


def test_every_window_must_agree_and_have_its_events():
    one = alert(">", HOUR, MINUTE, measure=CounterShare(BAD, ALL), minimum_events=20)
    values = [points(6, 6, 6, 6), points(6, 4, 6, 6)]
    events = [points(20, 99, 19, 99), points(20, 99, 99, None)]
    assert threshold_condition(one, values, events).tolist() == [True, False, False, False]


def test_an_episode_waits_for_its_duration_and_remembers_the_furthest_value():
    held = alert("<", hold=2 * MINUTE, keep_firing=MINUTE)
    (episode,) = threshold_episodes(held, [points(9, 4, 3, 2, 1, 9, 9, 9)])
    assert (episode.active, episode.start, episode.end) == (MINUTE, 3 * MINUTE, 6 * MINUTE)
    assert episode.peak == 1
    (still,) = threshold_episodes(alert(">"), [points(1, 7, 8)])
    assert (still.start, still.end, still.peak) == (MINUTE, None, 8)
