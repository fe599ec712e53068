import json

import pytest

from slo.errors import ConfigError, SpecError
from slo.model.duration import HOUR
from slo.preview.dashboard import Place
from slo.preview.reading import dashboard_files, read_dashboard, read_dashboards
from tests.preview_dashboards import dashboard, panel, shop, target, write


def test_panels_are_read_in_their_order_and_rows_hold_theirs(tmp_path):
    read = read_dashboard(write(tmp_path, shop()))
    first, details = read.sections
    assert (first.title, details.title, details.collapsed) == ("", "Details", True)
    assert [one.title for one in details.panels][:2] == ["By code", "Bar"]
    assert first.panels[5].place == Place(0, 4, 12, 8)
    assert first.panels[6].interval == HOUR
    assert first.panels[0].defaults["unit"] == "reqps"
    assert first.panels[5].defaults["custom.thresholdsStyle"] == {"mode": "dashed"}
    assert details.panels[0].targets[0].table


def test_an_open_row_takes_what_follows_it(tmp_path):
    tree = dashboard({"type": "row", "title": "R", "panels": []}, panel("stat", "S", (0, 1, 4, 4)))
    (section,) = read_dashboard(write(tmp_path, tree)).sections
    assert (section.title, section.collapsed) == ("R", False)
    assert [one.title for one in section.panels] == ["S"]


def test_variables_and_annotations(tmp_path):
    tree = shop() | {"annotations": {"list": [
        {"name": "Alerts", "builtIn": 1, "enable": True},
        {"name": "Deployments", "enable": True, "expr": "deployed"},
        {"name": "Off", "enable": False},
    ]}}  # fmt: skip
    read = read_dashboard(write(tmp_path, tree))
    assert [one.name for one in read.variables] == ["datasource", "code"]
    assert read.variables[1].query == "label_values(requests_total, code)"
    assert read.variables[1].chosen == ("$__all",)
    assert [one.name for one in read.annotations] == ["Deployments"]


def test_a_target_of_both_kinds_is_a_range(tmp_path):
    both = target("up", instant=True, range=True)
    read = read_dashboard(write(tmp_path, dashboard(panel("stat", "S", (0, 0, 4, 4), both))))
    assert not read.sections[0].panels[0].targets[0].instant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "no JSON"),
        ("[]", "no list of panels"),
        ('{"panels": 3}', "no list of panels"),
        ('{"apiVersion": "dashboard.grafana.app/v2", "spec": {}}', "the newer schema"),
        (json.dumps({"panels": [{"title": "no type"}]}), "a field that does not fit"),
        (
            json.dumps({"panels": [{"type": "stat", "gridPos": {"x": 20, "w": 9}}]}),
            "leave the grid of 24 columns",
        ),
    ],
)
def test_what_is_no_dashboard_is_refused_by_name(tmp_path, text, found):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(SpecError, match=found) as refused:
        read_dashboard(path)
    assert str(path) in str(refused.value)


def test_every_fault_is_told_at_once(tmp_path):
    with pytest.raises(SpecError) as refused:
        read_dashboards([tmp_path / "a.json", tmp_path / "b.json"])
    assert len(refused.value.faults) == 2


def test_dashboards_are_named_by_file_stem_and_uid(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(shop(), indent=2))
    from pathlib import Path

    assert dashboard_files([], tmp_path) == (path,)
    for name in ("shop", "shop.json", "shop-001", str(path)):
        assert dashboard_files([Path(name)], tmp_path) == (path,)
    with pytest.raises(ConfigError, match="nothing: found no such dashboard, .* one of shop"):
        dashboard_files([Path("nothing")], tmp_path)
    with pytest.raises(ConfigError, match="'slo generate' writes them"):
        dashboard_files([], tmp_path / "nowhere")
