"""Snapshots: bytes a sample and how fast they are read, beside pyarrow alone, in one run.

Question: counters scraped every 15 s over some days, kept as a Parquet file and read back. The
anchor is pyarrow reading a plain table of the same numbers, zstd as its users set it: what is left
of the format if nothing is known of time series. What is read is compared bit for bit.

    python benchmarks/snapshot.py            # a table
    python benchmarks/snapshot.py --json     # and one JSON object last
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.history.snapshot import read_snapshot, write_snapshot
from slo.model.duration import DAY, SECOND
from slo.model.samples import History, series_of
from slo.model.span import Span

START = 1_790_000_000_000 // DAY * DAY
RUNS = 7


def history(days: int, targets: int, codes: int) -> History:
    """Counters of some targets, each scraped at instants of its own, with some jitter."""
    rng = np.random.default_rng(3)
    made = []
    for target in range(targets):
        count = days * DAY // (15 * SECOND)
        times = START + 41 * target + np.arange(count, dtype=np.int64) * 15 * SECOND
        times += rng.integers(0, 3, count)
        for code in range(codes):
            values = np.cumsum(rng.poisson(3 * code + 0.2, count)).astype(float)
            labels = {"__name__": "r_total", "code": str(code), "pod": f"p{target}"}
            made.append(series_of(labels, times, values))
    return History(tuple(made), Span(START, START + days * DAY))


def timed(call):
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        found = call()
        took.append(time.perf_counter() - began)
    return found, statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    past = history(options.days, targets=4, codes=8)
    with TemporaryDirectory() as name:
        ours, plain = Path(name) / "ours.parquet", Path(name) / "plain.parquet"
        write_snapshot(past, ours)
        table = pa.table(
            {
                "time": np.concatenate([one.times for one in past.series]),
                "value": np.concatenate([one.values for one in past.series]),
            }
        )
        pq.write_table(table, plain, compression="zstd")
        read, seconds = timed(lambda: read_snapshot(ours))
        _, peer_seconds = timed(lambda: pq.read_table(plain))
        sizes = ours.stat().st_size, plain.stat().st_size
    source = np.ones(50_000_000)
    target = np.empty_like(source)
    _, copying = timed(lambda: np.copyto(target, source))
    unequal = sum(
        int(np.sum(one.values.view(np.int64) != other.values.view(np.int64)))
        + int(np.sum(one.times != other.times))
        for one, other in zip(read.series, past.series, strict=True)
    )
    samples = past.sample_count
    report = {
        "samples": samples,
        "bytes_a_sample": sizes[0] / samples,
        "plain_bytes_a_sample": sizes[1] / samples,
        "million_samples_a_second": samples / seconds / 1e6,
        "times_the_plain_files_speed": peer_seconds / seconds,
        "share_of_memory_bandwidth": 8 * samples / seconds / (2 * source.nbytes / copying),
        "unequal": unequal,
    }
    print(
        f"{samples:,} samples: {report['bytes_a_sample']:.2f} bytes each (plain Parquet "
        f"{report['plain_bytes_a_sample']:.2f}), read at "
        f"{report['million_samples_a_second']:.0f} million a second, "
        f"{report['times_the_plain_files_speed']:.1f} times a plain file's speed and "
        f"{report['share_of_memory_bandwidth']:.0%} of memory bandwidth; {unequal} unequal"
    )
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
