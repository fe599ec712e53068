"""Finalizers that record in the middle of anything, while values are in memory and in files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
RECORDING = """
import gc
from prometheus_client import CollectorRegistry
from exporter import Metrics, Settings
from exporter.labels import Learnt
from exporter.endpoint.scrape import Scrapes

metrics = Metrics(CollectorRegistry(), Settings(max_series=10**6))
metrics.recorder.instruments._guard.domains["tool"] = Learnt(10**6)
scrapes = Scrapes(metrics)
metrics.knowledge_base_lookup("hit")

class Cycle:
    def __init__(self):
        self.me = self

    def __del__(self):
        metrics.knowledge_base_lookup("hit")

# Thresholds of all sizes: collections happen at every step of making a child, and of a scrape.
for number in range(4_000):
    gc.set_threshold(20 + number % 97)
    Cycle()
    metrics.tool_called(f"tool-{number}")
    if number % 200 == 0:
        Cycle()
        scrapes.exposition()
gc.collect()
metrics.recorder.settle()
print(metrics.metric("knowledge_base_lookups_total").labels("hit")._value.get())
"""


@pytest.mark.parametrize("files", [False, True], ids=["memory", "files"])
def test_nothing_waits_for_itself_and_nothing_is_lost(tmp_path, files):
    environment = dict(os.environ)
    if files:
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", RECORDING],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    assert float(done.stdout) == 1 + 4_000 + 20
