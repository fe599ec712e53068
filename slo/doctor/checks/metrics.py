"""``metrics``: is there, right now, every metric that specifications and rules read?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.counting import counted, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

NAME = "metrics"
_ANCHOR = "metrics-are-missing"
_AT_ONCE = 40
"""Names in a query: an address holds about 8,000 letters."""

ONLY_IN_TROUBLE = {
    "ALERTS": "it is there while an alert is pending or fires",
    # https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/pod-metrics.md
    "kube_pod_container_status_waiting_reason": "it is there while a container waits",
}
"""Metrics of well-known exporters that are right to be absent, and when they come."""


@dataclass(frozen=True)
class Reader:
    """What an objective cannot be judged without.

    Attributes:
        name: The objective.
        selectors: Each has to find series.

    """

    name: str
    selectors: tuple[Selector, ...]


def metrics(
    asked: Prometheus, readers: Sequence[Reader], read: Mapping[str, Sequence[str]]
) -> Finding:
    """Every metric that anything reads has samples, and every indicator finds its series.

    Args:
        asked: The server.
        readers: The objectives.
        read: Every metric that alerts and rules read, with the names of its readers.

    Raises:
        HistoryError: The server does not answer.

    """
    if not readers and not read:
        return not_checked(NAME, "the specifications read no metrics")
    needed = {one.metric for reader in readers for one in reader.selectors if one.metric}
    present = _present(asked, sorted({*read, *needed}))
    blind = [text for reader in readers for text in _misses(asked, reader, present)]
    absent = [name for name in read if name not in present and name not in needed]
    missing = [name for name in absent if name not in ONLY_IN_TROUBLE]
    if blind:
        lost = counted(len(blind), "does", "do")
        found = f"not every indicator finds its series, {lost} not: they cannot be judged"
        to_do = "compare names and labels with the service's /metrics, and slo doctor --only "
        told = [*blind, *_told(missing, read)]
        return broken(NAME, found, f"{to_do}metrics-endpoint", _ANCHOR, first_of(told))
    if missing:
        have = out_of(len(missing), len({*read, *needed}), "metric", "metrics", ("has", "have"))
        found = f"{have} no samples now"
        to_do = "install what exposes them, or take the alerts out that read them"
        return attention(NAME, found, to_do, _ANCHOR, first_of(_told(missing, read)))
    quiet = [f"{name} is absent: {ONLY_IN_TROUBLE[name]}" for name in absent]
    have = counted(
        len(present), "metric that something reads has", "metrics that something reads have"
    )
    return fine(NAME, f"{have} samples", quiet)


def _present(asked: Prometheus, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(names), _AT_ONCE):
        either = "|".join(names[first : first + _AT_ONCE])
        rows = asked.values(f'count by (__name__) ({{__name__=~"{either}"}})')
        found |= {labels["__name__"] for labels, _ in rows}
    return found


def _misses(asked: Prometheus, reader: Reader, present: set[str]) -> Iterable[str]:
    for selector in reader.selectors:
        if selector.metric and selector.metric not in present:
            yield f"{reader.name}: there is no metric {selector.metric}"
        elif not asked.values(f"count({selector})"):
            yield f"{reader.name}: no series of {selector}; the metric is there with other labels"


def _told(missing: Sequence[str], read: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{name}, read by {', '.join(first_of(read[name], 3))}" for name in missing]
