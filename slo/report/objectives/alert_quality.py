"""How well alerts served in one week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest import Backtest, IncidentOutcome
    from slo.model.alert import Episode
    from slo.model.incident import Incident

SEVERITY_PAGE, SEVERITY_TICKET, ANY = "page", "ticket", "any"


@dataclass(frozen=True)
class AlertQuality:
    """What all alerts together, or those of a severity, did in a stretch.

    Attributes:
        calls: How often they called: episodes that overlap or touch are one call.
        true_calls: Calls that belong to an incident.
        incidents: Labelled incidents.
        delays: Milliseconds until each incident that was detected had been, in the order of time.
        missed: Incidents that they did not see.

    """

    calls: int
    true_calls: int
    incidents: int
    delays: tuple[int, ...]
    missed: tuple[Incident, ...]

    @property
    def detected(self) -> int:
        """Incidents that they saw."""
        return len(self.delays)

    @property
    def precision(self) -> float:
        """Share of calls that belong to an incident; NaN without calls."""
        return self.true_calls / self.calls if self.calls else float("nan")

    @property
    def recall(self) -> float:
        """Share of incidents that they saw; NaN without incidents."""
        return self.detected / self.incidents if self.incidents else float("nan")

    @property
    def median_delay(self) -> float:
        """Median milliseconds from an incident's start to the first call; NaN without any."""
        return float(np.median(self.delays)) if self.delays else float("nan")


def alert_quality(result: Backtest, span: Span, by: str = ANY) -> AlertQuality:
    """Look at a backtest through a shorter span, such as a week.

    Episodes and incidents count where they overlap it. Those that began before keep their true
    beginning, so that a delay is right even where the incident is older than the span.

    Args:
        result: A backtest that begins some time before the span.
        span: What to look at.
        by: ``page``, ``ticket`` or ``any``.

    """
    own = [e for e in result.episodes if by in (ANY, e.severity)]
    false = set(result.false_episodes)
    calls = [call for call in _calls(own, result.span.end) if call[0].overlap(span)]
    outcomes = outcomes_in(result, span)
    seen = [outcome.detection(by) for outcome in outcomes]
    return AlertQuality(
        calls=len(calls),
        true_calls=sum(any(e not in false for e in episodes) for _, episodes in calls),
        incidents=len(outcomes),
        delays=tuple(detection.delay for detection in seen if detection),
        missed=tuple(
            o.incident for o, detection in zip(outcomes, seen, strict=True) if not detection
        ),
    )


def outcomes_in(result: Backtest, span: Span) -> tuple[IncidentOutcome, ...]:
    """What became of the incidents that overlap a span."""
    return tuple(outcome for outcome in result.outcomes if outcome.incident.span.overlap(span))


def _calls(episodes: Iterable[Episode], until: int) -> list[tuple[Span, list[Episode]]]:
    """Episodes that overlap or touch, together."""
    calls: list[tuple[Span, list[Episode]]] = []
    for episode in sorted(episodes, key=lambda one: one.start):
        end = max(episode.start, until if episode.end is None else episode.end)
        if calls and episode.start <= calls[-1][0].end:
            before, members = calls[-1]
            calls[-1] = (Span(before.start, max(before.end, end)), [*members, episode])
        else:
            calls.append((Span(episode.start, end), [episode]))
    return calls
