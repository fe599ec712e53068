import pytest

from slo.errors import ConfigError, Drift, WriteError
from slo.plan import GENERATED, Artefact, Change, Plan, plan
from slo.targets.folder import apply, current

TEXT = f"# {GENERATED}\nline\n"


def files(root):
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def test_a_plan_is_carried_out_and_then_there_is_nothing_to_do(tmp_path):
    wanted = [Artefact("rules/a.yml", TEXT), Artefact("tests/a-tests.yml", TEXT + "é\n")]
    apply(plan(current(tmp_path), wanted), tmp_path)
    assert files(tmp_path) == {"rules/a.yml": TEXT, "tests/a-tests.yml": TEXT + "é\n"}
    assert plan(current(tmp_path), wanted).changes == ()


def test_only_what_slobook_wrote_is_deleted(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "old.yml").write_text(TEXT)
    (tmp_path / "rules" / "mine.yml").write_text("groups: []\n")
    (tmp_path / "README.md").write_text(TEXT)
    apply(plan(current(tmp_path), []), tmp_path)
    assert files(tmp_path) == {"rules/mine.yml": "groups: []\n", "README.md": TEXT}
    # Not even by a plan that says so.
    apply(Plan((Change("rules/mine.yml", "delete", "groups: []\n", None),)), tmp_path)
    assert "rules/mine.yml" in files(tmp_path)


def test_a_file_that_changed_meanwhile_stops_everything(tmp_path):
    apply(plan((), [Artefact("rules/b.yml", TEXT)]), tmp_path)
    wanted = [Artefact("rules/a.yml", TEXT), Artefact("rules/b.yml", TEXT + "new\n")]
    made = plan(current(tmp_path), wanted)
    (tmp_path / "rules" / "b.yml").write_text("edited\n")
    with pytest.raises(Drift, match=r"b\.yml changed after the plan was made"):
        apply(made, tmp_path)
    assert files(tmp_path) == {"rules/b.yml": "edited\n"}


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    apply(plan((), [Artefact("rules/a.yml", TEXT)]), tmp_path)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match=r"a\.yml cannot be written: No space left on device"):
        apply(plan(current(tmp_path), [Artefact("rules/a.yml", TEXT + "new\n")]), tmp_path)
    assert files(tmp_path) == {"rules/a.yml": TEXT}


def test_line_ends_and_rights_are_kept(tmp_path):
    apply(plan((), [Artefact("rules/a.yml", TEXT)]), tmp_path)
    path = tmp_path / "rules" / "a.yml"
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    made = plan(current(tmp_path), [Artefact("rules/a.yml", TEXT)])
    assert [change.kind for change in made.changes] == ["update"]
    apply(made, tmp_path)
    assert path.read_bytes() == TEXT.encode()
    assert path.stat().st_mode & 0o777 == 0o600


def test_files_that_are_no_text_are_named(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"a\.yml cannot be read as text"):
        current(tmp_path)


def test_unfinished_and_hidden_files_are_not_artefacts(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / ".a.yml.swp").write_bytes(b"\xff")
    assert current(tmp_path) == ()
