"""Replaying once and judging often; exclusions, nights, flapping, other instants."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.backtest import ANY, backtest, offset_sensitivity, replay
from slo.backtest.score import at_night
from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.span import Span, to_datetime
from tests import shop

OUTAGE, FALSE = shop.stretch(1.5, 0.5), shop.stretch(3.5, 0.5)
HISTORY = shop.history((OUTAGE, 0.5), (FALSE, 0.5))
INCIDENTS = [shop.incident(OUTAGE)]


def comparable(result):
    # NaN is no equal of itself; written out it is.
    return repr((
        result.episodes, result.outcomes, result.false_episodes, result.unjudged, result.results,
        result.excluded,
    ))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([HOUR, 6 * HOUR]),
            st.sampled_from([5 * MINUTE, 30 * MINUTE]),
            st.floats(0.5, 60),
            st.sampled_from([0, 10 * MINUTE]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["0.99", "0.995"]),
)
def test_another_policy_on_a_replay_is_judged_as_on_its_own(parts, ratio):
    alerts = [BurnRateAlert(f"a{n}", "page", *part) for n, part in enumerate(parts)]
    past = replay(
        shop.availability(), HISTORY, INCIDENTS,
        windows=(HOUR, 6 * HOUR, 5 * MINUTE, 30 * MINUTE),
    )  # fmt: skip
    other = shop.availability(*alerts, ratio=ratio)
    assert comparable(past.backtest(other)) == comparable(backtest(other, HISTORY, INCIDENTS))


def test_a_window_that_was_not_replayed_is_refused():
    past = replay(shop.availability(), HISTORY, INCIDENTS)
    other = AlertPolicy((BurnRateAlert("page-3h", "page", 3 * HOUR, HOUR, 2.0),))
    with pytest.raises(ValueError, match="not in"):
        past.backtest(past.slo.with_policy(other))


def test_what_is_excluded_counts_for_nothing_and_what_it_would_have_counted_is_told():
    out = Exclusion("maintenance", FALSE, "kim", "a planned move", "shop")
    one = shop.availability(shop.PAGE)
    plain = backtest(one, HISTORY, INCIDENTS)
    result = backtest(one, HISTORY, INCIDENTS, exclusions=[out])
    assert [e.start for e in plain.false_episodes] == [e.start for e in result.excluded]
    assert result.false_episodes == ()
    assert result.score(ANY).precision == 1
    assert result.score(ANY).episodes == 1
    assert result.exclusions == (out,)
    assert result.including_excluded is not None
    assert comparable(result.including_excluded) == comparable(plain)
    assert plain.including_excluded is None


def test_an_incident_within_an_exclusion_has_not_to_be_seen():
    out = Exclusion("drill", OUTAGE, "kim", "a drill")
    result = backtest(shop.availability(shop.PAGE), HISTORY, INCIDENTS, exclusions=[out])
    assert result.outcomes == ()
    assert len(result.excluded) == 1
    assert len(result.false_episodes) == 1


def test_an_exclusion_of_another_service_excludes_nothing():
    out = Exclusion("maintenance", FALSE, "kim", "a planned move", "warehouse")
    result = backtest(shop.availability(shop.PAGE), HISTORY, INCIDENTS, exclusions=[out])
    assert result.exclusions == ()
    assert len(result.false_episodes) == 1


@given(st.integers(0, 400 * 24), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]))
def test_nights_are_those_of_the_zone(hours, zone):
    instant = 1_790_000_000_000 + hours * HOUR
    local = to_datetime(instant).astimezone(ZoneInfo(zone))
    assert at_night(instant, zone) == (local.hour in {22, 23, 0, 1, 2, 3, 4, 5})


def test_calls_at_night_and_flapping_are_counted():
    night = Span(shop.WEEK.span.start + 23 * HOUR, shop.WEEK.span.start + 23 * HOUR + 20 * MINUTE)
    again = Span(night.end + 30 * MINUTE, night.end + 50 * MINUTE)
    noon = shop.stretch(2.5, 0.3)
    history = shop.history((night, 0.9), (again, 0.9), (noon, 0.9))
    one = shop.availability(BurnRateAlert("page", "page", 10 * MINUTE, 5 * MINUTE, 14.4))
    score = backtest(one, history).score("page")
    assert (score.episodes, score.at_night, score.flapping) == (3, 2, 1)
    tokyo = backtest(one, history, time_zone="Asia/Tokyo").score("page")
    assert tokyo.at_night == 0


def test_the_ninth_in_ten_and_the_worst_are_told_apart():
    outages = [(shop.stretch(day, 0.5), share) for day, share in enumerate((0.9, 0.6, 0.4), 1)]
    incidents = [shop.incident(span, str(n)) for n, (span, _) in enumerate(outages)]
    result = backtest(shop.availability(shop.PAGE), shop.history(*outages), incidents)
    delays = [outcome.detection(ANY).delay for outcome in result.outcomes]
    spent = [outcome.detection(ANY).budget_spent for outcome in result.outcomes]
    score = result.score(ANY)
    assert score.detection_p90 == pytest.approx(np.quantile(delays, 0.9))
    assert score.detection_worst == max(delays)
    assert score.budget_worst == max(spent)
    assert score.detection_median < score.detection_p90 < score.detection_worst


def test_evaluations_happen_at_the_offset_that_is_given():
    one = shop.availability(shop.PAGE)
    plain, moved = backtest(one, HISTORY), backtest(one, HISTORY, offset=17_000)
    assert (plain.offset, plain.offset_origin) == (0, "assumed")
    assert (moved.offset, moved.offset_origin) == (17_000, "given")
    assert {episode.start % MINUTE for episode in moved.episodes} == {17_000}


def test_calls_of_an_alert_a_severity_and_all_are_what_scores_count():
    result = backtest(shop.availability(), HISTORY, INCIDENTS)
    for score in result.results:
        calls = result.calls(score.by)
        assert len(calls) == score.episodes
        assert sum(call.true for call in calls) == score.true_episodes


def test_days_without_calls_are_silent():
    result = backtest(shop.availability(), shop.history())
    assert result.calls() == ()
    assert result.span.length == DAY * 28


def test_another_offset_moves_a_detection_and_may_change_what_is_called():
    # 59 s of failures after minute 10: only an evaluation within them, or soon after, sees them.
    base = OUTAGE.start
    blip = Span(base + 10 * MINUTE, base + 13 * MINUTE)
    alert = BurnRateAlert("page", "page", MINUTE * 4, MINUTE * 4, 40.0)
    one = shop.availability(alert)
    history = shop.history((OUTAGE, 0.5), (Span(blip.start - 4 * HOUR, blip.end - 4 * HOUR), 0.7))
    result = backtest(one, history, INCIDENTS)
    found = offset_sensitivity(result, history, INCIDENTS)
    assert found.offsets == (15_000, 30_000, 45_000)
    each = [backtest(one, history, INCIDENTS, offset=o) for o in (0, *found.offsets)]
    counts = [len(r.calls()) for r in each]
    assert found.episodes == (min(counts), max(counts))
    at = [r.outcomes[0].detection(ANY).at for r in each]
    assert found.detection_shift == max(at) - min(at) > 0
    assert found.matters == (min(counts) != max(counts))
