import json

import pytest

from slo.errors import ConfigError
from slo.plan import Change, Plan
from slo.plan.file import plan_document, read_plan

PLAN = Plan(
    (
        Change("dashboards/a", "update", '{"unit": "s"}', '{"unit": "ms"}', 4, "by maria"),
        Change("folders/f", "create", None, '{"title": "é"}'),
        Change("dashboards/b", "drift", '{"unit": "s"}', None, 1),
    ),
    existing=12,
    target="https://grafana.example.com folder slobook",
    remarks=("folders/f is called g",),
)


def written(folder, tree):
    path = folder / "plan.json"
    path.write_text(json.dumps(tree))
    return path


def test_a_plan_comes_back_as_it_was(tmp_path):
    assert read_plan(written(tmp_path, plan_document(PLAN))) == PLAN


def test_its_reader_sees_what_differs(tmp_path):
    (first, *_) = plan_document(PLAN)["changes"]
    assert first["differences"] == [{"place": "unit", "before": "s", "after": "ms"}]


@pytest.mark.parametrize(
    "edit",
    [
        lambda tree: tree["changes"][0].update(after='{"unit": "min"}'),
        lambda tree: tree["changes"][0].update(expected=5),
        lambda tree: tree["changes"].pop(),
        lambda tree: tree.update(target="https://grafana.example.com folder other"),
        lambda tree: tree.update(digest="0" * 64),
    ],
)
def test_an_edited_plan_is_refused(tmp_path, edit):
    tree = plan_document(PLAN)
    edit(tree)
    with pytest.raises(ConfigError, match="found a plan that was edited"):
        read_plan(written(tmp_path, tree))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"plan\.json:1: found no JSON, expected a plan"),
        ("[]", "found something else, expected a plan"),
        ('{"slobook_plan": 2}', "found something else, expected a plan"),
        ('{"slobook_plan": 1}', "found a broken plan"),
        (
            '{"slobook_plan": 1, "target": "", "existing": 0, "remarks": [], '
            '"changes": [{"kind": "drop"}]}',
            "no kind of change: 'drop'",
        ),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path, text, message):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_plan(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"plan\.json cannot be read"):
        read_plan(tmp_path / "plan.json")
