"""Holds an objective's episodes against incidents: which belong to which, and what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest.result import Detection, IncidentOutcome
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.engine.events import EventCounts
    from slo.model.alert import BurnRateAlert, Episode
    from slo.model.incident import Incident


@dataclass(frozen=True)
class Judge:
    """The rules by which every episode of a backtest is judged.

    An episode belongs to a stretch where it overlaps it, the stretch prolonged by the alert's
    short window and ``for``: so long the condition still sees the stretch's errors.

    Attributes:
        alerts: By their names.
        end: Where episodes end that still fire, in Unix milliseconds.
        beginning: Where the history begins.
        counts: The objective's events.
        allowed: Bad events that a period allows.

    """

    alerts: Mapping[str, BurnRateAlert]
    end: int
    beginning: int
    counts: EventCounts
    allowed: float

    def warming_up(self, episode: Episode) -> bool:
        """Whether an episode began before the history filled its alert's long window."""
        return episode.start < self.beginning + self.alerts[episode.alert].long

    def ends(self, episode: Episode) -> int:
        """When an episode ended, in Unix milliseconds."""
        return self.end if episode.end is None else episode.end

    def belongs(self, episode: Episode, span: Span) -> bool:
        """Whether an episode belongs to a stretch."""
        alert = self.alerts[episode.alert]
        seen_until = span.end + alert.short + alert.hold
        return episode.start <= seen_until and self.ends(episode) > span.start

    def spent(self, span: Span) -> float:
        """Share of a period's budget that was spent in a stretch; NaN without events."""
        bad, _ = self.counts.between(span)
        return bad / self.allowed if self.allowed else float("nan")

    def outcome(
        self, incident: Incident, groups: Mapping[str, Sequence[Episode]]
    ) -> IncidentOutcome:
        """What an incident cost and which groups of episodes saw it."""
        seen = (self._detection(incident, by, of) for by, of in groups.items())
        detections = tuple(detection for detection in seen if detection)
        return IncidentOutcome(incident, self.spent(incident.span), detections)

    def _detection(self, incident: Incident, by: str, among: Sequence[Episode]) -> Detection | None:
        own = [episode for episode in among if self.belongs(episode, incident.span)]
        if not own:
            return None
        at = max(min(episode.start for episode in own), incident.span.start)
        still_firing = any(episode.end is None for episode in own)
        quiet = max(self.ends(episode) for episode in own)
        return Detection(
            by=by,
            at=at,
            delay=at - incident.span.start,
            budget_spent=self.spent(Span(incident.span.start, at)),
            reset=None if still_firing else max(0, quiet - incident.span.end),
        )
