"""Runs that are killed at random instants leave a complete report or none, and nothing behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time_ns

import pytest

from slo.report.published import read_published
from slo.report.runs.run_due import Attempts, run_due
from tests import stand_in_report as stand_in

pytestmark = pytest.mark.integration

KILLS = int(os.environ.get("SLOBOOK_KILLS", "200"))
LANES = 4
"""Runs under way at a time, each in a folder of its own: they sleep more than they work."""

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


def under_way(reports: Path) -> bool:
    """Whether something is being made, or was when its run was killed."""
    return any(reports.glob("*/.*"))


def wait_until_it_works(reports: Path, runner: subprocess.Popen[bytes]) -> None:
    """Nothing happens before Python has started: from the first lock on it is interesting."""
    while not under_way(reports) and runner.poll() is None:
        sleep(0.005)


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
            continue
        texts = [(folder / name).read_text() for name in (one.kind.page, "result.json")]
        whole = (stand_in.result(one.week), stand_in.earlier(one.week))
        if texts not in [[json.dumps(every)] * 2 for every in whole]:
            found.append(f"{folder} is broken: {texts}")
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


def length_of_a_run(folder: Path) -> float:
    """Seconds from the first lock to the end, while as many runs as in the test go on."""

    def lasted(number: int) -> float:
        reports = folder / f"whole-{number}"
        runner = start(reports)
        wait_until_it_works(reports, runner)
        begin = monotonic()
        assert runner.wait(60) == 0
        return monotonic() - begin

    with ThreadPoolExecutor(LANES) as lanes:
        return max(lanes.map(lasted, range(LANES)))


@dataclass(frozen=True)
class Left:
    """What a killed run left."""

    faults: list[str]
    made: int
    under_way: bool


def killed(reports: Path, delay: float) -> Left:
    """Kill a run that has worked for some seconds; one report was made too early."""
    stand_in.report_early(stand_in.due(reports)[0].folder)
    runner = start(reports)
    wait_until_it_works(reports, runner)
    sleep(delay)
    runner.kill()
    runner.wait()
    wait_until_none_is_alive(reports)
    made = sum(one.published is not None for one in stand_in.due(reports))
    return Left(faults(reports), made, under_way(reports))


def test_a_run_that_is_killed_leaves_a_complete_report_or_none(tmp_path):
    seed, length = time_ns(), length_of_a_run(tmp_path)

    def one(number: int) -> Left:
        delay = random.Random(f"{seed} {number}").uniform(0, length)  # noqa: S311  no secret
        return killed(tmp_path / str(number), delay)

    with ThreadPoolExecutor(LANES) as lanes:
        left = list(lanes.map(one, range(KILLS)))
    assert len(left) == KILLS
    assert [(n, every.faults) for n, every in enumerate(left) if every.faults] == [], seed
    # Not all came before the first report or after the last, or between two attempts.
    partly = sum(0 < every.made < len(stand_in.due(tmp_path)) for every in left)
    assert partly > KILLS / 20, "hardly a kill came between two reports"
    met = sum(every.under_way for every in left)
    assert met > KILLS / 20, "hardly a kill met a report that was under way"


def test_an_attempt_that_is_killed_fails_alone(tmp_path):
    seed = time_ns()

    def one(number: int) -> int:
        """How many reports a run lacks of which an attempt was killed."""
        reports = tmp_path / str(number)
        runner = start(reports)
        wait_until_it_works(reports, runner)
        sleep(random.Random(f"{seed} {number}").uniform(0, 0.2))  # noqa: S311  no secret
        for attempt in children(runner.pid)[:1]:
            with suppress(ProcessLookupError):
                os.kill(attempt, signal.SIGKILL)
        assert runner.wait(60) == 0
        assert faults(reports) == [], seed
        assert not under_way(reports)
        return sum(one.published is None for one in stand_in.due(reports))

    with ThreadPoolExecutor(LANES) as lanes:
        lacking = list(lanes.map(one, range(max(KILLS // 10, 1))))
    assert set(lacking) <= {0, 1}
    assert any(lacking), "no kill met an attempt"


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
    outcomes = run_due(due, stand_in.command(SECONDS), Attempts(), lambda _: None)
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
