"""``alert-sending``: does Prometheus know an Alertmanager to send alerts to?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from slo.doctor.finding import Finding, attention, broken, fine, not_checked
from slo.history.connection import NotTold

if TYPE_CHECKING:
    from slo.doctor.prometheus import Prometheus

NAME = "alert-sending"
_ANCHOR = "alertmanager-routing"


def alert_sending(asked: Prometheus) -> Finding:
    """At least one Alertmanager that takes what it is sent.

    Raises:
        HistoryError: The server does not answer.

    """
    try:
        known = [one["url"] for one in asked.told("alertmanagers")["activeAlertmanagers"]]
    except NotTold:
        return not_checked(NAME, "this server does not tell whom it sends alerts to")
    if not known:
        return broken(
            NAME,
            "Prometheus knows no Alertmanager: alerts fire, and nobody is told",
            "name one under alerting.alertmanagers in prometheus.yml",
            _ANCHOR,
        )
    failing = [
        f"{labels.get('alertmanager', 'one')}: {number:.0f} in the last hour"
        for labels, number in asked.values(
            "increase(prometheus_notifications_errors_total[1h]) > 0"
        )
    ]
    if failing:
        found = "alerts could not be handed over"
        return attention(NAME, found, "look at Prometheus' log", _ANCHOR, failing)
    return fine(NAME, f"Prometheus sends alerts to {', '.join(map(_place, known))}")


def _place(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
