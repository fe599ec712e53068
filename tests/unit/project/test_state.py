"""What a project has so far, and what to do next."""

from pathlib import Path

import pytest

from slo import open_project
from slo.history.incidents import write_incidents
from slo.history.snapshot import write_snapshot
from slo.model.incident import Incident
from slo.project.state import Part, State
from tests.integration.shop_project import SPEC
from tests.shop import history, stretch


@pytest.fixture
def root(tmp_path):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    (tmp_path / "slobook.toml").write_text('[project]\nspecs = ["specs"]\n')
    return tmp_path


def parts(root):
    return {part.name: part for part in open_project(root / "slobook.toml").state().parts}


def test_a_newcomer_is_told_the_first_thing_first(root):
    state = open_project(root / "slobook.toml").state()
    found = {part.name: part for part in state.parts}
    assert found["specifications"] == Part(
        "specifications", "1 service, 1 objective, no alerts on thresholds"
    )
    assert found["history"].present == "none"
    assert "slo snapshot" in state.next
    assert found["incidents"].present.startswith("none labelled")
    assert found["rules and dashboards"].next == "write them: slo generate"
    assert found["reports"] == Part("reports", "none", "make last week's: slo report")


def test_what_is_there_is_told(root):
    (root / "history").mkdir()
    write_snapshot(history(), root / "history" / "snapshot.parquet")
    seen = Incident("inc-1", stretch(1, 1), "outage", "shop")
    write_incidents([seen], root / "history" / "incidents.csv")
    project = open_project(root / "slobook.toml")
    project.plan().apply(share=1)
    found = parts(root)
    assert found["history"].present == "2026-10-26 to 2026-11-23, from a test"
    assert found["incidents"].present == "1 incident labelled"
    assert found["rules and dashboards"] == Part("rules and dashboards", "no changes")
    assert project.state().next == "make last week's: slo report"


def test_no_report_is_asked_for_before_a_week_is_whole(root, monkeypatch):
    (root / "history").mkdir()
    write_snapshot(history(), root / "history" / "snapshot.parquet")
    days = 24 * 3600
    monday = history().span.start / 1000
    monkeypatch.setattr("slo.project.state.time", lambda: monday + 6 * days)
    assert parts(root)["reports"] == Part(
        "reports",
        "no whole week of history yet: it begins 2026-10-26 00:00:00 UTC, and the first whole week "
        "ends 2026-11-02 00:00:00 UTC",
    )
    monkeypatch.setattr("slo.project.state.time", lambda: monday + 7 * days)
    assert parts(root)["reports"].next == "make last week's: slo report"


def test_a_prometheus_is_named_and_not_asked(root):
    text = (root / "slobook.toml").read_text()
    address = "http://127.0.0.1:1"
    (root / "slobook.toml").write_text(f'{text}[prometheus]\nurl = "{address}"\n')
    found = parts(root)["history"]
    assert found.present == f"none kept; {address} is asked each time"
    assert "slo snapshot --days 42" in found.next


def test_grafanas_are_named(root):
    text = (root / "slobook.toml").read_text()
    (root / "slobook.toml").write_text(f'{text}[grafana]\nurl = "https://grafana.example.com"\n')
    project = open_project(root / "slobook.toml")
    assert project.has_grafana
    assert parts(root)["Grafana"].present == "https://grafana.example.com"


def test_a_fault_is_told_and_the_rest_is_looked_at(root):
    spec = root / "specs" / "shop.yaml"
    spec.write_text(SPEC.replace("target: 0.99", "target: 1.99"))
    found = parts(root)
    assert f"{spec}:" in found["specifications"].present
    assert "slo validate" in found["specifications"].next
    assert found["history"].present == "none"


def test_it_shows_itself_as_text_and_as_a_table():
    shown = State((Part("history", "none <yet>", "slo simulate"), Part("reports", "2")))
    assert str(shown).splitlines() == [
        "Next: slo simulate",
        "",
        "of        there is     next",
        "───────────────────────────────────",
        "history   none <yet>   slo simulate",
        "reports   2",
    ]
    html = shown._repr_html_()
    assert "none &lt;yet&gt;" in html
    assert html.count('scope="row"') == 2
    assert html.count('scope="col"') == 3
    assert State(()).next == ""
    assert str(State((Part("reports", "2"),))).startswith("All is in place\n")


def test_an_untouched_copy_of_a_reports_notebook_follows_slobook(root):
    from slo.lab.notebooks import OURS
    from slo.project.workbench import provided_notebooks

    project, name = open_project(root / "slobook.toml"), "weekly_slo_report.ipynb"
    assert project.notebook(name) == OURS / name
    assert name in provided_notebooks(project).made
    assert project.notebook(name) == OURS / name
    own = root / "notebooks" / name
    own.write_text(own.read_text().replace("import slo", "import slo  # ours"))
    assert project.notebook(name) == own


def test_copies_name_the_projects_configuration_and_first_objective(root):
    from slo.project.workbench import provided_notebooks

    (root / "slobook.toml").rename(root / "prod.toml")
    provided_notebooks(open_project(root / "prod.toml"))
    text = Path(root, "notebooks", "design_slo.ipynb").read_text()
    assert 'config = \\"../prod.toml\\"' in text
    assert 'name = \\"shop/availability\\"' in text
    # It has no alert on a threshold: another project's name would be no help.
    assert 'name = \\"\\"' in Path(root, "notebooks", "tune_thresholds.ipynb").read_text()


def test_faults_of_specifications_keep_nobody_out(root):
    from slo.project.workbench import provided_notebooks

    (root / "specs" / "shop.yaml").write_text("apiVersion: nothing\n")
    assert "start_here.ipynb" in provided_notebooks(open_project(root / "slobook.toml")).made


def test_a_workspace_is_a_folder_a_project(root, tmp_path, monkeypatch):
    from slo.project.workbench import workspace_of

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    first = workspace_of(open_project(root / "slobook.toml"))
    assert first.folder.parent == tmp_path / "data" / "slobook"
    assert (first.root, first.notebooks) == (root, root / "notebooks")
    (root / "other.toml").write_text('[project]\nspecs = ["specs"]\nnotebooks = "../books"\n')
    other = workspace_of(open_project(root / "other.toml"))
    assert other.folder != first.folder
    assert (other.root, other.notebooks) == (root.parent, root.parent / "books")
