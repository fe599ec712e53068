"""A backtest's answer: episodes, incidents and who noticed them, scores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from slo.backtest.score import calls

if TYPE_CHECKING:
    import pandas as pd

    from slo.backtest.score import Call, Score
    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import Episode
    from slo.model.incident import Exclusion, Incident
    from slo.model.slo import Slo
    from slo.model.span import Span

ANY = "any"
"""The score of all alerts together."""

OffsetOrigin = Literal["recorded", "assumed", "given"]
"""How the evaluations' instants are known: samples of recording rules show them, nothing does so
that multiples of the interval are taken, or somebody said so."""


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
class IncidentOutcome:
    """An incident, what it cost, and who noticed.

    Attributes:
        incident: The incident.
        budget_spent: Share of the period's budget that was spent while it lasted.
        detections: One for each alert, severity and ``any`` that saw it.

    """

    incident: Incident
    budget_spent: float
    detections: tuple[Detection, ...]

    def detection(self, by: str) -> Detection | None:
        """How an alert, a severity or ``any`` saw it; None where it did not."""
        return next((found for found in self.detections if found.by == by), None)


@dataclass(frozen=True)
class Backtest:
    """What a policy would have done.

    Attributes:
        slo: The objective with the policy that was tested.
        span: The evaluated stretch.
        interval: Milliseconds between evaluations.
        offset: Milliseconds of the evaluations' instants above multiples of ``interval``.
        offset_origin: How that is known.
        time_zone: IANA name of the zone whose nights count as nights.
        ratios: Error ratios over the policy's windows at every evaluation.
        episodes: Every alert's, in the order of time.
        outcomes: One for each incident that touches the objective and overlaps the span.
        false_episodes: Episodes that belong to no incident.
        unjudged: Episodes that belong to no incident and began before the history filled their
            alert's long window: what went before is unknown, so that they count for nothing.
        exclusions: What was not judged.
        excluded: Episodes that an exclusion touches; they count for nothing either.
        results: Scores by alert, then by severity, then of all together.
        really_fired: Episodes of the present alerts that the history's ``ALERTS`` tell of; empty
            where none were stored.
        really_fired_results: Their scores, likewise.
        including_excluded: The same, as if nothing had been excluded; None where nothing is.

    """

    slo: Slo
    span: Span
    interval: int
    offset: int
    offset_origin: OffsetOrigin
    time_zone: str
    ratios: ErrorRatios
    episodes: tuple[Episode, ...]
    outcomes: tuple[IncidentOutcome, ...]
    false_episodes: tuple[Episode, ...]
    unjudged: tuple[Episode, ...]
    exclusions: tuple[Exclusion, ...]
    excluded: tuple[Episode, ...]
    results: tuple[Score, ...]
    really_fired: tuple[Episode, ...] = ()
    really_fired_results: tuple[Score, ...] = ()
    including_excluded: Backtest | None = None

    @cached_property
    def judged(self) -> tuple[Episode, ...]:
        """Every episode that counts, in the order of time."""
        left_out = {*self.unjudged, *self.excluded}
        return tuple(episode for episode in self.episodes if episode not in left_out)

    def calls(self, by: str = ANY) -> tuple[Call, ...]:
        """How often an alert, a severity or any called: what overlaps or touches is one call."""
        own = [e for e in self.judged if by in (e.alert, e.severity, ANY)]
        return calls(own, frozenset(self.false_episodes), self.span.end)

    @property
    def missed(self) -> tuple[Incident, ...]:
        """Incidents that no alert saw."""
        return tuple(outcome.incident for outcome in self.outcomes if not outcome.detections)

    def score(self, by: str) -> Score:
        """The score of an alert, a severity or ``any``.

        Raises:
            KeyError: There is no such alert or severity.

        """
        for score in self.results:
            if score.by == by:
                return score
        raise KeyError(by)

    @property
    def scores(self) -> pd.DataFrame:
        """A row for each alert, severity and ``any``; times as pandas timedeltas."""
        import pandas as pd  # noqa: PLC0415  only where people look at a frame

        frame = pd.DataFrame([vars(score) for score in self.results]).set_index("by")
        for column in ("detection_median", "detection_p90", "detection_worst", "reset_median"):
            frame[column] = pd.to_timedelta(frame[column], unit="ms")
        return frame

    def _repr_html_(self) -> str:
        return str(self.scores.to_html(na_rep="", float_format=lambda value: f"{value:.3g}"))
