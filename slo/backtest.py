"""What an alert policy would have done over a history, judged by what really went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.alert import episodes
from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.history.contents import required_series
from slo.model.duration import MINUTE, WEEK
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from slo.engine.events import EventCounts
    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import BurnRateAlert, Episode
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo

ANY = "any"
"""The score of all alerts together."""


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
class Score:
    """How well an alert, a severity or all alerts together served.

    Precision and recall are the workbook's: the share of episodes that belong to an incident,
    and the share of incidents that an episode belongs to; NaN where there is nothing to divide.
    Times are milliseconds, NaN where there are none.
    """

    by: str
    episodes: int
    true_episodes: int
    precision: float
    incidents: int
    detected: int
    recall: float
    detection_median: float
    detection_worst: float
    reset_median: float
    budget_at_detection: float
    episodes_a_week: float
    time_in_alert: float


@dataclass(frozen=True)
class Backtest:
    """What a policy would have done.

    Attributes:
        slo: The objective with the policy that was tested.
        span: The evaluated stretch.
        interval: Milliseconds between evaluations.
        ratios: Error ratios over the policy's windows at every evaluation.
        episodes: Every alert's, in the order of time.
        outcomes: One for each incident that touches the objective and overlaps the span.
        false_episodes: Episodes that belong to no incident.
        unjudged: Episodes that belong to no incident and began before the history filled their
            alert's long window: what went before is unknown, so that they count for nothing.
        results: Scores by alert, then by severity, then of all together.

    """

    slo: Slo
    span: Span
    interval: int
    ratios: ErrorRatios
    episodes: tuple[Episode, ...]
    outcomes: tuple[IncidentOutcome, ...]
    false_episodes: tuple[Episode, ...]
    unjudged: tuple[Episode, ...]
    results: tuple[Score, ...]

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
        for column in ("detection_median", "detection_worst", "reset_median"):
            frame[column] = pd.to_timedelta(frame[column], unit="ms")
        return frame

    def _repr_html_(self) -> str:
        return str(self.scores.to_html(na_rep="", float_format=lambda value: f"{value:.3g}"))


def backtest(
    slo: Slo,
    history: History,
    incidents: Iterable[Incident] = (),
    interval: int = MINUTE,
    span: Span | None = None,
) -> Backtest:
    """Replay an objective's alerts over a history, as Prometheus would have evaluated them.

    The recording rules are inlined: none of them needs to exist. Alerts are evaluated at every
    multiple of ``interval`` milliseconds in ``span`` (all of the history by default). Windows
    that reach back before the first sample see what there is, as in a young Prometheus; what
    fires then without an incident is listed as ``unjudged``.

    An episode belongs to an incident where it overlaps it, the incident prolonged by the
    alert's short window and ``for``: so long the condition still sees the incident's errors.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    evaluated = span or history.span
    at = instants(evaluated, interval)
    ratios = error_ratios(slo.indicator, history, slo.policy.windows, at)
    found = {alert.name: episodes(alert, slo.objective, ratios) for alert in slo.policy.alerts}
    counts = event_counts(slo.indicator, history)
    judge = _Judge(slo, evaluated, history.span.start, counts, _allowed(slo, history))
    touched = [
        incident
        for incident in sorted(incidents, key=lambda incident: incident.span)
        if incident.touches(slo.service, slo.name) and incident.span.overlap(evaluated)
    ]
    everything = tuple(sorted((e for es in found.values() for e in es), key=_by_time))
    false = [e for e in everything if not any(judge.belongs(e, i) for i in touched)]
    unjudged = tuple(e for e in false if judge.warming_up(e))
    judged = tuple(e for e in everything if e not in unjudged)
    groups = {name: tuple(e for e in judged if e.alert == name) for name in found}
    for severity in slo.policy.severities:
        groups[severity] = tuple(e for e in judged if e.severity == severity)
    groups[ANY] = judged
    outcomes = tuple(judge.outcome(incident, groups) for incident in touched)
    return Backtest(
        slo=slo,
        span=evaluated,
        interval=interval,
        ratios=ratios,
        episodes=everything,
        outcomes=outcomes,
        false_episodes=tuple(e for e in false if e not in unjudged),
        unjudged=unjudged,
        results=tuple(judge.score(by, of, outcomes) for by, of in groups.items()),
    )


def _by_time(episode: Episode) -> tuple[int, str]:
    return episode.start, episode.alert


def _allowed(slo: Slo, history: History) -> float:
    """Bad events that a period of this history's mean traffic allows."""
    _, total = event_counts(slo.indicator, history).between(history.span)
    share = slo.period.length / history.span.length if history.span.length else 0.0
    return float(slo.objective.error_budget) * total * share


@dataclass(frozen=True)
class _Judge:
    """Holds an objective's episodes against incidents."""

    slo: Slo
    span: Span
    beginning: int
    counts: EventCounts
    allowed: float

    def alert(self, episode: Episode) -> BurnRateAlert:
        return next(alert for alert in self.slo.policy.alerts if alert.name == episode.alert)

    def warming_up(self, episode: Episode) -> bool:
        return episode.start < self.beginning + self.alert(episode).long

    def ends(self, episode: Episode) -> int:
        return self.span.end if episode.end is None else episode.end

    def belongs(self, episode: Episode, incident: Incident) -> bool:
        alert = self.alert(episode)
        seen_until = incident.span.end + alert.short + alert.hold
        return episode.start <= seen_until and self.ends(episode) > incident.span.start

    def spent(self, span: Span) -> float:
        bad, _ = self.counts.between(span)
        return bad / self.allowed if self.allowed else float("nan")

    def outcome(
        self, incident: Incident, groups: dict[str, tuple[Episode, ...]]
    ) -> IncidentOutcome:
        seen = (self.detection(incident, by, of) for by, of in groups.items())
        detections = tuple(detection for detection in seen if detection)
        return IncidentOutcome(incident, self.spent(incident.span), detections)

    def detection(self, incident: Incident, by: str, among: Sequence[Episode]) -> Detection | None:
        own = [episode for episode in among if self.belongs(episode, incident)]
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

    def score(
        self, by: str, found: Sequence[Episode], outcomes: Sequence[IncidentOutcome]
    ) -> Score:
        merged = _merged([Span(e.start, max(e.start, self.ends(e))) for e in found])
        true = [
            span
            for span in merged
            if any(
                self.belongs(e, outcome.incident)
                for e in found
                if span.start <= e.start <= span.end
                for outcome in outcomes
            )
        ]
        seen = [d for d in (outcome.detection(by) for outcome in outcomes) if d]
        delays = [float(d.delay) for d in seen]
        return Score(
            by=by,
            episodes=len(merged),
            true_episodes=len(true),
            precision=_share(len(true), len(merged)),
            incidents=len(outcomes),
            detected=len(seen),
            recall=_share(len(seen), len(outcomes)),
            detection_median=_median(delays),
            detection_worst=max(delays, default=float("nan")),
            reset_median=_median([float(d.reset) for d in seen if d.reset is not None]),
            budget_at_detection=_median([d.budget_spent for d in seen]),
            episodes_a_week=_share(len(merged) * WEEK, self.span.length),
            time_in_alert=_share(sum(span.length for span in merged), self.span.length),
        )


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that overlap or touch, as one: several alerts of a severity call once."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else float("nan")
