"""What the rules that were really loaded left in a history: recorded ratios and alerts.

Prometheus stores a sample of ``ALERTS`` at every evaluation at which an alert is active, and of a
recording rule at every evaluation. Nothing of it is needed to replay an objective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slo.model import names
from slo.model.alert import Episode
from slo.model.duration import MINUTE
from slo.model.incident import Incident
from slo.model.samples import is_stale
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.model.slo import selectors_of
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.model.samples import History, Series, Times
    from slo.model.slo import Slo

_ALERTS = "ALERTS"
_FIRING = Matcher("alertstate", "=", "firing")

LOOKBACK = 5 * MINUTE
"""Prometheus' lookback: a series without a sample for so long is gone."""


def recorded_selectors(slos: Iterable[Slo]) -> tuple[Selector, ...]:
    """The series that an objective's own rules would have left, if they were loaded."""
    return tuple(
        Selector((Matcher(METRIC_NAME, "=", metric), *_identity(one), *also))
        for one in slos
        for metric, also in ((names.ERROR_RATIO, ()), (_ALERTS, (_FIRING,)))
    )


def selectors_read(slos: Sequence[Slo]) -> tuple[Selector, ...]:
    """What is worth fetching of a server: what objectives read, and what their rules left."""
    return (*selectors_of(slos), *recorded_selectors(slos))


def recorded_offset(slo: Slo, history: History, interval: int) -> int | None:
    """Milliseconds of the rule group's evaluations above multiples of its interval.

    A recorded sample carries the instant of its evaluation; Prometheus spreads groups over their
    interval by a hash of their file and name. None where nothing was recorded.

    Args:
        slo: The objective.
        history: Raw samples.
        interval: Milliseconds between evaluations.

    """
    ratio, _ = recorded_selectors([slo])
    times = [_sampled(series) for series in history.select(ratio)]
    offsets = np.concatenate(times) % interval if times else np.empty(0, np.int64)
    if not offsets.size:
        return None
    found, counts = np.unique(offsets, return_counts=True)
    return int(found[np.argmax(counts)])


def recorded_episodes(slo: Slo, history: History) -> tuple[Episode, ...]:
    """What really fired of an objective's present alerts, in the order of time.

    ``active`` is the start, as samples of the pending state are not asked for, and ``peak`` NaN.
    """
    _, alerts = recorded_selectors([slo])
    series = history.select(alerts)
    found = []
    for alert in slo.policy.alerts:
        name = names.alert_name(slo.name, alert.name)
        own = [one for one in series if dict(one.labels).get("alertname") == name]
        found += [
            Episode(
                alert=alert.name,
                severity=alert.severity,
                active=span.start,
                start=span.start,
                end=None if span.end >= history.span.end else span.end,
                peak=float("nan"),
            )
            for span in _stretches(own, LOOKBACK, history.span.end)
        ]
    return tuple(sorted(found, key=lambda one: (one.start, one.alert)))


def alerts_as_incidents(
    history: History, selector: Selector, service: str = "", gap: int = 15 * MINUTE
) -> tuple[Incident, ...]:
    """Incidents from when some alert fired, such as one on what users see.

    Args:
        history: Raw samples, those of ``ALERTS`` among them.
        selector: Which alerts, such as ``ALERTS{alertname="CheckoutDown"}``.
        service: The service that they are about; empty for every service.
        gap: Milliseconds; alerts that fire again so soon are one incident.

    """
    by_name: dict[str, list[Series]] = {}
    for series in history.select(selector.where(_FIRING)):
        by_name.setdefault(dict(series.labels).get("alertname", "alert"), []).append(series)
    incidents = [
        Incident(f"{name}-{number}", span, name, service, source=f"the alert {name}")
        for name, own in sorted(by_name.items())
        for number, span in enumerate(_stretches(own, gap, history.span.end), start=1)
    ]
    return tuple(sorted(incidents, key=lambda one: one.span))


def _identity(one: Slo) -> tuple[Matcher, Matcher]:
    return (
        Matcher(names.SERVICE_LABEL, "=", one.service),
        Matcher(names.SLO_LABEL, "=", one.name),
    )


def _stretches(series: Sequence[Series], gap: int, end: int) -> list[Span]:
    """Stretches in which any of the series has samples, no further than ``gap`` apart.

    A stretch ends an evaluation after its last sample: there it no longer fired.
    """
    sampled = [_sampled(one) for one in series]
    if not any(times.size for times in sampled):
        return []
    times = np.unique(np.concatenate(sampled))
    breaks = np.flatnonzero(np.diff(times) > gap)
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, times.size - 1)
    step = int(np.median(np.diff(times))) if times.size > 1 else MINUTE
    return [
        Span(int(times[first]), min(int(times[last]) + step, end))
        for first, last in zip(firsts, lasts, strict=True)
    ]


def _sampled(series: Series) -> Times:
    """When a series has samples; a staleness marker says that it has none."""
    return series.times[~is_stale(series.values)]
