"""A slider of the workbench: how long a move takes, beside building everything anew, in one run.

Question: 131,000 evaluations of an objective with four alerts, and somebody drags its target; and
as many of an alert on a threshold, which somebody drags. The anchor is the same workbench built
from raw samples: what a move would cost if nothing were kept.

    python benchmarks/workbench.py            # a table
    python benchmarks/workbench.py --json     # and one JSON object last
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

from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import open_project
from slo.workbench import design, threshold
from tests.shop import SPAN, history, stretch
from tests.unit.workbench.conftest import SPEC
from tests.unit.workbench.test_threshold import SPEC as QUEUE

DAYS, RUNS = 91, 7


def timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def queue_of(past):
    """A queue that is measured once a minute, as long as a history."""
    times = past.series[0].times
    depth = 10.0 + np.abs(np.sin(np.arange(times.size) / 700.0)) * (np.arange(times.size) % 90)
    return History((series_of({"__name__": "queue_depth"}, times, depth),), past.span)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    past = history((stretch(2, 1), 0.5), span=Span(SPAN.end - DAYS * DAY, SPAN.end))
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "slobook.toml").write_text('[project]\nspecs = ["shop.yaml"]\n')
        (root / "shop.yaml").write_text(f"{SPEC}---\n{QUEUE}")
        project = open_project(root / "slobook.toml")
        bench = design(project, project["availability"], past)
        moves, anew = [], []
        dragged, drag_anew = [], []
        alert, queue = project.alert("queue"), queue_of(past)
        line = threshold(project, alert, queue)
        for index in range(RUNS):
            dragged.append(timed(lambda index=index: setattr(line.threshold, "index", index)))
            drag_anew.append(timed(lambda: threshold(project, alert, queue)))
            moves.append(timed(lambda index=index: setattr(bench.objective, "index", index)))
            anew.append(timed(lambda: design(project, project["availability"], past)))
    found = {
        "evaluations": DAYS * DAY // MINUTE,
        "move_seconds": statistics.median(moves),
        "anew_seconds": statistics.median(anew),
        "threshold_move_seconds": statistics.median(dragged),
        "threshold_anew_seconds": statistics.median(drag_anew),
    }
    print(f"{found['evaluations']:,} evaluations")
    for name, of in (("", "an objective"), ("threshold_", "a threshold")):
        move, built = found[f"{name}move_seconds"], found[f"{name}anew_seconds"]
        print(f"{of}: a move {1000 * move:.0f} ms, built anew {1000 * built:.0f} ms")
    if arguments.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
