"""The endpoint behind gunicorn and uvicorn, and in the eyes of a real Prometheus."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from exporter import Metrics, Settings
from exporter.endpoint.scrape import Scrapes
from exporter.labels import Learnt
from slo.simulate.local_prometheus import serve

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
AGENT = "tests.integration.endpoint_agent"
PROCESSED = "support_agent_tickets_processed_total"
RESOLVED = {"category": "billing", "channel": "chat", "outcome": "resolved"}
PROGRESS = "support_agent_tickets_in_progress"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command, port, folder, **variables):
    """A server that has answered once; ended by its own number."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables}
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            wait_for(lambda: get(port, "/healthz"), server, log)
            yield Running(server.pid, port, log)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


class Running:
    """A server of several processes."""

    def __init__(self, pid, port, log):
        self.pid, self.port, self.log = pid, port, log

    def samples(self):
        """Every sample of a scrape: its name and labels, and its value."""
        text = get(self.port, "/metrics").decode()
        return [s for family in text_string_to_metric_families(text) for s in family.samples]

    def value(self, name, **labels):
        """The sum of the samples with these labels."""
        found = [
            s.value for s in self.samples() if s.name == name and labels.items() <= s.labels.items()
        ]
        return sum(found) if found else None

    def workers(self):
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(one) for one in children.split()]


def get(port, path, method="GET", headers=None):
    request = Request(f"http://127.0.0.1:{port}{path}", method=method, headers=headers or {})
    with urlopen(request, timeout=30) as answer:
        return answer.read()


def ticket(port, seconds=0.0):
    return json.loads(get(port, f"/tickets/{seconds}", "POST"))["worker"]


def wait_for(condition, server=None, log=None, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except (URLError, ConnectionError):
            pass
        if server is not None and server.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(log.read_text() if log else "it never came true")


@contextmanager
def gunicorn(folder, *options, **variables):
    place = folder / "values"
    place.mkdir(exist_ok=True)
    configuration = folder / "gunicorn.conf.py"
    configuration.write_text("from exporter.endpoint.gunicorn import child_exit, on_starting\n")
    port = free_port()
    command = ["gunicorn", f"{AGENT}:flask_app()", "-c", str(configuration), "-w", "3"]
    command += ["-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "4", *options]
    variables["PROMETHEUS_MULTIPROC_DIR"] = str(place)
    with running(command, port, folder, **variables) as server:
        wait_for(lambda: len(server.workers()) == 3)
        yield server


@pytest.mark.parametrize("options", [(), ("--preload",)], ids=["", "preload"])
def test_counts_are_exact_over_all_workers_and_one_that_is_killed(tmp_path, options):
    deployed = {"SUPPORT_AGENT_VERSION": "1.2.3", "SUPPORT_AGENT_DEPLOYED_AT": "1700000000"}
    with gunicorn(tmp_path, *options, **deployed) as server:
        with ThreadPoolExecutor(16) as crowd:
            served = list(crowd.map(lambda _: ticket(server.port), range(300)))
        assert len(set(served)) > 1
        route = "/tickets/<float:seconds>"
        expected = {
            PROCESSED: (RESOLVED, 300),
            "support_agent_response_duration_seconds_bucket": ({"le": "5.0"}, 300),
            "support_agent_response_duration_seconds_count": ({"channel": "chat"}, 300),
            "support_agent_http_requests_total": ({"route": route, "code_class": "2xx"}, 300),
            "support_agent_resolution_ratio": ({}, 1.0),
            "support_agent_csat_score": ({}, 4.0),
            "support_agent_metrics_scrape_incomplete": ({}, 0.0),
            "support_agent_build_info": ({"version": "1.2.3"}, 1.0),
            "support_agent_deployment_timestamp_seconds": ({"version": "1.2.3"}, 1.7e9),
            "support_agent_dependency_up": ({"dependency": "database"}, 1.0),
            "support_agent_tickets_reopened_total": ({"category": "billing"}, 0.0),
            PROGRESS: ({}, 0.0),
        }
        found = {name: server.value(name, **labels) for name, (labels, _) in expected.items()}
        assert found == {name: value for name, (_, value) in expected.items()}
        assert [s for s in server.samples() if "pid" in s.labels] == []

        # Killed half way through a ticket: the ticket is lost, and what was counted is not.
        with ThreadPoolExecutor(1) as waiting:
            lost = waiting.submit(ticket, server.port, 60.0)
            wait_for(lambda: server.value(PROGRESS) == 1)
            before = set(server.workers())
            for worker in before:
                os.kill(worker, signal.SIGKILL)
            with pytest.raises((ConnectionError, URLError)):
                lost.result()
        wait_for(lambda: len(set(server.workers()) - before) == 3)
        wait_for(lambda: get(server.port, "/healthz"))
        assert server.value(PROGRESS) == 0
        assert server.value(PROCESSED, **RESOLVED) == 300
        assert server.value("support_agent_build_info", version="1.2.3") == 1.0
        ticket(server.port)
        assert server.value(PROCESSED, **RESOLVED) == 301
        assert "Traceback" not in server.log.read_text()


def test_workers_that_are_recycled_leave_neither_files_nor_gaps(tmp_path):
    with gunicorn(tmp_path, "--max-requests", "20", "--max-requests-jitter", "5") as server:
        seen, served = [], set()
        for _ in range(6):
            with ThreadPoolExecutor(8) as crowd:
                posted = list(crowd.map(lambda _: ticket(server.port), range(50)))
            served |= set(posted)
            seen.append(server.value(PROCESSED, **RESOLVED))
        assert seen == [50, 100, 150, 200, 250, 300]
        assert len(served) > 6
        wait_for(lambda: len(server.workers()) == 3)
        numbers = {path.stem.rpartition("_")[2] for path in (tmp_path / "values").glob("*.db")}
        assert numbers <= {"dead", *map(str, server.workers())}
        assert server.value(PROGRESS) == 0
        assert server.value(PROCESSED, **RESOLVED) == 300


def test_a_scrape_never_sees_a_count_fall_while_workers_come_and_go(tmp_path):
    with gunicorn(tmp_path, "--max-requests", "5") as server:
        with ThreadPoolExecutor(4) as crowd:
            posted = [crowd.submit(ticket, server.port) for _ in range(200)]
            seen = []
            while not all(one.done() for one in posted):
                seen.append(server.value(PROCESSED, **RESOLVED))
        assert seen == sorted(seen)
        assert len(seen) > 10
        failed = [one for one in posted if one.exception() is not None]
        # gunicorn may drop a connection as a worker ends; what was answered was counted.
        assert server.value(PROCESSED, **RESOLVED) >= 200 - len(failed)


def test_an_earlier_run_leaves_nothing(tmp_path):
    for _ in range(2):
        with gunicorn(tmp_path) as server:
            for _ in range(5):
                ticket(server.port)
            assert server.value(PROCESSED, **RESOLVED) == 5


def test_workers_that_count_apart_are_told_of(tmp_path):
    port = free_port()
    command = ["gunicorn", f"{AGENT}:flask_app()", "-w", "2", "-b", f"127.0.0.1:{port}"]
    with running(command, port, tmp_path) as server:
        assert b"support_agent_build_info" in get(port, "/metrics")
        assert "set PROMETHEUS_MULTIPROC_DIR before they start" in server.log.read_text()


def test_a_folder_emptied_under_the_workers_fails_the_scrape(tmp_path):
    with gunicorn(tmp_path) as server:
        ticket(server.port)
        for path in (tmp_path / "values").glob("*.db"):
            path.unlink()
        with pytest.raises(URLError, match="500"):
            get(server.port, "/metrics")


@pytest.mark.parametrize("workers", [1, 2])
def test_uvicorn_alone_and_with_workers(tmp_path, workers):
    port = free_port()
    command = ["uvicorn", f"{AGENT}:asgi_app", "--port", str(port), "--workers", str(workers)]
    more = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)} if workers > 1 else {}
    with running(command, port, tmp_path, **more) as server:
        with ThreadPoolExecutor(8) as crowd:
            served = set(crowd.map(lambda _: get(port, "/tickets/1"), range(100)))
        assert 1 <= len(served) <= workers
        assert server.value(PROCESSED, **RESOLVED) == 100
        labels = {"route": "/tickets/{id}", "method": "GET", "code_class": "2xx"}
        assert server.value("support_agent_http_requests_total", **labels) == 100
        packed = get(port, "/metrics", headers={"Accept-Encoding": "gzip"})
        assert b"support_agent_build_info" in gzip.decompress(packed)
        assert get(port, "/metrics", "HEAD") == b""


def test_a_large_scrape_costs_little_more_than_its_text(tmp_path):
    registry = CollectorRegistry()
    metrics = Metrics(registry, Settings(max_series=20_000))
    metrics.recorder.instruments._guard.domains["tool"] = Learnt(10_000)
    for number in range(10_000):
        metrics.tool_called(f"tool-{number}")
    scrapes = Scrapes(metrics)
    assert len(scrapes.exposition().text.splitlines()) > 10_000
    ratios = []
    for _ in range(7):
        begun = time.perf_counter()
        scrapes.exposition()
        between = time.perf_counter()
        generate_latest(registry)
        ratios.append((between - begun) / (time.perf_counter() - between))
    # The library alone writes a creation time for each counter, too; we leave those out.
    assert statistics.median(ratios) < 1.2


TRACED = """
import sys
from opentelemetry.sdk.trace import TracerProvider
from exporter import metrics, track_ticket_processing
from exporter.endpoint import Access
from exporter.endpoint.access import Secret
from exporter.endpoint.server import serve_metrics
from pathlib import Path

@track_ticket_processing
def process(ticket):
    return "resolved"

tracer = TracerProvider().get_tracer("test")
with tracer.start_as_current_span("request") as span:
    process({"category": "billing", "channel": "chat"})
    trace = f"{span.get_span_context().trace_id:032x}"
server = serve_metrics(0, access=Access(token=Secret(file=Path(sys.argv[1]))))
print(server.port, trace, flush=True)
sys.stdin.read()
"""


def test_prometheus_reads_with_a_token_that_is_rotated_and_finds_the_trace(tmp_path):
    token = tmp_path / "token"
    token.write_text("first\n")
    agent = subprocess.Popen(
        [sys.executable, "-c", TRACED, str(token)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with agent:
        port, trace = agent.stdout.readline().split()
        settings = f"""
scrape_configs:
  - job_name: agent
    scrape_interval: 1s
    authorization: {{credentials_file: {token}}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
        flags = ("--enable-feature=exemplar-storage",)
        with serve(tmp_path / "storage", flags=flags, settings=settings) as url:

            def asked(path):
                with urlopen(f"{url}/api/v1/{path}", timeout=30) as answer:
                    return json.load(answer)["data"]

            def up():
                found = asked("query?query=up")["result"]
                return found[0]["value"][1] if found else None

            wait_for(lambda: up() == "1")
            found = asked(f"query?query=sum({PROCESSED})")["result"]
            assert found[0]["value"][1] == "1"
            now = time.time()
            query = "query_exemplars?query=support_agent_ticket_processing_duration_seconds_bucket"
            exemplars = asked(f"{query}&start={now - 600}&end={now + 600}")
            traces = {one["labels"]["trace_id"] for s in exemplars for one in s["exemplars"]}
            assert traces == {trace}

            # Prometheus reads the file at each scrape, as the endpoint does.
            token.write_text("second\n")
            rotated = time.time()

            def scraped_since():
                found = asked("query?query=timestamp(up)")["result"]
                return float(found[0]["value"][1]) > rotated + 1

            wait_for(scraped_since)
            assert up() == "1"
        with pytest.raises(URLError, match="401"):
            get(port, "/metrics", headers={"Authorization": "Bearer first"})
        agent.stdin.close()
