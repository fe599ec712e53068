"""Incidents that nobody labelled, derived from the history itself, and said to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.history.contents import required_series
from slo.model.duration import HOUR, MINUTE
from slo.model.incident import Incident
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.model.samples import History, Times, Values
    from slo.model.slo import Slo

DERIVED = "derived"
"""The kind of a derived incident."""

_OVER_AFTER = HOUR
"""A stretch in which no minute of this length adds to the overspending is over."""


def derived_incidents(slo: Slo, history: History, share: float) -> tuple[Incident, ...]:
    """Stretches that burned faster than the budget allows and spent a share of it.

    A one-sided cumulative sum of ``bad - budget * total`` (E. S. Page, "Continuous Inspection
    Schemes", Biometrika 41, 1954), minute by minute: a stretch begins where the sum leaves 0 and
    ends at its maximum. It is over once the sum is back at 0, or has not grown for an hour.

    Whoever judges alerts by them should know that they come from the same errors that the alerts
    read: they say how soon and how often, hardly whether something was harmful.

    Args:
        slo: The objective.
        history: Raw samples.
        share: Of a period's error budget, above 0; its allowance is that of the history's mean
            traffic.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.
        ValueError: The share is not above 0.

    """
    if not share > 0:
        message = f"a share of the budget is above 0, not {share:g}"
        raise ValueError(message)
    required_series(slo, history)
    at = np.append(instants(history.span, MINUTE), history.span.end)
    bad, total = event_counts(slo.indicator, history).at(at)
    budget = float(slo.objective.error_budget)
    allowed = budget * total[-1] * slo.period.length / max(history.span.length, 1)
    found: list[Incident] = []
    for first, last in _stretches(at, np.diff(bad) - budget * np.diff(total)):
        spent = (bad[last] - bad[first]) / allowed if allowed else 0.0
        if spent >= share:
            found.append(
                Incident(
                    name=f"{slo.name}-{DERIVED}-{len(found) + 1}",
                    span=Span(int(at[first]), int(at[last])),
                    kind=DERIVED,
                    service=slo.service,
                    slos=(slo.name,),
                    source=f"{DERIVED}: spent {spent:.1%} of the budget",
                )
            )
    return tuple(found)


def _stretches(at: Times, overspent: Values) -> Iterator[tuple[int, int]]:
    """First and last instant of each stretch in which the cumulative sum grew."""
    total = peak = 0.0
    first = last = 0
    ends = at[1:].tolist()
    for i, grown in enumerate(overspent.tolist()):
        if total == 0.0:
            if grown <= 0.0:
                continue
            first, peak = i, 0.0
        total += grown
        if total > peak:
            peak, last = total, i + 1
        elif total <= 0.0 or ends[i] - ends[last - 1] >= _OVER_AFTER:
            yield first, last
            total = 0.0
    if total > 0.0:
        yield first, last
