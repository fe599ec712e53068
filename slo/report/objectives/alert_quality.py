"""How well alerts served in one week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest import ANY
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.backtest import Backtest, IncidentOutcome
    from slo.model.incident import Incident


@dataclass(frozen=True)
class AlertQuality:
    """What all alerts together, or those of a severity, did in a stretch.

    Attributes:
        calls: How often they called: episodes that overlap or touch are one call.
        true_calls: Calls that belong to an incident.
        incidents: Labelled incidents.
        delays: Milliseconds until each incident that was detected had been, in the order of time.
        missed: Incidents that they did not see.
        excluded: Episodes that an exclusion touches: they count for nothing.

    """

    calls: int
    true_calls: int
    incidents: int
    delays: tuple[int, ...]
    missed: tuple[Incident, ...]
    excluded: int = 0

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

    Episodes and incidents count where they overlap it, by the backtest's rules. Those that began
    before keep their true beginning, so that a delay is right even where the incident is older
    than the span.

    Args:
        result: A backtest that begins some time before the span.
        span: What to look at.
        by: ``page``, ``ticket`` or ``any``.

    """
    return service_alert_quality([result], span, by)


def service_alert_quality(results: Sequence[Backtest], span: Span, by: str = ANY) -> AlertQuality:
    """The same of several objectives: their calls added up, each incident once.

    An incident was seen when the first objective's alert told of it.
    """
    calls = [call for one in results for call in one.calls(by) if call.span.overlap(span)]
    delays: dict[Incident, int | None] = {}
    for outcome in sorted(
        (found for one in results for found in outcomes_in(one, span)),
        key=lambda found: found.incident.span,
    ):
        seen, before = outcome.detection(by), delays.get(outcome.incident)
        after = [delay for delay in (before, seen.delay if seen else None) if delay is not None]
        delays[outcome.incident] = min(after, default=None)
    return AlertQuality(
        calls=len(calls),
        true_calls=sum(call.true for call in calls),
        incidents=len(delays),
        delays=tuple(delay for delay in delays.values() if delay is not None),
        missed=tuple(incident for incident, delay in delays.items() if delay is None),
        excluded=sum(_excluded(one, span, by) for one in results),
    )


def outcomes_in(result: Backtest, span: Span) -> tuple[IncidentOutcome, ...]:
    """What became of the incidents that overlap a span."""
    return tuple(outcome for outcome in result.outcomes if outcome.incident.span.overlap(span))


def _excluded(result: Backtest, span: Span, by: str) -> int:
    ends = result.span.end
    return sum(
        Span(one.start, max(one.start, ends if one.end is None else one.end)).overlap(span)
        is not None
        for one in result.excluded
        if by in (ANY, one.severity)
    )
