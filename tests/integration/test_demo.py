"""The whole way through, as a newcomer runs it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slo.report.kinds import WEEKLY_COST, WEEKLY_SLO
from tests.result_schemas import faults

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.integration


@pytest.fixture
def project(tmp_path):
    """A copy of what the demonstration needs, without a history or reports."""
    for name in ("notebooks", "slo/catalog"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "slobook.toml", tmp_path)
    return tmp_path


def slo(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "slo"
    return subprocess.run(
        [command, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demonstration_through_a_real_prometheus(project):
    done = slo(project, "demo", "--live", "--weeks", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "as Prometheus 2." in done.stdout
    assert "Prometheus is stopped" in done.stdout
    (page,) = (project / "reports").glob("*/*/weekly-slo.html")
    assert str(page.relative_to(project)) in done.stdout
    result = json.loads((page.parent / "result.json").read_text())
    assert result["provenance"]["prometheus_version"].startswith("2.")
    assert len(result["slos"]) == 13
    assert faults(WEEKLY_SLO, result) == []

    # What it fetched is enough for the cost report too.
    cost = slo(project, "report", "--kind", "cost", "--json")
    assert cost.returncode == 0, cost.stdout + cost.stderr
    told = json.loads(cost.stdout)
    assert told["provenance"]["prometheus_version"].startswith("2.")
    assert told["this_week"]["usd"] > 0
    assert faults(WEEKLY_COST, told) == []
    whole = sum(line["usd"] for line in told["allocations"]["model"])
    for cut in ("category", "feature"):
        lines = told["allocations"][cut]
        assert sum(line["usd"] for line in lines) == pytest.approx(whole)
        assert "not allocated" not in {line["name"] for line in lines}

    # The same history, as the simulation wrote it, gives the same numbers to the last digit.
    verbs = ("backtest", "alerts")
    again = [slo(project, verb, "--json").stdout for verb in verbs]
    slo(project, "simulate", "--weeks", "2")
    simulated = [slo(project, verb, "--json").stdout for verb in verbs]
    assert list(map(json.loads, again)) == list(map(json.loads, simulated))

    check = slo(project, "generate", "--check")
    assert check.returncode == 0, check.stdout


def test_the_designers_notebook_runs_without_widgets(project, tmp_path):
    import papermill

    assert slo(project, "simulate", "--weeks", "2").returncode == 0
    papermill.execute_notebook(
        str(project / "notebooks" / "design_slo.ipynb"),
        str(tmp_path / "out.ipynb"),
        parameters={"interactive": False},
        kernel_name="python3",
        cwd=str(project / "notebooks"),
        progress_bar=False,
    )
    assert "FigureWidget" not in (tmp_path / "out.ipynb").read_text()


def test_the_notebook_that_tunes_a_service_writes_specifications_where_asked(project, tmp_path):
    import papermill

    assert slo(project, "simulate", "--weeks", "9").returncode == 0
    catalogue = project / "slo" / "catalog" / "ai_support"
    before = {path: path.read_text() for path in catalogue.glob("*.yaml")}
    papermill.execute_notebook(
        str(project / "notebooks" / "tune_alerts.ipynb"),
        str(tmp_path / "out.ipynb"),
        parameters={"catch": 0.02, "write": True, "interactive": False},
        kernel_name="python3",
        cwd=str(project / "notebooks"),
        progress_bar=False,
    )
    shown = (tmp_path / "out.ipynb").read_text()
    assert "FigureWidget" not in shown
    assert "Before and after" in shown
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert changed
    assert all("slobook/evidence" in path.read_text() for path in changed)
    assert slo(project, "validate").returncode == 0


def test_a_longer_history_has_better_alerts_to_show(project):
    """README.md and the demonstration's last words promise it."""
    assert slo(project, "simulate", "--weeks", "16").returncode == 0
    studies = {one["slo"]: one for one in json.loads(slo(project, "tune", "--json").stdout)}
    assert len(studies) == 13
    assert sum(one["recommended"] != "present" for one in studies.values()) == 5
    slow = studies["llm-latency-anthropic"]
    seen = {
        one["name"]: (one["whole_history"]["caught"], one["whole_history"]["required"])
        for one in slow["contenders"]
    }
    assert slow["recommended"] == "quick"
    assert seen["present"] == (2, 5)
    assert seen["quick"] == (5, 5)
