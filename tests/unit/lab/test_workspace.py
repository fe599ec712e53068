"""The layout is written once and is people's; settings are defaults, in a folder of our own."""

import json

import pytest

from slo.errors import WriteError
from slo.lab.notebooks import ORDER
from slo.lab.workspace import SETTINGS, Workspace, prepare, work


@pytest.fixture
def workspace(tmp_path):
    notebooks = tmp_path / "project" / "notebooks"
    notebooks.mkdir(parents=True)
    for name in ("tune_alerts", "start_here", "of_my_own"):
        cells = [{"cell_type": "markdown", "source": [f"# Title of {name}"]}]
        (notebooks / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    return Workspace(tmp_path / "ours", tmp_path / "project", notebooks)


def test_the_start_page_is_open_and_the_list_of_the_work_in_front(workspace):
    prepare(workspace)
    # The name that JupyterLab itself gives to the layout of /lab.
    assert workspace.layout.name == "default-37a8.jupyterlab-workspace"
    written = json.loads(workspace.layout.read_text())
    assert written["metadata"]["id"] == "default"
    laid_out = written["data"]["layout-restorer:data"]
    assert laid_out["main"]["current"] == "notebook:notebooks/start_here.ipynb"
    assert laid_out["left"]["current"] == "slobook-work"
    assert written["data"]["file-browser-filebrowser:cwd"] == {"path": "notebooks"}


def test_a_layout_that_people_left_stays_unless_it_is_to_be_fresh(workspace):
    prepare(workspace)
    ours = workspace.layout.read_text()
    workspace.layout.write_text("{}")
    prepare(workspace)
    assert workspace.layout.read_text() == "{}"
    prepare(workspace, fresh=True)
    assert workspace.layout.read_text() == ours


def test_the_page_is_told_the_work_in_its_order(workspace):
    prepare(workspace)
    told = json.loads((workspace.settings / "page_config.json").read_text())
    assert (
        json.loads(told["slobookWork"])
        == work(workspace)
        == [
            {"path": "notebooks/start_here.ipynb", "title": "Title of start_here"},
            {"path": "notebooks/tune_alerts.ipynb", "title": "Title of tune_alerts"},
        ]
    )


def test_nobody_is_asked_for_news_and_the_theme_is_the_systems(workspace):
    prepare(workspace)
    settings = json.loads((workspace.settings / "overrides.json").read_text())
    assert settings == SETTINGS
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    assert settings["@jupyterlab/apputils-extension:themes"] == {"adaptive-theme": True}


@pytest.mark.parametrize("plugin", SETTINGS)
def test_jupyterlab_knows_every_setting(plugin):
    from pathlib import Path

    import jsonschema
    import jupyterlab

    package, name = plugin.split(":")
    folder = Path(jupyterlab.__file__).parent / "schemas" / package
    schema = json.loads((folder / f"{name}.json").read_text())
    assert SETTINGS[plugin].keys() <= schema["properties"].keys()
    jsonschema.validate(SETTINGS[plugin], schema)


def test_notebooks_may_be_the_folder_itself(workspace):
    whole = Workspace(workspace.folder, workspace.notebooks, workspace.notebooks)
    assert [one["path"] for one in work(whole)] == ["start_here.ipynb", "tune_alerts.ipynb"]


def test_a_folder_that_cannot_be_made_is_said(workspace):
    workspace.folder.write_text("")
    with pytest.raises(WriteError, match="ours cannot be made"):
        prepare(workspace)


def test_the_order_is_that_of_the_start_page():
    import re

    from slo.lab.notebooks import OURS

    text = (OURS / "start_here.ipynb").read_text()
    linked = re.findall(r"\]\((\w+)\.ipynb\)", text)
    assert ORDER[0] == "start_here"
    assert tuple(dict.fromkeys(linked)) == ORDER[1:]
