"""What goes wrong inside the instrumentation: counted and told, and never the application's."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter

SITES = ("ticket", "llm", "response", "event", "usage", "price", "stream", "scrape", "settings")
_QUIET_SECONDS = 60.0
_LOG = logging.getLogger("exporter")


@dataclass(frozen=True, eq=False)
class Faults:
    """Takes what must not reach the application.

    Attributes:
        counter: Of faults by site.

    """

    counter: Counter
    _told: dict[str, float] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for site in SITES:
            self.counter.labels(site)

    def note(self, site: str, error: BaseException) -> None:
        """Count a fault, and log it unless that was done within the last minute."""
        self.counter.labels(site).inc()
        now = monotonic()
        if now - self._told.get(site, -_QUIET_SECONDS) >= _QUIET_SECONDS:
            self._told[site] = now
            # What users handed over may be secret: only the kind of the fault is told.
            with suppress(Exception):  # filters and handlers are the application's
                _LOG.warning("a fault in the instrumentation (%s): %s", site, type(error).__name__)
