"""Studies of a service whose incidents are known: would an SRE sign them?"""

import math
from dataclasses import replace

import numpy as np
import pytest

import slo
from slo.backtest import backtest
from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion, GroundTruth
from slo.model.objective import RollingPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.tune.contender import PRESENT, WORKBOOK
from slo.tune.evidence import evidence
from slo.tune.goals import Goals
from slo.tune.performance import performance
from slo.tune.wording import by_chance
from tests import shop

START = 1_790_000_000_000 // DAY * DAY
WEEKS = 9
MONTH = RollingPeriod(30 * DAY)


def service(outages, *, weeks=WEEKS, noise=0.0, seed=0):
    """One request a second; errors in outages, and now and then a minute of them."""
    span = Span(START, START + weeks * 7 * DAY)
    times = np.arange(span.start, span.end, MINUTE, dtype=np.int64)
    failing = np.zeros(times.size)
    for during, share in outages:
        failing[(times > during.start) & (times <= during.end)] = share * 60
    rng = np.random.default_rng(seed)
    failing[rng.random(times.size) < noise] += 30
    failing = np.minimum(failing, 60)
    total = np.cumsum(np.full(times.size, 60.0))
    bad = np.cumsum(failing)
    return History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        span,
    )


def at(week, day, hours):
    start = START + week * 7 * DAY + round(day * DAY)
    return Span(start, start + round(hours * HOUR))


SLOW = [(at(week, 2.3, 2.5), 0.08) for week in range(WEEKS)]
"""An outage a week that burns 8 times too fast for 2.5 hours: a page on 14.4 never sees it."""

SLUGGISH = AlertPolicy((BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4),))


def labelled(outages):
    return [shop.incident(span, f"outage-{n}") for n, (span, _) in enumerate(outages)]


@pytest.fixture(scope="module")
def study():
    one = shop.availability(ratio="0.99", period=MONTH).with_policy(SLUGGISH)
    history = service(SLOW, noise=0.0005)
    return slo.tune(one, history, labelled(SLOW), Goals(catch=0.02))


def test_a_policy_that_misses_everything_is_replaced_by_one_that_sees_it_in_time(study):
    assert study.present.unseen.caught == 0
    assert study.recommended.name in ("quick", "quiet")
    unseen = study.recommended.unseen
    assert unseen.caught == unseen.required >= 5
    assert not unseen.unpaged
    assert not unseen.late(study.goals.detect_before)
    assert unseen.pages_a_week <= study.goals.pages_a_week
    assert study.declined == ""
    assert any("remove page-1h" in line or "change page-1h" in line for line in study.changes)


def test_what_is_out_of_sample_was_judged_by_what_was_chosen_before(study):
    tuned = study.recommended
    assert tuned.folds
    for result in tuned.folds:
        assert result.fold.training.end < result.fold.test.start
        result_of_test = backtest(
            study.slo.with_policy(result.policy), service(SLOW, noise=0.0005), labelled(SLOW)
        )
        calls = [
            call.span.start
            for call in result_of_test.calls("page")
            if result.fold.test.start <= call.span.start < result.fold.test.end
        ]
        assert result.performance.pages == tuple(calls)
    assert tuned.unseen.pages == tuple(p for r in tuned.folds for p in r.performance.pages)
    assert tuned.unseen.judged == sum(result.fold.test.length for result in tuned.folds)


def test_later_weeks_do_not_choose(study):
    """The first choice is the same whatever happens after its training."""
    first = study.recommended.folds[0]
    horizon = first.fold.test.start + DAY
    kept = [(span, share) for span, share in SLOW if span.end < horizon]
    storms = [(at(week, day, 1), 0.9) for week in range(5, WEEKS) for day in (1, 3, 5)]
    other = slo.tune(
        study.slo, service(kept + storms, noise=0.0005), labelled(kept + storms), study.goals
    )
    names = {contender.name: contender for contender in other.contenders}
    again = names[study.recommended.name].folds[0]
    assert again.fold == first.fold
    assert again.policy == first.policy


def test_intervals_hold_the_figures(study):
    for contender in study.contenders:
        bounds, unseen = contender.bounds, contender.unseen
        assert bounds is not None
        assert unseen.pages_a_week in bounds.pages_a_week
        assert unseen.false_pages_a_week in bounds.false_pages_a_week
        assert unseen.tickets_a_week in bounds.tickets_a_week
        assert unseen.recall in bounds.recall
        if not math.isnan(unseen.spent_median):
            assert unseen.spent_median in bounds.spent_median


def test_no_candidate_of_the_front_is_better_than_another_in_every_respect(study):
    costs = [
        (
            len(c.performance.missed) + len(c.performance.unpaged),
            len(c.performance.false_pages),
            len(c.performance.pages),
            c.performance.spent_median if c.performance.caught else 0,
        )
        for c in study.front
    ]
    assert costs
    for one in costs:
        for other in costs:
            assert one == other or not all(a <= b for a, b in zip(one, other, strict=True))


def test_the_chosen_objective_carries_its_evidence(study):
    chosen = study.chosen
    assert chosen.policy == study.recommended.policy
    assert "out of sample these alerts saw" in chosen.evidence
    assert replace(chosen, policy=study.slo.policy, evidence="") == study.slo


def test_a_policy_that_serves_well_is_kept():
    outages = [(at(week, 2.3, 0.5), 1.0) for week in range(WEEKS)]
    one = shop.availability(ratio="0.999", period=MONTH)
    one = one.with_policy(workbook_policy(one.objective, one.period))
    goals = Goals(detect_before=0.04)
    study = slo.tune(one, service(outages), labelled(outages), goals)
    assert study.recommended.name == PRESENT
    assert study.changes == ()
    assert study.chosen == one
    assert WORKBOOK not in [contender.name for contender in study.contenders]


def test_too_few_incidents_fall_back_to_the_workbook_and_say_so():
    outages = SLOW[:2]
    one = shop.availability(ratio="0.99", period=MONTH).with_policy(SLUGGISH)
    study = slo.tune(one, service(outages), labelled(outages), Goals(catch=0.02))
    assert [contender.name for contender in study.contenders] == [PRESENT, WORKBOOK]
    assert study.declined == "2 incidents had to be seen; it takes 3 to choose from"
    assert study.declined in study.warnings


def test_too_few_failures_say_nothing():
    one = shop.availability(ratio="0.99", period=MONTH)
    history = service(SLOW)
    sparse = tuple(
        series_of(dict(series.labels), series.times, np.floor(series.values / 20_000))
        for series in history.series
    )
    study = slo.tune(one, replace(history, series=sparse), labelled(SLOW))
    assert any("the budget of a period is 1.3 failures" in line for line in study.warnings)
    assert not study.front


def test_a_short_history_has_nothing_out_of_sample_and_changes_nothing():
    one = shop.availability(ratio="0.99", period=MONTH).with_policy(SLUGGISH)
    study = slo.tune(one, service(SLOW, weeks=3), labelled(SLOW), Goals(catch=0.02))
    assert study.recommended.bounds is None
    assert study.changes == ()
    assert any("too short" in line for line in study.warnings)


def test_derived_incidents_are_said_to_be_derived():
    one = shop.availability(ratio="0.99", period=MONTH)
    truth = GroundTruth(tuple(labelled(SLOW)), derived=True)
    study = slo.tune(one, service(SLOW), truth)
    assert study.derived
    assert any("derived from the same errors" in line for line in study.warnings)


def test_alerts_that_call_by_chance_are_called_out():
    """One request a minute, of which one in two hundred fails."""
    rng = np.random.default_rng(4)
    span = Span(START, START + WEEKS * 7 * DAY)
    times = np.arange(span.start, span.end, MINUTE, dtype=np.int64)
    failed = rng.random(times.size) < 0.005
    for during, share in SLOW:
        inside = (times > during.start) & (times <= during.end)
        failed[inside] = rng.random(inside.sum()) < 3 * share
    bad, total = np.cumsum(failed).astype(float), np.arange(times.size) + 1.0
    history = History(
        (
            series_of({"__name__": "requests_total", "code": "200"}, times, total - bad),
            series_of({"__name__": "requests_total", "code": "500"}, times, bad),
        ),
        span,
    )
    one = shop.availability(ratio="0.99", period=MONTH)
    past = evidence(slo.replay(one, history, labelled(SLOW)), Goals())
    hasty = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 1.5)
    (told,) = by_chance(past, AlertPolicy((hasty,)))
    assert told.startswith("page-1h would call ")
    assert "so few failures (1) are enough" in told
    assert by_chance(past, AlertPolicy((replace(hasty, hold=5 * MINUTE),))) == ()
    assert by_chance(past, AlertPolicy((replace(hasty, factor=20.0),))) == ()


def test_an_alert_that_can_never_fire_is_called_out():
    never = BurnRateAlert("page-1h", "page", HOUR, 5 * MINUTE, 14.4)
    one = shop.availability(ratio="0.9", period=MONTH).with_policy(AlertPolicy((never,)))
    study = slo.tune(one, service(SLOW), labelled(SLOW))
    assert any("page-1h of the present policy can never fire" in w for w in study.warnings)


def test_excluded_incidents_have_not_to_be_seen(study):
    out = Exclusion("drill", SLOW[3][0], "me", "a drill")
    truth = GroundTruth(tuple(labelled(SLOW)), (out,))
    other = slo.tune(study.slo, service(SLOW, noise=0.0005), truth, study.goals)
    assert other.recommended.whole.required == study.recommended.whole.required - 1


def test_performance_belongs_to_the_stretch_it_begins_in(study):
    history = service(SLOW, noise=0.0005)
    replayed = slo.replay(study.slo, history, labelled(SLOW))
    past = evidence(replayed, study.goals)
    result = replayed.backtest(study.slo)
    middle = START + 30 * DAY
    parts = [
        performance(result, past, [span])
        for span in (Span(START, middle), Span(middle, history.span.end))
    ]
    whole = performance(result, past, [history.span])
    assert parts[0].pages + parts[1].pages == whole.pages
    assert parts[0].sightings + parts[1].sightings == whole.sightings
