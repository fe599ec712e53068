"""Thousands of alert conditions over 90 days, beside one condition at a time, in one run.

Question: for every pair of windows, burn rate and ``for``, the episodes, the false ones, the
evaluations in alert and the detection of each incident, over 90 days at 60 s. The sweep answers
for all of them; the anchors are the engine's own state machine on numpy arrays, a condition at a
time, and a plain loop over evaluations. All three are compared on a sample of the conditions, half
of them such that fire. Compiling is left out: one sweep goes before those that are timed.

The sweep skips what is quiet, so that its cost depends on the history. A restless one, whose errors
are around the thresholds all the time, stands beside the calm one with its six outages.

    python benchmarks/sweep.py            # a table
    python benchmarks/sweep.py --json     # and one JSON object last
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.engine.alert import FIRING, states
from slo.engine.sweep import judged, levels, sweep
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.span import Span

START = 1_790_000_000_000 // DAY * DAY
WINDOWS = (5, 30, 60, 120, 360, 1440, 4320)
HOLDS = tuple(minutes * MINUTE for minutes in (0, 1, 2, 5, 15))
OUTAGES = (6.2, 14.6, 23.3, 41.0, 50.5, 70.1)
SAMPLED = 40
RUNS = 9
PATIENCE = 10.0


def calm(rng: np.random.Generator, days: int) -> np.ndarray:
    """Error ratios of minutes of a service that fails now and then."""
    count = days * DAY // MINUTE
    ratio = np.abs(rng.normal(0.0003, 0.0002, count))
    for start in outages(days):
        at = (start - START) // MINUTE
        ratio[at : at + 30] = 0.05 * rng.random()
    return ratio


def restless(rng: np.random.Generator, days: int) -> np.ndarray:
    """Those of a service that always fails a little, ten times more in one minute in six."""
    count = days * DAY // MINUTE
    return np.minimum(1.0, 0.003 * rng.lognormal(0.0, 2.0, count))


def outages(days: int) -> list[int]:
    return [START + int(day / 90 * days * 1440) * MINUTE for day in OUTAGES]


def over_windows(ratio: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Levels of 21 pairs of windows: the lower of both means."""
    running = np.concatenate(([0.0], np.cumsum(ratio)))
    ends = np.arange(1, ratio.size + 1)
    means = {}
    for window in WINDOWS:
        begins = np.maximum(ends - window, 0)
        means[window] = (running[ends] - running[begins]) / (ends - begins)
    pairs = [(long, short) for i, long in enumerate(WINDOWS) for short in WINDOWS[:i]]
    values = np.stack([np.minimum(means[long], means[short]) for long, short in pairs])
    return values, [(long * MINUTE, short * MINUTE) for long, short in pairs]


def one_at_a_time(level, threshold, hold, *, seen, warm, incidents):
    """The engine's state machine, then what a backtest does with its episodes."""
    times = START + np.arange(level.size) * MINUTE
    state, _ = states(level > threshold, times, hold, 0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], state == FIRING, [0])))).reshape(-1, 2)
    return told(edges, level.size, seen, warm, incidents)


def plain_loop(level, threshold, hold, *, seen, warm, incidents):
    """One evaluation after the other."""
    edges, since, fires = [], None, None
    wait = -(-hold // MINUTE)
    for index, value in enumerate(level.tolist()):
        if value > threshold:
            since = index if since is None else since
            if fires is None and index - since >= wait:
                fires = index
        else:
            if fires is not None:
                edges.append((fires, index))
            since = fires = None
    if fires is not None:
        edges.append((fires, level.size))
    return told(np.array(edges, dtype=np.int64).reshape(-1, 2), level.size, seen, warm, incidents)


def told(edges, size, seen, warm, incidents):
    """Episodes, false ones, evaluations in alert, and the evaluation that saw each incident."""
    episodes = false = firing = 0
    detected = [-1] * len(incidents)
    for first, stop in edges.tolist():
        start = START + first * MINUTE
        end = START + stop * MINUTE if stop < size else START + size * MINUTE
        own = [k for k, one in enumerate(incidents) if start <= one.end + seen and end > one.start]
        if not own and start < warm:
            continue
        episodes, firing, false = episodes + 1, firing + stop - first, false + (not own)
        for k in own:
            detected[k] = first if detected[k] < 0 else detected[k]
    return episodes, false, firing, detected


def timed(call):
    """What a call answers, and its median of several; of fewer where it takes long."""
    took = []
    while len(took) < RUNS and sum(took) < PATIENCE:
        began = time.perf_counter()
        found = call()
        took.append(time.perf_counter() - began)
    return found, statistics.median(took)


def chosen(rng, episodes):
    """Indexes of conditions, half of them such that fire, where there are any."""
    anywhere = np.argwhere(episodes[..., 0] >= 0)
    fires = np.argwhere(episodes[..., 0] > 0)
    half = SAMPLED // 2
    return np.concatenate([rng.choice(of, half) for of in (anywhere, fires) if len(of)])


def measured(ratio: np.ndarray, days: int) -> dict[str, float]:
    """One history's sweeps, timed and compared."""
    values, pairs = over_windows(ratio)
    incidents = [Span(at, at + 30 * MINUTE) for at in outages(days)]
    beginning = START - HOUR
    over = levels(values, START, MINUTE, START + values.shape[1] * MINUTE)
    by = judged(incidents, [], cuts=[START], pairs=pairs, holds=HOLDS, beginning=beginning)
    few, many = (np.geomspace(1, 100, count) * 1e-3 for count in (96, 9_600))
    sweep(over, by, few, HOLDS)
    found, seconds = timed(lambda: sweep(over, by, few, HOLDS))
    of_many, longer = timed(lambda: sweep(over, by, many, HOLDS))
    rng = np.random.default_rng(1)
    unequal, took = 0, {one_at_a_time: 0.0, plain_loop: 0.0}
    compared = [(found, few, at) for at in chosen(rng, found.episodes)]
    compared += [(of_many, many, at) for at in chosen(rng, of_many.episodes)]
    for swept, thresholds, (row, t, h) in compared:
        seen, warm = pairs[row][1] + HOLDS[h], beginning + pairs[row][0]
        ours = (
            int(swept.episodes[row, t, h, 0]), int(swept.false[row, t, h, 0]),
            int(swept.firing[row, t, h, 0]), swept.detected[row, t, h].tolist(),
        )  # fmt: skip
        for anchor in took:
            began = time.perf_counter()
            theirs = anchor(
                values[row], thresholds[t], HOLDS[h], seen=seen, warm=warm, incidents=incidents
            )
            took[anchor] += time.perf_counter() - began
            unequal += ours != theirs
    conditions = found.episodes[..., 0].size
    each = seconds / conditions
    copied = np.empty_like(values)
    _, copy_seconds = timed(lambda: np.copyto(copied, values))
    # Were nothing skipped, every condition would read a row of levels.
    row_seconds = copy_seconds / (2 * values.shape[0])
    return {
        "conditions": conditions,
        "episodes": int(found.episodes.sum()),
        "milliseconds": 1000 * seconds,
        "many_conditions": of_many.episodes[..., 0].size,
        "many_seconds": longer,
        "times_the_state_machines_speed": took[one_at_a_time] / len(compared) / each,
        "times_the_plain_loops_speed": took[plain_loop] / len(compared) / each,
        "times_memory_bandwidth": row_seconds / each,
        "comparisons": 2 * len(compared),
        "unequal": unequal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = {}
    for name, history in (("calm", calm), ("restless", restless)):
        one = measured(history(np.random.default_rng(0), options.days), options.days)
        report[name] = one
        print(f"{name}, {options.days} days at 60 s, {os.cpu_count()} processors")
        print(
            f"  {one['conditions']:,} conditions: {one['milliseconds']:.1f} ms, "
            f"{one['episodes']:,} episodes"
        )
        print(f"  {one['many_conditions']:,} conditions: {one['many_seconds']:.2f} s")
        print(
            f"  a condition: {one['times_the_state_machines_speed']:,.0f} times as fast as the "
            f"state machine on arrays, {one['times_the_plain_loops_speed']:,.0f} times as fast as "
            f"a plain loop, {one['times_memory_bandwidth']:,.1f} times as fast as reading its "
            "levels once on one thread"
        )
        print(f"  {one['unequal']} of {one['comparisons']} comparisons unequal")
    if options.json:
        print(json.dumps(report))
    if any(one["unequal"] for one in report.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
