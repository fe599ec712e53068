"""A small service in production: its metrics, a Prometheus that scrapes them, an Alertmanager."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import numpy as np
import pytest

from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import open_project
from slo.simulate.local_prometheus import backfill, serve
from slo.targets.folder import apply
from tests.integration.conftest import openmetrics
from tests.loopback import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIRECT = build_opener(ProxyHandler({}))
SPEC = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
  annotations: {slobook/runbook: availability.md}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{duration: 7d, isRolling: true}]
  indicator:
    metadata: {name: requests}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="500"}'}}}
        total: {metricSource: {type: Prometheus, spec: {query: requests_total}}}
  objectives: [{target: 0.99}]
"""
CONFIGURATION = """\
[project]
specs = ["specs"]
evaluation_interval = "1s"
"""
AT_ONCE = "--scrape.discovery-reload-interval=100ms"
"""A hidden flag: scrapes begin after five seconds without it."""

_READY_SECONDS = 30.0


def write_project(root: Path, *sections: str) -> Path:
    """A project with its artefacts and its runbook; returns its configuration file."""
    (root / "specs").mkdir()
    (root / "specs" / "shop.yaml").write_text(SPEC)
    (root / "runbooks").mkdir()
    (root / "runbooks" / "availability.md").write_text("# Availability\n\nRoll back.\n")
    file = root / "slobook.toml"
    file.write_text("\n".join([CONFIGURATION, *sections]))
    project = open_project(file)
    apply(project.plan(), project.generated_path)
    return file


class Service:
    """What answers scrapes: its requests grow at every one."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.extra = ""
        self.broken = False


@contextmanager
def service() -> Iterator[Service]:
    """An instance of the shop on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served = int(time.time())
            body = (
                "# TYPE requests_total counter\n"
                f'requests_total{{code="200"}} {served}\n'
                f'requests_total{{code="500"}} {served // 1000}\n{shop.extra}'
            ).encode()
            self.send_response(500 if shop.broken else 200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # Prometheus may end meanwhile
                self.wfile.write(body)

    with serving(Handler) as host:
        shop = Service(host)
        yield shop


@contextmanager
def monitored(
    root: Path, instances: int = 2, settings: str = "", days: float = 0.0, samples: int = 1
) -> Iterator[tuple[str, list[Service]]]:
    """A Prometheus that scrapes instances of the shop, and evaluates the files in generated/rules.

    Args:
        root: The project's folder.
        instances: How many there are.
        settings: Further lines of Prometheus' configuration.
        days: How old the history is.
        samples: How many there are of each series of an instance to begin with.

    Yields:
        Its address, and the instances.

    """
    with ExitStack() as stack:
        shops = [stack.enter_context(service()) for _ in range(instances)]
        targets = json.dumps([shop.address for shop in shops])
        scraping = (
            "global: {scrape_interval: 2s, external_labels: {cluster: eu-1}}\n"
            f"scrape_configs:\n  - job_name: shop\n    static_configs: [{{targets: {targets}}}]\n"
        )
        storage = root / "prometheus"
        if days:
            _remembered(storage, shops[0].address, days)
        rules = tuple(sorted((root / "generated" / "rules").glob("*.yml")))
        url = stack.enter_context(serve(storage, rules, (AT_ONCE,), scraping + settings))
        until(
            lambda: _seen(url, instances * samples), "the shop's metrics, and its rules evaluated"
        )
        yield url, shops


def until(holds, what: str) -> None:
    """Wait for something; the test fails where it does not come."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.1)
    pytest.fail(f"waited {_READY_SECONDS:g} s for {what}")


def asked(url: str, path: str) -> Any:
    with DIRECT.open(f"{url}/api/v1/{path}", timeout=10) as answer:
        return json.load(answer)["data"]


def _seen(url: str, samples: int) -> bool:
    scraped = asked(url, "query?query=sum(count_over_time(requests_total[1m]))")["result"]
    # Of both series of an instance.
    enough = bool(scraped) and float(scraped[0]["value"][1]) >= 2 * samples
    groups = [group for group in asked(url, "rules")["groups"] if group["interval"] == 1]
    return enough and all(rule["health"] != "unknown" for one in groups for rule in one["rules"])


def _remembered(storage: Path, instance: str, days: float) -> None:
    """Samples of the past, of one of the instances."""
    now = round(time.time() * 1000)
    span = Span(now - round(days * DAY), now - MINUTE)
    times = np.arange(span.start, span.end, 5 * MINUTE, dtype=np.int64)
    labels = {"__name__": "requests_total", "job": "shop", "instance": instance}
    series = tuple(
        series_of({**labels, "code": code}, times, np.arange(times.size) * 300.0)
        for code in ("200", "500")
    )
    text = storage.parent / "past.om"
    text.write_text(openmetrics(History(series, span)))
    backfill(text, storage)
