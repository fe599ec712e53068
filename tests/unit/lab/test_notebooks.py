"""Copies of our notebooks: made once, followed while untouched, never written over."""

import json

import nbformat
import pytest

from slo.errors import WriteError
from slo.lab.notebooks import (
    OURS,
    Provided,
    in_order,
    is_untouched_copy,
    provide,
    relative,
    title,
)

CONFIG = {"config": "../slobook.toml"}


def write(path, *lines, heading="# A title"):
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(heading),
            nbformat.v4.new_code_cell(
                'config = "../slobook.toml"\nname = "ours"  # one of them',
                metadata={"tags": ["parameters"]},
            ),
            *map(nbformat.v4.new_code_cell, lines),
        ]
    )
    path.parent.mkdir(exist_ok=True)
    nbformat.write(made, path)


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def edit(path, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = source
    nbformat.write(notebook, path)


@pytest.fixture
def ours(tmp_path):
    for name in ("tune_alerts", "design_slo", "start_here"):
        write(tmp_path / "ours" / f"{name}.ipynb", "1 + 1")
    return tmp_path / "ours"


@pytest.fixture
def theirs(tmp_path):
    return tmp_path / "project" / "notebooks"


@pytest.fixture
def given(ours, theirs):
    theirs.parent.mkdir()
    provide(theirs, CONFIG, ours=ours)
    return theirs


def test_a_project_without_notebooks_gets_all_in_the_order_of_the_work(ours, theirs):
    theirs.parent.mkdir()
    names = ("start_here.ipynb", "design_slo.ipynb", "tune_alerts.ipynb")
    assert provide(theirs, CONFIG, ours=ours) == Provided(made=names)
    assert tuple(path.name for path in in_order(theirs)) == names
    for name in names:
        nbformat.validate(nbformat.read(theirs / name, as_version=4))
        assert sources(theirs / name) == sources(ours / name)
    assert provide(theirs, CONFIG, ours=ours) == Provided()


def test_parameters_are_the_projects_and_comments_stay(ours, theirs):
    theirs.parent.mkdir()
    config = {"config": '../etc/a "b".toml'}
    provide(theirs, config, {"design_slo": {"name": "shop/availability"}}, ours)
    assert sources(theirs / "design_slo.ipynb")[1].splitlines() == [
        'config = "../etc/a \\"b\\".toml"',
        'name = "shop/availability"  # one of them',
    ]
    assert 'name = "ours"' in sources(theirs / "tune_alerts.ipynb")[1]


def test_what_somebody_changed_stays_to_the_byte(ours, given):
    edit(given / "design_slo.ipynb", "2 + 2")
    before = (given / "design_slo.ipynb").read_bytes()
    assert provide(given, CONFIG, ours=ours) == Provided()
    write(ours / "design_slo.ipynb", "3 + 3")
    assert provide(given, CONFIG, ours=ours) == Provided(offered=("design_slo.new.ipynb",))
    assert (given / "design_slo.ipynb").read_bytes() == before
    assert sources(given / "design_slo.new.ipynb")[-1] == "3 + 3"
    # It is offered once, and anew when ours is another again.
    assert provide(given, CONFIG, ours=ours) == Provided()
    write(ours / "design_slo.ipynb", "4 + 4")
    assert provide(given, CONFIG, ours=ours) == Provided(offered=("design_slo.new.ipynb",))
    assert sources(given / "design_slo.new.ipynb")[-1] == "4 + 4"


def test_what_somebody_changed_beside_theirs_stays_too(ours, given):
    edit(given / "design_slo.ipynb", "2 + 2")
    write(ours / "design_slo.ipynb", "3 + 3")
    provide(given, CONFIG, ours=ours)
    edit(given / "design_slo.new.ipynb", "5 + 5")
    write(ours / "design_slo.ipynb", "4 + 4")
    provide(given, CONFIG, ours=ours)
    kept = {sources(path)[-1] for path in given.glob("design_slo*.ipynb")}
    assert {"2 + 2", "5 + 5"} <= kept


def test_what_was_only_run_follows_ours(ours, given):
    path = given / "start_here.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="run")]
    notebook.cells[1].execution_count = 1
    nbformat.write(notebook, path)
    assert is_untouched_copy(path)
    write(ours / "start_here.ipynb", "3 + 3")
    assert provide(given, CONFIG, ours=ours) == Provided(renewed=("start_here.ipynb",))
    assert sources(path)[-1] == "3 + 3"


def test_a_changed_parameter_is_a_change(given):
    path = given / "tune_alerts.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = notebook.cells[1].source.replace("ours", "theirs")
    nbformat.write(notebook, path)
    assert not is_untouched_copy(path)


def test_a_projects_own_notebook_of_the_same_name_is_left_alone(ours, theirs):
    theirs.parent.mkdir()
    write(theirs / "design_slo.ipynb", "mine")
    before = (theirs / "design_slo.ipynb").read_bytes()
    assert "design_slo.ipynb" not in provide(theirs, CONFIG, ours=ours).made
    write(ours / "design_slo.ipynb", "3 + 3")
    assert provide(theirs, CONFIG, ours=ours) == Provided()
    assert (theirs / "design_slo.ipynb").read_bytes() == before
    assert not is_untouched_copy(theirs / "design_slo.ipynb")


def test_slobooks_own_checkout_stays_as_it_is():
    before = {path: path.read_bytes() for path in in_order(OURS)}
    assert provide(OURS.resolve(), CONFIG) == Provided()
    assert {path: path.read_bytes() for path in in_order(OURS)} == before
    assert "start_here" in {path.stem for path in before}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": []}', "\xff", '{"metadata": 1}'])
def test_a_file_that_is_no_notebook_is_peoples_to_mend(ours, theirs, text):
    theirs.mkdir(parents=True)
    (theirs / "design_slo.ipynb").write_text(text, encoding="latin-1")
    assert "design_slo.ipynb" not in provide(theirs, CONFIG, ours=ours).made
    assert (theirs / "design_slo.ipynb").read_text(encoding="latin-1") == text
    assert title(theirs / "design_slo.ipynb") == "design_slo"


def test_a_folder_that_cannot_be_made_is_said(ours, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"file/notebooks cannot be made: Not a directory"):
        provide(tmp_path / "file" / "notebooks", CONFIG, ours=ours)


def test_titles_are_first_headings(ours):
    write(ours / "design_slo.ipynb", heading="Before\n\n# Design it\n\n# Not this")
    assert title(ours / "design_slo.ipynb") == "Design it"
    written = json.loads((ours / "design_slo.ipynb").read_text())
    written["cells"] = []
    (ours / "design_slo.ipynb").write_text(json.dumps(written))
    assert title(ours / "design_slo.ipynb") == "design_slo"


def test_a_file_is_named_from_the_folder(tmp_path):
    assert relative(tmp_path / "slobook.toml", tmp_path / "notebooks") == "../slobook.toml"
    assert relative(tmp_path / "prod.toml", tmp_path / "a" / "b") == "../../prod.toml"
