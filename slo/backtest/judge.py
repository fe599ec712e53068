"""Holds episodes against incidents: which belong to which, and what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest.detection import Detection, IncidentOutcome
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.model.samples import Mask
    from slo.model.threshold_alert import Alert


@dataclass(frozen=True)
class Judge:
    """The rules by which every episode of a backtest is judged.

    An episode belongs to a stretch where it overlaps it, the stretch prolonged by the alert's
    short window and ``for``: so long the condition still sees the stretch's errors.

    Attributes:
        alerts: By their names.
        span: The evaluated stretch; episodes that still fire end with it.
        beginning: Where the history begins, in Unix milliseconds.
        spent: Share of a period's budget that was spent in a stretch; NaN where unknown.

    """

    alerts: Mapping[str, Alert]
    span: Span
    beginning: int
    spent: Callable[[Span], float]

    def warming_up(self, episode: Episode) -> bool:
        """Whether an episode began before the history filled its alert's long window."""
        return episode.start < self.beginning + self.alerts[episode.alert].long

    def belonging(self, episodes: Sequence[Episode], spans: Sequence[Span]) -> Mask:
        """Which episodes belong to which stretches, bool, shape (episodes, spans)."""
        alerts = [self.alerts[episode.alert] for episode in episodes]
        starts = np.array([episode.start for episode in episodes], np.int64)[:, None]
        ends = np.array([self.ends(episode) for episode in episodes], np.int64)[:, None]
        seen = np.array([alert.short + alert.hold for alert in alerts], np.int64)[:, None]
        bounds = np.array([(span.start, span.end) for span in spans], np.int64).reshape(-1, 2)
        belongs = (starts <= bounds[:, 1] + seen) & (ends > bounds[:, 0])
        return np.asarray(belongs, dtype=np.bool_)

    def belongs_to_any(self, episodes: Sequence[Episode], spans: Sequence[Span]) -> Mask:
        """Which episodes belong to any of some stretches, bool, shape (episodes,)."""
        return np.asarray(self.belonging(episodes, spans).any(axis=1), dtype=np.bool_)

    def ends(self, episode: Episode) -> int:
        """When an episode ended, in Unix milliseconds."""
        return self.span.end if episode.end is None else episode.end

    def outcome(self, incident: Incident, own: Mapping[str, Sequence[Episode]]) -> IncidentOutcome:
        """What an incident cost and who saw it.

        Args:
            incident: The incident.
            own: The episodes that belong to it, by alert, severity and ``any``.

        """
        detections = tuple(self._detection(incident, by, of) for by, of in own.items() if of)
        return IncidentOutcome(incident, self.spent(incident.span), detections)

    def _detection(self, incident: Incident, by: str, own: Sequence[Episode]) -> Detection:
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
