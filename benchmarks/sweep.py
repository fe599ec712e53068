"""Thousands of alert conditions over 90 days, beside one condition at a time, in one run.

Question: for every pair of windows, burn rate and ``for``, the episodes, the false ones, the
evaluations in alert and the detection of each incident, over 90 days at 60 s. The sweep answers
for all of them; the anchors are the engine's own state machine on numpy arrays, a condition at a
time, and a plain loop over evaluations. All three are compared on a sample of the conditions.
Compiling is left out.

    python benchmarks/sweep.py            # a table
    python benchmarks/sweep.py --json     # and one JSON object last
"""

from __future__ import annotations

import argparse
import json
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


def history(days: int) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Levels of 21 pairs of windows over a service that fails now and then."""
    rng = np.random.default_rng(0)
    count = days * DAY // MINUTE
    ratio = np.abs(rng.normal(0.0003, 0.0002, count))
    for day in OUTAGES:
        at = int(day / 90 * days * 1440)
        ratio[at : at + 30] = 0.05 * rng.random()
    running = np.concatenate(([0.0], np.cumsum(ratio)))
    ends = np.arange(1, count + 1)
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
    values, pairs = history(options.days)
    incidents = [
        Span(at, at + 30 * MINUTE)
        for at in (START + int(d / 90 * options.days * 1440) * MINUTE for d in OUTAGES)
    ]
    beginning = START - HOUR
    over = levels(values, START, MINUTE, START + values.shape[1] * MINUTE)
    by = judged(incidents, [], cuts=[START], pairs=pairs, holds=HOLDS, beginning=beginning)
    report: dict[str, float] = {}
    few = np.geomspace(1, 100, 96) * 1e-3
    many = np.geomspace(1, 100, 9_600) * 1e-3
    sweep(over, by, few, HOLDS)
    found, seconds = timed(lambda: sweep(over, by, few, HOLDS))
    _, longer = timed(lambda: sweep(over, by, many, HOLDS))
    conditions = len(pairs) * few.size * len(HOLDS)
    rng = np.random.default_rng(1)
    unequal, took = 0, {one_at_a_time: 0.0, plain_loop: 0.0}
    for _ in range(SAMPLED):
        row, t, h = rng.integers(len(pairs)), rng.integers(few.size), rng.integers(len(HOLDS))
        seen, warm = pairs[row][1] + HOLDS[h], beginning + pairs[row][0]
        ours = (
            int(found.episodes[row, t, h, 0]), int(found.false[row, t, h, 0]),
            int(found.firing[row, t, h, 0]), found.detected[row, t, h].tolist(),
        )  # fmt: skip
        for anchor in took:
            began = time.perf_counter()
            theirs = anchor(
                values[row], few[t], HOLDS[h], seen=seen, warm=warm, incidents=incidents
            )
            took[anchor] += time.perf_counter() - began
            unequal += ours != theirs
    each = seconds / conditions
    copied = np.empty_like(values)
    _, copy_seconds = timed(lambda: np.copyto(copied, values))
    # Were nothing skipped, every condition would read a row of levels.
    row_seconds = copy_seconds / (2 * values.shape[0])
    report = {
        "conditions": conditions,
        "milliseconds": 1000 * seconds,
        "many_conditions": len(pairs) * many.size * len(HOLDS),
        "many_seconds": longer,
        "times_the_state_machines_speed": took[one_at_a_time] / SAMPLED / each,
        "times_the_plain_loops_speed": took[plain_loop] / SAMPLED / each,
        "times_memory_bandwidth": row_seconds / each,
        "unequal": unequal,
    }
    print(f"{report['conditions']:,} conditions: {report['milliseconds']:.1f} ms")
    print(f"{report['many_conditions']:,} conditions: {report['many_seconds']:.2f} s")
    print(
        f"a condition: {report['times_the_state_machines_speed']:,.0f} times as fast as the state "
        f"machine on arrays, {report['times_the_plain_loops_speed']:,.0f} times as fast as a plain "
        f"loop, {report['times_memory_bandwidth']:,.0f} times as fast as reading its levels once"
    )
    print(f"{unequal} of {2 * SAMPLED} comparisons unequal")
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
