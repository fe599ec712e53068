"""What a ticket costs, and what people would have cost for the same."""

from __future__ import annotations

from dataclasses import dataclass
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
            that was configured on its day; NaN where none was.

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
        """Dollars that a person costs for a ticket, as configured; NaN where nothing is."""
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
    known = np.isfinite(found.human_ticket)
    needed = days & (resolved > 0)
    avoided = over(np.where(known, resolved * np.where(known, found.human_ticket, 0), 0), days)
    return Value(
        dollars=over(found.totals, days),
        llm=llm,
        running=running,
        tickets=over(found.finished(), days),
        resolved=over(resolved, days),
        calls=total(found.calls, days),
        tokens=total(found.tokens, days),
        avoided=avoided if needed.any() and known[needed].all() else NAN,
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else NAN
