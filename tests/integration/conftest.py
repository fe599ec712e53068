"""Real servers over histories that tests make."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pytest

from slo.simulate.local_prometheus import backfill, serve
from tests.integration.remote_write import RECEIVER, remote_write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.model.samples import History, Times

MOST_POINTS = 10_000


def openmetrics(history: History) -> str:
    """The plainest text that promtool accepts; the product's own writer is tested elsewhere."""
    lines, metric = [], ""
    for series in sorted(history.series, key=lambda one: (one.metric, one.labels)):
        if series.metric != metric:
            metric = series.metric
            lines.append(f"# TYPE {metric} unknown")
        for time, value in zip(series.times.tolist(), series.values.tolist(), strict=True):
            # promtool cuts: half a millisecond more survives the float.
            lines.append(f"{series} {value!r} {time // 1000}.{time % 1000:03d}5")
    return "\n".join([*lines, "# EOF\n"])


class Server:
    """What tests ask of a Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, **parameters: str | float) -> object:
        with urlopen(f"{self.url}/api/v1/{path}?{urlencode(parameters)}", timeout=300) as answer:
            return json.load(answer)["data"]

    def query_range(self, expr: str, at: Times) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Each series' values and presence at evenly spaced instants, by its labels as JSON."""
        step = int(at[1] - at[0])
        found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for first in range(0, at.size, MOST_POINTS):
            some = at[first : first + MOST_POINTS]
            data = self.get(
                "query_range",
                query=expr,
                start=some[0] / 1000,
                end=some[-1] / 1000,
                step=step / 1000,
            )
            for one in data["result"]:
                key = json.dumps(one["metric"], sort_keys=True)
                values, present = found.setdefault(
                    key, (np.full(at.size, np.nan), np.zeros(at.size, dtype=bool))
                )
                times = np.array([round(float(t) * 1000) for t, _ in one["values"]])
                index = (times - at[0]) // step
                values[index] = [float(v) for _, v in one["values"]]
                present[index] = True
        return found

    def query(self, expr: str, at: int) -> list[float]:
        """Each result's value at an instant, as a rule would see it."""
        data = self.get("query", query=expr, time=at / 1000)
        return [float(one["value"][1]) for one in data["result"]]


@contextmanager
def receiving(history: History, folder: Path) -> Iterator[Server]:
    """A server that was sent the samples, staleness markers among them, as a live one is."""
    with serve(folder / "storage", flags=(RECEIVER,)) as url:
        remote_write(url, history)
        yield Server(url)


@contextmanager
def serving(history: History, folder: Path) -> Iterator[Server]:
    text = folder / "history.om"
    text.write_text(openmetrics(history))
    backfill(text, folder / "storage")
    with serve(folder / "storage") as url:
        yield Server(url)


@pytest.fixture(scope="session")
def serve_history(tmp_path_factory: pytest.TempPathFactory):
    """A function that puts a history into a real Prometheus, which ends with the session."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(history: History) -> Server:
            return stack.enter_context(serving(history, tmp_path_factory.mktemp("prometheus")))

        yield start
