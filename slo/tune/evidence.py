"""One objective's past as a search needs it: what burned when, and what had to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.history.contents import required_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.engine.ratio import ErrorRatios
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History, Mask, Times, Values
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.tune.goals import Goals


@dataclass(frozen=True, eq=False)
class Evidence:
    """An objective's past.

    Attributes:
        slo: The objective with its present policy.
        span: What is judged by.
        beginning: Where the history begins, in Unix milliseconds.
        interval: Milliseconds between evaluations.
        ratios: Error ratios over every window that is tried.
        spent: Share of a period's budget that is gone since the history began, at each
            evaluation: float64, shape (E,).
        incidents: What touched the objective, in the order of their starts; K of them.
        exclusions: What is not judged.
        at_start: ``spent`` at each incident's start, float64, shape (K,).
        required: Whether each incident has to be seen, bool, shape (K,).
        urgent: Whether it has to be paged, bool, shape (K,).
        failures_allowed: Bad events that a period of mean traffic allows.
        healthy_burn: The burn rate outside of incidents.

    """

    slo: Slo
    span: Span
    beginning: int
    interval: int
    ratios: ErrorRatios
    spent: Values
    incidents: tuple[Incident, ...]
    exclusions: tuple[Exclusion, ...]
    at_start: Values
    required: Mask
    urgent: Mask
    failures_allowed: float
    healthy_burn: float

    def spent_at(self, detected: npt.NDArray[np.int32]) -> Values:
        """Share of the budget that each incident had spent at an evaluation.

        Args:
            detected: Indexes of evaluations, -1 for never: shape (..., K).

        Returns:
            float64, shape (..., K); infinite where never.

        """
        since = np.maximum(self.spent[detected] - self.at_start, 0.0)
        return np.where(detected < 0, np.inf, since)


def evidence(
    slo: Slo,
    history: History,
    goals: Goals,
    *,
    windows: Sequence[int],
    interval: int,
    incidents: Iterable[Incident],
    exclusions: Iterable[Exclusion],
) -> Evidence:
    """Replay an objective's error ratios once, for every policy that will be tried.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    at = instants(history.span, interval)
    counts = event_counts(slo.indicator, history)
    bad, total = counts.at(at)
    of_history = counts.between(history.span)
    share = slo.period.length / history.span.length
    allowed = float(slo.objective.error_budget) * of_history[1] * share
    spent = bad / allowed if allowed else np.zeros(at.size)
    excluded = tuple(one for one in exclusions if one.touches(slo.service, slo.name))
    touched = tuple(
        incident
        for incident in sorted(incidents, key=lambda incident: incident.span)
        if incident.touches(slo.service, slo.name)
        and incident.span.overlap(history.span)
        and not any(incident.span.overlap(one.span) for one in excluded)
    )
    spans = np.array([(i.span.start, i.span.end) for i in touched], np.int64).reshape(-1, 2)
    edges = counts.at(spans.ravel())[0].reshape(-1, 2) / (allowed or np.inf)
    return Evidence(
        slo=slo,
        span=history.span,
        beginning=history.span.start,
        interval=interval,
        ratios=error_ratios(slo.indicator, history, tuple(sorted(set(windows))), at),
        spent=spent,
        incidents=touched,
        exclusions=excluded,
        at_start=edges[:, 0],
        required=edges[:, 1] - edges[:, 0] >= goals.catch,
        urgent=_fastest(spans, at, spent, goals.page_within) >= goals.catch,
        failures_allowed=allowed,
        healthy_burn=_healthy_burn(slo, spans, at, bad, total),
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
