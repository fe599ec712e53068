"""The best sets of one or two conditions of a severity, by a stated order of what matters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from slo.engine.sweep import calls, record

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert, Severity
    from slo.model.samples import Mask, Values
    from slo.tune.trial import Trial

Indexes = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]

_SINGLES = 120
"""So many conditions are paired with each other."""

MISSED, OVER, UNGUARDED, TROUBLE, LATE, FALSE, SPENT, CALLS, CONDITIONS = range(9)

Aim = Literal["quick", "quiet"]
"""Within the limits: to see incidents soonest, or to call least."""

AIMS: tuple[Aim, ...] = ("quick", "quiet")

_LIGHTER: dict[Aim, tuple[int, ...]] = {
    "quick": (TROUBLE, LATE, SPENT, CALLS, CONDITIONS),
    "quiet": (FALSE, CALLS, LATE, SPENT, CONDITIONS),
}
_WEIGHTIEST: dict[Severity, tuple[int, int]] = {"page": (OVER, MISSED), "ticket": (MISSED, OVER)}

_SETS = 400
"""So many sets, the best by a bound, have their calls counted."""


@dataclass(frozen=True)
class Limits:
    """What a severity is held to over the weeks that are searched.

    Attributes:
        calls: So many calls at most.
        spent: Share of the budget that may be gone at detection.
        guard: The burn rate that has to be seen, whether or not the past holds one so slow.

    """

    calls: float
    spent: float
    guard: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """Sets of conditions, the best first.

    Attributes:
        sets: Indexes of conditions, -1 for none: int64, shape (M, 2).
        losses: What each set costs, float64, shape (M, 9): incidents missed, calls over the
            limit, 1 where a steady burn at the guarded rate goes unseen, incidents seen late and
            false calls together, each alone, mean budget spent at detection, calls, conditions.

    """

    sets: Indexes
    losses: Values

    def alerts(self, trial: Trial, place: int) -> tuple[BurnRateAlert, ...]:
        """The alerts of the set in a place, the shorter window first."""
        found = (trial.conditions.alert(index) for index in self.sets[place] if index >= 0)
        return tuple(sorted(found, key=lambda alert: (alert.long, alert.short)))

    def sees(self, trial: Trial, place: int) -> Mask:
        """Which incidents the set in a place sees, bool, shape (K,)."""
        members = self.sets[place][self.sets[place] >= 0]
        return np.asarray(np.isfinite(trial.spent[members]).any(axis=0), dtype=np.bool_)


def search(
    trial: Trial, stretches: Mask, needed: Mask, limits: Limits, aim: Aim = "quick"
) -> Ranking:
    """Rank sets of one or two conditions by what they did in some stretches of the past.

    Incidents missed and calls above the limit weigh most, in the order of the severity: who is
    woken more often than agreed stops to look, and what no page tells of a ticket does. Then,
    whether the slowest burn that matters would be seen, as the past need not hold one. After
    that the quick aim weighs incidents seen after the limit of the budget as much as false calls,
    then the mean budget spent at detection, and calls; the quiet aim false calls and calls first.
    Of equals the set with fewer conditions wins.

    Args:
        trial: What every condition would have done.
        stretches: Which stretches count, bool, shape (S,).
        needed: Which incidents have to be seen, bool, shape (K,).
        limits: What calls and budget are held to.
        aim: What matters most within the limits.

    """
    weights = (*_WEIGHTIEST[trial.conditions.severity], UNGUARDED, *_LIGHTER[aim])
    done = _Done(
        spent=trial.spent[:, needed],
        false=trial.false[:, stretches].sum(axis=1),
        called=trial.episodes[:, stretches].sum(axis=1),
    )
    singles = _worth_trying(trial, done)
    alone = np.stack([singles, np.full(singles.size, -1)], axis=1)
    singles = singles[_order(_losses(trial, alone, done.of(singles), limits), weights)]
    singles = _undominated(singles, trial, done)[:_SINGLES]
    sets = _sets(trial, singles)
    bounds = _bounds(sets, done)
    best = _order(_losses(trial, sets, bounds, limits), weights)[:_SETS]
    counted = _counted(trial, sets[best], bounds.of(best), stretches)
    losses = _losses(trial, sets[best], counted, limits)
    order = _order(losses, weights)
    return Ranking(sets[best][order], losses[order])


@dataclass(frozen=True, eq=False)
class _Done:
    """What n conditions, or sets of them, did.

    Attributes:
        spent: Share of the budget spent when each needed incident was seen, shape (n, K).
        false: False calls, shape (n,).
        called: Calls, shape (n,).

    """

    spent: Values
    false: Counts
    called: Counts

    def of(self, rows: Indexes) -> _Done:
        return _Done(self.spent[rows], self.false[rows], self.called[rows])


def _bounds(sets: Indexes, done: _Done) -> _Done:
    """What sets saw, and the least that they can have called: as often as their busier one."""
    first, second = sets.T
    none = second < 0
    return _Done(
        np.minimum(done.spent[first], np.where(none[:, None], np.inf, done.spent[second])),
        np.maximum(done.false[first], np.where(none, 0, done.false[second])),
        np.maximum(done.called[first], np.where(none, 0, done.called[second])),
    )


def _losses(trial: Trial, sets: Indexes, done: _Done, limits: Limits) -> Values:
    """What sets of conditions cost, shape (n, 9)."""
    missed = np.isinf(done.spent)
    known = np.where(missed, 0.0, done.spent)
    seen = np.maximum((~missed).sum(axis=1), 1)
    losses = np.empty((sets.shape[0], 9))
    losses[:, MISSED] = missed.sum(axis=1)
    losses[:, OVER] = np.maximum(done.called - limits.calls, 0.0)
    losses[:, UNGUARDED] = _slowest(trial, sets) > limits.guard
    losses[:, LATE] = (known > limits.spent).sum(axis=1)
    losses[:, FALSE] = done.false
    losses[:, TROUBLE] = losses[:, LATE] + done.false
    # To a thousandth of the budget: less would buy calls for nothing.
    losses[:, SPENT] = (known.sum(axis=1) / seen).round(3)
    losses[:, CALLS] = done.called
    losses[:, CONDITIONS] = (sets >= 0).sum(axis=1)
    return losses


def _slowest(trial: Trial, sets: Indexes) -> Values:
    """The lowest burn rate that each set sees."""
    factors = trial.conditions.factors[np.unravel_index(sets.clip(0), trial.conditions.shape)[1]]
    return np.asarray(np.where(sets < 0, np.inf, factors).min(axis=1), dtype=np.float64)


def _order(losses: Values, weights: tuple[int, ...]) -> Indexes:
    """The rows from the least loss to the greatest; equals stay in their order."""
    return np.lexsort([losses[:, column] for column in reversed(weights)])


def _worth_trying(trial: Trial, done: _Done) -> Indexes:
    """For each pair of windows and hold, the lowest burn rate that has so few false calls."""
    pair, _, hold = np.unravel_index(np.arange(trial.conditions.size), trial.conditions.shape)
    keys = (pair * trial.conditions.shape[2] + hold) * (done.false.max(initial=0) + 1) + done.false
    _, first = np.unique(keys, return_index=True)
    # One that sees nothing is worth nothing.
    sees = np.isfinite(done.spent[first]).any(axis=1)
    return np.sort(first[sees] if sees.any() else first)


def _undominated(singles: Indexes, trial: Trial, done: _Done) -> Indexes:
    """Those that no other one equals or betters in calls, false or not, guard and any incident."""
    own = done.of(singles)
    slowest = _slowest(trial, singles[:, None])
    cost = np.column_stack([own.false, own.called, slowest, np.round(own.spent, 4)])
    kept: list[int] = []
    for i in range(singles.size):
        # Better ones come first, as singles are in the order of their losses; of equals the
        # first stays.
        if not kept or not (cost[kept] <= cost[i]).all(axis=1).any():
            kept.append(i)
    return singles[kept]


def _sets(trial: Trial, singles: Indexes) -> Indexes:
    """Each condition alone, and every two of different windows."""
    pair, _, _ = np.unravel_index(singles, trial.conditions.shape)
    longs = np.array([long for long, _ in trial.conditions.pairs])[pair]
    alone = np.stack([singles, np.full(singles.size, -1)], axis=1)
    two = np.array(list(combinations(range(singles.size), 2)), np.int64).reshape(-1, 2)
    two = two[longs[two[:, 0]] != longs[two[:, 1]]]
    return np.concatenate([alone, singles[two]]).astype(np.int64)


def _counted(trial: Trial, sets: Indexes, bounds: _Done, stretches: Mask) -> _Done:
    """The same with the sets' true calls: episodes that overlap are one call."""
    used = np.unique(sets[sets >= 0])
    conditions = [trial.recordable(int(index)) for index in used]
    recorded = record(trial.levels, trial.judged, conditions, trial.conditions.holds)
    renumbered = np.where(sets < 0, -1, np.searchsorted(used, sets))
    called, false = calls(recorded, renumbered, trial.judged)
    return _Done(bounds.spent, false[:, stretches].sum(axis=1), called[:, stretches].sum(axis=1))
