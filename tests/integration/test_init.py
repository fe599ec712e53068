"""``slo init`` at a real Prometheus that holds what widespread exporters leave there."""

import json
import os
import pty
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from slo.discovery import Certainty, discover
from slo.doctor.check import chosen
from slo.engine.events import event_counts
from slo.history.connection import PrometheusServer
from slo.model.duration import DAY, HOUR, MINUTE, SECOND
from slo.model.samples import History, series_of
from slo.model.span import Span
from slo.project import open_project
from slo.project.examination import checks
from slo.simulate.local_prometheus import backfill, program, serve
from tests.documented_commands import blocks, commands
from tests.exporters import typical
from tests.integration.conftest import Server, openmetrics

pytestmark = pytest.mark.integration

SLO = Path(sys.executable).with_name("slo")
DEMO_SECONDS = 45
SERVICES = ("shop", "ledger", "checkout", "billing", "cart", "mail")


def now() -> int:
    return int(time.time() * 1000) // MINUTE * MINUTE


@contextmanager
def holding(history: History, folder: Path):
    (folder / "history.om").write_text(openmetrics(history))
    backfill(folder / "history.om", folder / "storage")
    with serve(folder / "storage") as url:
        yield url


@pytest.fixture(scope="module")
def past() -> History:
    return typical(now(), days=15)


@pytest.fixture(scope="module")
def url(past, tmp_path_factory):
    with holding(past, tmp_path_factory.mktemp("exporters")) as address:
        yield address


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SLO, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


def rules_are_right(project: Path) -> None:
    """Everything is generated, and promtool takes every rule file."""
    done = run("generate", cwd=project)
    assert done.returncode == 0, done.stderr
    files = sorted(project.glob("generated/rules/*.yml"))
    assert files
    checked = subprocess.run(
        [program("promtool"), "check", "rules", *files], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "SUCCESS" in checked.stdout


@pytest.fixture(scope="module")
def found(url):
    return discover(PrometheusServer(url), now())


@pytest.mark.parametrize(
    ("place", "metric", "share"),
    [
        ("shop/availability", "http_requests_total", 0.0002),
        ("shop/latency", "http_request_duration_seconds", 0.003),
        ("billing/availability", "http_server_requests_seconds_count", 0.003),
        ("ledger/grpc-availability", "grpc_server_handled_total", 0.0001),
        ("ledger/grpc-latency", "grpc_server_handling_seconds", 0.003),
        ("checkout/availability", "nginx_ingress_controller_requests", 0.0005),
        ("cart/availability", "istio_requests_total", 0.02),
        ("mail/mails-success", "mails_total", 0.01),
    ],
)
def test_every_exporter_is_found_with_its_failures(found, past, place, metric, share):
    service, _, name = place.partition("/")
    one = next(one for one in found.of(service) if one.name == name)
    assert one.metric == metric
    assert one.certainty is (Certainty.LIKELY if service == "mail" else Certainty.SURE)
    assert one.evidence.error_share == pytest.approx(share, rel=0.1)
    # What Prometheus sums is what the samples hold.
    looked = Span(past.span.end - 14 * DAY, past.span.end)
    bad, total = event_counts(one.indicator, past).between(looked)
    assert one.evidence.events_a_day == pytest.approx(total / 14, rel=0.01)
    assert one.evidence.error_share == pytest.approx(bad / total, rel=0.02)
    matched = past.select(one.indicator.selectors[1])
    assert one.evidence.series == len({series.labels for series in matched})


@pytest.mark.parametrize(("seconds", "ago"), [(90, 0), (90, 150), (1500, 0)])
def test_minutes_of_history_tell_what_a_day_brings(seconds, ago, tmp_path):
    """Ten requests a second, scraped every 15 s: 864,000 a day, wherever the minutes lie."""
    end = now() - ago * SECOND
    times = np.arange(end - seconds * SECOND, end + 1, 15 * SECOND, dtype=np.int64)
    counted = 5000.0 + (times - times[0]) / 100
    labels = {"__name__": "http_requests_total", "job": "shop", "instance": "a", "code": "200"}
    history = History((series_of(labels, times, counted),), Span(int(times[0]), end))
    with holding(history, tmp_path) as address:
        found = discover(PrometheusServer(address), end)
    (one,) = found.of("shop")
    assert one.evidence.events_a_day == pytest.approx(864_000, rel=0.2)


def test_what_waits_is_found_and_only_perhaps_right(found, past):
    one = next(one for one in found.of("mail") if one.name == "mail-queue-depth")
    assert one.certainty is Certainty.PERHAPS
    depth = past.select(one.indicator.selectors[0])[0].values
    high = np.quantile(depth, 0.99)
    assert (high, one.indicator.bound) == (pytest.approx(15, abs=1), 20)


def test_noise_is_no_candidate_and_infrastructure_goes_last(found):
    assert found.services == (*SERVICES, "prometheus")
    metrics = {one.metric for one in found.candidates}
    assert not [name for name in metrics if name.startswith(("node_", "promhttp_"))]


@pytest.fixture(scope="module")
def project(url, tmp_path_factory):
    root = tmp_path_factory.mktemp("begun") / "mine"
    asked = [part for name in SERVICES[:1] + SERVICES[4:] for part in ("--service", name)]
    done = run("init", url, "--into", root, *asked, cwd=root.parent)
    assert done.returncode == 0, done.stderr
    return root, done.stdout


def test_a_project_that_validates_with_rules_and_reports(project):
    root, said = project
    assert "all specifications are valid" in said
    assert run("validate", cwd=root).returncode == 0
    rules_are_right(root)
    for service, state in (("shop", "kept"), ("cart", "kept"), ("mail", "kept")):
        (result,) = root.glob(f"reports/{service}/*/result.json")
        told = json.loads(result.read_text())
        assert {one["state"] for one in told["slos"]} == {state}
        assert str(result.parent / "weekly-slo.html") in said


def test_targets_are_those_that_history_keeps(project):
    opened = open_project(project[0] / "slobook.toml")
    targets = {f"{one.service}/{one.name}": str(one.objective) for one in opened.slos}
    assert targets == {
        "shop/availability": "99.9 %",
        "shop/latency": "99.5 %",
        "cart/availability": "95 %",
        "mail/mails-success": "95 %",
    }
    assert opened.history().span.length == pytest.approx(15 * DAY, abs=HOUR)


def held_by(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "expected --service NAME, the service to add to it: there are ledger, "),
        (("--service", "cart"), "found a service of that name in"),
    ],
)
def test_a_second_time_nothing_is_touched(project, url, asked, said):
    root, _ = project
    before = held_by(root)
    done = run("init", url, "--into", root, *asked, cwd=root)
    assert done.returncode == 2
    assert said in done.stderr
    assert held_by(root) == before


def test_a_service_more_with_its_rules_history_and_report(project, url, tmp_path):
    root = tmp_path / "mine"
    shutil.copytree(project[0], root)
    assert run("generate", cwd=root).returncode == 0
    before = held_by(root)
    was = open_project(root / "slobook.toml").history()
    done = run("init", "--service", "billing", cwd=root)
    assert done.returncode == 0, done.stderr
    after = held_by(root)
    assert {path for path in before if before[path] != after[path]} == {
        root / "history/snapshot.parquet",
        root / "reports/index.html",
    }
    new = {path.relative_to(root).as_posix() for path in set(after) - set(before)}
    assert "specs/billing.yaml" in new
    assert all(name.startswith(("specs/billing.yaml", "reports/billing/")) for name in new)
    # What the snapshot held is there to the last bit, and over the same time.
    opened = open_project(root / "slobook.toml")
    history = opened.history()
    assert history.span == was.span
    kept = {one.labels: one for one in history.series}
    for one in was.series:
        assert np.array_equal(kept[one.labels].times, one.times)
        assert np.array_equal(kept[one.labels].values, one.values, equal_nan=True)
    assert len(kept) > len(was.series)
    (result,) = root.glob("reports/billing/*/result.json")
    assert {one["state"] for one in json.loads(result.read_text())["slos"]} == {"kept"}
    assert "specs/billing.yaml: new" in done.stdout
    assert run("objectives", cwd=root).returncode == 0
    rules_are_right(root)
    assert "billing" in (root / "generated/rules/prometheus-burn-rate-rules.yml").read_text()


def test_a_person_adds_a_service_at_a_terminal(project, tmp_path):
    root = tmp_path / "mine"
    shutil.copytree(project[0], root)
    told = typed(root, ["init"], {b"Take which?": "1", b"Add this?": "y"})
    assert "specs/ledger.yaml: new" in told
    services = {one.service for one in open_project(root / "slobook.toml").slos}
    assert services == {"shop", "cart", "mail", "ledger"}


def test_a_person_at_a_terminal(url, tmp_path):
    """Address, numbers and consent are typed at a real terminal."""
    answers = {b"Address of your Prometheus": url, b"Take which?": "6", b"Write this project": "y"}
    typed(tmp_path, ["init", "--into", "mine"], answers)
    (only,) = open_project(tmp_path / "mine" / "slobook.toml").slos
    assert (only.service, only.name) == ("billing", "availability")


def typed(folder: Path, arguments: list[str], answers: dict[bytes, str]) -> str:
    """What the command says to a person who answers its questions."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [SLO, *arguments],
        cwd=folder,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "COLUMNS": "160", "TERM": "xterm"},
    ) as asked:
        os.close(follower)
        said = b""
        for waits_for, answer in answers.items():
            while waits_for not in said.rpartition(b"\x00")[2]:
                said += os.read(leader, 4096)
            os.write(leader, f"{answer}\n".encode())
            said += b"\x00"
        while True:
            try:
                said += os.read(leader, 4096)
            except OSError:  # the terminal is closed with its last program
                break
        assert asked.wait(timeout=120) == 0, said.decode()
    os.close(leader)
    return said.decode()


def test_a_few_hours_are_said_to_be_few(tmp_path):
    with holding(typical(now(), days=3 / 24), tmp_path) as url:
        done = run("init", url, "--service", "shop", "--into", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "none yet: 3h of history are less than half of a period of 7 days" in done.stdout
    assert "provisional" in done.stdout
    slos = open_project(tmp_path / "mine" / "slobook.toml").slos
    assert {str(one.objective) for one in slos} == {"99 %"}
    rules_are_right(tmp_path / "mine")


NAMED = "### No Prometheus at hand?"
SHORT = f"start: {datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}\nlength: 2d\n"


def test_the_way_to_a_prometheus_to_try_on(tmp_path):
    """The page's commands, with two days in place of three weeks."""
    _, _, section = Path("docs/first-hour.md").read_text().partition(NAMED)
    block = next(one for one in blocks(section) if one.language == "console")
    *filling, serving = [one.text.partition("  #")[0] for one in commands(block)]
    (tmp_path / "short.yaml").write_text(SHORT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = {**os.environ, "PATH": f"{SLO.parent}:{os.environ['PATH']}"}
    for one in filling:
        short = re.sub(r"--weeks \S+ --start \S+", "--scenario short.yaml", one)
        done = subprocess.run(
            ["bash", "-c", short],
            cwd=tmp_path,
            env=path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    words = shlex.split(serving.replace(":9090", f":{port}"))
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 60
            while run("init", url, "--into", "mine", cwd=tmp_path).returncode:
                assert time.monotonic() < deadline
                assert server.poll() is None
        finally:
            server.terminate()
    assert len(open_project(tmp_path / "mine" / "slobook.toml").slos) == 13
    (check,) = chosen(checks(open_project(tmp_path / "mine" / "slobook.toml")), ["runbooks"])
    assert check.examine().state == "fine"


def test_an_empty_server(tmp_path):
    with serve(tmp_path / "storage") as url:
        done = run("init", url, "--into", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "holds no metrics" in done.stderr
    assert not (tmp_path / "mine").exists()


def test_a_password(tmp_path, monkeypatch):
    """Prometheus' own basic authentication; the hash of 'test' is the one of its documentation."""
    hashed = "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"
    (tmp_path / "web.yml").write_text(f"basic_auth_users:\n  admin: {hashed}\n")
    (tmp_path / "prometheus.yml").write_text("scrape_configs: []\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("PROM_USER", "admin")
    named = ("--username-env", "PROM_USER", "--password-env", "PROM_PASSWORD")
    with subprocess.Popen(
        [
            program("prometheus"),
            f"--config.file={tmp_path}/prometheus.yml",
            f"--web.config.file={tmp_path}/web.yml",
            f"--storage.tsdb.path={tmp_path}/storage",
            f"--web.listen-address={url.removeprefix('http://')}",
        ],
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_for(url)
            assert "refused the credentials (HTTP 401)" in _complaint(url, cwd=tmp_path)
            monkeypatch.setenv("PROM_PASSWORD", "wrong")
            assert "refused the credentials (HTTP 401)" in _complaint(url, *named, cwd=tmp_path)
            monkeypatch.setenv("PROM_PASSWORD", "test")
            assert "holds no metrics" in _complaint(url, *named, cwd=tmp_path)
        finally:
            server.terminate()


def _complaint(url: str, *options: str, cwd: Path) -> str:
    done = run("init", url, *options, "--into", "mine", cwd=cwd)
    assert done.returncode == 2
    assert not (cwd / "mine").exists()
    (message,) = done.stderr.splitlines()
    return message


def _wait_for(url: str) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)


def test_the_demonstration_gets_the_catalogue(tmp_path):
    """What a newcomer does first: the demonstration, scraped by a Prometheus that knows types."""
    demo = [sys.executable, "-m", "exporter.demo", "--port", "0", "--duration", str(DEMO_SECONDS)]
    with subprocess.Popen(demo, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = _port_told(process)
            scraped = (
                "scrape_configs:\n  - job_name: support-agent\n    scrape_interval: 1s\n"
                f'    static_configs:\n      - targets: ["127.0.0.1:{port}"]\n'
                "        labels: {namespace: support}\n"
            )
            with serve(tmp_path / "storage", settings=scraped) as url:
                _wait_for_tickets(Server(url))
                done = run("init", url, "--into", "mine", cwd=tmp_path)
                found = discover(PrometheusServer(url), int(time.time() * 1000))
        finally:
            process.terminate()
    assert done.returncode == 0, done.stderr
    assert found.notes == ()
    root = tmp_path / "mine"
    opened = open_project(root / "slobook.toml")
    assert len(opened.slos) == 13
    assert "ticket-success" in done.stdout
    assert "less than half of a period of 30 days" in done.stdout
    rules_are_right(root)


def _port_told(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if "http://127.0.0.1:" in line:
            return line.partition("http://127.0.0.1:")[2].partition("/")[0].strip(" .\n,")
    raise AssertionError("the demonstration told no address")


def _wait_for_tickets(server: Server) -> None:
    at_least = "sum(support_agent_tickets_processed_total) > 5"
    for _ in range(60):
        if server.query(at_least, int(time.time() * 1000)):
            return
        time.sleep(0.5)
    raise AssertionError("no tickets were seen")
