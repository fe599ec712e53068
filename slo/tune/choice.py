"""Which of several policies served best over a history, by a stated preference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest import ANY, replay
from slo.model.duration import WEEK
from slo.tune.presets import OWN, presets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest import Backtest
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo


@dataclass(frozen=True)
class Choice:
    """Policies tried on one history, the best first.

    Attributes:
        slo: The objective as it is specified.
        tried: Each policy's name and what it would have done, the best first. In sample: the
            same weeks chose and judged.

    """

    slo: Slo
    tried: tuple[tuple[str, Backtest], ...]

    @property
    def best(self) -> str:
        """The name of the policy that served best."""
        return self.tried[0][0]

    @property
    def present(self) -> Backtest:
        """What the specified policy would have done."""
        return dict(self.tried)[OWN]


def choose(slo: Slo, history: History, incidents: Iterable[Incident], interval: int) -> Choice:
    """Backtest an objective's own policy and the workbook's approaches, and rank them.

    The preference: at most two false episodes a week; then most incidents caught; then fewest
    false episodes; then the least budget spent at detection; then the specified policy, so that
    nothing changes without a reason.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    policies = presets(slo)
    windows = {window for policy in policies.values() for window in policy.windows}
    past = replay(slo, history, incidents, interval, windows=windows)
    tried = {name: past.backtest(slo.with_policy(policy)) for name, policy in policies.items()}
    return Choice(slo, tuple(sorted(tried.items(), key=_preference)))


FALSE_A_WEEK = 2
"""More than so many false episodes a week, and people stop to look."""


def _preference(candidate: tuple[str, Backtest]) -> tuple[bool, int, int, float, bool]:
    name, result = candidate
    together = result.score(ANY)
    spent = together.budget_at_detection
    false_a_week = len(result.false_episodes) * WEEK / result.span.length
    return (
        false_a_week > FALSE_A_WEEK,
        -together.detected,
        len(result.false_episodes),
        math.inf if math.isnan(spent) else round(spent, 3),
        name != OWN,
    )
