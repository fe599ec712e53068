"""Alerts on thresholds and on spending, by hand and by the obvious loop."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.backtest import ANY, backtest_alerts, replay_alerts
from slo.engine import reference
from slo.errors import NotEnoughData
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion, Incident
from slo.model.measure import CounterShare, GaugeLevel
from slo.model.objective import RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.model.threshold_alert import ThresholdAlert, cost_burn_alert
from slo.promql import counter_selector

START = 1_790_000_000_000 // DAY * DAY
TIMES = START + np.arange(0, 2 * DAY, MINUTE, dtype=np.int64)
QUEUE, COST = counter_selector("queue_depth"), counter_selector("cost_dollars_total")


def during(first: float, last: float) -> Span:
    """A stretch in hours from the start of the second day."""
    return Span(START + DAY + round(first * HOUR), START + DAY + round(last * HOUR))


def within(span: Span) -> np.ndarray:
    return (span.start < TIMES) & (span.end >= TIMES)


def history(*series) -> History:
    made = (series_of({"__name__": name}, TIMES, values) for name, values in series)
    return History(tuple(made), Span(START, START + 2 * DAY))


def incident(span: Span, name: str = "jam") -> Incident:
    return Incident(name, span, "jam")


def deep(*windows, comparison=">", threshold=100.0, **fields) -> ThresholdAlert:
    measure = GaugeLevel(QUEUE, "max")
    return ThresholdAlert(
        "deep", "page", measure, comparison, threshold, windows or (5 * MINUTE,), **fields
    )


JAM = during(3, 4)
JAMMED = history(("queue_depth", np.where(within(JAM), 150.0, 10.0)))


def test_a_queue_that_jams_is_seen_at_once_and_for_a_window_after():
    result = backtest_alerts([deep()], JAMMED, [incident(JAM)])
    (episode,) = result.episodes
    # The first full sample is a minute after the start; the window keeps the last five minutes.
    assert (episode.start, episode.end) == (JAM.start + MINUTE, JAM.end + 6 * MINUTE)
    assert episode.peak == 150
    score = result.score("page")
    assert (score.precision, score.recall, score.detection_median) == (1, 1, MINUTE)
    assert score.reset_median == 6 * MINUTE
    assert math.isnan(score.budget_at_detection)
    assert result.missed == ()


def test_for_delays_and_what_is_not_labelled_is_false():
    result = backtest_alerts([deep(hold=10 * MINUTE)], JAMMED, [])
    (episode,) = result.false_episodes
    assert (episode.active, episode.start) == (JAM.start + MINUTE, JAM.start + 11 * MINUTE)
    seen = backtest_alerts([deep(hold=2 * HOUR)], JAMMED, [incident(JAM)])
    assert [one.name for one in seen.missed] == ["jam"]


def test_what_began_before_a_window_was_full_is_not_judged():
    early = Span(START, START + 30 * MINUTE)
    past = history(("queue_depth", np.where((early.end >= TIMES), 150.0, 10.0)))
    result = backtest_alerts([deep(HOUR)], past)
    assert len(result.unjudged) == 1
    assert result.false_episodes == ()


def test_an_exclusion_counts_for_nothing_and_what_it_hid_is_told():
    out = Exclusion("drill", JAM, "kim", "a drill")
    result = backtest_alerts([deep()], JAMMED, exclusions=[out])
    assert (len(result.excluded), result.score(ANY).episodes) == (1, 0)
    assert result.including_excluded is not None
    assert result.including_excluded.score(ANY).episodes == 1


def test_three_tickets_at_night_page_nobody_and_many_at_noon_do():
    # Nothing is resolved in either stretch; three tickets come an hour at night, 600 at noon.
    night, noon = during(0, 4), during(12, 16)
    came = np.cumsum(np.where(within(night), 3 / 60, 10.0))
    solved = np.cumsum(np.where(within(night) | within(noon), 0.0, 10.0))
    past = history(("tickets_total", came), ("solved_total", solved))
    share = CounterShare(counter_selector("solved_total"), counter_selector("tickets_total"))
    low = ThresholdAlert("unresolved", "page", share, "<", 0.65, (HOUR,))
    asking = ThresholdAlert("unresolved", "page", share, "<", 0.65, (HOUR,), minimum_events=200)
    assert len(backtest_alerts([low], past).episodes) == 2
    (episode,) = backtest_alerts([asking], past).episodes
    # 35 % of an hour's tickets are unsolved after 21 minutes.
    assert episode.start - noon.start == pytest.approx(21 * MINUTE, abs=2 * MINUTE)


def test_spending_six_times_too_fast_is_seen_over_both_windows():
    # 3,000 dollars in 30 days are 100 a day. Ten times that from the third hour to the ninth.
    spree = during(3, 9)
    past = history(("cost_dollars_total", np.cumsum(np.where(within(spree), 1000, 100) / 1440)))
    alert = cost_burn_alert(
        "spree", COST, budget=3000, period=RollingPeriod(30 * DAY), factor=6,
        long=6 * HOUR, short=30 * MINUTE,
    )  # fmt: skip
    (episode,) = backtest_alerts([alert], past, [incident(spree)]).episodes
    # The six hours cost six times the pace once 5/9 of them are in the spree: 3 h 20 min.
    assert episode.start - spree.start == pytest.approx(200 * MINUTE, abs=2 * MINUTE)
    # Half an hour is below it as soon as 4/9 of it are after the spree: 13 min 20 s.
    assert episode.end - spree.end == pytest.approx(13 * MINUTE, abs=2 * MINUTE)
    assert episode.peak == pytest.approx(1000 / 86_400, rel=0.01)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([">", ">=", "<", "<="]),
    st.sampled_from([(MINUTE,), (3 * MINUTE,), (7 * MINUTE, 2 * MINUTE)]),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_episodes_are_those_of_the_obvious_loop(seed, comparison, windows, hold, keep):
    rng = np.random.default_rng(seed)
    size = 120
    kept = rng.random(size) > 0.1
    times = (START + np.arange(size, dtype=np.int64) * MINUTE)[kept]
    values = rng.integers(0, 6, size)[kept].astype(float)
    past = History(
        (series_of({"__name__": "queue_depth"}, times, values),),
        Span(START, START + size * MINUTE),
    )
    alert = deep(
        *windows, comparison=comparison, threshold=3.0, hold=hold * MINUTE,
        keep_firing=keep * MINUTE,
    )  # fmt: skip
    compared = {
        ">": float.__gt__, ">=": float.__ge__, "<": float.__lt__, "<=": float.__le__,
    }[comparison]  # fmt: skip

    def holds(at: int) -> bool:
        for window in alert.windows:
            inside = values[(times >= at - window) & (times <= at)]
            if not inside.size or not compared(float(max(inside)), 3.0):
                return False
        return True

    at = [START + k * MINUTE for k in range(size)]
    fires = reference.firing([holds(t) for t in at], at, alert.hold, alert.keep_firing)
    expected, since = [], None
    for time, firing in zip(at, fires, strict=True):
        if firing and since is None:
            since = time
        elif not firing and since is not None:
            expected.append((since, time))
            since = None
    expected += [(since, None)] if since is not None else []
    found = backtest_alerts([alert], past).episodes
    assert [(episode.start, episode.end) for episode in found] == expected


def test_another_threshold_on_a_replay_is_judged_as_on_its_own():
    incidents = [incident(JAM)]
    past = replay_alerts([deep(HOUR, 5 * MINUTE)], JAMMED, incidents)
    for threshold, hold in ((5.0, 0), (100.0, 20 * MINUTE), (200.0, 0)):
        other = deep(5 * MINUTE, threshold=threshold, hold=hold)
        here, alone = past.backtest([other]), backtest_alerts([other], JAMMED, incidents)
        assert repr(here.results) == repr(alone.results)
        assert here.episodes == alone.episodes


def test_what_was_not_replayed_and_names_given_twice_are_refused():
    past = replay_alerts([deep()], JAMMED)
    with pytest.raises(ValueError, match="deep looks at what was not replayed"):
        past.backtest([deep(HOUR)])
    with pytest.raises(ValueError, match="two alerts are named deep"):
        past.backtest([deep(), deep()])


def test_a_history_without_the_metric_says_who_needs_it_and_what_there_is():
    other = ThresholdAlert("a", "page", GaugeLevel(counter_selector("queue_dept")), ">", 1, (HOUR,))
    with pytest.raises(NotEnoughData, match=r"a: the history .* queue_dept; .* queue_depth"):
        backtest_alerts([other], JAMMED)


def test_what_was_compared_is_there_to_be_drawn():
    result = backtest_alerts([deep(HOUR, 5 * MINUTE)], JAMMED)
    long, short = result.compared
    assert [(one.alert, one.window) for one in (long, short)] == [
        ("deep", HOUR),
        ("deep", 5 * MINUTE),
    ]
    assert (long.comparison, long.threshold) == (">", 100)
    assert long.values.values.max() == 150
