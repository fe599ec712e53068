import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slo.errors import NotEnoughData
from slo.model.duration import DAY, MINUTE
from slo.model.error_budget_policy import ErrorBudgetPolicy
from slo.model.incident import Exclusion
from slo.model.objective import CalendarPeriod, RollingPeriod
from slo.model.samples import History
from slo.model.span import Span, Week
from slo.report.objectives.weekly_slo import weekly_slo
from slo.version import __version__
from tests.shop import SPAN, STEP, WEEK, WEEKS, availability, history, incident, stretch

OUTAGE, LAST = stretch(2, 2), stretch(1, 1, WEEKS[2])
PAST = history((OUTAGE, 0.5), (LAST, 0.5))
LABELLED = (incident(OUTAGE), incident(LAST, "last"))


def report_of(*slos, past=PAST, incidents=LABELLED, week=WEEK, **fields):
    return weekly_slo(slos or (availability(),), past, incidents, week, MINUTE, **fields)


@pytest.fixture(scope="module")
def report():
    return report_of(
        availability(),
        availability(name="strict", ratio="0.999"),
        availability(name="close", ratio="0.9965"),
    )


@pytest.fixture(scope="module")
def week(report):
    return next(one for one in report.slos if one.slo.name == "availability")


def test_the_weeks_events(week):
    assert week.bad == pytest.approx(3600)
    assert week.total == pytest.approx(604_800, abs=60)
    assert week.achieved == pytest.approx(1 - 3600 / 604_800)
    assert week.last_achieved == pytest.approx(1 - 1800 / 604_800)
    assert [round(day, 6) for day in week.daily] == [0, 0, round(3600 / 86_400, 6), 0, 0, 0, 0]


def test_the_budget_and_what_is_left_of_it(week):
    # 21 days of a request a second allow 18,144 failures, and 5,400 happened.
    assert week.budget.remaining == pytest.approx(1 - 5400 / 18_144, abs=1e-5)
    assert week.spent_in_week == pytest.approx(3600 / 18_144, abs=1e-5)
    assert week.change == pytest.approx(-3600 / 18_144, abs=1e-5)
    assert week.events_left == pytest.approx(18_144 - 5400, abs=1)
    assert week.minutes_left == pytest.approx((18_144 - 5400) / 60, abs=0.1)
    assert week.state == "kept"


def test_the_weeks_alerts_and_incidents(report, week):
    assert (week.pages.calls, week.last_pages.calls) == (1, 1)
    assert [outcome.incident.name for outcome in week.outcomes] == ["outage"]
    assert week.outcomes[0].budget_spent == pytest.approx(3600 / 18_144, abs=1e-4)
    assert week.alerts.precision == week.alerts.recall == 1.0
    assert week.false_episodes == ()
    assert [one.name for one in report.incidents] == ["outage"]
    assert report.detected == report.touching == report.incidents


def test_an_episode_without_an_incident_is_false():
    (week,) = report_of(incidents=()).slos
    assert {e.alert for e in week.false_episodes} == {"page-1h", "ticket-1d"}
    assert all(e.start >= WEEK.span.start for e in week.false_episodes)


def test_the_worst_stands_first(report):
    assert [(one.slo.name, one.state) for one in report.slos] == [
        ("strict", "exhausted"),
        ("close", "at risk"),
        ("availability", "kept"),
    ]
    assert report.falls_short
    assert report.count == 3
    assert report.last_kept == 3
    assert report.pages == 3
    assert report.last_pages == 3


def test_what_happens_after_the_week_does_not_change_it():
    shorter = Span(SPAN.start, WEEKS[2].span.end + STEP)
    later = history((LAST, 0.5), (OUTAGE, 0.5))
    then = history((LAST, 0.5), span=shorter)
    (now,), (before,) = (report_of(past=p, week=WEEKS[2]).slos for p in (later, then))
    assert now.budget.bad == before.budget.bad
    assert now.budget.remaining == before.budget.remaining
    assert now.result.episodes == before.result.episodes
    assert [o.budget_spent for o in now.outcomes] == [o.budget_spent for o in before.outcomes]


def test_a_week_that_is_not_over_is_judged_by_what_there_is():
    ends = stretch(4, 0).start
    report = report_of(past=history((OUTAGE, 0.5), span=Span(SPAN.start, ends)))
    (week,) = report.slos
    assert report.until == week.budget.at == ends
    assert week.week == Span(WEEK.span.start, ends)
    assert week.total == pytest.approx(4 * 86_400, abs=60)
    assert week.quality.coverage == pytest.approx(4 / 7, abs=0.001)
    assert math.isnan(week.daily[-1])


def test_a_calendar_period_that_ends_with_the_week_is_the_one_that_is_judged():
    weekly = availability(period=CalendarPeriod(1, "w", datetime(2026, 11, 2, tzinfo=UTC)))
    (week,) = report_of(weekly).slos
    assert week.budget.period == WEEK.span
    assert week.before.period == WEEKS[2].span
    assert week.budget.bad == pytest.approx(3600)
    assert math.isnan(week.change)


def test_a_month_goes_on():
    monthly = availability(period=CalendarPeriod(1, "M", datetime(2026, 11, 1, tzinfo=UTC)))
    (week,) = report_of(monthly).slos
    assert week.budget.period == week.before.period
    # 3,600 of what November allows, at the traffic so far; the week before ended at a lower bound.
    assert week.change == pytest.approx(-3600 / (0.01 * 30 * 86_400), rel=0.01)


def test_an_objective_without_its_metric_is_named_with_the_reason():
    from slo.model.indicator import RawRatio
    from slo.promql import gauge_selector

    blind = replace(
        availability(name="blind"), indicator=RawRatio("bad", gauge_selector("share_bad")[0])
    )
    report = report_of(availability(), blind)
    ((slo, reason),) = report.without_data
    assert slo.name == "blind"
    assert "share_bad" in reason
    assert report.count == 2


def test_too_short_a_history_is_insufficient_and_has_no_change():
    young = availability(period=RollingPeriod(90 * DAY))
    (week,) = report_of(young).slos
    assert week.state == "insufficient data"
    assert math.isnan(week.change)


def test_incidents_of_other_services_stay_out():
    foreign = replace(incident(OUTAGE, "foreign"), service="bank")
    assert [i.name for i in report_of(incidents=(*LABELLED, foreign)).incidents] == ["outage"]


def test_the_provenance_tells_whether_two_reports_mean_the_same(report):
    made_of = report.provenance
    assert made_of.slobook == __version__
    assert made_of.history == SPAN
    assert made_of.samples == PAST.sample_count
    assert made_of.source == "a test"
    moved = report_of(availability(file="/elsewhere/slo.yaml"))
    assert report_of(availability()).provenance == moved.provenance
    other = report_of(availability(ratio="0.98"))
    assert other.provenance.specification != moved.provenance.specification


def test_a_week_outside_of_the_history_is_refused():
    with pytest.raises(NotEnoughData, match="holds nothing of week 2027-W01"):
        report_of(week=Week.parse("2027-W01"))


def test_a_report_needs_an_objective():
    with pytest.raises(ValueError, match="needs an objective"):
        weekly_slo((), PAST, (), WEEK, MINUTE)


def test_a_history_without_any_series_leaves_every_objective_unjudged():
    report = report_of(past=History((), SPAN))
    assert report.slos == ()
    assert not report.falls_short
    assert report.verdict == "Insufficient data: no objective of shop can be judged."


def test_a_notebook_shows_a_table(report):
    html = report._repr_html_()
    assert html.count("<tr>") == 4
    assert "<td>exhausted</td>" in html
    assert report.verdict in html


DRILL = Exclusion("drill", OUTAGE, "kim", "rehearsed")


def test_what_is_excluded_is_judged_by_nobody():
    report = report_of(exclusions=[DRILL])
    (week,) = report.slos
    assert week.bad == 0
    assert week.achieved == 1.0
    # Last week's outage is all that is left.
    assert week.budget.bad == pytest.approx(1800)
    assert week.result.exclusions == (DRILL,)
    assert (week.pages.calls, week.outcomes) == (0, ())
    assert [row.incident and row.incident.name for row in week.spendings] == ["outage", None]
    assert [row.bad for row in week.spendings] == [0, 0]
    assert report.exclusions == (DRILL,)
    assert report.touching == ()


def test_the_numbers_with_it_stand_beside_them(week):
    (judged,) = report_of(exclusions=[DRILL]).slos
    assert judged.corrections.bad == week.bad
    assert judged.corrections.total == week.total
    assert judged.corrections.budget == week.budget
    assert judged.bad + judged.corrections.corrections[0].bad == pytest.approx(week.bad)
    assert judged.total + judged.corrections.corrections[0].total == week.total


def test_exclusions_of_others_are_not_the_reports():
    report = report_of(exclusions=[replace(DRILL, service="bank")])
    assert report.exclusions == ()
    assert report.slos[0].corrections is None


def test_a_week_is_compared_with_the_one_before(report, week):
    assert week.spent_last_week == pytest.approx(1800 / 18_144, abs=1e-5)
    # An hour at a half is 2.1 % of a day, less than the ticket asks for.
    assert (week.last_alerts.calls, week.last_tickets.calls) == (1, 0)
    assert (report.tickets, report.last_tickets) == (3, 2)
    assert report.alerts.incidents == report.last_alerts.incidents == 1
    assert [one.delays for one in (report.alerts, report.last_alerts)] == [(2 * MINUTE,)] * 2


def test_the_verdict_is_the_policys_and_names_the_day():
    policy = ErrorBudgetPolicy("shop", "Go on.", (), "Stop ${until}.")
    report = report_of(availability(ratio="0.999"), policy=policy)
    (one,) = report.slos
    assert one.state == "exhausted"
    assert report.policy is policy
    assert report.verdict.startswith("availability has spent the error budget: stop until ")
    # 1,814 failures of 5,400 are allowed: both outages must have left the 21 days first.
    assert one.consequence.until.earliest >= OUTAGE.start + 21 * DAY - DAY


def test_the_policy_is_part_of_what_a_report_means():
    one, other = (
        report_of(policy=ErrorBudgetPolicy("shop", kept, (), "Stop.", file="/a.yaml"))
        for kept in ("Go on.", "Carry on.")
    )
    assert one.provenance.specification != other.provenance.specification
