"""Runs that are killed at random instants leave a complete report or none, and nothing behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep, time_ns

import pytest

from slo.report.published import read_published
from slo.report.runs.run_due import Effort, run_due
from tests import stand_in_report as stand_in

pytestmark = pytest.mark.integration

KILLS = int(os.environ.get("SLOBOOK_KILLS", "40"))
"""200 take some minutes: SLOBOOK_KILLS=200."""

SECONDS = 0.06


def start(reports: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, stand_in.__file__, "run", str(reports), str(SECONDS)],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def folders(reports: Path) -> list[Path]:
    """What a reader of the reports sees."""
    return [p for p in reports.glob("*/*") if not p.name.startswith(".") and p.suffix != ".log"]


def faults(reports: Path) -> list[str]:
    """Everything that is neither a complete report nor hidden."""
    due = {one.folder: one for one in stand_in.due(reports)}
    found = [f"{folder} is nobody's" for folder in folders(reports) if folder not in due]
    for folder, one in due.items():
        if not folder.exists():
            continue
        if sorted(path.name for path in folder.iterdir()) != sorted(stand_in.FILES):
            found.append(f"{folder} is not whole: {list(folder.iterdir())}")
        found += [
            f"{folder / name} is broken"
            for name in (one.kind.page, "result.json")
            if json.loads((folder / name).read_text()) != stand_in.result(one.week)
        ]
    return found


def alive(reports: Path) -> list[str]:
    """Attempts at a folder's reports that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(reports) in line and "attempt" in line:
            found.append(line)
    return found


def wait_until_none_is_alive(reports: Path) -> None:
    deadline = monotonic() + 10
    while alive(reports):
        assert monotonic() < deadline, alive(reports)
        sleep(0.02)


def test_a_run_that_is_killed_leaves_a_complete_report_or_none(tmp_path):
    seed = time_ns()
    chance = random.Random(seed)  # noqa: S311  no secret
    partly, hidden = 0, 0
    for number in range(KILLS):
        reports = tmp_path / str(number)
        begin = monotonic()
        runner = start(reports)
        # Nothing happens before Python has started: from the first folder on it is interesting.
        while not reports.exists() and runner.poll() is None:
            sleep(0.002)
        sleep(chance.uniform(0, 0.9))
        attempts = children(runner.pid)
        victim = chance.choice([runner.pid, *attempts])
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        if victim != runner.pid:
            runner.wait(30)
        runner.kill()
        runner.wait()
        wait_until_none_is_alive(reports)
        assert faults(reports) == [], f"seed {seed}, kill {number}, {monotonic() - begin:.2f} s"
        partly += 0 < len(folders(reports)) < len(stand_in.due(reports))
        hidden += any(path.name.startswith(".") for path in reports.glob("*/.*"))
    assert partly, "no kill came between two reports"
    assert hidden, "no kill met a report that was under way"


def test_killed_again_and_again_it_gets_there_and_clears_up(tmp_path):
    chance = random.Random(7)  # noqa: S311  no secret
    for _ in range(12):
        runner = start(tmp_path)
        sleep(chance.uniform(0.2, 0.7))
        runner.kill()
        runner.wait()
        assert faults(tmp_path) == []
    wait_until_none_is_alive(tmp_path)
    due = stand_in.due(tmp_path)
    outcomes = run_due(due, stand_in.command(SECONDS), Effort(), lambda _: None)
    assert {one.state for one in outcomes} <= {"made", "up to date"}
    assert [str(one.folder) for one in due if read_published(one.folder, one.kind) is None] == []
    assert list(tmp_path.glob("*/.*")) == []


def test_two_runners_at_once_make_each_report_once(tmp_path):
    runners = [start(tmp_path) for _ in range(3)]
    for runner in runners:
        assert runner.wait(60) == 0
    assert faults(tmp_path) == []
    assert len(folders(tmp_path)) == 4
    assert list(tmp_path.glob("*/.*")) == []


def test_a_runner_that_is_told_to_end_takes_its_attempts_with_it(tmp_path):
    root = Path(__file__).resolve().parents[2]
    runner = subprocess.Popen(
        [sys.executable, stand_in.__file__, "run", str(tmp_path), "60"],
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    deadline = monotonic() + 30
    while not any(tmp_path.glob("*/.*")):
        assert monotonic() < deadline
        sleep(0.02)
    runner.terminate()
    assert runner.wait(20) == 128 + signal.SIGTERM
    wait_until_none_is_alive(tmp_path)
    assert list(tmp_path.glob("*/*")) == list(tmp_path.glob("*/.*")) == []
