"""Tuning one objective: a warm search, a cold process, and how both grow, in one run.

Question: the whole of ``slo.tune``, with walk-forward validation and intervals, of a service that
is scraped every 15 s and evaluated every minute. The anchor is one backtest of the present policy
from raw samples: what anybody pays who tries a single other policy without a replay.

    python benchmarks/tune.py            # tables
    python benchmarks/tune.py --json     # and one JSON object last
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import slo
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.duration import DAY, HOUR, SECOND
from slo.model.incident import Incident
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.spec import read_specs

START = 1_790_000_000_000 // DAY * DAY
SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'r_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: r_total}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.995}]
"""


def past(days: int, series: int) -> tuple[History, list[Incident]]:
    """Counters of some targets, half of them of failures; an outage every four days."""
    rng = np.random.default_rng(5)
    outages = [
        Span(START + day * DAY + 9 * HOUR, START + day * DAY + 10 * HOUR + n * HOUR // 3)
        for n, day in enumerate(range(2, days, 4))
    ]
    made = []
    for target in range(series // 2):
        times = START + 41 * target + np.arange(0, days * DAY, 15 * SECOND, dtype=np.int64)
        share = np.full(times.size, 0.0008)
        for n, outage in enumerate(outages):
            share[(times > outage.start) & (times <= outage.end)] = 0.03 + 0.05 * (n % 4)
        events = rng.poisson(60, times.size)
        failed = rng.binomial(events, share)
        for code, counted in (("200", events - failed), ("500", failed)):
            labels = {"__name__": "r_total", "code": code, "pod": f"p{target}"}
            made.append(series_of(labels, times, np.cumsum(counted).astype(float)))
    incidents = [Incident(f"outage-{n}", o, "outage", "shop") for n, o in enumerate(outages)]
    return History(tuple(made), Span(START, START + days * DAY)), incidents


def seconds(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def cold(folder: Path, history: History, incidents: list[Incident]) -> tuple[float, float]:
    """Seconds and megabytes of ``slo tune`` in a process of its own, on a snapshot."""
    (folder / "slobook.toml").write_text('[project]\nspecs = ["spec.yaml"]\n')
    (folder / "history").mkdir(exist_ok=True)
    write_snapshot(history, folder / "history" / "snapshot.parquet")
    write_incidents(incidents, folder / "history" / "incidents.csv")
    command = [sys.executable, "-c", "from slo.cli import main; main()", "tune", "--json"]
    best = min(
        seconds(lambda: subprocess.run(command, cwd=folder, check=False, capture_output=True))
        for _ in range(3)
    )
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", default="30,90,180,365")
    parser.add_argument("--series", default="8,40,200")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report: dict[str, object] = {"days": {}, "series": {}}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "spec.yaml").write_text(SPEC)
        (one,) = read_specs([folder / "spec.yaml"]).slos
        history, incidents = past(90, 8)
        slo.tune(one, history, incidents)
        elapsed, megabytes = cold(folder, history, incidents)
        anchor = min(seconds(lambda: slo.backtest(one, history, incidents)) for _ in range(3))
        warm = min(seconds(lambda: slo.tune(one, history, incidents)) for _ in range(3))
        report |= {
            "warm_seconds": warm,
            "cold_seconds": elapsed,
            "cold_megabytes": megabytes,
            "backtests_it_costs": warm / anchor,
        }
        print(f"90 days, 8 series: {warm:.2f} s warm, which {warm / anchor:.1f} backtests cost")
        print(f"  cold process: {elapsed:.2f} s, {megabytes:.0f} MB")
        for axis, values in (("days", options.days), ("series", options.series)):
            print(f"{axis:>8}{'samples':>14}{'seconds':>10}{'a million samples':>20}")
            for value in map(int, values.split(",")):
                days, series = (value, 8) if axis == "days" else (90, value)
                history, incidents = past(days, series)
                took = min(
                    seconds(lambda h=history, i=incidents: slo.tune(one, h, i)) for _ in range(2)
                )
                samples = history.sample_count
                report[axis][value] = {"samples": samples, "seconds": took}  # type: ignore[index]
                print(f"{value:>8}{samples:>14,}{took:>10.2f}{took / samples * 1e6:>20.3f}")
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
