"""Suggestions on histories whose answer is known."""

import math
from dataclasses import replace

import numpy as np
import pytest

import slo
from slo.model.alert import AlertPolicy, BurnRateAlert
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import GroundTruth
from slo.model.objective import RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.report.objectives.suggesting import MOST, suggested_changes
from tests import shop

START = 1_790_000_000_000 // DAY * DAY
WEEK = 7 * DAY
WEEKS = 9
MONTH = RollingPeriod(30 * DAY)

OUTAGES = tuple(
    Span(START + week * WEEK + 55 * HOUR, START + week * WEEK + 60 * HOUR) for week in range(WEEKS)
)
"""Five hours a week in which 8 % fail: 5.6 % of the month's budget at 99 %."""

SLUGGISH = AlertPolicy((BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4),))
"""Never sees what burns 8 times too fast."""

NERVOUS = AlertPolicy((BurnRateAlert("page-30m", "page", 30 * MINUTE, 5 * MINUTE, 1.5),))
"""Pages for every bad minute."""


def service(days, outages=(), *, healthy=0.0, spikes=0.0, an_hour=3600):
    """Steady requests; 8 % fail in outages, a share else, and now and then half a minute of all."""
    span = Span(START, START + round(days * DAY))
    times = np.arange(span.start, span.end + 1, MINUTE, dtype=np.int64)
    share = np.full(times.size, healthy)
    for during in outages:
        share[(times > during.start) & (times <= during.end)] = 0.08
    share[np.random.default_rng(0).random(times.size) < spikes] = 0.5
    share[0] = 0
    total = np.arange(times.size) * an_hour / 60
    bad = np.cumsum(share * an_hour / 60)
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        span,
    )


def labelled(outages):
    return tuple(shop.incident(span, f"outage-{n}") for n, span in enumerate(outages))


def suggested(*slos, past, outages=(), until=None):
    truth = GroundTruth(labelled(outages))
    end = past.span.end if until is None else until
    return suggested_changes(slos, past, end, lambda one, history: truth, MINUTE)


def shop_of(ratio="0.99", policy=SLUGGISH, **fields):
    return shop.availability(ratio=ratio, period=MONTH, **fields).with_policy(policy)


@pytest.fixture(scope="module")
def seen():
    """What is suggested where the present policy misses every incident."""
    return suggested(shop_of(), past=service(WEEKS * 7, OUTAGES), outages=OUTAGES)


def figure(change, what):
    return next(one for one in change.figures if one.what == what)


def test_alerts_that_see_what_the_present_ones_miss_are_suggested(seen):
    (change,) = seen.changes
    assert change.title == "See incidents of availability that no alert saw"
    assert (change.kind, change.objective) == ("alerts", "availability")
    assert change.present == "page at 14.4x over 1h/5m"
    assert change.command == "slo tune shop/availability --diff"
    assert change.save == "slo tune shop/availability --write"
    assert any("page-1h" in line for line in change.changes)
    assert "In weeks that had not chosen them" in change.evidence
    assert "the present policy saw 0 of " in change.evidence
    assert seen.unchanged == ()


def test_the_figures_are_those_of_weeks_that_did_not_choose_with_the_studys_intervals(seen):
    (change,) = seen.changes
    past = service(WEEKS * 7, OUTAGES)
    study = slo.tune(shop_of(), past, labelled(OUTAGES))
    for what, name in (
        ("Incidents seen", "recall"),
        ("Pages", "pages_a_week"),
        ("False pages", "false_pages_a_week"),
        ("Detection, median", "detection_median"),
    ):
        told = figure(change, what)
        assert told.suggested == getattr(study.recommended.unseen, name)
        assert told.suggested_bounds == getattr(study.recommended.bounds, name)
        present = getattr(study.present.unseen, name)
        assert told.present == present or (math.isnan(told.present) and math.isnan(present))
    recall = figure(change, "Incidents seen")
    assert (recall.present, recall.suggested) == (0.0, 1.0)
    assert recall.present_bounds.high < recall.suggested_bounds.low
    assert recall.after.startswith("100.0 % (")
    assert change.suggested == "; ".join(str(a) for a in study.recommended.policy.alerts)


def test_what_came_later_changes_nothing():
    # In the middle of the seventh outage: neither how long it lasts is known, nor the others.
    until = OUTAGES[6].start + 2 * HOUR
    later = suggested(shop_of(), past=service(WEEKS * 7, OUTAGES), outages=OUTAGES, until=until)
    cut = (*OUTAGES[:6], Span(OUTAGES[6].start, until))
    then = service((until - START) / DAY, cut)
    assert repr(later) == repr(suggested(shop_of(), past=then, outages=cut))
    assert later.changes


def test_too_few_incidents_suggest_nothing_and_say_so():
    two = OUTAGES[3:5]
    found = suggested(shop_of(), past=service(WEEKS * 7, two), outages=two)
    assert found.changes == ()
    ((name, title, (alerts, target)),) = [
        (one.objective, one.title, one.reasons) for one in found.unchanged
    ]
    assert (name, title) == ("availability", "availability")
    assert "2 incidents had to be seen; it takes 3 to choose from" in alerts
    assert "slo tune shop/availability" in alerts
    assert target.startswith("99 % is kept with a chance of 100 %")


def test_too_short_a_history_suggests_nothing_and_says_so():
    found = suggested(
        shop_of(ratio="0.9995"), past=service(14, OUTAGES[:2], healthy=0.004), outages=OUTAGES[:2]
    )
    assert found.changes == ()
    alerts, target = found.unchanged[0].reasons
    assert alerts == (
        "The alerts are kept: 14 days of history are too few to choose from; it takes 21 days."
    )
    assert target == "14 days of history are too few to say what can be promised."


def test_false_pages_are_enough_without_any_incident():
    found = suggested(shop_of(policy=NERVOUS), past=service(WEEKS * 7, spikes=0.002))
    (change,) = found.changes
    assert change.title == "Have fewer false pages for availability"
    pages = figure(change, "False pages")
    assert pages.present_bounds.low > pages.suggested_bounds.high
    assert pages.suggested == 0


def test_a_target_that_history_does_not_bear_is_called_out():
    (change,) = suggested(
        shop_of(ratio="0.9995", policy=AlertPolicy(())), past=service(90, healthy=0.004)
    ).changes
    assert change.title == "Promise 99.5 % for availability, or make it more reliable"
    assert (change.kind, change.present, change.suggested) == ("objective", "99.95 %", "99.5 %")
    assert "a target that nobody keeps" in change.evidence
    assert "90 days of history hold 3 whole periods." in change.evidence
    assert change.command == "slo objectives shop/availability"
    assert change.save == ""
    chance = figure(change, "Chance to keep it over the next period")
    assert (chance.present, chance.suggested) == (0.0, 1.0)
    # None of three periods, and all of three.
    assert chance.present_bounds.high == pytest.approx(1 - 0.05 ** (1 / 3))
    assert chance.suggested_bounds.low == pytest.approx(0.05 ** (1 / 3))


def test_alerts_on_a_budget_that_is_always_spent_wait_for_the_target():
    past = service(WEEKS * 7, OUTAGES, healthy=0.004)
    found = suggested(shop_of(ratio="0.9995"), past=past, outages=OUTAGES)
    assert [one.kind for one in found.changes] == ["objective"]


def test_a_target_that_all_weeks_kept_with_ease_gives_way_to_a_stricter_one():
    easy = shop_of(ratio="0.99", policy=AlertPolicy(()))
    (change,) = suggested(easy, past=service(180, healthy=0.002)).changes
    assert change.title == "Promise 99.5 % for availability, or spend its budget on changes"
    chance = figure(change, "Chance to keep it over the next period")
    assert chance.suggested == 1.0
    assert chance.suggested_bounds.low == pytest.approx(0.05 ** (1 / 6))
    assert figure(change, "Past periods that kept it").suggested == 1.0
    # Two months are no proof.
    found = suggested(easy, past=service(60, healthy=0.002))
    assert found.changes == ()
    _, reason = found.unchanged[0].reasons
    assert reason.endswith(
        "That is no reason to promise more yet: 60 days of history hold 2 whole periods, by "
        "which the chance lies between 22 % and 100 %."
    )


def test_alerts_that_chance_sets_off_are_called_out_with_the_ways_out():
    hasty = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 1.5)
    one, past = shop_of(policy=AlertPolicy((hasty,))), service(28, healthy=0.005, an_hour=60)
    (change,) = suggested(one, past=past).changes
    assert change.title == "Let chance set off no alert of availability"
    assert change.kind == "traffic"
    assert "page-1h: a call stands for 1 failure of 60 events" in change.evidence
    assert change.suggested.startswith("page-1h: at least ")
    waiting = shop_of(policy=AlertPolicy((replace(hasty, hold=5 * MINUTE),)))
    assert suggested(waiting, past=past).changes == ()
    # Two weeks of so few events say little of what is healthy.
    short = service(14, healthy=0.005, an_hour=60)
    assert suggested(one, past=short).changes == ()


def test_an_alert_that_nothing_can_set_off_is_called_out():
    found = suggested(shop_of(ratio="0.9"), past=service(28, healthy=0.01))
    (change,) = found.changes
    assert change.title == "Replace alerts of availability that see not even a full outage"
    assert "burn rates well below 10" in change.suggested
    assert change.evidence == (
        "page-1h of the present policy can never fire: 14.4 times the error budget of 90 % is "
        "more than every event."
    )


def test_what_brings_most_stands_first_and_only_a_handful():
    names = [f"never-{number}" for number in range(MOST)]
    hopeless = [shop_of(ratio="0.9995", policy=AlertPolicy(()), name=name) for name in names]
    past = service(WEEKS * 7, healthy=0.002, spikes=0.002)
    found = suggested(*hopeless, shop_of(policy=NERVOUS), past=past)
    assert [one.objective for one in found.changes] == ["availability", *names[:-1]]
    (left_out,) = found.unchanged
    assert left_out.objective == names[-1]
    assert left_out.reasons[0].startswith("Left out, as 5 other changes bring more: Promise ")


def test_an_objective_that_is_younger_than_the_history_is_judged_by_its_own_days():
    young = service(14, healthy=0.004)
    long = replace(young, span=Span(START - 60 * DAY, young.span.end))
    target = shop_of(ratio="0.9995")
    assert repr(suggested(target, past=long)) == repr(suggested(target, past=young))


def test_a_history_with_more_gaps_than_samples_suggests_nothing():
    past = service(90, healthy=0.004)
    holed = tuple(
        series_of(
            dict(one.labels),
            *(values[(one.times // HOUR) % 3 == 0] for values in (one.times, one.values)),
        )
        for one in past.series
    )
    found = suggested(shop_of(ratio="0.9995"), past=replace(past, series=holed))
    assert found.changes == ()
    (reason,) = found.unchanged[0].reasons
    assert reason.startswith("There are samples over 3")


def test_an_objective_of_which_there_is_nothing_is_left_out():
    past = service(28)
    assert suggested(shop_of(), past=replace(past, series=())) == suggested(past=past)
