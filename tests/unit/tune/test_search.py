"""The search, against every set tried one by one with the engine and the backtest's rules."""

from itertools import combinations

import numpy as np
import pytest

from slo.backtest import replay
from slo.model.alert import AlertPolicy
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.incident import Exclusion
from slo.model.objective import RollingPeriod
from slo.model.span import Span
from slo.tune.evidence import evidence
from slo.tune.goals import Goals
from slo.tune.search import CALLS, FALSE, LATE, MISSED, OVER, SPENT, UNGUARDED, Limits, search
from slo.tune.space import Conditions
from slo.tune.trial import trial
from tests import shop

MONTH = RollingPeriod(30 * DAY)
OUTAGES = ((1.2, 0.4, 0.9), (2.3, 1.0, 0.12), (4.1, 0.2, 0.3), (5.5, 3.0, 0.08))
UNLABELLED = ((3.0, 0.15, 0.5), (6.2, 0.1, 0.9))
TRIED = Conditions(
    "page",
    ((HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE)),
    np.array([3.0, 5.0, 8.0, 14.0]),
    (0, 5 * MINUTE),
)


@pytest.fixture(scope="module")
def past():
    one = shop.availability(period=MONTH)
    during = [(shop.stretch(day, hours), share) for day, hours, share in OUTAGES + UNLABELLED]
    incidents = [
        shop.incident(shop.stretch(day, hours), f"outage-{n}")
        for n, (day, hours, _) in enumerate(OUTAGES)
    ]
    windows = {window for pair in TRIED.pairs for window in pair}
    replayed = replay(one, shop.history(*during), incidents, windows=windows)
    return evidence(replayed, Goals(catch=0.003))


def performed(past, alerts):
    """False calls, calls, and the budget spent at each incident's detection."""
    policy = AlertPolicy(tuple(alerts))
    result = past.replayed.backtest(past.slo.with_policy(policy))
    calls = result.calls("page")
    spent = [
        detection.budget_spent if (detection := outcome.detection("page")) else np.inf
        for outcome in result.outcomes
    ]
    return sum(not call.true for call in calls), len(calls), np.array(spent)


def test_what_is_required_and_urgent_follows_from_the_budget(past):
    # 604,800 requests a week: a month's budget is 1 % of 2,592,000, and an outage's requests are
    # its seconds.
    shares = [hours * 3600 * share / 25_920 for _, hours, share in OUTAGES]
    assert past.failures_allowed == pytest.approx(25_920, rel=1e-3)
    assert past.required.tolist() == [share >= 0.003 for share in shares]
    assert past.urgent.tolist() == past.required.tolist()
    assert past.healthy_burn < 0.05


@pytest.mark.parametrize("aim", ["quick", "quiet"])
def test_the_best_set_is_the_best_of_all_sets(past, aim):
    tried = trial(past, TRIED, (past.span.start,), 1.0)
    limits = Limits(calls=20, spent=0.01, guard=9.0)
    ranking = search(tried, np.ones(1, bool), past.required, limits, aim)
    longs = [TRIED.alert(i).long for i in range(TRIED.size)]
    sets = [(i,) for i in range(TRIED.size)]
    sets += [(i, k) for i, k in combinations(range(TRIED.size), 2) if longs[i] != longs[k]]
    costs = []
    for members in sets:
        alerts = [TRIED.alert(i) for i in members]
        false, called, spent = performed(past, alerts)
        needed = spent[past.required]
        seen = needed[np.isfinite(needed)]
        late = int((seen > limits.spent).sum())
        missed = int(np.isinf(needed).sum())
        mean = round(float(seen.sum() / max(seen.size, 1)), 3)
        unguarded = int(min(a.factor for a in alerts) > limits.guard)
        heavy = (max(called - limits.calls, 0), missed, unguarded)
        light = (false + late, late, mean, called) if aim == "quick" else (
            false, called, late, mean
        )  # fmt: skip
        costs.append((*heavy, *light, len(members)))
    best = ranking.losses[0]
    heavy = (best[OVER], best[MISSED], best[UNGUARDED])
    light = {
        "quick": (best[FALSE] + best[LATE], best[LATE], best[SPENT], best[CALLS]),
        "quiet": (best[FALSE], best[CALLS], best[LATE], best[SPENT]),
    }[aim]
    assert (*heavy, *light) == pytest.approx(min(costs)[:-1])
    false, called, _ = performed(past, ranking.alerts(tried, 0))
    assert (best[FALSE], best[CALLS]) == (false, called)


def test_a_limit_on_calls_is_kept_where_it_can_be(past):
    tried = trial(past, TRIED, (past.span.start,), 1.0)
    ranking = search(tried, np.ones(1, bool), past.required, Limits(3, 0.01, 9.0))
    assert ranking.losses[0][OVER] == 0
    _, called, _ = performed(past, ranking.alerts(tried, 0))
    assert called <= 3


def test_the_margin_charges_more_calls_and_later_detections(past):
    exact = trial(past, TRIED, (past.span.start,), 1.0)
    robust = trial(past, TRIED, (past.span.start,), 1.3)
    assert (robust.low <= exact.low).all()
    assert (robust.spent >= exact.spent).all()
    assert (robust.spent > exact.spent).any()


def test_stretches_are_counted_apart(past):
    middle = shop.WEEK.span.start + 3 * DAY
    tried = trial(past, TRIED, (past.span.start, middle), 1.0)
    whole = trial(past, TRIED, (past.span.start,), 1.0)
    assert (tried.episodes.sum(axis=1) == whole.episodes[:, 0]).all()
    first = search(tried, np.array([True, False]), past.required, Limits(9, 0.01, 9.0))
    alerts = first.alerts(tried, 0)
    result = past.replayed.backtest(past.slo.with_policy(AlertPolicy(alerts)))
    early = [call for call in result.calls("page") if call.span.start < middle]
    assert first.losses[0][CALLS] == len(early)


def test_what_an_exclusion_overlaps_has_not_to_be_seen(past):
    span = Span(past.incidents[0].span.start, past.incidents[0].span.start + MINUTE)
    out = Exclusion("x", span, "me", "a test")
    incidents = past.replayed.incidents
    replayed = replay(
        past.slo, shop.history(), incidents, exclusions=[out], windows=past.replayed.ratios.windows
    )
    assert evidence(replayed, Goals()).incidents == incidents[1:]
