"""Where a preview's numbers come from: a snapshot, or a Prometheus that runs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Protocol

from slo.history.connection import Connections, PrometheusServer, server_version
from slo.history.queries import Queries
from slo.history.snapshot import read_snapshot
from slo.model.duration import MINUTE, format_duration
from slo.preview.excerpt import WHOLE
from slo.preview.questions import everything_asked
from slo.preview.recorded_rules import read_rules
from slo.preview.snapshot_server import snapshot_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from slo.preview.dashboard import Dashboard
    from slo.preview.time_range import TimeRange


class Source(Protocol):
    """Something that answers."""

    @property
    def name(self) -> str:
        """Where numbers come from, for people."""

    @property
    def caution(self) -> str:
        """What a reader should know of the numbers; empty if nothing."""

    def now(self) -> int:
        """The latest instant that there is anything of, in Unix milliseconds.

        Raises:
            HistoryError: The source cannot be reached or read.

        """

    def answering(self, dashboard: Dashboard, shown: TimeRange) -> AbstractContextManager[Queries]:
        """Something that can be asked all that a dashboard asks."""


@dataclass(frozen=True)
class SnapshotSource:
    """A Parquet snapshot, held by a Prometheus that is started for it.

    Attributes:
        snapshot: The file.
        rule_files: Whose recording rules and alerts are computed.

    """

    snapshot: Path
    rule_files: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The file, and how it was asked."""
        return f"the snapshot {self.snapshot.name}, on a Prometheus of its own, rules evaluated"

    @property
    def caution(self) -> str:
        """Long windows are computed from fewer samples: see ``slo.preview.excerpt``."""
        return (
            f"Windows longer than {format_duration(WHOLE)} are computed from thinned samples, "
            "which can change a number by about one part in a thousand."
        )

    def now(self) -> int:
        """The snapshot's end, on a whole minute."""
        return read_snapshot(self.snapshot, ()).span.end // MINUTE * MINUTE

    @contextmanager
    def answering(self, dashboard: Dashboard, shown: TimeRange) -> Iterator[Queries]:
        """A server that holds what this dashboard reads."""
        asked = everything_asked(dashboard, shown)
        with snapshot_server(self.snapshot, asked, read_rules(self.rule_files)) as queries:
            yield queries


@dataclass(frozen=True)
class ServerSource:
    """A Prometheus that runs, with whatever rules it has loaded."""

    server: PrometheusServer

    @property
    def name(self) -> str:
        """Its address without credentials."""
        return f"Prometheus at {self.server.shown_url}"

    @property
    def caution(self) -> str:
        """Nothing: these are the server's own numbers."""
        return ""

    def now(self) -> int:
        """The present minute; the server is asked whether it is there."""
        server_version(self.server)
        return int(time() * 1000) // MINUTE * MINUTE

    @contextmanager
    def answering(self, dashboard: Dashboard, shown: TimeRange) -> Iterator[Queries]:  # noqa: ARG002
        """The server, whatever is asked."""
        with Connections(self.server) as connections:
            yield Queries(connections)
