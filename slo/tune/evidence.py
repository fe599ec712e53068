"""One objective's past as a search needs it: what burned when, and what had to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from slo.backtest import Replay
    from slo.model.incident import Incident
    from slo.model.samples import Mask, Times, Values
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.tune.goals import Goals


@dataclass(frozen=True, eq=False)
class Evidence:
    """An objective's past.

    Attributes:
        replayed: Its error ratios over every window that is tried, events, and exclusions.
        spent: Share of a period's budget that is gone since the history began, at each
            evaluation: float64, shape (E,).
        incidents: What had to be judged by, in the order of their starts; K of them.
        at_start: ``spent`` at each incident's start, float64, shape (K,).
        required: Whether each incident has to be seen, bool, shape (K,).
        urgent: Whether it has to be paged, bool, shape (K,).
        failures_allowed: Bad events that a period of mean traffic allows.
        healthy_burn: The burn rate outside of incidents.

    """

    replayed: Replay
    spent: Values
    incidents: tuple[Incident, ...]
    at_start: Values
    required: Mask
    urgent: Mask
    failures_allowed: float
    healthy_burn: float

    @property
    def slo(self) -> Slo:
        """The objective with its present policy."""
        return self.replayed.slo

    @property
    def span(self) -> Span:
        """What is judged by."""
        return self.replayed.span

    def spent_at(self, detected: npt.NDArray[np.int32]) -> Values:
        """Share of the budget that each incident had spent at an evaluation.

        Args:
            detected: Indexes of evaluations, -1 for never: shape (..., K).

        Returns:
            float64, shape (..., K); infinite where never.

        """
        since = np.maximum(self.spent[detected] - self.at_start, 0.0)
        return np.where(detected < 0, np.inf, since)


def evidence(replayed: Replay, goals: Goals) -> Evidence:
    """What had to be seen, by the goals, and how the budget went."""
    at = replayed.ratios.times
    bad, total = replayed.counts.at(at)
    allowed = replayed.allowed(replayed.slo)
    incidents = replayed.judged_incidents
    spans = np.array([(i.span.start, i.span.end) for i in incidents], np.int64).reshape(-1, 2)
    spent = bad / (allowed or np.inf)
    edges = replayed.counts.at(spans.ravel())[0].reshape(-1, 2) / (allowed or np.inf)
    return Evidence(
        replayed=replayed,
        spent=spent,
        incidents=incidents,
        at_start=edges[:, 0],
        required=edges[:, 1] - edges[:, 0] >= goals.catch,
        urgent=_fastest(spans, at, spent, goals.page_within) >= goals.catch,
        failures_allowed=allowed,
        healthy_burn=_healthy_burn(replayed.slo, spans, at, bad, total),
    )


def _fastest(spans: Times, at: Times, spent: Values, within: int) -> Values:
    """The largest share of the budget that each incident spent within so many milliseconds."""
    fastest = np.zeros(spans.shape[0])
    for k, (start, end) in enumerate(spans):
        # The first evaluation after the end still learns of what happened before it.
        own = slice(*np.searchsorted(at, (start, end + 1)))
        after = np.append(at[own], end)
        before = np.maximum(after - within, start)
        levels = np.interp([after, before], at, spent)
        fastest[k] = np.max(levels[0] - levels[1])
    return fastest


def _healthy_burn(slo: Slo, spans: Times, at: Times, bad: Values, total: Values) -> float:
    inside = np.zeros(at.size, np.bool_)
    for start, end in spans:
        inside[slice(*np.searchsorted(at, (start, end), side="right"))] = True
    quiet = ~inside[1:]
    events = np.diff(total)[quiet].sum()
    ratio = np.diff(bad)[quiet].sum() / events if events else 0.0
    return float(ratio / float(slo.objective.error_budget))
