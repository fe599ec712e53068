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

from slo.model.duration import DAY, SECOND
from slo.model.samples import History, Series, series_of
from slo.model.span import Span, to_datetime
from slo.project import open_project
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.result import cost_result_of
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.forms.found import forms_in
from slo.report.kinds import WEEKLY_COST
from slo.spec import read_specs
from tests.agent_costs import BUDGETS, LAST, WEEK, costs
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
def past():
    """The agent's history, as the catalogue's specifications ask for it."""
    made = costs(length=RUNAWAY, small=0.25)
    labelled = (
        series_of({**dict(one.labels), "namespace": "support"}, one.times, one.values)
        for one in made.series
    )
    return History(tuple(labelled), made.span)


@pytest.fixture(scope="module")
def project(past, serve_history, tmp_path_factory):
    """The embedded example, with a snapshot fetched from a real Prometheus."""
    made = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "slo/catalog"):
        shutil.copytree(ROOT / name, made / name)
    shutil.copy(ROOT / "slobook.toml", made)
    end = f"{to_datetime(past.span.end + SECOND):%Y-%m-%dT%H:%M:%S}"
    url = serve_history(past).url
    done = slo(made, "snapshot", "--url", url, "--days", "29", "--end", end)
    # What the objectives read is not there, and said not to be.
    assert done.returncode == 1, done.stdout + done.stderr
    return made


def test_the_notebook_publishes_what_the_library_says_of_the_same_samples(project, past):
    """Every sample came through a real Prometheus, every number through a kernel."""
    done = slo(project, "report", "--kind", "cost", "--week", str(WEEK), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    folder = project / "reports" / "support-agent" / "cost" / str(WEEK)
    assert {path.name for path in folder.iterdir()} == {
        *("notebook.ipynb", "result.json", "weekly-cost.html"),
        *forms_in(folder, WEEKLY_COST),
    }
    assert "weekly-cost.pdf" in forms_in(folder, WEEKLY_COST)
    assert json.loads((folder / "result.json").read_text()) == result
    nbformat.validate(nbformat.read(folder / "notebook.ipynb", as_version=4))

    specs = read_specs([ROOT / "slo/catalog/ai_support"])
    (model,) = specs.cost_models
    span = Span(past.span.end + SECOND - 29 * DAY, past.span.end + SECOND)
    known = History(past.series, span)
    expected = cost_result_of(weekly_cost("support-agent", specs.cost_budgets, known, WEEK, model))
    assert result["provenance"]["prometheus_version"].startswith("2.")
    assert result["provenance"]["samples"] == expected["provenance"]["samples"]
    for one in (result, expected):
        del one["provenance"]
    assert result == json.loads(json.dumps(expected))
    counted = 7 * (960 * 2 * 0.00465 + 2.4) + 2 * 8.928
    fixed = sum(one.dollars for one in model.fixed) * 7 / 30
    assert result["this_week"]["usd"] == pytest.approx(counted + fixed)
    assert result["cost_model"]["name"] == "support-agent-costs"


def test_without_a_snapshot_prometheus_is_asked_for_seven_weeks(project, past, serve_history):
    fresh = open_project(project / "slobook.toml").reading(snapshot=project / "none.parquet")
    asked = fresh.asking(serve_history(past).url)
    history = asked.cost_history()
    assert history.span.length == 49 * DAY
    assert history.server_version.startswith("2.")
    assert asked.cost_span().start == 0  # as far back as Prometheus remembers


def test_a_missed_week_is_made_of_what_was_known_when_it_ended(project, past, serve_history):
    """From a Prometheus that knows a later week, and dearer days in it, by now."""
    fresh = open_project(project / "slobook.toml").reading(snapshot=project / "none.parquet")
    asked = fresh.asking(serve_history(past).url)
    late = cost_result_of(asked.weekly_cost(str(LAST)))
    span = Span(LAST.span.end - 49 * DAY, LAST.span.end)
    in_time = History(tuple(cut(one, span) for one in past.series), span)
    specs = read_specs([ROOT / "slo/catalog/ai_support"])
    (model,) = specs.cost_models
    expected = cost_result_of(
        weekly_cost("support-agent", specs.cost_budgets, in_time, LAST, model)
    )
    assert late["until"] == expected["until"]
    assert late["provenance"]["samples"] == expected["provenance"]["samples"]
    for one in (late, expected):
        del one["provenance"]
    assert json.loads(json.dumps(late)) == json.loads(json.dumps(expected))


def cut(one: Series, span: Span) -> Series:
    inside = (one.times >= span.start) & (one.times < span.end)
    return Series(one.labels, one.times[inside], one.values[inside])
