"""A Prometheus on loopback that holds what a dashboard reads of a snapshot, rules evaluated."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from slo.history.connection import Connections, PrometheusServer
from slo.history.queries import Queries, QueryRefused
from slo.history.snapshot import read_snapshot
from slo.model.grid import Grid
from slo.model.samples import History, Series
from slo.model.selector import METRIC_NAME, labels_of
from slo.preview.excerpt import excerpt
from slo.preview.rehearsal import rehearsal
from slo.simulate.local_prometheus import backfill, serve
from slo.simulate.openmetrics import write_openmetrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.model.samples import Times, Values
    from slo.model.selector import Labels
    from slo.preview.recorded_rules import RecordedRule
    from slo.preview.rehearsal import Evaluation

_POINTS_AT_ONCE = 10_000

_Samples = dict["Labels", list[tuple["Times", "Values"]]]


@contextmanager
def snapshot_server(
    snapshot: Path, questions: Sequence[tuple[str, Grid]], rules: Sequence[RecordedRule]
) -> Iterator[Queries]:
    """A server that can be asked some questions; it ends, and its folder goes, with the context.

    Args:
        snapshot: The Parquet file.
        questions: PromQL, and the instants at which it will be asked.
        rules: Those whose results the questions may read.

    Raises:
        HistoryError: The snapshot cannot be read.
        RunError: Prometheus or promtool is missing; says how to install it.

    """
    held = read_snapshot(snapshot, ())
    planned = rehearsal(questions, _not_recorded(snapshot, rules))
    selectors = tuple(dict.fromkeys(read.selector for read in planned.reads))
    samples = excerpt(read_snapshot(snapshot, selectors), planned.reads)
    with TemporaryDirectory(prefix="slo-preview-") as folder:
        storage = Path(folder) / "storage"
        _store(samples, storage)
        for level in planned.levels:
            with serve(storage) as url, _asking(url) as queries:
                results = _evaluated(queries, level)
            _store(History(results, held.span), storage)
        with serve(storage) as url, _asking(url) as queries:
            yield queries


@contextmanager
def _asking(url: str) -> Iterator[Queries]:
    with Connections(PrometheusServer(url, timeout=300.0)) as connections:
        yield Queries(connections)


def _store(history: History, storage: Path) -> None:
    storage.mkdir(parents=True, exist_ok=True)
    if history.sample_count:
        text = storage.parent / "samples.om"
        write_openmetrics(history, text)
        backfill(text, storage)


def _not_recorded(snapshot: Path, rules: Sequence[RecordedRule]) -> tuple[RecordedRule, ...]:
    """Rules of whose results the snapshot holds none: the others really ran."""
    everything = read_snapshot(snapshot, tuple({rule.selector for rule in rules}))
    recorded = {series.labels for series in everything.series}
    return tuple(
        rule for rule in rules if not any(rule.selector.matches(labels) for labels in recorded)
    )


def _evaluated(queries: Queries, level: Sequence[Evaluation]) -> tuple[Series, ...]:
    """The series that rules would have left at the instants at which they are looked at."""
    found: _Samples = defaultdict(list)
    for evaluation in level:
        rule = evaluation.rule
        own = {METRIC_NAME: rule.metric, **dict(rule.labels)}
        for grid in (part for whole in evaluation.grids for part in _parts(whole)):
            try:
                answered = queries.over(rule.expr, grid)
            except QueryRefused:
                continue  # A rule that fails records nothing; who reads it shows no data.
            for one in answered:
                found[labels_of({**dict(one.labels), **own})].append((one.times, one.values))
    return tuple(_merged(labels, pieces) for labels, pieces in found.items())


def _parts(grid: Grid) -> Iterator[Grid]:
    """A grid in pieces that Prometheus answers at once."""
    length = _POINTS_AT_ONCE * grid.step
    for start in range(grid.start, grid.end + 1, length):
        yield Grid(start, min(start + length - grid.step, grid.end), grid.step)


def _merged(labels: Labels, pieces: Sequence[tuple[Times, Values]]) -> Series:
    times, first = np.unique(np.concatenate([piece[0] for piece in pieces]), return_index=True)
    return Series(labels, times, np.concatenate([piece[1] for piece in pieces])[first])
