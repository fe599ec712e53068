"""Alerts on thresholds as people get them: whose they are, what they mean, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from slo.card import Card, Listed, Notes, Sentence, listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.objective import Period
    from slo.model.selector import Selector
    from slo.model.threshold_alert import ThresholdAlert

Unit = Literal["", "ratio", "seconds", "usd", "usd per second", "bytes", "tokens"]
"""Of the number that an alert compares; a ratio is 0 to 1."""


@dataclass(frozen=True)
class ServiceAlert(Listed):
    """An alert on a threshold, and what whoever gets it must know.

    Attributes:
        service: The service's name.
        alert: When it fires; its name is unique in the service.
        signal: What it watches: of two alerts on one signal a page silences the ticket.
        unit: Of the number and its threshold.
        display_name: For people.
        summary: One line.
        description: What it means, and for whom.
        action: What to do, or what is done by itself.
        owner: Who is told.
        runbook: A link, or a file's name in the folder of runbooks.
        dashboard: A link, or a dashboard's uid.
        file: The specification that it was read from.

    """

    service: str
    alert: ThresholdAlert
    signal: str
    unit: Unit = ""
    display_name: str = ""
    summary: str = ""
    description: str = ""
    action: str = ""
    owner: str = ""
    runbook: str = ""
    dashboard: str = ""
    file: str = ""

    @property
    def card(self) -> Card:
        """When it fires, what that means, and what to do."""
        told = [("Means", self.description), ("To do", self.action), ("Runbook", self.runbook)]
        notes = Notes(tuple(f"{word}: {text}" for word, text in told if text))
        summary = [Sentence(self.summary)] if self.summary else []
        return Card(f"{self.title} of {self.service}", f"{self.alert}.", (*summary, notes))

    @property
    def row(self) -> Mapping[str, str]:
        """When it fires, for a table of alerts."""
        return {
            "alert": self.name,
            "service": self.service,
            "when": str(self.alert),
            "unit": self.unit,
            "summary": self.summary,
        }

    @property
    def name(self) -> str:
        """The alert's name."""
        return self.alert.name

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name

    def with_alert(self, alert: ThresholdAlert) -> ServiceAlert:
        """The same with other numbers."""
        return replace(self, alert=alert)


@dataclass(frozen=True)
class CostBudget(Listed):
    """What may be spent in a period, guarded as an error budget is.

    Attributes:
        name: Unique in its service.
        service: The service's name.
        cost: Counters of US dollars.
        dollars: US dollars a period.
        period: What they are for.
        alerts: Those on how fast they are spent.
        display_name: For people.
        file: The specification that it was read from.

    """

    name: str
    service: str
    cost: Selector
    dollars: float
    period: Period
    alerts: tuple[ServiceAlert, ...]
    display_name: str = ""
    file: str = ""

    numbers: ClassVar[tuple[str, ...]] = ("dollars",)

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name

    @property
    def card(self) -> Card:
        """What may be spent, and the alerts that guard it."""
        title = f"{self.title} of {self.service}"
        alerts = listing(self.alerts, "Alerts")
        return Card(title, f"${self.dollars:,.2f} over {self.period}.", (alerts,))

    @property
    def row(self) -> Mapping[str, str]:
        """The budget in short, for a table of budgets."""
        return {
            "cost budget": self.name,
            "service": self.service,
            "dollars": f"${self.dollars:,.2f}",
            "over": str(self.period),
        }
