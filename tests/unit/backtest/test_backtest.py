"""A service of one request a second, whose every failure is known."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

import slo
from slo.backtest import ANY, backtest
from slo.budget import budget_status, burn_down
from slo.errors import ConfigError, NotEnoughData
from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Incident
from slo.model.indicator import EventRatio, LatencyBuckets
from slo.model.objective import CalendarPeriod, Objective, RollingPeriod
from slo.model.samples import History, series_of
from slo.model.slo import Slo
from slo.model.span import Span, to_datetime
from slo.promql import counter_selector

START = 1_790_000_000_000 // DAY * DAY
STEP = 15_000
DAYS = 10


def minutes(first: float, last: float) -> Span:
    """A stretch in minutes from the start of day 5."""
    base = START + 5 * DAY
    return Span(base + round(first * MINUTE), base + round(last * MINUTE))


def history(*outages: tuple[Span, float], days: int = DAYS) -> History:
    """One request a second; in an outage a share of them fails."""
    times = START + np.arange(0, days * DAY, STEP, dtype=np.int64)
    failing = np.zeros(times.size)
    for span, share in outages:
        failing[(times > span.start) & (times <= span.end)] = share * STEP / 1000
    total = np.arange(times.size) * (STEP / 1000)
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total),
            series_of({"__name__": "requests_total", "code": "500"}, times, np.cumsum(failing)),
        ),
        Span(START, START + days * DAY),
    )


PAGE = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4)
SLOW_PAGE = BurnRateAlert("page-6h", "page", 6 * HOUR, 30 * MINUTE, 6.0)
TICKET = BurnRateAlert("ticket-1d", "ticket", DAY, 2 * HOUR, 3.0)


def availability(*alerts: BurnRateAlert) -> Slo:
    indicator = EventRatio(
        "bad", counter_selector('requests_total{code="500"}'), counter_selector("requests_total")
    )
    return Slo(
        "availability",
        "shop",
        indicator,
        Objective(Decimal("0.999")),
        RollingPeriod(30 * DAY),
        AlertPolicy(alerts or (PAGE, SLOW_PAGE, TICKET)),
    )


def outage(span: Span, name: str = "outage", **fields) -> Incident:
    return Incident(name, span, "outage", "shop", **fields)


def test_an_outage_of_everything_is_detected_as_the_workbook_says():
    # Failures are half of all events: 14.4 * 0.001 of an hour's 3,600 + n is reached after
    # n / (3600 + n) > 0.0144, that is 52.6 s; the next evaluation is at 60 s.
    span = minutes(0, 30)
    result = backtest(availability(PAGE), history((span, 1.0)), [outage(span)])
    detection = result.outcomes[0].detection("page-1h")
    assert detection is not None
    assert detection.delay == MINUTE
    assert result.score(ANY).precision == result.score(ANY).recall == 1.0
    assert result.missed == ()


def test_budget_is_spent_by_events():
    # 30 minutes of one failure a second; a period of 30 days allows 0.1 % of its events.
    span = minutes(0, 30)
    past = history((span, 1.0))
    result = backtest(availability(PAGE), past, [outage(span)])
    events = (DAYS * DAY - STEP) / 1000 + 1800
    allowed = 0.001 * events * 30 / DAYS
    assert result.outcomes[0].budget_spent == pytest.approx(1800 / allowed, rel=1e-12)
    detection = result.outcomes[0].detection("page-1h")
    assert detection is not None
    assert detection.budget_spent == pytest.approx(60 / allowed, rel=1e-12)


def test_the_whole_page_resets_with_its_slowest_window():
    # An outage longer than about two minutes also trips the page over six hours, whose short
    # window of 30 minutes decides when the pager is quiet.
    span = minutes(0, 30)
    result = backtest(availability(PAGE, SLOW_PAGE), history((span, 1.0)), [outage(span)])
    assert result.score("page-1h").reset_median == pytest.approx(5 * MINUTE, abs=MINUTE)
    assert result.score("page-6h").reset_median == pytest.approx(30 * MINUTE, abs=MINUTE)
    assert result.score("page").reset_median == result.score("page-6h").reset_median
    with pytest.raises(ConfigError, match=r"'page-2h', the nearest is 'page-.h'; .* page, any"):
        result.score("page-2h")


def test_alerts_of_one_severity_that_overlap_are_one_call():
    span = minutes(0, 30)
    result = backtest(availability(PAGE, SLOW_PAGE), history((span, 1.0)), [outage(span)])
    assert len(result.episodes) == 2
    assert result.score("page").episodes == 1


def test_an_unlabelled_outage_is_a_false_episode():
    result = backtest(availability(PAGE), history((minutes(0, 30), 1.0)), [])
    assert [episode.alert for episode in result.false_episodes] == ["page-1h"]
    assert result.score(ANY).precision == 0
    assert np.isnan(result.score(ANY).recall)


def test_an_incident_that_nobody_felt_is_missed():
    result = backtest(availability(), history(), [outage(minutes(0, 30))])
    assert [incident.name for incident in result.missed] == ["outage"]
    assert result.score(ANY).recall == 0
    assert result.outcomes[0].budget_spent == 0


def test_incidents_of_other_services_and_objectives_are_none_of_its_business():
    elsewhere = replace(outage(minutes(0, 30)), service="billing")
    other = outage(minutes(0, 30), slos=("latency",))
    result = backtest(availability(), history(), [elsewhere, other])
    assert result.outcomes == ()


def test_an_episode_after_the_incident_still_belongs_to_it_while_its_short_window_sees_it():
    # A slow alert's `for` may end after a short incident has.
    span = minutes(0, 4)
    held = replace(PAGE, hold=5 * MINUTE)
    result = backtest(availability(held), history((span, 1.0)), [outage(span)])
    assert len(result.episodes) == 1
    assert result.episodes[0].start > span.end
    assert result.score(ANY).precision == 1


def test_an_alert_that_still_fires_has_no_reset_and_no_end():
    base = START + DAYS * DAY
    span = Span(base - 30 * MINUTE, base)
    result = backtest(availability(PAGE), history((span, 1.0)), [outage(span)])
    assert result.episodes[0].end is None
    assert np.isnan(result.score("page-1h").reset_median)
    assert result.score("page-1h").time_in_alert == pytest.approx(
        29 * MINUTE / (DAYS * DAY), rel=1e-9
    )


def test_scores_are_a_frame_with_a_row_for_every_alert_and_severity():
    span = minutes(0, 30)
    frame = backtest(availability(), history((span, 1.0)), [outage(span)]).scores
    assert list(frame.index) == ["page-1h", "page-6h", "ticket-1d", "page", "ticket", "any"]
    assert str(frame.loc["page-1h", "detection_median"]) == "0 days 00:01:00"


def test_a_history_without_the_indicator_says_what_it_holds():
    other = replace(
        availability(),
        indicator=EventRatio(
            "bad", counter_selector("request_total"), counter_selector("request_total")
        ),
    )
    with pytest.raises(NotEnoughData, match="nearest metrics there are requests_total"):
        backtest(other, history(), [])


def test_a_bound_that_is_no_bucket_is_answered_with_the_buckets_there_are():
    times = START + np.arange(100) * STEP
    buckets = [
        series_of({"__name__": "d_bucket", "le": le}, times, np.zeros(100))
        for le in ("2.5", "10", "+Inf")
    ]
    count = series_of({"__name__": "d_count"}, times, np.zeros(100))
    indicator = LatencyBuckets(counter_selector("d_bucket"), "5", counter_selector("d_count"))
    past = History((*buckets, count), Span(START, START + DAY))
    with pytest.raises(NotEnoughData, match=r"its buckets are 2\.5, 10, \+Inf"):
        backtest(replace(availability(), indicator=indicator), past, [])


def test_a_rolling_budget_is_for_the_events_that_it_holds():
    span = minutes(0, 10)
    past = history((span, 1.0))
    status = budget_status(availability(), past, past.span.end)
    events = (DAYS * DAY - STEP) / 1000 + 600
    assert status.bad == 600
    assert status.total == pytest.approx(events)
    assert status.spent == pytest.approx(600 / (0.001 * events))
    assert status.achieved == pytest.approx(1 - 600 / events)
    # Ten days of samples in a period of thirty are no verdict.
    assert status.state == "insufficient data"


def test_a_calendar_budget_is_for_the_whole_period():
    monthly = replace(availability(), period=CalendarPeriod(DAYS * 2, "d", to_datetime(START)))
    past = history((minutes(0, 10), 1.0))
    status = budget_status(monthly, past, past.span.end)
    assert status.coverage == pytest.approx(1, abs=1e-3)
    assert status.expected == pytest.approx(2 * status.total)
    assert status.spent == pytest.approx(600 / (0.001 * 2 * status.total))


@pytest.mark.parametrize(("length", "state"), [(1, "kept"), (12, "at risk"), (20, "exhausted")])
def test_states_follow_what_is_left(length, state):
    weekly = replace(availability(), period=RollingPeriod(10 * DAY))
    past = history((minutes(0, length), 1.0))
    # Ten days of one request a second allow 864 failures.
    assert budget_status(weekly, past, past.span.end).state == state


def test_the_burn_down_starts_full_and_ends_at_what_remains():
    weekly = replace(availability(), period=RollingPeriod(7 * DAY))
    past = history((minutes(0, 5), 1.0))
    line = burn_down(weekly, past, past.span.end, points=100)
    status = budget_status(weekly, past, past.span.end)
    assert line.values[0] == 1
    assert line.values[-1] == pytest.approx(status.remaining)
    assert bool(np.all(np.diff(line.values) <= 1e-12))


def test_the_public_function_is_the_same():
    assert slo.backtest is backtest


def test_what_fires_before_a_window_is_full_is_neither_true_nor_false():
    # Four failures in the first minutes of a history are most of what the windows hold.
    early = Span(START + 2 * MINUTE, START + 3 * MINUTE)
    result = backtest(availability(), history((early, 0.5)), [])
    assert {episode.alert for episode in result.unjudged} == {"page-1h", "page-6h", "ticket-1d"}
    assert result.false_episodes == ()
    assert result.episodes == result.unjudged
    assert np.isnan(result.score(ANY).precision)
