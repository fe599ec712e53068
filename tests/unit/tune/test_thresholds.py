"""Thresholds of alerts on plain measures, chosen from histories whose troubles are known."""

import numpy as np
import pytest

from slo.backtest.alerts import backtest_alerts
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion, GroundTruth, Incident
from slo.model.measure import CounterShare, GaugeLevel
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.model.threshold_alert import ThresholdAlert
from slo.promql import counter_selector
from slo.promql_expression import expression_of
from slo.tune.goals import Goals
from slo.tune.thresholds import tune_threshold

START = 1_790_000_000_000 // DAY * DAY
WEEKS = 9
SPAN = Span(START, START + WEEKS * 7 * DAY)
TROUBLES = [
    Span(START + week * 7 * DAY + 3 * DAY, START + week * 7 * DAY + 3 * DAY + 2 * HOUR)
    for week in range(WEEKS)
]
INCIDENTS = [Incident(f"backlog-{n}", span, "backlog") for n, span in enumerate(TROUBLES)]
TIMES = np.arange(SPAN.start, SPAN.end, MINUTE, dtype=np.int64)


def queue(seed=0):
    """A queue of about 20, of 90 in troubles, with a spike of 70 for a minute or two a day."""
    rng = np.random.default_rng(seed)
    depth = rng.poisson(20, TIMES.size).astype(float)
    for trouble in TROUBLES:
        depth[(trouble.start < TIMES) & (trouble.end >= TIMES)] += 70
    for day in range(WEEKS * 7):
        at = day * 1440 + int(rng.integers(1440))
        depth[at : at + 2] += 50
    return History((series_of({"__name__": "queue_depth"}, TIMES, depth),), SPAN)


def alert(threshold, comparison=">", hold=0, severity="page"):
    measure = GaugeLevel(counter_selector("queue_depth"))
    return ThresholdAlert(
        "queue", severity, measure, comparison, threshold, (5 * MINUTE,), hold=hold
    )


@pytest.mark.parametrize("comparison", [">", ">="])
def test_a_threshold_that_never_speaks_is_replaced_by_one_that_does(comparison):
    study = tune_threshold(alert(500.0, comparison), queue(), INCIDENTS)
    assert study.changed
    assert 25 < study.recommended.threshold < 90
    before, after = study.unseen
    assert before.caught == 0
    assert after.caught == len(after.incidents) >= 5
    assert after.false == 0
    assert after.median_delay <= 5 * MINUTE
    assert study.reason.startswith("In weeks that had not chosen it, a tuned threshold served bet")


def test_a_threshold_that_cries_wolf_is_raised_or_made_to_wait():
    study = tune_threshold(alert(23.0), queue(), INCIDENTS, Goals(pages_a_week=2))
    before, after = study.unseen
    assert before.calls_a_week > 20
    assert study.changed
    assert after.calls_a_week <= 2
    assert after.caught == len(after.incidents)


def test_a_threshold_that_serves_well_is_kept():
    good = alert(46.0)
    study = tune_threshold(good, queue(), INCIDENTS)
    assert study.recommended == good
    assert not study.changed
    assert study.whole[0] == study.whole[1]


WHOLE = "done_total"
SHARES = {
    "a share": CounterShare(counter_selector('done_total{how="agent"}'), counter_selector(WHOLE)),
    # Its first selector is the part, and events are counted of the whole.
    "an expression": expression_of(
        'sum(rate(done_total{how="agent"}[$window])) / sum(rate(done_total[$window]))'
    ),
}


@pytest.mark.parametrize("measure", SHARES.values(), ids=SHARES)
def test_what_sinks_is_found_from_below(measure):
    rng = np.random.default_rng(1)
    share = np.full(TIMES.size, 0.8)
    for trouble in TROUBLES:
        share[(trouble.start < TIMES) & (trouble.end >= TIMES)] = 0.4
    total = np.full(TIMES.size, 30.0)
    resolved = rng.binomial(30, share).astype(float)
    history = History(
        (
            series_of({"__name__": "done_total", "how": "agent"}, TIMES, np.cumsum(resolved)),
            series_of(
                {"__name__": "done_total", "how": "person"}, TIMES, np.cumsum(total - resolved)
            ),
        ),
        SPAN,
    )
    low = ThresholdAlert(
        "resolution",
        "ticket",
        measure,
        "<",
        0.1,
        (30 * MINUTE,),
        minimum_events=100,
        events=counter_selector(WHOLE),
    )
    study = tune_threshold(low, history, INCIDENTS)
    assert 0.4 < study.recommended.threshold < 0.8
    assert study.unseen[1].caught == len(study.unseen[1].incidents)
    assert study.unseen[1].false == 0


def test_figures_are_those_of_a_backtest():
    study = tune_threshold(alert(500.0), queue(), INCIDENTS)
    result = backtest_alerts([study.recommended], queue(), INCIDENTS)
    whole = study.whole[1]
    assert whole.calls == len(result.calls())
    assert whole.false == sum(not call.true for call in result.calls())
    assert whole.caught == result.score("queue").detected
    assert whole.caught / len(whole.incidents) in whole.recall_bounds
    assert whole.calls_a_week in whole.calls_bounds


def test_too_little_changes_nothing_and_says_why():
    few = tune_threshold(alert(500.0), queue(), INCIDENTS[:2])
    assert not few.changed
    assert few.reason == "2 incidents to choose from; it takes 3"
    (depth,) = queue().series
    month = series_of(dict(depth.labels), depth.times[:28_800], depth.values[:28_800])
    short = History((month,), Span(START, START + 20 * DAY))
    assert "too short" in tune_threshold(alert(500.0), short, INCIDENTS[:3]).reason


def test_what_is_excluded_has_not_to_be_seen():
    out = Exclusion("drill", TROUBLES[2], "kim", "a drill")
    study = tune_threshold(alert(500.0), queue(), GroundTruth(tuple(INCIDENTS), (out,)))
    assert INCIDENTS[2] not in study.whole[1].incidents
    assert study.whole[1].caught == WEEKS - 1
