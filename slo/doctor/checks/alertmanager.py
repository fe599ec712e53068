"""``alertmanager``: does it answer, and is its cluster ready?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, attention, fine

if TYPE_CHECKING:
    from slo.doctor.alertmanager.server import AlertmanagerServer

NAME = "alertmanager"


def alertmanager(asked: AlertmanagerServer) -> Finding:
    """A server that answers, in a cluster that has settled, or in none.

    Raises:
        AlertmanagerError: It does not answer.

    """
    status = asked.status()
    version = status.get("versionInfo", {}).get("version", "of unknown version")
    cluster = status.get("cluster", {})
    state, peers = cluster.get("status", "disabled"), cluster.get("peers") or ()
    found = f"Alertmanager {version} answers at {asked.base_url}"
    if state == "disabled":
        return fine(NAME, f"{found}; it is in no cluster")
    if state != "ready":
        return attention(
            NAME,
            f"{found}, but its cluster is {state}: pages may come twice, or late",
            "look whether the peers reach each other on port 9094, TCP and UDP",
            "replicas",
        )
    return fine(NAME, f"{found}, in a cluster of {len(peers)}")
