"""Replaying alerts over a history: what costs time once, every policy after that in a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest.judge import Judge
from slo.backtest.result import Backtest
from slo.backtest.verdict import not_excluded, verdict
from slo.card import Card, Shown, Table
from slo.engine.alert import episodes
from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.history.contents import required_series
from slo.history.recorded import recorded_episodes, recorded_offset
from slo.model.duration import MINUTE, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest.result import OffsetOrigin
    from slo.backtest.verdict import Verdict
    from slo.engine.events import EventCounts
    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import Episode
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span


@dataclass(frozen=True, eq=False)
class Replay(Shown):
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
    def card(self) -> Card:
        """What it was made of, and what it is for."""
        windows = ", ".join(map(format_duration, self.ratios.windows))
        rows = (
            ("from", f"{self.span}"),
            ("evaluated every", format_duration(self.interval)),
            ("windows", windows),
            ("incidents", str(len(self.incidents))),
            ("exclusions", str(len(self.exclusions))),
        )
        said = "backtest(one) says what its alerts, or others on these windows, would have done."
        return Card(f"Replay of {self.slo.title}", said, (Table(("it has", "what"), rows),))

    @property
    def judged_incidents(self) -> tuple[Incident, ...]:
        """The incidents that no exclusion overlaps."""
        return not_excluded(self.incidents, self.exclusions)

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


def _judged(past: Replay, slo: Slo) -> Backtest:
    replayed = sorted(
        (e for alert in slo.policy.alerts for e in episodes(alert, slo.objective, past.ratios)),
        key=_by_time,
    )
    found = _verdict(past, slo, replayed)
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
        outcomes=found.outcomes,
        false_episodes=found.false,
        unjudged=found.unjudged,
        exclusions=past.exclusions,
        excluded=found.excluded,
        results=found.results,
        really_fired=past.really_fired,
        really_fired_results=fired.results if past.really_fired else (),
    )


def _verdict(past: Replay, slo: Slo, everything: Sequence[Episode]) -> Verdict:
    allowed = past.allowed(slo)

    def spent(span: Span) -> float:
        bad, _ = past.counts.between(span)
        return bad / allowed if allowed else float("nan")

    alerts = {alert.name: alert for alert in slo.policy.alerts}
    judge = Judge(alerts, past.span, past.beginning, spent)
    return verdict(judge, everything, past.incidents, past.exclusions, past.time_zone)


def _by_time(episode: Episode) -> tuple[int, str]:
    return episode.start, episode.alert
