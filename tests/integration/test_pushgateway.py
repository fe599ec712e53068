"""A run's metrics as promtool, a real Pushgateway and whoever scrapes it read them."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import closing
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from slo.report.runs.pushgateway import Pushgateway, push
from slo.report.runs.run_due import Outcome
from slo.report.runs.textfile import textfile
from tests import stand_in_report as stand_in

pytestmark = pytest.mark.integration

DIRECT = build_opener(ProxyHandler({}))
NOW = 1_800_000_000.5


def program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is not installed; install {package}, or run tools/install-programs")
    return path


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """The address of a Pushgateway on loopback."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    called = [program("prometheus-pushgateway", "prometheus-pushgateway")]
    called.append(f"--web.listen-address=127.0.0.1:{port}")
    log = (tmp_path_factory.mktemp("pushgateway") / "log").open("w")
    url = f"http://127.0.0.1:{port}"
    with log, subprocess.Popen(called, stdout=log, stderr=log) as running:
        try:
            deadline = monotonic() + 30
            while not answers(f"{url}/-/ready"):
                assert running.poll() is None
                assert monotonic() < deadline
                sleep(0.05)
            yield url
        finally:
            running.terminate()


def answers(url: str) -> bool:
    try:
        with DIRECT.open(url, timeout=5) as answer:
            return answer.status == 200
    except URLError:
        return False


def scraped(url: str) -> dict[tuple[str, ...], float]:
    """Our samples by name, project, kind and service."""
    with DIRECT.open(f"{url}/metrics", timeout=5) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        told = [s for f in families for s in f.samples if s.name.startswith("slobook_report_")]
    assert {sample.labels["job"] for sample in told} == {"slobook_reports"}
    return {
        (
            s.name.removeprefix("slobook_report_"),
            *(s.labels[name] for name in ("project", "kind", "service")),
        ): s.value
        for s in told
    }


@pytest.fixture
def outcomes(tmp_path):
    """A report that is there, and one that could not be made."""
    made, failed = stand_in.due(tmp_path / "reports", weeks=1)
    made.folder.parent.mkdir(parents=True)
    stand_in.attempt(made.folder, 0)
    return [Outcome(made, "made", "All kept.", 1.0), Outcome(failed, "failed", "no")]


def test_promtool_finds_nothing_wrong_with_the_metrics(outcomes):
    done = subprocess.run(
        [program("promtool", "prometheus"), "check", "metrics"],
        input=textfile(outcomes, NOW),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_projects_kinds_and_services_leave_each_other_alone(gateway, outcomes):
    push(outcomes, NOW, Pushgateway(gateway, "shop"))
    push(outcomes[:1], NOW + 1, Pushgateway(gateway, "the other/shop"))
    first = scraped(gateway)
    assert first["run_timestamp_seconds", "shop", "slo", "checkout"] == NOW
    assert first["run_timestamp_seconds", "the other/shop", "slo", "checkout"] == NOW + 1
    assert first["failures", "shop", "slo", "checkout"] == 0
    assert first["failures", "shop", "slo", "search"] == 1
    assert first["missing", "shop", "slo", "search"] == 1
    assert ("last_success_timestamp_seconds", "shop", "slo", "search") not in first

    # A run that looked after one service only says nothing of the other.
    push(outcomes[:1], NOW + 60, Pushgateway(gateway, "shop"))
    again = scraped(gateway)
    changed = {key for key in first if again[key] != first[key]}
    assert set(again) == set(first)
    assert changed == {("run_timestamp_seconds", "shop", "slo", "checkout")}


def test_what_no_longer_holds_goes_with_the_next_push(gateway, outcomes, tmp_path):
    to = Pushgateway(gateway, "closing down")
    push(outcomes, NOW, to)
    key = ("last_success_timestamp_seconds", "closing down", "slo", "checkout")
    assert key in scraped(gateway)
    shutil.rmtree(outcomes[0].due.folder)
    push(outcomes, NOW, to)
    assert key not in scraped(gateway)
