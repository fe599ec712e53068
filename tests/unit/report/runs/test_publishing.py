"""A folder that appears whole or not at all, and what is cleared up behind a killed run."""

from __future__ import annotations

import pytest

from slo.errors import ConfigError, UnderWay
from slo.report.runs import lock
from slo.report.runs.lock import only_one
from slo.report.runs.publishing import publishing, tidied


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(lock, "_PATIENCE", 0.0)


def test_nothing_is_seen_before_the_end(tmp_path):
    folder = tmp_path / "shop" / "2026-W46"
    with publishing(folder) as staging:
        (staging / "page.html").write_text("a page")
        assert not folder.exists()
        assert all(name.startswith(".") for name in names(folder.parent))
    assert names(folder) == ["page.html"]
    assert names(folder.parent) == ["2026-W46"]


def test_what_fails_leaves_the_one_before(tmp_path):
    folder = tmp_path / "2026-W46"
    folder.mkdir()
    (folder / "page.html").write_text("before")
    with pytest.raises(LookupError), publishing(folder) as staging:
        (staging / "page.html").write_text("half a")
        raise LookupError
    assert (folder / "page.html").read_text() == "before"
    assert names(tmp_path) == ["2026-W46"]


def test_only_one_publishes_a_folder_at_a_time(tmp_path):
    folder, other = tmp_path / "2026-W46", tmp_path / "2026-W46-cost"
    with publishing(folder) as staging:
        with (
            pytest.raises(UnderWay, match=r"2026-W46 is being made by process \d+"),
            publishing(folder),
        ):
            pass
        with publishing(other):
            pass
        assert tidied(tmp_path) == ()
        assert staging.is_dir()
    assert names(tmp_path) == ["2026-W46", "2026-W46-cost"]


def test_what_killed_runs_left_is_cleared_up(tmp_path):
    for name in (".2026-W46-abcd_123", ".2026-W47-cost-abcd1234", ".2026-W47-abcd1234-before"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(name)
    (tmp_path / ".2026-W46.lock").write_text("1\n")
    (tmp_path / ".2026-W46.log").write_text("may hold a secret")
    (tmp_path / ".2026-W46.log.abcd1234").write_text("half of a log")
    (tmp_path / "2026-W45.log").write_text("of a run that failed")
    (tmp_path / ".gitkeep").write_text("")
    assert tidied(tmp_path) == ("2026-W46", "2026-W47", "2026-W47-cost")
    assert names(tmp_path) == [".gitkeep", "2026-W45.log", "2026-W47"]
    # Killed between the two renames: the report that had been there is back.
    assert (tmp_path / "2026-W47" / "page.html").read_text() == ".2026-W47-abcd1234-before"


def test_a_replaced_report_goes_when_the_new_one_stands(tmp_path):
    for name in ("2026-W47", ".2026-W47-abcd1234-before"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(name)
    tidied(tmp_path)
    assert (tmp_path / "2026-W47" / "page.html").read_text() == "2026-W47"
    assert names(tmp_path) == ["2026-W47"]


def test_a_folder_that_is_not_there_has_nothing_to_clear_up(tmp_path):
    assert tidied(tmp_path / "none") == ()


def test_a_lock_that_a_killed_run_left_locks_nothing(tmp_path):
    path = tmp_path / ".w.lock"
    path.write_text("4711\n")
    with only_one(path, "w"):
        assert path.exists()
    assert not path.exists()


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(tmp_path, monkeypatch):
    path, looked = tmp_path / ".w.lock", []
    still = lock._is_still

    def removed_at_first(of, opened):
        if not looked:
            of.unlink()
        looked.append(still(of, opened))
        return looked[-1]

    monkeypatch.setattr(lock, "_is_still", removed_at_first)
    with only_one(path, "w"):
        assert looked == [False, True]


def test_a_lock_that_cannot_be_made_is_named(tmp_path):
    path, refusal = tmp_path / "none" / ".w.lock", r"\.w\.lock cannot be written"
    with pytest.raises(ConfigError, match=refusal), only_one(path, "w"):
        pass
