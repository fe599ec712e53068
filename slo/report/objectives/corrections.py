"""What somebody excluded from a week or its period, and what the numbers were with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.span import Span, outside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.budget import BudgetAccount, BudgetStatus
    from slo.model.incident import Exclusion


@dataclass(frozen=True)
class Correction:
    """An exclusion, and the events that it takes out of a period and the reported week.

    Attributes:
        exclusion: Who excluded what, and why.
        bad: Bad events that do not count because of it.
        total: All events that do not.

    """

    exclusion: Exclusion
    bad: float
    total: float


@dataclass(frozen=True)
class Corrections:
    """An objective's exclusions, and its numbers as if there were none.

    Attributes:
        corrections: In the order of time; an event that two of them take out is the first one's.
        budget: The error budget with everything counted.
        bad: Bad events of the week, everything counted.
        total: All events of the week, everything counted.

    """

    corrections: tuple[Correction, ...]
    budget: BudgetStatus
    bad: float
    total: float

    @property
    def achieved(self) -> float:
        """Share of good events in the week, everything counted; NaN without events."""
        return 1 - self.bad / self.total if self.total else float("nan")


def corrections(
    everything: BudgetAccount, at: int, week: Span, exclusions: Iterable[Exclusion]
) -> Corrections | None:
    """What exclusions change for an objective; None where they touch neither period nor week.

    Args:
        everything: The objective's events, nothing excluded.
        at: When the budget is judged, in Unix milliseconds.
        week: What of the week there is history of.
        exclusions: Of any objective.

    """
    slo, budget = everything.slo, everything.status(at)
    period = budget.period
    looked_at = Span(min(period.start, week.start), max(period.end, week.end))
    found, taken = [], list[Span]()
    for one in sorted(exclusions, key=lambda exclusion: (exclusion.span, exclusion.name)):
        span = one.span.overlap(looked_at)
        if span is None or not one.touches(slo.service, slo.name):
            continue
        parts = [everything.counts.between(part) for part in outside(span, taken)]
        found.append(Correction(one, sum(bad for bad, _ in parts), sum(all_ for _, all_ in parts)))
        taken.append(span)
    if not found:
        return None
    return Corrections(tuple(found), budget, *everything.counts.between(week))
