"""Replaying alerts over a history: what costs time once, every policy after that in a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest.judge import Judge
from slo.backtest.recorded import recorded_episodes, recorded_offset
from slo.backtest.result import ANY, Backtest
from slo.backtest.score import calls, score
from slo.engine.alert import episodes
from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.history.contents import required_series
from slo.model.duration import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest.result import IncidentOutcome, OffsetOrigin
    from slo.backtest.score import Score
    from slo.engine.events import EventCounts
    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import Episode
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History, Mask
    from slo.model.slo import Slo
    from slo.model.span import Span


@dataclass(frozen=True, eq=False)
class Replay:
    """What other thresholds are tried on: everything that does not depend on them.

    Attributes:
        slo: The objective as it is specified.
        span: The evaluated stretch.
        beginning: Where the history begins, in Unix milliseconds.
        interval: Milliseconds between evaluations.
        offset: Milliseconds of their instants above multiples of ``interval``.
        offset_origin: How that is known.
        time_zone: IANA name of the zone whose nights count as nights.
        ratios: Error ratios over every window that may be compared.
        counts: The objective's events, as known at evaluations and at incidents' bounds.
        expected: All events that a period of this history's mean traffic holds.
        incidents: What touched the objective in the span, in the order of time.
        exclusions: What is not judged of it.
        really_fired: What the history's ``ALERTS`` tell of the present alerts in the span.

    """

    slo: Slo
    span: Span
    beginning: int
    interval: int
    offset: int
    offset_origin: OffsetOrigin
    time_zone: str
    ratios: ErrorRatios
    counts: EventCounts
    expected: float
    incidents: tuple[Incident, ...]
    exclusions: tuple[Exclusion, ...]
    really_fired: tuple[Episode, ...] = ()

    @property
    def judged_incidents(self) -> tuple[Incident, ...]:
        """The incidents that no exclusion overlaps."""
        return tuple(
            incident
            for incident in self.incidents
            if not any(incident.span.overlap(one.span) for one in self.exclusions)
        )

    def allowed(self, slo: Slo) -> float:
        """Bad events that a period allows at an objective."""
        return float(slo.objective.error_budget) * self.expected

    def backtest(self, slo: Slo) -> Backtest:
        """What the alerts of an objective on the same indicator would have done.

        Args:
            slo: The replayed objective, perhaps with another target or policy.

        Raises:
            ValueError: An alert compares a window that was not replayed.

        """
        result = _judged(self, slo)
        if not self.exclusions:
            return result
        everything = replace(self, exclusions=())
        return replace(result, including_excluded=_judged(everything, slo))


def replay(
    slo: Slo,
    history: History,
    incidents: Iterable[Incident] = (),
    interval: int = MINUTE,
    *,
    span: Span | None = None,
    exclusions: Iterable[Exclusion] = (),
    windows: Iterable[int] = (),
    offset: int | None = None,
    time_zone: str = "UTC",
) -> Replay:
    """Compute an objective's error ratios and events once.

    Args:
        slo: The objective.
        history: Raw samples.
        incidents: What really went wrong.
        interval: Milliseconds between evaluations.
        span: The stretch to evaluate; all of the history if none.
        exclusions: What is not judged.
        windows: Milliseconds, beside those of the objective's own policy.
        offset: Milliseconds of the evaluations above multiples of ``interval``; if not given,
            what the samples of the objective's recording rules show, or 0 where there are none.
        time_zone: IANA name of the zone whose nights count as nights.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    evaluated = span or history.span
    counts = event_counts(slo.indicator, history)
    _, total = counts.between(history.span)
    periods = slo.period.length / history.span.length if history.span.length else 0.0
    every = tuple(sorted({*slo.policy.windows, *windows}))
    recorded = recorded_offset(slo, history, interval)
    known = next((one for one in (offset, recorded) if one is not None), 0) % interval
    origin: OffsetOrigin = "assumed" if recorded is None else "recorded"
    at = instants(evaluated, interval, known)
    touched = tuple(
        incident
        for incident in sorted(incidents, key=lambda incident: incident.span)
        if incident.touches(slo.service, slo.name) and incident.span.overlap(evaluated)
    )
    bounds = [edge for one in touched for edge in (one.span.start, one.span.end)]
    return Replay(
        slo=slo,
        span=evaluated,
        beginning=history.span.start,
        interval=interval,
        offset=known,
        offset_origin=origin if offset is None else "given",
        time_zone=time_zone,
        ratios=error_ratios(slo.indicator, history, every, at),
        counts=counts.sampled(np.union1d(at, np.array(bounds, dtype=np.int64))),
        expected=total * periods,
        incidents=touched,
        exclusions=tuple(
            one
            for one in exclusions
            if one.touches(slo.service, slo.name) and one.span.overlap(evaluated)
        ),
        really_fired=tuple(
            episode
            for episode in recorded_episodes(slo, history)
            if evaluated.start <= episode.start < evaluated.end
        ),
    )


def backtest(
    slo: Slo,
    history: History,
    incidents: Iterable[Incident] = (),
    interval: int = MINUTE,
    span: Span | None = None,
    *,
    exclusions: Iterable[Exclusion] = (),
    offset: int | None = None,
    time_zone: str = "UTC",
) -> Backtest:
    """Replay an objective's alerts over a history, as Prometheus would have evaluated them.

    The recording rules are inlined: none of them needs to exist. Alerts are evaluated at every
    multiple of ``interval`` milliseconds, and ``offset`` after it, in ``span`` (all of the
    history by default); where the rules were loaded, at the instants that their samples show.
    Windows that reach back before the first sample see what there is, as in a young
    Prometheus; what fires then without an incident is listed as ``unjudged``.

    An episode belongs to an incident where it overlaps it, the incident prolonged by the
    alert's short window and ``for``: so long the condition still sees the incident's errors.
    What an exclusion touches in the same sense counts for nothing, and no incident that overlaps
    it has to be seen.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    return replay(
        slo,
        history,
        incidents,
        interval,
        span=span,
        exclusions=exclusions,
        offset=offset,
        time_zone=time_zone,
    ).backtest(slo)


@dataclass(frozen=True)
class _Verdict:
    """Episodes, judged."""

    excluded: tuple[Episode, ...]
    false: tuple[Episode, ...]
    unjudged: tuple[Episode, ...]
    outcomes: tuple[IncidentOutcome, ...]
    results: tuple[Score, ...]


def _judged(past: Replay, slo: Slo) -> Backtest:
    replayed = sorted(
        (e for alert in slo.policy.alerts for e in episodes(alert, slo.objective, past.ratios)),
        key=_by_time,
    )
    verdict = _verdict(past, slo, replayed)
    fired = _verdict(past, past.slo, past.really_fired)
    return Backtest(
        slo=slo,
        span=past.span,
        interval=past.interval,
        offset=past.offset,
        offset_origin=past.offset_origin,
        time_zone=past.time_zone,
        ratios=past.ratios,
        episodes=tuple(replayed),
        outcomes=verdict.outcomes,
        false_episodes=verdict.false,
        unjudged=verdict.unjudged,
        exclusions=past.exclusions,
        excluded=verdict.excluded,
        results=verdict.results,
        really_fired=past.really_fired,
        really_fired_results=fired.results if past.really_fired else (),
    )


def _verdict(past: Replay, slo: Slo, everything: Sequence[Episode]) -> _Verdict:
    """Hold episodes, in the order of time, against incidents and exclusions."""
    alerts = {alert.name: alert for alert in slo.policy.alerts}
    judge = Judge(alerts, past.span.end, past.beginning, past.counts, past.allowed(slo))
    incidents = past.judged_incidents
    belongs = judge.belonging(everything, [incident.span for incident in incidents])
    out = judge.belongs_to_any(everything, [one.span for one in past.exclusions])
    true = np.asarray(belongs.any(axis=1), dtype=np.bool_)
    early = np.array([judge.warming_up(e) for e in everything], np.bool_) & ~true & ~out
    members = {name: [e.alert == name for e in everything] for name in alerts}
    for severity in slo.policy.severities:
        members[severity] = [e.severity == severity for e in everything]
    members[ANY] = [True for _ in everything]
    groups = {by: np.array(of, np.bool_) & ~out & ~early for by, of in members.items()}
    outcomes = tuple(
        judge.outcome(
            incident, {by: _those(everything, of & belongs[:, k]) for by, of in groups.items()}
        )
        for k, incident in enumerate(incidents)
    )
    wrong = frozenset(_those(everything, ~true))
    results = tuple(
        score(
            by,
            calls(_those(everything, of), wrong, past.span.end),
            [outcome.detection(by) for outcome in outcomes],
            past.span,
            past.time_zone,
        )
        for by, of in groups.items()
    )
    return _Verdict(
        excluded=_those(everything, out),
        false=_those(everything, groups[ANY] & ~true),
        unjudged=_those(everything, early),
        outcomes=outcomes,
        results=results,
    )


def _those(episodes: Sequence[Episode], mask: Mask) -> tuple[Episode, ...]:
    return tuple(episode for episode, of in zip(episodes, mask.tolist(), strict=True) if of)


def _by_time(episode: Episode) -> tuple[int, str]:
    return episode.start, episode.alert
