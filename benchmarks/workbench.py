"""A slider of the workbench: how long a move takes, beside building everything anew, in one run.

Question: 131,000 evaluations of an objective with four alerts, and somebody drags its target. The
anchor is the same workbench built from raw samples: what a move would cost if nothing were kept.

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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from slo.model.duration import DAY, MINUTE
from slo.model.span import Span
from slo.project import open_project
from slo.workbench import design
from tests.shop import SPAN, history, stretch
from tests.unit.workbench.conftest import SPEC

DAYS, RUNS = 91, 7


def timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    past = history((stretch(2, 1), 0.5), span=Span(SPAN.end - DAYS * DAY, SPAN.end))
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "slobook.toml").write_text('[project]\nspecs = ["shop.yaml"]\n')
        (root / "shop.yaml").write_text(SPEC)
        project = open_project(root / "slobook.toml")
        bench = design(project, project["availability"], past)
        moves, anew = [], []
        for index in range(RUNS):
            moves.append(timed(lambda index=index: setattr(bench.objective, "index", index)))
            anew.append(timed(lambda: design(project, project["availability"], past)))
    found = {
        "evaluations": DAYS * DAY // MINUTE,
        "move_seconds": statistics.median(moves),
        "anew_seconds": statistics.median(anew),
    }
    print(f"{found['evaluations']:,} evaluations")
    print(f"a move      {1000 * found['move_seconds']:6.0f} ms")
    print(f"built anew  {1000 * found['anew_seconds']:6.0f} ms")
    if arguments.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
