"""Histories that are hard on the arithmetic."""

from __future__ import annotations

import numpy as np

from slo.model.duration import DAY, MINUTE, SECOND
from slo.model.samples import History, Series, series_of
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
