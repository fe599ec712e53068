import math

import pytest

from slo.backtest import ANY, backtest
from slo.model.incident import Exclusion
from slo.model.span import Span
from slo.report.objectives.alert_quality import alert_quality, outcomes_in, service_alert_quality
from tests.shop import PAGE, SPAN, TICKET, WEEK, WEEKS, availability, history, incident, stretch

TOLD, UNTOLD, LEAK = stretch(2, 2), stretch(4, 1), stretch(5, 1)
OUTAGES = ((TOLD, 0.5), (UNTOLD, 0.5), (LEAK, 0.02))
LABELLED = (incident(TOLD), incident(LEAK, "leak"))


@pytest.fixture(scope="module")
def result():
    return backtest(availability(), history(*OUTAGES), LABELLED)


@pytest.mark.parametrize("by", ["page", "ticket", ANY])
def test_a_whole_backtest_scores_as_it_does_itself(result, by):
    quality, score = alert_quality(result, SPAN, by), result.score(by)
    assert (quality.calls, quality.true_calls) == (score.episodes, score.true_episodes)
    assert (quality.incidents, quality.detected) == (score.incidents, score.detected)
    assert quality.median_delay == pytest.approx(score.detection_median, nan_ok=True)


def test_a_week_with_a_caught_a_missed_and_an_unlabelled_outage(result):
    quality = alert_quality(result, WEEK.span, "page")
    assert quality.calls == 2
    assert quality.precision == 0.5
    assert quality.recall == 0.5
    assert [one.name for one in quality.missed] == ["leak"]


def test_a_quiet_week_has_nothing_to_divide(result):
    quality = alert_quality(result, WEEKS[1].span)
    assert (quality.calls, quality.incidents) == (0, 0)
    assert all(map(math.isnan, (quality.precision, quality.recall, quality.median_delay)))


def test_an_incident_that_began_last_week_keeps_its_true_delay():
    over_midnight = Span(WEEK.span.start - 3_600_000, WEEK.span.start + 3_600_000)
    both = Span(WEEK.previous.span.start, WEEK.span.end)
    result = backtest(
        availability(PAGE, TICKET),
        history((over_midnight, 0.5)),
        [incident(over_midnight)],
        span=both,
    )
    this, last = alert_quality(result, WEEK.span), alert_quality(result, WEEK.previous.span)
    # A burn rate of 14.4 over an hour at half of all failing: after 17.28 minutes.
    assert this.delays == last.delays == (18 * 60_000,)
    assert outcomes_in(result, WEEK.span) == outcomes_in(result, WEEK.previous.span)


def test_an_episode_that_still_fires_counts():
    late = stretch(6.9, 10)
    result = backtest(availability(), history((late, 0.5)), [])
    assert alert_quality(result, WEEK.span, "page").calls == 1


def test_several_objectives_calls_add_up_and_an_incident_counts_once(result):
    blind = backtest(availability(ratio="0.9", name="blind"), history(*OUTAGES), LABELLED)
    together = service_alert_quality([blind, result], WEEK.span)
    alone = alert_quality(result, WEEK.span)
    assert together.calls == alone.calls + alert_quality(blind, WEEK.span).calls
    assert together.incidents == alone.incidents == 2
    assert together.missed == alone.missed
    # Whose alert told of it first decides.
    assert together.delays == alone.delays


def test_an_incident_that_the_first_objective_missed_was_seen_by_the_second(result):
    strict = backtest(availability(ratio="0.999", name="strict"), history(*OUTAGES), LABELLED)
    assert [one.name for one in alert_quality(result, WEEK.span, "page").missed] == ["leak"]
    assert service_alert_quality([result, strict], WEEK.span, "page").missed == ()


def test_what_is_excluded_counts_for_nothing_and_is_said():
    drill = Exclusion("drill", TOLD, "kim", "rehearsed")
    result = backtest(availability(), history(*OUTAGES), LABELLED, exclusions=[drill])
    quality = alert_quality(result, WEEK.span, "page")
    assert (quality.calls, quality.true_calls, quality.excluded) == (1, 0, 1)
    assert quality.incidents == 1


def test_what_fires_before_its_window_is_full_is_no_call():
    young = Span(WEEK.span.start, WEEK.span.end)
    result = backtest(availability(), history((stretch(0, 0.5), 0.5), span=young), [])
    assert result.unjudged
    assert alert_quality(result, WEEK.span).calls == 0
