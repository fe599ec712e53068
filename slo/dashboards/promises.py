"""What was promised of a service, as dashboards draw it: thresholds, budgets, where to read on.

What nobody promised is not drawn: a panel does without that line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slo.dashboards.display import GREEN, PLAIN, RED, YELLOW, Thresholds
from slo.model.duration import DAY
from slo.model.indicator import EventRatio, LatencyBuckets
from slo.model.names import BUDGET_LABEL, SERVICE_LABEL
from slo.rules.annotations import Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.selector import Selector
    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.model.slo import Slo

MONTH = 30 * DAY
"""Budgets of other periods are compared with months at the same dollars a day."""


@dataclass(frozen=True)
class Promises:
    """The specifications of one service; others' are left out.

    Attributes:
        service: The service's name.
        slos: Its objectives.
        alerts: Those on thresholds.
        budgets: Of money.
        links: Where runbooks are.

    """

    service: str
    slos: Sequence[Slo] = ()
    alerts: Sequence[ServiceAlert] = ()
    budgets: Sequence[CostBudget] = ()
    links: Links = field(default_factory=Links)

    def __post_init__(self) -> None:
        for name in ("slos", "alerts", "budgets"):
            own = tuple(one for one in getattr(self, name) if one.service == self.service)
            object.__setattr__(self, name, own)

    @property
    def matcher(self) -> str:
        """Selects the service's objectives and budgets among what the rules record."""
        return f'{SERVICE_LABEL}="{self.service}"'

    def on(self, signal: str) -> tuple[ServiceAlert, ...]:
        """The alerts on a signal, or on those that begin so where it ends in ``-``."""
        if signal.endswith("-"):
            return tuple(one for one in self.alerts if one.signal.startswith(signal))
        return tuple(one for one in self.alerts if one.signal == signal)

    def above(self, signal: str) -> Thresholds:
        """Yellow from where a ticket is raised, red from where somebody is paged."""
        return _rising([(one.alert.threshold, _color(one)) for one in self.on(signal)])

    def below(self, signal: str) -> Thresholds:
        """Red under the value at which somebody is paged, yellow under that of a ticket."""
        return _falling([(one.alert.threshold, _color(one)) for one in self.on(signal)])

    def objective(self, metric: str) -> Slo | None:
        """The first objective whose events are all those of a counter."""
        for slo in self.slos:
            if isinstance(slo.indicator, EventRatio) and slo.indicator.total.metric == metric:
                return slo
        return None

    def availability(self, metric: str, signal: str) -> Thresholds:
        """Of the share of good events: yellow below the objective, red where alerts page."""
        slo = self.objective(metric)
        levels = [(float(slo.objective.ratio), YELLOW)] if slo else []
        paging = [one.alert.threshold for one in self.on(signal) if one.alert.severity == "page"]
        return _falling([*levels, *((round(1 - share, 12), RED) for share in paging)])

    def latencies(self, histogram: str) -> tuple[Slo, ...]:
        """The objectives on a histogram's buckets, the shortest bound first."""
        own = [
            slo
            for slo in self.slos
            if isinstance(slo.indicator, LatencyBuckets)
            and slo.indicator.bucket.metric == f"{histogram}_bucket"
        ]
        return tuple(sorted(own, key=_bound))

    def bounds(self, histogram: str) -> Thresholds:
        """Yellow beyond the first promised duration, red beyond the last, in seconds."""
        seconds = sorted({_bound(slo) for slo in self.latencies(histogram)})
        return _rising(
            [(bound, YELLOW) for bound in seconds[:-1]] + [(b, RED) for b in seconds[-1:]]
        )

    def in_words(self, histogram: str) -> str:
        """What is promised of a histogram: ``95 % within 5 s``."""
        promised = self.latencies(histogram)
        return " and ".join(f"{slo.objective} within {_bound(slo):g} s" for slo in promised)

    @property
    def monthly_budgets(self) -> tuple[CostBudget, ...]:
        """Those that may be added up: of several on the same counters the one of longest period."""
        longest: dict[Selector, CostBudget] = {}
        for budget in sorted(self.budgets, key=lambda one: one.period.length):
            longest[budget.cost] = budget
        return tuple(budget for budget in self.budgets if budget in longest.values())

    @property
    def budget_matcher(self) -> str:
        """Selects the monthly budgets among what the rules record."""
        own = "|".join(budget.name for budget in self.monthly_budgets)
        return f'{self.matcher},{BUDGET_LABEL}=~"{own}"'

    def dollars(self, length: int) -> float:
        """What the monthly budgets together allow in a stretch of so many milliseconds."""
        return sum(
            budget.dollars * length / budget.period.length for budget in self.monthly_budgets
        )

    def within(self, length: int) -> Thresholds:
        """Red from where the money of a stretch is spent."""
        dollars = self.dollars(length)
        return Thresholds(GREEN, ((dollars, RED),)) if dollars else PLAIN

    @property
    def cost_burn_rates(self) -> Thresholds:
        """The factors at which the budgets' alerts fire, as multiples of what they allow."""
        levels = [
            (burn_rate_factor(budget, one), _color(one))
            for budget in self.budgets
            for one in budget.alerts
        ]
        return _rising(levels)

    def read_on_budgets(self) -> str:
        """The same of the budgets of money."""
        alerts = [one for budget in self.budgets for one in budget.alerts]
        return _linked(list({one.runbook: None for one in alerts if one.runbook}), self.links)

    def read_on(self, signal: str) -> str:
        """Where a runbook says more, as Markdown; nothing where there is none."""
        names = {one.runbook: None for one in self.on(signal) if one.runbook}
        return _linked(list(names), self.links)


def burn_rate_factor(budget: CostBudget, alert: ServiceAlert) -> float:
    """How many times as fast as a budget allows its alert fires."""
    factor = alert.alert.threshold * (budget.period.length / 1000) / budget.dollars
    # The factor was multiplied into dollars a second, and comes back with their rounding.
    return round(factor, 9)


def _linked(runbooks: Sequence[str], links: Links) -> str:
    texts = []
    for name in runbooks:
        address, title = links.runbook(name), name.rpartition("/")[2]
        texts.append(f"[{title}]({address})" if "://" in address else title)
    return f" Read {' and '.join(texts)}." if texts else ""


def _bound(slo: Slo) -> float:
    indicator = slo.indicator
    return float(indicator.bound) if isinstance(indicator, LatencyBuckets) else 0.0


def _color(alert: ServiceAlert) -> str:
    return RED if alert.alert.severity == "page" else YELLOW


def _rising(levels: Sequence[tuple[float, str]]) -> Thresholds:
    """Green at first; where two colours have one value the worse one counts."""
    worst = dict(sorted(levels, key=lambda level: (level[0], level[1] == RED)))
    return Thresholds(GREEN, tuple(worst.items())) if worst else PLAIN


def _falling(levels: Sequence[tuple[float, str]]) -> Thresholds:
    """Green above all levels, and below each its colour."""
    worst = dict(sorted(levels, key=lambda level: (level[0], level[1] == RED)))
    if not worst:
        return PLAIN
    colors = [*worst.values(), GREEN]
    return Thresholds(colors[0], tuple(zip(worst, colors[1:], strict=True)))
