"""Notebooks are thin: parameters, then one library call a cell, and no outputs."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import papermill
import pytest
from IPython.core.inputtransformer2 import TransformerManager

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


def run(name: str, folder: Path, **parameters):
    """A notebook as it is, run by papermill in a folder beside slobook.toml."""
    folder.mkdir(exist_ok=True)
    made = papermill.execute_notebook(
        str(ROOT / "notebooks" / f"{name}.ipynb"),
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
