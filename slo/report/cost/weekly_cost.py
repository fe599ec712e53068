"""The numbers of the weekly cost report. The notebook and the page hold no arithmetic."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from math import fsum, isfinite
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.allocation import allocations, movers
from slo.cost.anomalies import anomalies
from slo.cost.assumptions import assumptions
from slo.cost.budgets import category_budget_status, cost_budget_status
from slo.cost.change import change, usage
from slo.cost.comparison import comparison
from slo.cost.forecast import forecast
from slo.cost.ledger import WHOLE, ledger
from slo.cost.reconciliation import reconciliation
from slo.cost.sources import cost_sources
from slo.cost.suggestions import suggestions
from slo.cost.value import value
from slo.errors import NotEnoughData
from slo.model.cost_model import NO_COST_MODEL
from slo.model.samples import History
from slo.model.span import Span
from slo.report.cost.wording import cost_table, cost_verdict
from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.cost.allocation import Allocation, Line
    from slo.cost.anomalies import Anomalies
    from slo.cost.assumptions import Assumptions
    from slo.cost.budgets import BudgetStanding, CostBudgetStatus
    from slo.cost.change import Change
    from slo.cost.comparison import ModelCost
    from slo.cost.forecast import Forecast
    from slo.cost.ledger import Ledger
    from slo.cost.reconciliation import Reconciliation
    from slo.cost.suggestions import Suggestion
    from slo.cost.value import Value
    from slo.model.cost_model import CostModel
    from slo.model.service_alert import CostBudget
    from slo.model.span import Week

_WORST_FIRST: tuple[BudgetStanding, ...] = (
    "overspent",
    "at risk",
    "insufficient data",
    "within budget",
)


@dataclass(frozen=True)
class CostProvenance:
    """What a report was made of.

    Attributes:
        source: Where the samples come from.
        server_version: The Prometheus that stored them; empty for a simulation.
        history: What the history covers.
        samples: Raw samples of it that the report read.
        specification: Fingerprint of the budgets and the cost model, to tell whether two reports
            mean the same.
        queries: What was read, as PromQL selectors.
        slobook: The version that made the report.

    """

    source: str
    server_version: str
    history: Span
    samples: int
    specification: str
    queries: tuple[str, ...]
    slobook: str = __version__


@dataclass(frozen=True, eq=False)
class WeeklyCost:
    """What a service's week cost.

    Attributes:
        service: The service's name.
        week: The ISO week.
        until: Where the history ends inside of the week, else the week's end.
        coverage: Share of the week for which there are samples.
        last_coverage: The same of the week before.
        ledger: Every day up to the week's end.
        this: What the week cost and brought.
        last: The same of the week before.
        change: Why the week cost more or less than the one before; None where either is covered
            too little to be compared.
        allocations: Where the money went.
        movers: What changed most.
        budgets: Each budget, the worst first.
        categories: Each budget of a category of tickets, the worst first.
        forecast: The month in which the week ends.
        anomalies: Days out of the ordinary.
        models: Models side by side, the dearest first.
        reconciliation: Whether the cost counter can be trusted.
        assumptions: What people configured, and what it amounts to in the week.
        suggestions: What to do, what brings most first.
        provenance: What the report was made of.

    """

    service: str
    week: Week
    until: int
    coverage: float
    last_coverage: float
    ledger: Ledger
    this: Value
    last: Value
    change: Change | None
    allocations: tuple[Allocation, ...]
    movers: tuple[Line, ...]
    budgets: tuple[CostBudgetStatus, ...]
    categories: tuple[CostBudgetStatus, ...]
    forecast: Forecast
    anomalies: Anomalies
    models: tuple[ModelCost, ...]
    reconciliation: Reconciliation
    assumptions: Assumptions
    suggestions: tuple[Suggestion, ...]
    provenance: CostProvenance

    @property
    def month_budget(self) -> float:
        """Dollars that may be spent in the month of the forecast.

        All budgets of counters together, and the fixed items, which were decided on elsewhere;
        budgets of categories are for a part of what the others are for.
        """
        month = self.forecast.month.length
        allowed = (one.budget.dollars * month / one.period.length for one in self.budgets)
        return fsum((*allowed, self.forecast.fixed))

    @property
    def every_budget(self) -> tuple[CostBudgetStatus, ...]:
        """The budgets, and those of categories, the worst first."""
        return tuple(sorted((*self.budgets, *self.categories), key=_worst_first))

    @property
    def state(self) -> BudgetStanding:
        """The verdict at the week's end, on each budget and on the month as a whole."""
        standings = (one.standing for one in self.every_budget)
        return min((*standings, self._month), key=_WORST_FIRST.index)

    @property
    def _month(self) -> BudgetStanding:
        if not self.forecast.known:
            return "insufficient data"
        if self.forecast.low > self.month_budget:
            return "overspent"
        return "at risk" if self.forecast.high > self.month_budget else "within budget"

    @property
    def falls_short(self) -> bool:
        """Whether a budget is overspent, or the month's are as good as overspent."""
        return self.state == "overspent"

    @property
    def verdict(self) -> str:
        """What the week means, with the consequence."""
        return cost_verdict(self)

    @property
    def complete(self) -> bool:
        """Whether the week is covered well enough to be compared."""
        return self.coverage >= WHOLE

    @property
    def worth_known(self) -> bool:
        """Whether it is known what people would have cost."""
        return isfinite(self.this.avoided)

    def _repr_html_(self) -> str:
        return cost_table(self)


def weekly_cost(
    service: str,
    budgets: Sequence[CostBudget],
    history: History,
    week: Week,
    model: CostModel = NO_COST_MODEL,
) -> WeeklyCost:
    """A week of one service's cost, judged with what was known at the week's end.

    Args:
        service: The service's name.
        budgets: The service's budgets of money, at least one; their counters are its cost.
        history: Raw samples; six weeks before the week's end are looked at, and the periods of
            the budgets.
        week: The ISO week.
        model: What counters cannot say of the service's cost.

    Raises:
        ConfigError: There is no budget.
        NotEnoughData: The history holds nothing of the week.

    """
    if week.span.overlap(history.span) is None:
        raise NotEnoughData(f"the history ({history.span}) holds nothing of week {week}")
    end = min(history.span.end, week.span.end)
    known = History(
        history.series, Span(history.span.start, end), history.server_version, history.source
    )
    found = ledger(budgets, known, week.span.end, model)
    days, before = found.within(week.span), found.within(week.previous.span)
    covered, last_covered = found.covered(week.span), found.covered(week.previous.span)
    standing = [cost_budget_status(one, known, week.span, end, model.prices) for one in budgets]
    counter = cost_sources(budgets).by_category
    categories = [
        category_budget_status(one, known, week.span, end, found=found, counter=counter)
        for one in model.categories
    ]
    reconciled = reconciliation(found, days)
    comparable = min(covered, last_covered) >= WHOLE
    return WeeklyCost(
        service=service,
        week=week,
        until=end,
        coverage=covered,
        last_coverage=last_covered,
        ledger=found,
        this=value(found, days),
        last=value(found, before),
        change=change(usage(found, before), usage(found, days)) if comparable else None,
        allocations=allocations(found, days, before),
        movers=movers(found, days, before) if comparable else (),
        budgets=tuple(sorted(standing, key=_worst_first)),
        categories=tuple(sorted(categories, key=_worst_first)),
        forecast=forecast(found, fixed=model.fixed),
        anomalies=anomalies(found, week.span),
        models=comparison(found, days),
        reconciliation=reconciled,
        assumptions=assumptions(model, found, found.within(Span(week.span.start, end))),
        suggestions=suggestions(found, week.span, (*standing, *categories), reconciled),
        provenance=_provenance(budgets, model, known),
    )


def _worst_first(one: CostBudgetStatus) -> tuple[int, float, str]:
    return _WORST_FIRST.index(one.standing), one.remaining, one.budget.name


def _provenance(
    budgets: Sequence[CostBudget], model: CostModel, history: History
) -> CostProvenance:
    read = cost_sources(budgets).selectors
    # Where a specification lies on somebody's disk does not change what it means.
    meant = repr([replace(one, file="", alerts=()) for one in budgets])
    if model != NO_COST_MODEL:
        meant += repr(replace(model, file=""))
    return CostProvenance(
        source=history.source,
        server_version=history.server_version,
        history=history.span,
        samples=sum(
            int(np.searchsorted(one.times, history.span.end, side="right"))
            for one in history.restrict(read).series
        ),
        specification=hashlib.sha256(meant.encode()).hexdigest()[:12],
        queries=tuple(sorted({str(selector) for selector in read})),
    )
