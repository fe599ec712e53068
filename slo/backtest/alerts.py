"""Replaying alerts on thresholds, and on spending, over a history: judged as burn-rate alerts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.backtest.judge import Judge
from slo.backtest.result import Compared, Judged
from slo.backtest.verdict import verdict
from slo.engine.alert import threshold_episodes
from slo.engine.instants import instants
from slo.engine.measure import events_within, measured
from slo.history.contents import series_needed
from slo.model.duration import MINUTE
from slo.model.expression import Absent, Expression
from slo.model.measure import CounterShare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slo.backtest.result import OffsetOrigin
    from slo.model.alert import Episode
    from slo.model.incident import Exclusion, Incident
    from slo.model.measure import Measure
    from slo.model.samples import History, Points
    from slo.model.selector import Selector
    from slo.model.span import Span
    from slo.model.threshold_alert import ThresholdAlert

    Values = Mapping[tuple[Measure, int], Points]


@dataclass(frozen=True, eq=False)
class AlertBacktest(Judged):
    """What alerts on thresholds would have done; they spend no budget, so that shares are NaN.

    Attributes:
        alerts: Those that were tested.
        values: Their measures over their windows at every evaluation.
        including_excluded: The same, as if nothing had been excluded; None where nothing is.

    The other attributes are those of ``Judged``.

    """

    alerts: tuple[ThresholdAlert, ...]
    values: Values
    including_excluded: AlertBacktest | None = None

    @property
    def title(self) -> str:
        """The alerts' names."""
        return ", ".join(alert.name for alert in self.alerts)

    @property
    def compared(self) -> tuple[Compared, ...]:
        """Each alert's measure and its threshold."""
        return tuple(
            Compared(
                alert=alert.name,
                severity=alert.severity,
                window=window,
                values=self.values[alert.measure, window],
                comparison=alert.comparison,
                threshold=alert.threshold,
                is_share=isinstance(alert.measure, CounterShare),
            )
            for alert in self.alerts
            for window in alert.windows
        )


@dataclass(frozen=True, eq=False)
class AlertReplay:
    """What other thresholds and durations are tried on.

    Attributes:
        span: The evaluated stretch.
        beginning: Where the history begins, in Unix milliseconds.
        interval: Milliseconds between evaluations.
        offset: Milliseconds of their instants above multiples of ``interval``.
        offset_origin: How that is known.
        time_zone: IANA name of the zone whose nights count as nights.
        values: Each measure over each of its windows.
        events: Events within a window, of each counter that a minimum was asked of.
        incidents: What there was to see in the span, in the order of time.
        exclusions: What is not judged of it.

    """

    span: Span
    beginning: int
    interval: int
    offset: int
    offset_origin: OffsetOrigin
    time_zone: str
    values: Values
    events: Mapping[tuple[Selector, int], Points]
    incidents: tuple[Incident, ...]
    exclusions: tuple[Exclusion, ...]

    def backtest(self, alerts: Iterable[ThresholdAlert]) -> AlertBacktest:
        """What alerts on the replayed measures would have done.

        Raises:
            ValueError: Two alerts have one name, or one looks at what was not replayed.

        """
        tried = tuple(alerts)
        names = [alert.name for alert in tried]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"two alerts are named {', '.join(twice)}"
            raise ValueError(message)
        result = _judged(self, tried)
        if not self.exclusions:
            return result
        everything = replace(self, exclusions=())
        return replace(result, including_excluded=_judged(everything, tried))


def replay_alerts(
    alerts: Iterable[ThresholdAlert],
    history: History,
    incidents: Iterable[Incident] = (),
    interval: int = MINUTE,
    *,
    span: Span | None = None,
    exclusions: Iterable[Exclusion] = (),
    offset: int | None = None,
    time_zone: str = "UTC",
) -> AlertReplay:
    """Compute the measures of some alerts once.

    Args:
        alerts: Alerts on thresholds, of any services.
        history: Raw samples.
        incidents: What there was to see: each of them, whatever service it names.
        interval: Milliseconds between evaluations.
        span: The stretch to evaluate; all of the history if none.
        exclusions: What is not judged, whatever service it names.
        offset: Milliseconds of the evaluations above multiples of ``interval``; 0 if none.
        time_zone: IANA name of the zone whose nights count as nights.

    Raises:
        NotEnoughData: The history holds no series that an alert cannot do without.

    """
    tried = tuple(alerts)
    for alert in tried:
        _check_series(alert, history)
    evaluated = span or history.span
    at = instants(evaluated, interval, (offset or 0) % interval)
    looked_at = {(alert.measure, window) for alert in tried for window in alert.windows}
    counted = {
        (alert.counted_events, window)
        for alert in tried
        for window in alert.windows
        if alert.minimum_events
    }
    return AlertReplay(
        span=evaluated,
        beginning=history.span.start,
        interval=interval,
        offset=(offset or 0) % interval,
        offset_origin="assumed" if offset is None else "given",
        time_zone=time_zone,
        values={key: measured(key[0], history, key[1], at) for key in looked_at},
        events={key: events_within(key[0], history, key[1], at) for key in counted},
        incidents=tuple(
            one
            for one in sorted(incidents, key=lambda incident: incident.span)
            if one.span.overlap(evaluated)
        ),
        exclusions=tuple(one for one in exclusions if one.span.overlap(evaluated)),
    )


def backtest_alerts(
    alerts: Sequence[ThresholdAlert],
    history: History,
    incidents: Iterable[Incident] = (),
    interval: int = MINUTE,
    *,
    span: Span | None = None,
    exclusions: Iterable[Exclusion] = (),
    offset: int | None = None,
    time_zone: str = "UTC",
) -> AlertBacktest:
    """What alerts on thresholds would have done over a history; arguments as above.

    The rules by which episodes are judged are those of ``backtest``.

    Raises:
        NotEnoughData: The history holds no series that an alert cannot do without.
        ValueError: Two alerts have one name.

    """
    return replay_alerts(
        alerts,
        history,
        incidents,
        interval,
        span=span,
        exclusions=exclusions,
        offset=offset,
        time_zone=time_zone,
    ).backtest(alerts)


def _check_series(alert: ThresholdAlert, history: History) -> None:
    """An expression may say something without its first series, or of what is absent."""
    measure = alert.measure
    if not isinstance(measure, Expression) or (
        not isinstance(measure.root, Absent) and not any(map(history.select, measure.selectors))
    ):
        series_needed(alert.name, measure.required, history)


def _judged(past: AlertReplay, alerts: tuple[ThresholdAlert, ...]) -> AlertBacktest:
    found = tuple(
        sorted(
            (episode for alert in alerts for episode in _episodes(past, alert)),
            key=lambda episode: (episode.start, episode.alert),
        )
    )
    judge = Judge({alert.name: alert for alert in alerts}, past.span, past.beginning, _no_budget)
    told = verdict(judge, found, past.incidents, past.exclusions, past.time_zone)
    return AlertBacktest(
        span=past.span,
        interval=past.interval,
        offset=past.offset,
        offset_origin=past.offset_origin,
        time_zone=past.time_zone,
        episodes=found,
        outcomes=told.outcomes,
        false_episodes=told.false,
        unjudged=told.unjudged,
        exclusions=past.exclusions,
        excluded=told.excluded,
        results=told.results,
        alerts=alerts,
        values=past.values,
    )


def _episodes(past: AlertReplay, alert: ThresholdAlert) -> tuple[Episode, ...]:
    try:
        values = [past.values[alert.measure, window] for window in alert.windows]
        counted = alert.windows if alert.minimum_events else ()
        events = [past.events[alert.counted_events, window] for window in counted]
    except KeyError:
        message = f"{alert.name} looks at what was not replayed: {alert}"
        raise ValueError(message) from None
    return threshold_episodes(alert, values, events)


def _no_budget(_: Span) -> float:
    return float("nan")
