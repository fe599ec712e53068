"""Fetching history: remote read and the HTTP API, beside prometheus-api-client, in one run.

Question: every raw sample of some counters over some days, from a real Prometheus on loopback.
slobook answers by remote read and by the HTTP API, the peer by ``get_metric_range_data`` with its
``MetricRangeDataFrame``, as its documentation shows. Each runs in a process of its own, whose
memory is what it holds at most above what it holds once everything is imported and warm. Samples
are compared, bit for bit, with those that were put in.

    python benchmarks/history.py            # a table
    python benchmarks/history.py --json     # and one JSON object last
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from prometheus_api_client import MetricRangeDataFrame, PrometheusConnect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.history.prometheus import PrometheusServer, fetch_history
from slo.model.duration import DAY, SECOND
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.promql import counter_selector
from tests.integration.conftest import serving

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_790_000_000_000 // DAY * DAY
METRIC = "requests_total"
PEER_DAYS = 2


def history(days: int, series: int) -> History:
    """Counters of a scrape every 15 s, each a target of its own."""
    rng = np.random.default_rng(3)
    made = []
    for number in range(series):
        times = START + 37 * number + np.arange(0, days * DAY, 15 * SECOND, dtype=np.int64)
        values = np.cumsum(rng.poisson(10 + number, times.size)).astype(float)
        made.append(series_of({"__name__": METRIC, "pod": f"p{number}"}, times, values))
    return History(tuple(made), Span(START, START + days * DAY))


def by_slobook(url: str, read: str, span: Span) -> int:
    server = PrometheusServer(url, read=read, timeout=300)  # type: ignore[arg-type]
    return fetch_history(server, [counter_selector(METRIC)], span).sample_count


def by_peer(url: str, span: Span) -> int:
    start, end = (datetime.fromtimestamp(t / 1000, UTC) for t in (span.start, span.end))
    rows = PrometheusConnect(url=url).get_metric_range_data(METRIC, start_time=start, end_time=end)
    return len(MetricRangeDataFrame(rows))


def resident() -> int:
    """Bytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def measured(answer: Callable[[Span], int], span: Span, warm: Span, runs: int, out: object) -> None:
    """Put samples, the median of seconds, and the most bytes above what was held before."""
    answer(warm)
    before = resident()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        samples = answer(span)
        seconds.append(time.perf_counter() - began)
    # Watching costs time: it has a run of its own.
    done = threading.Event()
    watcher = threading.Thread(target=lambda: peaks.append(_watch(done)))
    peaks: list[int] = []
    watcher.start()
    answer(span)
    done.set()
    watcher.join()
    out.put((samples, statistics.median(seconds), max(0, max(peaks) - before)))  # type: ignore[attr-defined]


def _watch(done: threading.Event) -> int:
    most = resident()
    while not done.wait(0.005):
        most = max(most, resident())
    return most


def in_a_process(answer: Callable[[Span], int], span: Span, warm: Span, runs: int):
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    process = context.Process(target=measured, args=(answer, span, warm, runs, out))
    process.start()
    result = out.get()
    process.join()
    return result


def copied_bytes_a_second() -> float:
    """What memory gives: bytes read and written by a copy of 400 MB."""
    source = np.ones(50_000_000)
    target = np.empty_like(source)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        np.copyto(target, source)
        took.append(time.perf_counter() - began)
    return 2 * source.nbytes / min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    past = history(options.days, options.series)
    warm = Span(past.span.end - DAY // 24, past.span.end)
    short = Span(past.span.end - PEER_DAYS * DAY, past.span.end)
    with TemporaryDirectory() as folder, serving(past, Path(folder)) as server:
        rows = {
            "remote read": in_a_process(
                lambda span: by_slobook(server.url, "remote", span), past.span, warm, 5
            ),
            "HTTP API": in_a_process(
                lambda span: by_slobook(server.url, "http", span), short, warm, 1
            ),
            "prometheus-api-client": in_a_process(
                lambda span: by_peer(server.url, span), short, warm, 1
            ),
        }
        fetched = fetch_history(
            PrometheusServer(server.url, read="remote"), [counter_selector(METRIC)], past.span
        )
    unequal = sum(
        int(not np.array_equal(ours.times, put.times))
        + int(np.sum(ours.values.view(np.int64) != put.values.view(np.int64)))
        for ours, put in zip(fetched.series, past.series, strict=True)
    )
    bandwidth = copied_bytes_a_second()
    found = {
        name: {
            "samples": samples,
            "samples_a_second": samples / seconds,
            "bytes_a_sample": held / samples,
        }
        for name, (samples, seconds, held) in rows.items()
    }
    peer, ours = found["prometheus-api-client"], found["remote read"]
    report = {
        **found,
        "times_the_peers_speed": ours["samples_a_second"] / peer["samples_a_second"],
        "share_of_the_peers_memory": ours["bytes_a_sample"] / peer["bytes_a_sample"],
        # Each sample ends as 16 bytes.
        "share_of_memory_bandwidth": 16 * ours["samples_a_second"] / bandwidth,
        "unequal_samples": unequal,
    }
    print(f"{'':24}{'samples':>12}{'million/s':>12}{'bytes each':>12}")
    for name, row in found.items():
        speed = row["samples_a_second"] / 1e6
        print(f"{name:24}{row['samples']:>12,}{speed:>12.2f}{row['bytes_a_sample']:>12.0f}")
    print(
        f"remote read: {report['times_the_peers_speed']:.0f} times the peer's speed, "
        f"{report['share_of_the_peers_memory']:.1%} of its memory a sample, "
        f"{report['share_of_memory_bandwidth']:.1%} of memory bandwidth; "
        f"{unequal} samples unequal to those put in"
    )
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
