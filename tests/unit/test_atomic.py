from __future__ import annotations

import pytest

from slo.atomic import place_new, replacing
from slo.errors import WriteError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "history"
    with replacing(path) as unfinished:
        unfinished.write_text("whole")
        assert unfinished.parent == tmp_path
        assert not path.exists()
    assert path.read_text() == "whole"
    assert path.stat().st_mode & 0o777 == 0o644
    assert names(tmp_path) == ["history"]


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "history"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(path) as unfinished:
        unfinished.write_text("new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def interrupted(path):
    path.write_text("half")
    raise KeyboardInterrupt


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "history"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as unfinished:
        interrupted(unfinished)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["history"]


def test_a_folder_that_cannot_hold_it_is_a_history_error(tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    refusal = pytest.raises(WriteError, match="taken cannot be written: Is a directory")
    with refusal, replacing(taken) as unfinished:
        unfinished.write_text("x")
    assert names(tmp_path) == ["taken"]


def staged(tmp_path, **files):
    folder = tmp_path / "staged"
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
    return folder


def test_new_files_are_placed_together(tmp_path):
    root = tmp_path / "root"
    placed = place_new(staged(tmp_path, a="1", b__c="2"), root)
    assert placed == (root / "a", root / "b" / "c")
    assert [path.read_text() for path in placed] == ["1", "2"]
    assert (root / "a").stat().st_mode & 0o777 == 0o644


def test_what_is_there_is_never_touched_and_nothing_is_placed_beside_it(tmp_path):
    root = tmp_path / "root"
    (root / "b").mkdir(parents=True)
    (root / "b" / "c").write_text("old")
    with pytest.raises(WriteError, match="b/c cannot be written: File exists"):
        place_new(staged(tmp_path, a="1", b__c="2"), root)
    assert (root / "b" / "c").read_text() == "old"
    assert names(root) == ["b"]


def test_a_file_in_place_of_a_folder_places_nothing(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "b").write_text("a file")
    with pytest.raises(WriteError):
        place_new(staged(tmp_path, a="1", b__c="2"), root)
    assert names(root) == ["b"]


def test_where_there_are_no_links_files_are_moved(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    root = tmp_path / "root"
    place_new(staged(tmp_path, a="1", b__c="2"), root)
    assert (root / "b" / "c").read_text() == "2"
    with pytest.raises(WriteError, match="a cannot be written"):
        place_new(staged(tmp_path, a="3"), root)
    assert (root / "a").read_text() == "1"
