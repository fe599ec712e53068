"""The example's artefacts: the same again, and what one edit changes."""

import re
import shutil
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slo.cli import app
from slo.errors import UnsafePlan
from slo.project import open_project

pytestmark = pytest.mark.integration

CATALOG = Path("slo/catalog/ai_support")


def artefacts(specs: Path) -> dict[str, str]:
    project = open_project("slobook.toml")
    section = project.configuration.project.model_copy(update={"specs": (specs.absolute(),)})
    other = replace(
        project, configuration=project.configuration.model_copy(update={"project": section})
    )
    return {artefact.path: artefact.text for artefact in other.artefacts()}


@pytest.fixture(scope="module")
def before():
    return artefacts(CATALOG)


def test_what_is_committed_is_what_is_generated(before):
    generated = Path("generated")
    committed = {
        path.relative_to(generated).as_posix(): path.read_text()
        for path in generated.rglob("*")
        if path.is_file()
    }
    assert sorted(committed) == sorted(before)
    assert [path for path, text in before.items() if committed[path] != text] == []


def test_what_is_pushed_to_grafana_is_what_is_generated():
    pushed = open_project().pushed_artefacts()
    assert {Path(one.path).parts[0] for one in pushed} == {"dashboards", "grafana"}
    assert len(pushed) == len([*Path("generated/dashboards").iterdir()]) + 1
    for one in pushed:
        assert (Path("generated") / one.path).read_text() == one.text


def test_edits_of_many_alerts_need_no_force_and_the_loss_of_most_files_does(tmp_path):
    shutil.copytree(CATALOG, tmp_path / "specs")
    shutil.copytree("generated", tmp_path / "generated")
    text = Path("slobook.toml").read_text().replace(str(CATALOG), "specs")
    (tmp_path / "slobook.toml").write_text(text)

    def generate():
        return CliRunner().invoke(app, ["generate", "--config", str(tmp_path / "slobook.toml")])

    assert generate().output.startswith("no changes: ")
    for file in (tmp_path / "specs").glob("*.yaml"):
        file.write_text(file.read_text().replace("support-platform", "platform"))
        file.write_text(re.sub(r"  for: \d+m\n", "  for: 7m\n", file.read_text()))
    edited = generate()
    assert edited.exit_code == 0, edited.output
    updated = int(re.search(r": (\d+) files updated$", edited.output.strip())[1])
    # More than a third of them.
    assert 3 * updated > sum(path.is_file() for path in Path("generated").rglob("*"))
    for file in (tmp_path / "specs").glob("*.yaml"):
        if file.name not in {"service.yaml", "alerts-cost.yaml"}:
            file.unlink()
    lost = generate()
    assert isinstance(lost.exception, UnsafePlan)


def test_one_threshold_changes_its_own_lines_and_no_others(before, tmp_path):
    specs = tmp_path / "specs"
    shutil.copytree(CATALOG, specs)
    file = specs / "alerts-availability.yaml"
    assert file.read_text().count("threshold: 500\n") == 1
    file.write_text(file.read_text().replace("threshold: 500\n", "threshold: 600\n"))
    after = artefacts(specs)
    changed = {path for path, text in before.items() if after[path] != text}
    assert changed == {
        "dashboards/grafana-operations-dashboard.json",
        "grafana/alert-rules.json",
        "kubernetes/prometheus-rule.yaml",
        "kubernetes/prometheus-rules-configmap.yaml",
        "mimir/slobook.yaml",
        "rules/prometheus-alert-rules.yml",
        "tests/support-agent-alert-1m-tests.yml",
    }
    for path in sorted(changed):
        lines = unified_diff(before[path].splitlines(), after[path].splitlines(), n=0, lineterm="")
        edits = [line for line in list(lines)[2:] if not line.startswith("@@")]
        removed = [line for line in edits if line.startswith("-")]
        assert len(removed) == len(edits) / 2
        if path.startswith("tests/"):
            # Names of three tests, and the level of the queue in each.
            assert all("QueueDepthCritical" in e or "values: " in e for e in edits)
            assert len(removed) <= 6
        else:
            # The condition, and what people read of it; the line that a dashboard draws.
            assert len(removed) == (1 if path.startswith("dashboards/") else 2), path
            assert all("500" in line or "600" in line for line in edits)
