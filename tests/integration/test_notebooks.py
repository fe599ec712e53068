"""Notebooks are thin: parameters, then one library call a cell, and no outputs."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import papermill
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from slo.project import open_project
from slo.project.workbench import provided_notebooks
from tests.integration.shop_project import write_shop

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.integration

LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)


def code_cells(path: Path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_notebooks_are_there():
    assert {path.stem for path in NOTEBOOKS} == {
        "design_slo",
        "explore_incident",
        "review_dashboards",
        "start_here",
        "tune_alerts",
        "tune_thresholds",
        "weekly_cost_report",
        "weekly_slo_report",
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.outputs for cell in code_cells(path) if cell.outputs] == []
    assert [cell.execution_count for cell in code_cells(path) if cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path):
    sizes = [len(cell.source.splitlines()) for cell in code_cells(path)]
    assert np.quantile(sizes, 0.9) <= 5
    magic = TransformerManager()  # %load_ext is a notebook's, and no Python's
    sources = [magic.transform_cell(cell.source) for cell in code_cells(path)]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    assert [node for node in nodes if isinstance(node, LOGIC)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_mistakes_and_results_as_boxes(path):
    """Whatever fails does so after the extension was loaded: only parameters come before."""
    lines = [
        cell.source.splitlines()
        for cell in code_cells(path)
        if "parameters" not in cell.metadata.get("tags", [])
    ]
    assert lines[0][:2] == ["%load_ext slo", "import slo"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_parameters_for_papermill_and_explains_itself(path):
    tagged = [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert nbformat.read(path, as_version=4).cells[0].cell_type == "markdown"


def run(name: str, folder: Path, source: Path = ROOT / "notebooks", **parameters):
    """A notebook as it is, run by papermill in a folder beside slobook.toml."""
    folder.mkdir(exist_ok=True)
    made = papermill.execute_notebook(
        str(source / f"{name}.ipynb"),
        str(folder / f"{name}.ipynb"),
        parameters=parameters,
        cwd=str(folder),
        kernel_name="python3",
        progress_bar=False,
    )
    return [output for cell in made.cells for output in cell.get("outputs", [])]


def texts(outputs) -> str:
    data = [one.get("data", {}) for one in outputs]
    shown = [one[kind] for one in data for kind in ("text/plain", "text/html") if kind in one]
    return "\n".join([*shown, *(one.get("text", "") for one in outputs)])


def test_the_start_page_tells_what_there_is_and_draws_a_budget(tmp_path):
    write_shop(tmp_path)
    outputs = run("start_here", tmp_path / "notebooks")
    assert "1 service, 1 objective" in texts(outputs)
    assert "write them: slo generate" in texts(outputs)
    drawn = [one for one in outputs if "application/vnd.plotly.v1+json" in one.get("data", {})]
    assert len(drawn) == 1


def test_dashboards_are_reviewed_before_anything_is_written(tmp_path):
    write_shop(tmp_path)
    told = texts(run("review_dashboards", tmp_path / "notebooks"))
    assert "panels: " in told
    assert "to create" in told
    assert "No Grafana is configured" in told
    assert "Nothing was written" in told
    assert not (tmp_path / "generated").exists()
    page = (tmp_path / "reports" / "dashboards-preview.html").read_text()
    assert "shop" in page
    # Only where somebody says so.
    assert "Applied." in texts(run("review_dashboards", tmp_path / "notebooks", apply=True))
    written = sorted(path.name for path in (tmp_path / "generated" / "dashboards").iterdir())
    assert "grafana-slo-dashboard.json" in written


@pytest.fixture(scope="module")
def another(tmp_path_factory):
    """A project of another service, as ``slo init`` makes them: copies of the notebooks in it,
    neither alerts on thresholds nor budgets of money nor incidents."""
    shop = write_shop(tmp_path_factory.mktemp("another")).root
    provided_notebooks(open_project(shop / "slobook.toml"))
    return shop


@pytest.mark.parametrize("name", ["design_slo", "tune_alerts", "weekly_slo_report"])
def test_it_runs_in_a_project_of_another_service(name, another):
    asked = {} if name.startswith("weekly") else {"interactive": False}
    outputs = run(name, another / "done", another / "notebooks", **asked)
    assert "text/html" in {kind for one in outputs for kind in one.get("data", {})}
    assert [one for one in outputs if one.output_type == "error"] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tune_thresholds", "the project has no alert on a threshold: write a ThresholdAlert"),
        ("weekly_cost_report", "the project has no budget of money: write a CostBudget"),
        ("explore_incident", "no incident in this history touches availability"),
    ],
)
def test_what_a_project_lacks_is_one_box_with_what_to_do(name, said, another):
    with pytest.raises(papermill.PapermillExecutionError, match=said):
        run(name, another / "done", another / "notebooks")
    kept = nbformat.read(another / "done" / f"{name}.ipynb", as_version=4)
    shown = [one for cell in kept.cells for one in cell.get("outputs", [])]
    (box,) = [one for one in shown if said in one.get("data", {}).get("text/plain", "")]
    assert "What to do: " in box.data["text/plain"]
    assert "<details>" in box.data["text/html"]
