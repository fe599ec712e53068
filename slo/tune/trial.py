"""What every condition of a severity would have done over the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.sweep import judged, levels_of, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.engine.sweep import Counts, Judged, Levels
    from slo.model.samples import Values
    from slo.tune.evidence import Evidence
    from slo.tune.space import Conditions


@dataclass(frozen=True, eq=False)
class Trial:
    """Each condition's record, with a margin: quiet where errors are higher, seeing where lower.

    Attributes:
        conditions: What was tried; C of them.
        levels: What thresholds were held against.
        judged: What was judged by.
        low: The thresholds by which conditions are charged with what they call, float64,
            shape (F,).
        episodes: Episodes at the low threshold that begin in each stretch, int32, shape (C, S).
        false: Likewise, those that belong to no incident.
        spent: Share of the budget that each incident had spent when the condition saw it at the
            high threshold, infinite where it did not: float64, shape (C, K).

    """

    conditions: Conditions
    levels: Levels
    judged: Judged
    low: Values
    episodes: Counts
    false: Counts
    spent: Values

    def recordable(self, index: int) -> tuple[int, float, int]:
        """A condition's row of levels, low threshold and index of ``for``."""
        pair, factor, hold = np.unravel_index(index, self.conditions.shape)
        return int(pair), float(self.low[factor]), int(hold)


def trial(past: Evidence, tried: Conditions, cuts: Sequence[int], margin: float) -> Trial:
    """Try every condition at every burn rate, and so much below and above it.

    The margin scales what exceeds the healthy burn rate: errors that are always there do not
    grow with an incident.

    Args:
        past: The objective's past.
        tried: Pairs of windows, burn rates and holds.
        cuts: Unix milliseconds at which the stretches begin that are counted apart.
        margin: 1 or more.

    """
    level = levels_of(past.replayed.ratios, tried.pairs, past.replayed.interval, past.span.end)
    by = judged(
        (incident.span for incident in past.incidents),
        (exclusion.span for exclusion in past.replayed.exclusions),
        cuts=cuts,
        pairs=tried.pairs,
        holds=tried.holds,
        beginning=past.replayed.beginning,
    )
    budget = float(past.slo.objective.error_budget)
    excess = np.maximum(tried.factors - past.healthy_burn, 0.0)
    low = (tried.factors - excess * (1 - 1 / margin)) * budget
    high = (tried.factors + excess * (margin - 1)) * budget
    quiet = sweep(level, by, low, tried.holds)
    seeing = sweep(level, by, high, tried.holds)
    return Trial(
        conditions=tried,
        levels=level,
        judged=by,
        low=low,
        episodes=quiet.episodes.reshape(tried.size, len(cuts)),
        false=quiet.false.reshape(tried.size, len(cuts)),
        spent=past.spent_at(seeing.detected.reshape(tried.size, len(past.incidents))),
    )
