"""``replicas``: does anything stand alone that somebody relies on?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, attention, fine, not_checked
from slo.doctor.targets import jobs_of, targets_of, title_of
from slo.history.connection import NotTold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

NAME = "replicas"
_ENOUGH = 2


def replicas(asked: Prometheus, selectors: Sequence[Selector]) -> Finding:
    """At least two of each: the service's targets, Prometheus, Alertmanager.

    Args:
        asked: The server.
        selectors: The series that objectives cannot be judged without.

    Raises:
        HistoryError: The server does not answer.

    """
    service, monitoring = _of_service(asked, selectors), _of_monitoring(asked)
    up = {name: one.up for name, one in service.items()} | monitoring
    if not up:
        return not_checked(NAME, "this Prometheus scrapes neither the service nor itself")
    told = [f"{name}: {number} up" for name, number in up.items()]
    alone = [name for name, number in up.items() if number < _ENOUGH]
    if alone:
        found = f"fewer than {_ENOUGH} are up of {', '.join(alone)}"
        to_do = "; ".join(_to_do(name, service) for name in alone)
        return attention(NAME, found, to_do, "replicas", told)
    return fine(NAME, f"at least {_ENOUGH} of {', '.join(up)}", told)


@dataclass(frozen=True)
class _Targets:
    """How many targets a job has, and how many of them are up."""

    all: int
    up: int


_OF_MONITORING = {
    "Prometheus": "run two Prometheus with the same configuration "
    "(kube-prometheus-stack: prometheus.prometheusSpec.replicas: 2)",
    "Alertmanager": "run two or three Alertmanagers as a cluster, and name each to Prometheus "
    "(kube-prometheus-stack: alertmanager.alertmanagerSpec.replicas: 3)",
}


def _to_do(name: str, service: Mapping[str, _Targets]) -> str:
    """What to do about one that stands alone, where its own replicas are set."""
    if name not in service:
        return _OF_MONITORING[name]
    if service[name].all >= _ENOUGH:
        return f"{name}: start the targets that are down; slo doctor --only metrics-endpoint"
    return (
        f"{name}: run a second replica of the service (in Kubernetes replicas: 2 in its "
        "Deployment), and have Prometheus scrape it"
    )


def _of_service(asked: Prometheus, selectors: Sequence[Selector]) -> dict[str, _Targets]:
    targets = targets_of(asked, jobs_of(asked, selectors))
    every = Counter(one.job for one in targets)
    up = Counter(one.job for one in targets if one.up)
    return {title_of(job): _Targets(every[job], up[job]) for job in every}


def _of_monitoring(asked: Prometheus) -> dict[str, int]:
    """Prometheus as far as it is scraped by itself, and the Alertmanagers that it sends to."""
    rows = asked.values("count by (instance) (prometheus_build_info)")
    found = {"Prometheus": len(rows)} if rows else {}
    try:
        known = len(asked.told("alertmanagers")["activeAlertmanagers"])
    except NotTold:
        return found
    # That there is none at all is another check's finding.
    return {**found, "Alertmanager": known} if known else found
