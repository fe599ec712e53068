"""What is compared to say that generated/ is up to date: all that programs load, and quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from slo.model import names
from slo.project import open_project
from slo.project.generated import loaded_plan
from tests.integration.production import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from slo.plan import Plan
    from slo.project import Project


@pytest.fixture
def written(tmp_path: Path) -> Project:
    write_project(tmp_path)
    return open_project(tmp_path / "slobook.toml")


def without_tests(plan: Plan) -> list[str]:
    return [str(one) for one in plan.changes if not one.path.startswith(f"{names.TESTS_FOLDER}/")]


def test_what_was_written_is_up_to_date(written):
    assert loaded_plan(written).changes == ()
    everything = written.plan().existing
    tests = sorted(written.generated_path.glob(f"{names.TESTS_FOLDER}/*"))
    assert tests
    assert loaded_plan(written).existing == everything - len(tests)


def test_a_change_of_the_specification_is_the_same_change(written, tmp_path):
    spec = tmp_path / "specs" / "shop.yaml"
    spec.write_text(spec.read_text().replace("target: 0.99}", "target: 0.995}"))
    changed = open_project(tmp_path / "slobook.toml")
    found = [str(one) for one in loaded_plan(changed).changes]
    assert found == without_tests(changed.plan())
    assert "update rules/prometheus-burn-rate-rules.yml" in found


def test_what_somebody_edited_took_away_or_left_is_noticed(written):
    rules = written.generated_path / names.BURN_RATE_RULE_FILE
    rules.write_text(rules.read_text() + "# mine\n")
    (written.generated_path / "mimir" / "slobook.yaml").unlink()
    (written.generated_path / "rules" / "old.yml").write_text(rules.read_text())
    found = [str(one) for one in loaded_plan(written).changes]
    assert found == [
        "create mimir/slobook.yaml",
        "delete rules/old.yml",
        f"update {names.BURN_RATE_RULE_FILE}",
    ]
    assert found == without_tests(written.plan())


def test_tests_are_compared_by_the_whole_plan_only(written):
    (one, *_) = sorted(written.generated_path.glob(f"{names.TESTS_FOLDER}/*"))
    one.write_text(one.read_text() + "# mine\n")
    assert loaded_plan(written).changes == ()
    assert [change.kind for change in written.plan().changes] == ["update"]


def test_no_test_is_made_for_it(written, monkeypatch):
    def made(*_: object) -> None:
        pytest.fail("a test was made")

    monkeypatch.setattr("slo.rules.burn_rate_tests", made)
    monkeypatch.setattr("slo.rules.threshold_tests.threshold_tests", made)
    assert loaded_plan(written).changes == ()
    with pytest.raises(pytest.fail.Exception, match="a test was made"):
        written.plan()
