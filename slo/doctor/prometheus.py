"""A Prometheus that is asked what it knows, and what it says of itself."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from slo.history.connection import Connections, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.history.connection import PrometheusServer

_SECONDS = 15.0
"""A checklist is read by somebody who waits."""


@dataclass(frozen=True)
class Prometheus:
    """One server; every method raises ``HistoryError`` where it cannot be asked.

    Attributes:
        connections: How it is reached.

    """

    connections: Connections

    @property
    def url(self) -> str:
        """Its address, for people."""
        return self.connections.server.shown_url

    def told(self, path: str, **parameters: str) -> Any:  # noqa: ANN401  whatever JSON holds
        """What it answers under ``/api/v1/``; raises ``NotTold`` where it serves no such path."""
        return told(self.connections, path, **parameters)

    def now(self) -> float:
        """Its own clock, in Unix seconds."""
        return float(self.told("query", query="time()")["result"][0])

    def values(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """What an expression is now, by the server's own clock: labels and value of each series."""
        rows = self.told("query", query=expression)["result"]
        return [(row["metric"], float(row["value"][1])) for row in rows]

    def instants(self, expression: str, start: float, end: float, step: int) -> list[float]:
        """At which instants of a grid an expression has any result, in Unix seconds.

        Args:
            expression: PromQL.
            start: Unix seconds.
            end: Unix seconds.
            step: Seconds.

        """
        span = {"start": f"{start:.3f}", "end": f"{end:.3f}", "step": str(step)}
        rows = self.told("query_range", query=expression, **span)["result"]
        return sorted({float(time) for row in rows for time, _ in row["values"]})


@contextmanager
def asking(server: PrometheusServer) -> Iterator[Prometheus]:
    """Ask a server, once and not for long; what it opened is closed at the end.

    Raises:
        ConfigError: An environment variable that the server names is not set.

    """
    brief = replace(server, timeout=min(server.timeout, _SECONDS), retries=0)
    with Connections(brief) as connections:
        yield Prometheus(connections)
