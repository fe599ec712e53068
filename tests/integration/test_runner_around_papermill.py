"""What the runner does around papermill, which is pretended; see also test_run_notebook.py."""

from pathlib import Path

import nbformat
import papermill
import pytest

from slo.errors import ConfigError, RunError
from slo.report.published import NOTEBOOK, Published
from slo.report.runs.runner import run_notebook

pytestmark = pytest.mark.integration


@pytest.fixture
def notebook(tmp_path):
    cell = nbformat.v4.new_code_cell('week = ""\nout = "."', metadata={"tags": ["parameters"]})
    spec = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    path = tmp_path / "weekly.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=spec), path)
    return path


@pytest.fixture
def execute(monkeypatch):
    """What papermill is told; it writes as a notebook would."""
    told = {}

    def pretend(notebook, executed, **options):
        told.update(options)
        Path(executed).write_text("{}")
        Path(options["parameters"]["out"], "weekly-slo.html").write_text("a page")

    monkeypatch.setattr(papermill, "execute_notebook", pretend)
    return told


def test_the_notebook_is_told_where_to_write_and_works_where_it_lies(notebook, execute, tmp_path):
    folder = tmp_path / "reports" / "shop" / "2026-W46"
    assert run_notebook(notebook, {"week": "2026-W46"}, folder) == folder / NOTEBOOK
    assert execute["parameters"]["week"] == "2026-W46"
    assert Path(execute["parameters"]["out"]).parent == folder.parent
    assert execute["cwd"] == str(notebook.parent)
    assert sorted(path.name for path in folder.iterdir()) == [NOTEBOOK, "weekly-slo.html"]
    assert [path.name for path in folder.parent.iterdir()] == ["2026-W46"]
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_report_that_cannot_be_published_leaves_the_one_before(
    notebook, execute, tmp_path, monkeypatch
):
    folder = tmp_path / "2026-W46"
    folder.mkdir()
    (folder / "weekly-slo.html").write_text("before")
    rename = Path.rename

    def fail(path, target):
        if Path(target) == folder and not path.name.endswith("-before"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(RunError, match="No space left on device"):
        run_notebook(notebook, {}, folder)
    assert (folder / "weekly-slo.html").read_text() == "before"


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"weekly.ipynb: there is no such notebook"):
        run_notebook(tmp_path / "weekly.ipynb", {}, tmp_path / "out")


@pytest.mark.parametrize("text", ["", "not json", '{"cells": 3}', "[]"])
def test_what_is_no_notebook_is_named(tmp_path, text):
    path = tmp_path / "weekly.ipynb"
    path.write_text(text)
    with pytest.raises(ConfigError, match="expected a Jupyter notebook"):
        run_notebook(path, {}, tmp_path / "out")


def test_an_unknown_parameter_is_refused_with_the_nearest(notebook, execute, tmp_path):
    with pytest.raises(ConfigError, match="found the parameter 'weak', expected 'week'"):
        run_notebook(notebook, {"weak": "2026-W46"}, tmp_path / "out")
    assert execute == {}


def test_a_notebook_without_parameters_is_refused(notebook, execute, tmp_path):
    made = nbformat.read(notebook, as_version=4)
    made.cells[0].metadata.tags = []
    nbformat.write(made, notebook)
    with pytest.raises(ConfigError, match="expected a cell tagged 'parameters'"):
        run_notebook(notebook, {}, tmp_path / "out")


def test_a_credential_is_refused_before_anything_runs(notebook, execute, tmp_path):
    with pytest.raises(ConfigError, match="'week' looks like a credential"):
        run_notebook(notebook, {"week": "https://me:hunter2@example.com"}, tmp_path / "out")
    assert execute == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["weekly.ipynb"]


def test_what_is_published_tells_its_verdict():
    published = Published(Path("page.html"), {"verdict": "All kept.", "falls_short": False})
    assert published.verdict == "All kept."
    assert not published.falls_short


def test_a_folder_that_cannot_be_made_is_named(notebook, execute, tmp_path):
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(ConfigError, match="reports cannot be written"):
        run_notebook(notebook, {}, tmp_path / "reports" / "2026-W46")
    assert execute == {}
