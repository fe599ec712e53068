"""Notebooks are thin: parameters, then one library call a cell, and no outputs."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager

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
def test_a_notebook_has_parameters_for_papermill_and_explains_itself(path):
    tagged = [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert nbformat.read(path, as_version=4).cells[0].cell_type == "markdown"
