"""``prometheus``: does it answer, with which version, and has it taken its configuration?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slo.counting import counted
from slo.doctor.finding import Finding, attention, broken, fine
from slo.history.connection import NotTold

if TYPE_CHECKING:
    from slo.doctor.prometheus import Prometheus

NAME = "prometheus"
_ANCHOR = "prometheus-history"
_OLDEST = (2, 42)
"""The first version that knows ``keep_firing_for``."""


def prometheus(asked: Prometheus) -> Finding:
    """A server that evaluates a query, and is content with its files.

    Raises:
        HistoryError: It does not answer.

    """
    asked.now()
    version = str(_told(asked, "status/buildinfo").get("version", ""))
    running = _told(asked, "status/runtimeinfo")
    series = _told(asked, "status/tsdb").get("headStats", {}).get("numSeries")
    name = f"Prometheus {version}" if version else "a server that does not tell its version"
    held = f", {series:,} series in memory" if series is not None else ""
    found = f"{name} answers at {asked.url}{held}"
    if running.get("reloadConfigSuccess") is False:
        return broken(
            NAME,
            f"{found}, but its last reload of the configuration failed: it goes on with old rules",
            "promtool check config prometheus.yml, and look at the server's log",
            "rules-are-not-loaded",
        )
    if running.get("corruptionCount"):
        times = counted(int(running["corruptionCount"]), "time")
        lost = f"{found}, but its write-ahead log was corrupt {times}"
        return attention(NAME, lost, "look at the disk, and at the server's log", _ANCHOR)
    if version and _number(version) < _OLDEST:
        return attention(
            NAME,
            f"{found}; rules with keep_firing_for need 2.42",
            "upgrade Prometheus",
            "rules-are-not-loaded",
        )
    return fine(NAME, found)


def _told(asked: Prometheus, path: str) -> dict[str, Any]:
    """What a server says of itself; nothing where it is one that does not."""
    try:
        said = asked.told(path)
    except NotTold:
        return {}
    return said if isinstance(said, dict) else {}


def _number(version: str) -> tuple[int, ...]:
    """Major and minor; of a version that is written in another way, one that is new enough."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else _OLDEST
