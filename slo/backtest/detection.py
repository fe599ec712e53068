"""Who noticed an incident, when, and what it had cost by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from slo.card import NONE, Listed, percent
from slo.model.duration import rounded_duration
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.incident import Incident


@dataclass(frozen=True)
class Detection:
    """How one alert, or all of a severity, saw one incident.

    Attributes:
        by: The alert's name, a severity, or ``any``.
        at: When it first fired, in Unix milliseconds.
        delay: Milliseconds from the incident's start to ``at``; 0 where it fired already.
        budget_spent: Share of the period's budget that the incident had spent by ``at``.
        reset: Milliseconds from the incident's end until the alert was quiet; 0 where it was
            quiet before, None where it still fires at the end of the history.

    """

    by: str
    at: int
    delay: int
    budget_spent: float
    reset: int | None


@dataclass(frozen=True)
class IncidentOutcome(Listed):
    """An incident, what it cost, and who noticed.

    Attributes:
        incident: The incident.
        budget_spent: Share of the period's budget that was spent while it lasted.
        detections: One for each alert, severity and ``any`` that saw it.

    """

    incident: Incident
    budget_spent: float
    detections: tuple[Detection, ...]

    numbers: ClassVar[tuple[str, ...]] = ("begins (UTC)", "lasts", "budget spent", "after")

    @property
    def row(self) -> Mapping[str, str]:
        """What it cost, and who noticed first."""
        span = self.incident.span
        first = min(self.detections, key=lambda one: one.at, default=None)
        return {
            "incident": self.incident.name,
            "begins (UTC)": f"{to_datetime(span.start):%Y-%m-%d %H:%M}",
            "lasts": rounded_duration(span.length),
            "budget spent": percent(self.budget_spent),
            "noticed by": first.by if first else "nobody",
            "after": rounded_duration(first.delay) if first else NONE,
        }

    def detection(self, by: str) -> Detection | None:
        """How an alert, a severity or ``any`` saw it; None where it did not."""
        return next((found for found in self.detections if found.by == by), None)
