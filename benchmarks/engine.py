"""The engine against Prometheus, on the same question in one run.

Question: the error ratio over several windows, every 60 s over some days, of 8 series scraped
every 15 s. Prometheus answers by query_range, a query a window; the engine from the raw samples.
Every value is compared, bit for bit.

    python benchmarks/engine.py            # a table
    python benchmarks/engine.py --json     # and one JSON object last
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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.engine.instants import instants
from slo.engine.ratio import ErrorRatios, error_ratios
from slo.engine.semantics import semantics_of
from slo.model.duration import DAY, MINUTE, SECOND, format_duration, parse_duration
from slo.model.indicator import EventRatio
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.promql import counter_selector, error_ratio
from tests.integration.conftest import serving

WINDOWS = "5m,30m,1h,2h,6h,1d,3d,30d"
START = 1_790_000_000_000 // DAY * DAY
RUNS = 31


def history(days: int) -> History:
    """Two targets of four counters each, with resets and a gap of 40 minutes."""
    rng = np.random.default_rng(3)
    series = []
    for target in range(2):
        times = START + 1_000 * target + np.arange(0, days * DAY, 15 * SECOND, dtype=np.int64)
        gap = START + days * DAY // 3
        times = times[(times < gap) | (times > gap + 40 * MINUTE)]
        for code, rate in (("200", 90.0), ("404", 4.0), ("500", 0.05), ("503", 0.1)):
            values = np.cumsum(rng.poisson(rate, times.size)).astype(float)
            for reset in range(DAY, days * DAY, 3 * DAY):
                values[times > START + reset] -= values[np.searchsorted(times, START + reset)]
            labels = {"__name__": "requests_total", "code": code, "pod": f"p{target}"}
            series.append(series_of(labels, times, np.maximum(values, 0)))
    return History(tuple(series), Span(START, START + days * DAY))


def differences(ours: ErrorRatios, theirs: dict[int, tuple[np.ndarray, np.ndarray]]):
    """Largest relative difference, unequal values, and points that only one side has."""
    largest, unequal, missing = 0.0, 0, 0
    for window, (values, present) in theirs.items():
        points = ours.over(window)
        missing += int(np.sum(points.present != present))
        both = points.present & present
        bits = points.values[both].view(np.int64) != values[both].view(np.int64)
        unequal += int(np.sum(bits & ~(np.isnan(points.values[both]) & np.isnan(values[both]))))
        both &= np.isfinite(values)
        gap = np.abs(points.values[both] - values[both])
        scale = np.maximum(np.abs(values[both]), np.finfo(float).tiny)
        largest = max(largest, float(np.max(gap / scale, initial=0.0)))
    return largest, unequal, missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--windows", default=WINDOWS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    windows = [parse_duration(text) for text in options.windows.split(",")]
    indicator = EventRatio(
        "bad", counter_selector('requests_total{code=~"5.."}'), counter_selector("requests_total")
    )
    past = history(options.days)
    at = instants(past.span, MINUTE)
    absent = (np.full(at.size, np.nan), np.zeros(at.size, dtype=bool))
    rows, theirs = [], {}
    with TemporaryDirectory() as folder, serving(past, Path(folder)) as server:
        version = server.get("status/buildinfo")["version"]
        for window in windows:
            begun = time.perf_counter()
            found = server.query_range(error_ratio(indicator, window), at)
            rows.append((format_duration(window), time.perf_counter() - begun))
            theirs[window] = found.get("{}", absent)
    semantics = semantics_of(version)
    begun = time.perf_counter()
    ours = error_ratios(indicator, past, windows, at, semantics)
    first = time.perf_counter() - begun
    warm = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        error_ratios(indicator, past, windows, at, semantics)
        warm.append(time.perf_counter() - begun)
    engine, prometheus = statistics.median(warm), sum(seconds for _, seconds in rows)
    largest, unequal, missing = differences(ours, theirs)
    compared = sum(int(np.sum(present)) for _, present in theirs.values())
    print(
        f"{past.sample_count:,} samples of {len(past.series)} series over {options.days} days, "
        f"{at.size:,} evaluations of {len(windows)} windows"
    )
    for window, seconds in rows:
        print(f"  Prometheus {version} query_range, window {window:>4}: {seconds:8.3f} s")
    print(f"  Prometheus, all windows:                  {prometheus:8.3f} s")
    print(f"  engine, first call (loads and compiles):  {first:8.3f} s")
    print(f"  engine, median of {RUNS}:                    {engine:8.4f} s")
    print(f"  ratio: {prometheus / engine:,.0f}")
    print(f"  values compared: {compared:,}; not equal to the last bit: {unequal:,}")
    print(f"  largest relative difference: {largest}; points on one side only: {missing}")
    if options.json:
        result = {
            "ratio": prometheus / engine,
            "max_relative_difference": largest,
            "missing_differences": missing,
            "unequal_values": unequal,
            "compared_values": compared,
            "prometheus_seconds": prometheus,
            "engine_seconds": engine,
            "engine_first_call_seconds": first,
            "prometheus_version": version,
        }
        print(json.dumps(result))


if __name__ == "__main__":
    main()
