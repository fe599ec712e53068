"""Services and their service level objectives: what is measured, promised and guarded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from slo.card import Card, Listed, Sentence, listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.model.alert import AlertPolicy
    from slo.model.indicator import Indicator
    from slo.model.objective import Objective, Period
    from slo.model.selector import Selector


@dataclass(frozen=True)
class Service(Listed):
    """A service as its users know it."""

    name: str
    display_name: str = ""
    description: str = ""

    @property
    def card(self) -> Card:
        """What it is."""
        return Card(f"Service {self.display_name or self.name}", self.description)

    @property
    def row(self) -> Mapping[str, str]:
        """Its names and what it is, for a table of services."""
        named = {"service": self.name, "name": self.display_name}
        return {**named, "description": self.description}


@dataclass(frozen=True)
class Slo(Listed):
    """A service level objective: an indicator, a promise, and the alerts that guard it.

    Attributes:
        name: Unique in its service; part of every rule's labels.
        service: The service's name.
        indicator: Which samples say how well the service does.
        objective: The promised share of good events.
        period: What the error budget is for.
        policy: The burn-rate alerts.
        description: What is promised and why, in a sentence or two.
        owner: Who is paged.
        runbook: A link, or a file's name in the folder of runbooks.
        dashboard: A link, or a dashboard's uid.
        evidence: Why the alerts are what they are, where a search chose them.
        display_name: What people read instead of the name.
        file: The specification that it was read from.

    """

    name: str
    service: str
    indicator: Indicator
    objective: Objective
    period: Period
    policy: AlertPolicy
    display_name: str = ""
    description: str = ""
    owner: str = ""
    runbook: str = ""
    dashboard: str = ""
    evidence: str = ""
    file: str = ""

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name

    numbers: ClassVar[tuple[str, ...]] = ("promised",)

    @property
    def card(self) -> Card:
        """What is promised, and the alerts that guard it."""
        about = [Sentence(self.description)] if self.description else []
        evidence = [Sentence(f"Why these alerts: {self.evidence}")] if self.evidence else []
        alerts = listing(self.policy.alerts, "Alerts")
        promise = f"{self.objective} over {self.period}."
        return Card(f"{self.title} of {self.service}", promise, (*about, alerts, *evidence))

    @property
    def row(self) -> Mapping[str, str]:
        """The promise in short, for a table of objectives."""
        return {
            "objective": self.name,
            "name": self.display_name,
            "service": self.service,
            "promised": str(self.objective),
            "over": str(self.period),
            "alerts": self.policy.counts,
        }

    def with_policy(self, policy: AlertPolicy) -> Slo:
        """The same objective, guarded by other alerts."""
        return replace(self, policy=policy)

    def with_objective(self, objective: Objective) -> Slo:
        """The same indicator, held to another promise."""
        return replace(self, objective=objective)


def selectors_of(slos: Sequence[Slo]) -> tuple[Selector, ...]:
    """Every selector that any of the objectives reads, each once."""
    return tuple(dict.fromkeys(s for one in slos for s in one.indicator.selectors))
