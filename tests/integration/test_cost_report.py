"""The weekly cost report as people get it: by papermill, in a browser, and from a Prometheus."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from slo.report.cost_files import write_weekly_cost
from slo.report.weekly_cost import weekly_cost
from tests.agent_costs import BUDGETS, WEEK, costs
from tests.integration.browser import visit

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)


@pytest.fixture(scope="module", params=[(1200, 900), (390, 844)], ids=["desktop", "phone"])
def looked_at(request, tmp_path_factory):
    """A page in a browser, and the numbers that lie beside it."""
    report = weekly_cost("agent", BUDGETS, costs(length=RUNAWAY, small=0.25), WEEK)
    page = write_weekly_cost(report, tmp_path_factory.mktemp("page"))
    result = json.loads(page.with_name("result.json").read_text())
    return visit(page, request.param, tmp_path_factory.mktemp("visit")), result


def amounts(visited, name: str) -> list[float]:
    return [float(text) for text in re.findall(rf'data-{name}="([^"]+)"', visited.dom)]


def amount(visited, name: str) -> float:
    (found,) = re.findall(rf'id="{name}" data-usd="([^"]+)"', visited.dom)
    return float(found)


def test_the_page_asks_nobody_and_nothing_complains(looked_at):
    visited, _ = looked_at
    assert visited.requests == ()
    assert visited.console == ""


def test_every_figure_is_drawn(looked_at):
    visited, _ = looked_at
    assert visited.dom.count('class="plot js-plotly-plot"') == 3
    assert visited.dom.count('class="main-svg"') >= 3


def test_the_numbers_in_the_page_are_those_of_the_result(looked_at):
    visited, result = looked_at
    this, change, ahead = result["this_week"], result["change"], result["forecast"]
    assert amount(visited, "spent") == this["usd"]
    assert amount(visited, "per-ticket") == this["usd_per_ticket"]
    assert amount(visited, "net") == this["net_usd"]
    for name in ("price", "volume", "mix", "running"):
        assert amount(visited, name) == change[f"{name}_usd"]
    for name in ("expected", "low", "high"):
        assert amount(visited, name) == ahead[f"{name}_usd"]
    assert amounts(visited, "spent") == [one["spent_usd"] for one in result["budgets"]]
    assert amounts(visited, "left") == [one["left_usd"] for one in result["budgets"]]
    assert amounts(visited, "model") == [one["usd"] for one in result["models"]]
    assert amounts(visited, "anomaly") == [one["usd"] for one in result["anomalies"]]
    assert amounts(visited, "saves") == [one["usd_a_month"] for one in result["suggestions"]]
    assert amounts(visited, "allocated") == [
        line["usd"] for cut in result["allocations"].values() for line in cut
    ]
    assert f'id="verdict">{result["verdict"]}<' in visited.dom
    assert len(result["anomalies"]) == 2


def slo(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "slo"
    return subprocess.run(
        [command, *arguments], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The embedded example, with three simulated weeks."""
    made = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "slo/catalog"):
        shutil.copytree(ROOT / name, made / name)
    shutil.copy(ROOT / "slobook.toml", made)
    done = slo(made, "demo", "--live", "--weeks", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_the_notebook_publishes_the_page_and_its_numbers(project):
    done = slo(project, "report", "--kind", "cost", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    folder = project / "reports" / "support-agent" / "cost" / result["week"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "notebook.ipynb",
        "result.json",
        "weekly-cost.html",
    ]
    assert json.loads((folder / "result.json").read_text()) == result
    nbformat.validate(nbformat.read(folder / "notebook.ipynb", as_version=4))
    assert result["coverage"] > 0.99
    assert result["this_week"]["usd"] > 500
    assert result["reconciliation"]["agrees"]
    assert result["forecast"]["expected_usd"] > result["forecast"]["spent_usd"]


def test_a_real_prometheus_says_what_the_simulation_says(project):
    """The snapshot was fetched from one, with everything that the cost report reads."""
    fetched = json.loads(slo(project, "report", "--kind", "cost", "--json").stdout)
    assert slo(project, "simulate", "--weeks", "3").returncode == 0
    simulated = json.loads(slo(project, "report", "--kind", "cost", "--json").stdout)
    assert fetched["provenance"]["prometheus_version"].startswith("2.")
    for one in (fetched, simulated):
        del one["provenance"]
    assert fetched == simulated
