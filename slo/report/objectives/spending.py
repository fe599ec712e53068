"""Where a week's bad events came from: incident by incident, and what no incident explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.span import Span, outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.budget import BudgetAccount, BudgetStatus
    from slo.model.incident import Incident


@dataclass(frozen=True)
class Spending:
    """What one incident, or no incident, spent of an error budget in a week.

    Attributes:
        incident: The incident; None for everything outside of any.
        bad: Bad events of the week.
        of_week: Their share of the week's bad events; NaN where there were none.
        of_budget: Their share of the period's budget; NaN where none is known.
        in_period: Share of the period's budget that the whole incident spent, also before the
            week, whatever other incidents it overlaps; NaN for what is outside of any.

    """

    incident: Incident | None
    bad: float
    of_week: float
    of_budget: float
    in_period: float


def spendings(
    account: BudgetAccount, budget: BudgetStatus, week: Span, incidents: Iterable[Incident]
) -> tuple[Spending, ...]:
    """Tell a week's bad events by incident, the largest first, and then the rest.

    A bad event counts once: where incidents overlap, for the one that began first. Together they
    are the week's bad events, to the event.

    Args:
        account: The objective's events, without what is excluded.
        budget: The budget that they spent of.
        week: What of the week there is history of.
        incidents: Labelled incidents that touch the objective.

    """
    bad, _ = account.counts.between(week)
    found, told = [], list[Span]()
    for incident in sorted(incidents, key=lambda one: (one.span, one.name)):
        inside = incident.span.overlap(week)
        if inside is None:
            continue
        own = _bad(account, outside(inside, told))
        in_period = incident.span.overlap(Span(budget.period.start, budget.at))
        whole = _bad(account, [in_period] if in_period else [])
        found.append(_spending(incident, own, bad, budget, whole))
        told.append(inside)
    rest = _spending(None, _bad(account, outside(week, told)), bad, budget, float("nan"))
    return (*sorted(found, key=lambda one: -one.bad), rest)


def _bad(account: BudgetAccount, spans: Sequence[Span]) -> float:
    return sum(account.counts.between(span)[0] for span in spans)


def _spending(
    incident: Incident | None, own: float, bad: float, budget: BudgetStatus, whole: float
) -> Spending:
    def of_budget(events: float) -> float:
        return events / budget.allowed if budget.allowed else float("nan")

    of_week = own / bad if bad else float("nan")
    return Spending(incident, own, of_week, of_budget(own), of_budget(whole))
