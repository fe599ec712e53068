"""``slo run-due`` as a scheduler calls it: real notebooks, kernels and signals."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, time

import nbformat
import pytest
from prometheus_client.parser import text_string_to_metric_families

from slo.history.snapshot import write_snapshot
from slo.manifests.schedule import SCHEDULERS, Schedule
from slo.manifests.settings import ManifestSettings
from slo.model.span import Span
from slo.report.runs.lock import only_one
from slo.report.runs.run_due import _FETCH_FAILED
from tests.integration.browser import visit
from tests.integration.shop_project import LAST, NOTEBOOK, WEEKS, gone, wait_for, write_shop
from tests.shop import history

pytestmark = pytest.mark.integration


@pytest.fixture
def shop(tmp_path):
    return write_shop(tmp_path / "shop")


def test_every_missed_week_is_made_once_and_the_index_lists_it(shop, tmp_path):
    metrics = tmp_path / "slobook.prom"
    first = shop.run("--weeks", "2", env={**os.environ, "SLOBOOK_METRICS_FILE": str(metrics)})
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    lines = sorted(first.stdout.splitlines())
    for week in WEEKS[1:]:
        (line,) = [line for line in lines if f"shop {week} (slo): made in" in line]
        assert line.endswith("The one objective is kept: release as planned.")
    assert f"2 made. Open {shop.root}/reports/index.html" in lines
    assert shop.weeks() == [str(week) for week in WEEKS[1:]]
    values = {
        sample.name.removeprefix("slobook_report_"): sample.value
        for family in text_string_to_metric_families(metrics.read_text())
        for sample in family.samples
    }
    assert values["missing"] == 0
    assert values["week_end_timestamp_seconds"] == LAST.span.end / 1000
    assert 0 < values["duration_seconds"] < time() - values["last_success_timestamp_seconds"] + 600

    before = {path: path.stat().st_mtime_ns for path in shop.reports.rglob("*")}
    (shop.reports / str(LAST) / "weekly-slo.html").unlink()
    again = shop.run("--weeks", "3", "--json")
    assert again.returncode == 0, again.stderr
    states = {one["week"]: one["state"] for one in json.loads(again.stdout)}
    assert list(states.values()) == ["made", "up to date", "made"]
    untouched = [path for path in before if str(WEEKS[1]) in str(path)]
    assert untouched
    assert all(path.stat().st_mtime_ns == before[path] for path in untouched)
    quiet = shop.run("--weeks", "3", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")

    seen = visit(shop.root / "reports" / "index.html", (1200, 900), tmp_path)
    assert seen.requests == ()
    assert seen.console == ""
    assert [seen.dom.count(f'{week}/weekly-slo.html"') for week in WEEKS] == [1, 1, 2]


def test_killing_the_runner_ends_attempt_and_kernel_and_the_next_run_clears_up(shop):
    shop.slow_notebook(3)
    runner = subprocess.Popen(shop.command("--weeks", "1"), stdout=subprocess.DEVNULL)
    wait_for((shop.root / "kernel").exists)
    wait_for((shop.root / "kernel").read_text)
    kernel = int((shop.root / "kernel").read_text())
    (attempt,) = Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()
    assert not gone(kernel)
    runner.send_signal(signal.SIGKILL)
    runner.wait()
    wait_for(lambda: gone(int(attempt)) and gone(kernel), 2.5)
    assert [name for name in shop.weeks() if not name.startswith(".")] == []
    assert any(name.startswith(".") for name in shop.weeks())
    after = shop.run("--weeks", "1")
    assert after.returncode == 0, after.stderr
    assert shop.weeks() == [str(LAST)]


def test_a_kernel_that_is_killed_is_a_failure_that_names_its_log(shop):
    shop.slow_notebook(30)
    runner = subprocess.Popen(
        shop.command("--weeks", "1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for((shop.root / "kernel").exists)
    wait_for((shop.root / "kernel").read_text)
    os.kill(int((shop.root / "kernel").read_text()), signal.SIGKILL)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 2
    assert f"shop {LAST} (slo): FAILED: notebook {NOTEBOOK} failed: Kernel died" in err
    assert f"(log: {shop.reports / str(LAST)}.log)" in err
    assert out == "1 failed\n"
    assert shop.weeks() == [f"{LAST}.log"]


def test_a_full_disk_leaves_nothing_half_done(shop):
    # The page has five megabytes.
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    full = shop.run("--weeks", "1", preexec_fn=small_files)
    assert full.returncode == 2
    assert "File too large" in full.stderr
    assert len(full.stderr.splitlines()) == 1
    assert shop.weeks() == [f"{LAST}.log"]
    after = shop.run("--weeks", "1")
    assert after.returncode == 0, after.stderr
    assert shop.weeks() == [str(LAST)]


def test_a_prometheus_that_nobody_reaches_is_reported(shop):
    (shop.root / "history" / "snapshot.parquet").unlink()
    file = shop.root / "slobook.toml"
    file.write_text(f'{file.read_text()}[prometheus]\nurl = "http://127.0.0.1:9"\nretries = 0\n')
    begin = monotonic()
    done = shop.run("--weeks", "1", "--retries", "0")
    assert done.returncode == 2
    assert _FETCH_FAILED in done.stderr
    assert "http://127.0.0.1:9" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert shop.weeks() == [f"{LAST}.log"]
    took = monotonic() - begin
    assert took < 60


def test_a_history_that_ends_before_the_week_is_reported(shop):
    span = Span(WEEKS[0].span.start, LAST.span.start)
    write_snapshot(history(span=span), shop.root / "history" / "snapshot.parquet")
    done = shop.run("--weeks", "1")
    assert done.returncode == 2
    assert f"shop {LAST} (slo): FAILED: the history ends at" in done.stderr
    assert "'slo snapshot'" in done.stderr
    assert shop.weeks() == [str(LAST.previous)]


def test_a_second_runner_says_so_and_does_nothing(shop):
    shop.reports.mkdir(parents=True)
    with only_one(shop.reports / f".{LAST}.lock", str(LAST)):
        second = shop.run("--weeks", "1")
    assert second.returncode == 75
    assert f"{LAST} is being made by process {os.getpid()}" in second.stdout
    assert shop.weeks() == []


def test_a_notebook_that_writes_no_report_publishes_nothing(shop):
    shop.slow_notebook(0)
    path = shop.root / "notebooks" / NOTEBOOK
    made = nbformat.read(path, as_version=4)
    made.cells = made.cells[:-1]
    nbformat.write(made, path)
    done = shop.run("--weeks", "1")
    assert done.returncode == 2
    assert "none wrote weekly-slo.html into the folder 'out'" in done.stderr
    assert shop.weeks() == [f"{LAST}.log"]


def test_systemd_finds_nothing_wrong_with_its_units(tmp_path):
    analyze = shutil.which("systemd-analyze")
    assert analyze, "this test needs systemd-analyze, of the package systemd"
    project = tmp_path / "it's 100 % $HOME"
    project.mkdir()
    schedule = Schedule(
        Path(sys.executable), project / "slobook.toml", Path("reports"), (), ManifestSettings()
    )
    units = SCHEDULERS["systemd"](schedule)
    for unit in units:
        (tmp_path / unit.path).write_text(unit.text)
    checked = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / unit.path) for unit in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    (when,) = [
        line.partition("=")[2]
        for line in units[1].text.splitlines()
        if line.startswith("OnCalendar")
    ]
    said = subprocess.run([analyze, "calendar", when], capture_output=True, text=True, check=True)
    assert "Next elapse" in said.stdout
