"""The exporter's metrics in the eyes of Prometheus' own linter."""

from __future__ import annotations

import subprocess

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from exporter import DEFINITIONS, register
from slo.simulate.local_prometheus import program

pytestmark = pytest.mark.integration


def test_promtool_finds_nothing_to_say_about_the_metrics():
    registry = CollectorRegistry()
    metrics = register(registry)
    for definition in DEFINITIONS:
        if definition.labels:
            metrics[definition.name].labels(*definition.labels)
    done = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=generate_latest(registry),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
