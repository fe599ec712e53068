"""Alerts on thresholds as people get them: whose they are, what they mean, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from slo.model.objective import Period
    from slo.model.selector import Selector
    from slo.model.threshold_alert import ThresholdAlert

Unit = Literal["", "ratio", "seconds", "usd", "usd per second", "bytes", "tokens"]
"""Of the number that an alert compares; a ratio is 0 to 1."""


@dataclass(frozen=True)
class ServiceAlert:
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
    def name(self) -> str:
        """The alert's name."""
        return self.alert.name

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name


@dataclass(frozen=True)
class CostBudget:
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

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name
