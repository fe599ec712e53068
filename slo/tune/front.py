"""The Pareto front: policies none of which is better than another in every respect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.model.alert import AlertPolicy
from slo.tune.contender import Candidate
from slo.tune.search import CALLS, FALSE, MISSED, SPENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.tune.design import Design
    from slo.tune.performance import Performance
    from slo.tune.search import Indexes, Ranking
    from slo.tune.trial import Trial

_MOST = 12
"""So many candidates a person can look at."""


def front(
    found: Design, pages: Trial, performed: Callable[[AlertPolicy], Performance]
) -> tuple[Candidate, ...]:
    """What more pages would buy: other page alerts beside the same tickets.

    No candidate sees as much, as early, with as few pages as another. Empty where the evidence
    was not enough to choose pages from.

    Args:
        found: The design whose tickets every candidate has.
        pages: What page conditions would have done.
        performed: What a policy would have done over the whole history.

    """
    if "page" not in found.rankings:
        return ()
    ranking = found.rankings["page"]
    others = tuple(alert for alert in found.policy.alerts if alert.severity != "page")
    policies = [
        AlertPolicy((*ranking.alerts(pages, int(place)), *others)) for place in _places(ranking)
    ]
    done = [(policy, performed(policy)) for policy in policies]
    costs = np.array([_cost(performance) for _, performance in done])
    kept = [done[i] for i in sorted(_undominated(costs), key=lambda i: _quietest(costs[i]))]
    return tuple(Candidate(str(n), *one) for n, one in enumerate(kept, start=1))


def _places(ranking: Ranking) -> Indexes:
    """Undominated sets by the search's own figures, spread over the number of calls."""
    costs = ranking.losses[:, [MISSED, FALSE, CALLS, SPENT]]
    places = np.array(_undominated(costs), dtype=np.int64)
    places = places[np.argsort(costs[places, 2], kind="stable")]
    if places.size <= _MOST:
        return places
    spread = np.unique(np.linspace(0, places.size - 1, _MOST).round().astype(int))
    # The recommended one is there in any case.
    return np.unique(np.append(places[spread], 0))


def _undominated(costs: np.ndarray) -> list[int]:
    kept: list[int] = []
    for i, cost in enumerate(costs):
        noworse = (costs <= cost).all(axis=1)
        better = noworse & (costs < cost).any(axis=1)
        equal_before = (costs[:i] == cost).all(axis=1).any()
        if not better.any() and not equal_before:
            kept.append(i)
    return kept


def _cost(done: Performance) -> tuple[float, ...]:
    spent = done.spent_median
    return (
        float(len(done.missed) + len(done.unpaged)),
        float(len(done.false_pages)),
        float(len(done.pages)),
        0.0 if np.isnan(spent) else round(spent, 4),
    )


def _quietest(cost: np.ndarray) -> tuple[float, ...]:
    return float(cost[2]), float(cost[0]), float(cost[3])
