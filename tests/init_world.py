"""A server that ``slo init`` looks at and a keyboard, both made up by tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from slo.discovery import Certainty
from slo.discovery.services import Owner
from slo.history.prometheus import BY_REMOTE_READ
from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from tests.found import SPAN, candidate, discovery, indicators

if TYPE_CHECKING:
    from pathlib import Path

SHOP = (
    candidate(indicators()[0]),
    candidate(indicators()[1], name="latency", metric="d_seconds"),
    candidate(indicators()[3], name="queue-depth", certainty=Certainty.PERHAPS),
    candidate(owner=Owner("cart", "cart", ()), a_day=3),
)


def held(days: float) -> History:
    """What the server holds: one request in a thousand fails, one in two hundred is slow."""
    times = np.arange(SPAN.end - round(days * DAY), SPAN.end, 5 * MINUTE, dtype=np.int64)
    requests = np.cumsum(np.full(times.size, 1000.0))
    series = (
        series_of({"__name__": "requests_total"}, times, requests),
        series_of({"__name__": "failed_total"}, times, requests / 1000),
        series_of({"__name__": "d_seconds_count"}, times, requests),
        series_of({"__name__": "d_seconds_bucket", "le": "0.5"}, times, requests * 0.995),
        series_of({"__name__": "queue_depth"}, times, np.full(times.size, 3.0)),
    )
    return History(series, Span(SPAN.end - 42 * DAY, SPAN.end), "2.42.0", "a test")


class Keyboard(io.StringIO):
    """A terminal at which answers are typed; none where nobody sits."""

    def isatty(self) -> bool:
        return bool(self.getvalue())


class World:
    """What a server holds, and what was asked of it."""

    def __init__(self) -> None:
        self.found = discovery(*SHOP)
        self.days = 14.0
        self.servers = []

    def discover(self, server, end, days, advance):
        self.servers.append(server)
        return self.found

    def fetch(self, server, selectors, span, advance=None):
        series = held(self.days).restrict(selectors).series if self.days else ()
        return History(series, span, "2.42.0", f"{server.shown_url} by {BY_REMOTE_READ}")


def files(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


WRITTEN = ["history/incidents.csv", "history/snapshot.parquet", "slobook.toml", "specs/shop.yaml"]
