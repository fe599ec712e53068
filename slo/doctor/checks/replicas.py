"""``replicas``: does anything stand alone that somebody relies on?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, attention, fine, not_checked
from slo.doctor.targets import jobs_of, targets_of, title_of
from slo.history.connection import NotTold

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    counted = {**_of_service(asked, selectors), **_of_monitoring(asked)}
    if not counted:
        return not_checked(NAME, "this Prometheus scrapes neither the service nor itself")
    told = [f"{name}: {number} up" for name, number in counted.items()]
    alone = [name for name, number in counted.items() if number < _ENOUGH]
    if alone:
        return attention(
            NAME,
            f"fewer than {_ENOUGH} are up of {', '.join(alone)}",
            "run two: replicas: 2 (kube-prometheus-stack: prometheus.prometheusSpec.replicas, "
            "alertmanager.alertmanagerSpec.replicas)",
            "replicas",
            told,
        )
    return fine(NAME, f"at least {_ENOUGH} of {', '.join(counted)}", told)


def _of_service(asked: Prometheus, selectors: Sequence[Selector]) -> dict[str, int]:
    targets = targets_of(asked, jobs_of(asked, selectors))
    jobs = dict.fromkeys(one.job for one in targets)
    up = Counter(one.job for one in targets if one.up)
    return {title_of(job): up[job] for job in jobs}


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
