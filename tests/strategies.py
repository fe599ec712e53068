"""Histories that are hard on the arithmetic."""

from __future__ import annotations

import numpy as np

from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.samples import STALE_BITS, History, Series, series_of
from slo.model.span import Span

START = 1_790_000_000_000 // DAY * DAY


def nasty_times(rng: np.random.Generator, days: float, interval: int = 15 * SECOND) -> np.ndarray:
    """Offset and jittered scrapes, some missed, with a gap of 40 minutes."""
    count = int(days * DAY / interval)
    offset = int(rng.integers(interval))
    jitter = rng.integers(-20, 21, count) if rng.random() < 0.7 else 0
    times = START + offset + np.arange(count, dtype=np.int64) * interval + jitter
    kept = rng.random(count) > 0.01
    gap = START + int(rng.uniform(0.1, 0.9) * days * DAY)
    return times[kept & ~((times > gap) & (times < gap + 40 * MINUTE))]


def nasty_counter(rng: np.random.Generator, size: int, rate: float, *, whole: bool) -> np.ndarray:
    """A counter with resets at random, in whole or broken numbers."""
    steps = rng.poisson(rate, size).astype(float)
    if not whole:
        steps *= rng.uniform(0.1, 1.7, size)
    for at in rng.integers(1, size, int(rng.integers(0, 6))):
        steps[at] = np.nan
    values, running = np.empty(size), float(rng.integers(0, 50))
    for index, step in enumerate(steps):
        running = float(rng.integers(0, 3)) if np.isnan(step) else running + step
        values[index] = running
    return values


def nasty_history(seed: int, days: float = 3.0, targets: int = 4) -> History:
    """Counters, buckets and gauges of several targets that come, go, reset and have gaps."""
    rng = np.random.default_rng(seed)
    series: list[Series] = []
    for target in range(targets):
        times = nasty_times(rng, days)
        if target == 1:
            times = times[times > START + int(0.6 * days * DAY)]
        if target == 2:
            times = times[times < START + int(0.3 * days * DAY)]
        pod = {"pod": f"p{target}"}
        for code, rate in (("200", 40.0), ("404", 3.0), ("500", 0.05), ("503", 0.4)):
            values = nasty_counter(rng, times.size, rate, whole=target != 3)
            series.append(series_of({"__name__": "req_total", "code": code, **pod}, times, values))
        slow = nasty_counter(rng, times.size, 2.0, whole=True)
        for le, share in (("1", 0.5), ("2.5", 0.9), ("+Inf", 1.0)):
            labels = {"__name__": "dur_bucket", "le": le, **pod}
            series.append(series_of(labels, times, np.floor(slow * share)))
        series.append(series_of({"__name__": "dur_count", **pod}, times, slow))
        depth = np.cumsum(rng.normal(0, 3, times.size)) % 200
        series.append(series_of({"__name__": "depth", **pod}, times, depth))
        ratio = rng.beta(0.5, 20, times.size)
        ratio[rng.random(times.size) < 0.001] = np.nan if target == 0 else 0.5
        series.append(series_of({"__name__": "bad_ratio", **pod}, times, ratio))
    return History(tuple(series), Span(START, START + int(days * DAY)))


def wild_history(seed: int, days: float = 1.5) -> History:
    """What no exporter should do: counters that sink, NaN and infinities, ragged scrapes."""
    rng = np.random.default_rng(seed)
    series: list[Series] = []
    for target in range(4):
        interval = int(rng.integers(5_000, 97_000))
        count = int(days * DAY / interval)
        times = START + int(rng.integers(interval)) + np.arange(count, dtype=np.int64) * interval
        times += rng.integers(0, interval // 3, count)
        times = times[rng.random(count) > 0.2]
        size = times.size
        strange = rng.random(size) * 100
        strange[rng.random(size) < 0.002] = np.nan
        strange[rng.random(size) < 0.002] = -np.inf if target == 2 else np.inf
        scale = 10.0 ** int(rng.integers(-20, 20))
        found = {
            ("sinking", "500"): rng.normal(0, 5, size),
            ("sinking", "200"): rng.integers(0, 50, size).astype(float),
            ("strange", "500"): strange,
            ("strange", "200"): np.cumsum(rng.poisson(0.01, size)).astype(float),
            ("Scaled", "200"): np.cumsum(rng.random(size)) * scale,
        }
        for (metric, code), values in found.items():
            labels = {"__name__": metric, "code": code, "Zone": f"z{target}"}
            series.append(series_of(labels, times, values))
    return History(tuple(series), Span(START, START + int(days * DAY)))


def scattered_markers(seed: int) -> History:
    """An hour of counters with staleness markers: single ones, and before a pause."""
    rng = np.random.default_rng(seed)
    series = []
    for target in range(6):
        offset = int(rng.integers(15_000)) if target % 2 else 0
        times = START + offset + np.arange(240, dtype=np.int64) * 15_000
        values = np.cumsum(rng.random(240) * 10.0 ** (target % 4))
        for reset in rng.integers(1, 240, 2):
            values[reset:] -= values[reset] - 0.3
        values.view(np.uint64)[rng.integers(1, 240, 5)] = STALE_BITS
        if target == 3:
            values.view(np.uint64)[120] = STALE_BITS
            kept = (np.arange(240) <= 120) | (np.arange(240) > 200)
            times, values = times[kept], values[kept]
        code = "500" if target < 2 else "200"
        labels = {"__name__": "req_total", "code": code, "pod": f"p{target}"}
        series.append(series_of(labels, times, values))
    return History(tuple(series), Span(START, START + HOUR + 10 * MINUTE))
