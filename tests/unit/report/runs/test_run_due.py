"""Outcomes of attempts, which are small programs here; see also test_killed_runs.py."""

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep

import pytest

from slo.report.runs.run_due import Attempts, run_due
from slo.report.runs.textfile import textfile, write_textfile
from tests import stand_in_report as stand_in

AT_ONCE = Attempts(waits=())
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def due(tmp_path):
    return stand_in.due(tmp_path / "reports", weeks=1)


def outcomes(due, code, attempts=AT_ONCE):
    told = []
    found = run_due(
        due, lambda one: ["/bin/sh", "-c", code, "sh", str(one.folder)], attempts, told.append
    )
    assert sorted(map(str, told)) == sorted(map(str, found))
    return found


def made(one):
    one.folder.parent.mkdir(parents=True, exist_ok=True)
    stand_in.attempt(one.folder, 0)


def test_what_is_there_is_left_alone(due):
    for one in due:
        made(one)
    found = outcomes(due, "exit 2")
    assert [(one.state, one.detail) for one in found] == [("up to date", "All kept.")] * 2


def test_the_last_words_of_a_failure_are_its_reason(due, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "correct horse")
    found = outcomes(due, "echo Traceback >&2; echo 'no: correct horse' >&2; exit 2")
    assert [(one.state, one.detail) for one in found] == [("failed", "no: ***")] * 2


def test_success_is_what_lies_on_the_disk_not_what_an_attempt_says(due):
    (one, _) = outcomes(due, "exit 0")
    assert one.state == "failed"
    assert one.detail == "it ended with exit code 0 and wrote no report"


def test_another_run_at_work_is_no_failure(due):
    (one, _) = outcomes(due, "echo 2026-W47 is being made by process 1 >&2; exit 75")
    assert (one.state, one.detail) == ("under way", "2026-W47 is being made by process 1")


def test_an_attempt_that_is_killed_says_by_what(due):
    (one, _) = outcomes(due, "kill -9 $$")
    assert (one.state, one.detail) == ("failed", "it was ended by SIGKILL")


def test_an_attempt_that_hangs_is_ended_with_what_it_started(due, tmp_path):
    (one, _) = outcomes(
        due, f"(sleep 0.3; touch {tmp_path}/late) & sleep 60", Attempts(seconds=0.2)
    )
    assert (one.state, one.detail) == ("failed", "it took longer than 0.2 s")
    sleep(0.3)
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize(
    ("reason", "tries"),
    [("cell 3: HistoryError: nobody answers", 3), ("cell 3: NotEnoughData: too short", 1)],
)
def test_only_what_prometheus_did_is_tried_again(due, tmp_path, reason, tries):
    code = f"echo x >> {tmp_path}/tries; echo '{reason}' >&2; exit 2"
    (one,) = outcomes(due[:1], code, Attempts(waits=(0, 0)))
    assert (one.state, one.detail) == ("failed", reason)
    assert (tmp_path / "tries").read_text() == "x\n" * tries


def test_what_cannot_be_made_is_not_tried(tmp_path):
    from dataclasses import replace

    due = [replace(one, missing="no history") for one in stand_in.due(tmp_path, weeks=1)]
    found = outcomes(due, f"touch {tmp_path}/tried")
    assert [(one.state, one.detail) for one in found] == [("failed", "no history")] * 2
    assert not (tmp_path / "tried").exists()


def test_so_many_run_at_a_time(tmp_path):
    code = (
        f"mkdir {tmp_path}/$$; ls -d {tmp_path}/[0-9]* | wc -l >> {tmp_path}/seen; "
        f"sleep 0.1; rmdir {tmp_path}/$$; exit 2"
    )
    outcomes(stand_in.due(tmp_path / "reports", weeks=3), code, Attempts(at_once=2))
    seen = [int(line) for line in (tmp_path / "seen").read_text().split()]
    assert len(seen) == 6
    assert max(seen) == 2


def test_metrics_say_what_is_there_and_what_is_missing(due, tmp_path):
    from prometheus_client.parser import text_string_to_metric_families

    made(due[0])
    found = run_due(due, lambda _: ["/bin/false"], AT_ONCE, lambda _: None)
    path = tmp_path / "slobook.prom"
    write_textfile(found, 1_800_000_000.5, path)
    families = {f.name: f for f in text_string_to_metric_families(path.read_text())}
    values = {
        (sample.name.removeprefix("slobook_report_"), sample.labels.get("service")): sample.value
        for family in families.values()
        for sample in family.samples
    }
    assert values["run_timestamp_seconds", None] == 1_800_000_000.5
    assert values["missing", "checkout"] == 0
    assert values["missing", "search"] == 1
    assert (values["failures", "checkout"], values["failures", "search"]) == (0, 1)
    assert values["week_end_timestamp_seconds", "checkout"] == due[0].week.span.end / 1000
    assert values["duration_seconds", "checkout"] == 0
    assert values["last_success_timestamp_seconds", "checkout"] > 1_700_000_000
    assert ("last_success_timestamp_seconds", "search") not in values
    assert all(family.documentation and family.type == "gauge" for family in families.values())
    assert textfile(found, 1.0) == textfile(found, 1.0)


def test_labels_are_escaped():
    from slo.report.runs.textfile import _escaped

    assert _escaped('a"b\\c\nd') == 'a\\"b\\\\c\\nd'


def test_a_report_without_a_pdf_is_made_and_says_so(due):
    (one,) = outcomes(
        due[:1],
        f"PYTHONPATH={ROOT} {sys.executable} {stand_in.__file__} attempt $1 $$ 0"
        " && echo There is no PDF. >$1/not-made.txt",
    )
    assert (one.state, one.detail) == ("made", "All kept. There is no PDF.")
