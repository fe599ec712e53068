"""What a ticket costs, and what people would have cost for the same."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.ledger import over, total

if TYPE_CHECKING:
    from slo.cost.ledger import Ledger
    from slo.model.samples import Mask

NAN = float("nan")


@dataclass(frozen=True)
class Value:
    """What a stretch cost and brought.

    Attributes:
        dollars: For everything.
        llm: For models.
        running: For all else.
        tickets: That the agent finished; withdrawn ones do not count.
        resolved: That it resolved without a person.
        calls: Of models.
        tokens: Of all types.
        avoided: Dollars that people would have cost for the resolved tickets, each at the cost
            of its category, or else that of its day; NaN where one is not known.

    """

    dollars: float
    llm: float
    running: float
    tickets: float
    resolved: float
    calls: float
    tokens: float
    avoided: float

    @property
    def per_ticket(self) -> float:
        """Dollars a ticket; NaN without tickets."""
        return _ratio(self.dollars, self.tickets)

    @property
    def llm_per_ticket(self) -> float:
        """Dollars for models a ticket; NaN without tickets."""
        return _ratio(self.llm, self.tickets)

    @property
    def per_resolved(self) -> float:
        """Dollars for everything, by tickets that needed nobody; NaN without such."""
        return _ratio(self.dollars, self.resolved)

    @property
    def per_human_ticket(self) -> float:
        """Dollars that a person costs for a resolved ticket, on average; NaN if not known."""
        return _ratio(self.avoided, self.resolved)

    @property
    def net(self) -> float:
        """Dollars saved: what people would have cost, less everything that the agent cost."""
        return self.avoided - self.dollars

    @property
    def roi(self) -> float:
        """Dollars saved for each that was spent."""
        return _ratio(self.net, self.dollars)


def value(found: Ledger, days: Mask) -> Value:
    """What some days cost and brought."""
    resolved = found.finished(("resolved",))
    llm, running = total(found.llm, days), total(found.running, days)
    return Value(
        dollars=over(found.totals, days),
        llm=llm,
        running=running,
        tickets=over(found.finished(), days),
        resolved=over(resolved, days),
        calls=total(found.calls, days),
        tokens=total(found.tokens, days),
        avoided=_avoided(found, days),
    )


def _avoided(found: Ledger, days: Mask) -> float:
    """Dollars for people; NaN where one ticket's is not known, or there is none."""
    parts: list[float] = []
    for (category, outcome), tickets in found.tickets.items():
        if outcome == "resolved":
            needed = days & (tickets > 0)
            cost = found.human_ticket_of.get(category)
            each = found.human_ticket if cost is None else np.full(tickets.size, cost)
            parts.extend(tickets[needed] * each[needed])
    return fsum(parts) if parts else NAN


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN
