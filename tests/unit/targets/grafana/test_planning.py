"""What a push would do, from plain values: no server is asked."""

import json
from dataclasses import replace

import pytest

from slo.plan import Artefact
from slo.targets.grafana.marker import fingerprint
from slo.targets.grafana.planning import Allowed, plan_push
from slo.targets.grafana.standing import Standing
from slo.targets.grafana.wanted import dashboard_text

TARGET = "https://grafana.example.com folder slobook"
LAST = "saved last by maria at 2026-11-26 05:00:00 UTC, 'tweak'"


def board(unit: str = "s", folder: str = "slobook") -> str:
    return dashboard_text({"uid": "a", "title": "A", "unit": unit}, folder)


WANTED = Artefact("dashboards/a", board())
OURS = Standing("dashboards/a", board(), 4, fingerprint(board()), ours=True, last=LAST)
OLDER = replace(OURS, text=board("ms"), mark=fingerprint(board("ms")))
EDITED = replace(OURS, text=board("min"), mark="")
THEIRS = replace(EDITED, ours=False)


def planned(*standing: Standing, wanted=(WANTED,), **allowed):
    there = {one.path: one for one in standing}
    return plan_push(there, wanted, TARGET, Allowed(**allowed))


def only(*standing: Standing, **options):
    (change,) = planned(*standing, **options).changes
    return change


def test_what_is_not_there_is_created_at_version_0():
    assert (only().kind, only().expected, only().before) == ("create", 0, None)


def test_what_carries_the_wanted_mark_is_left_whatever_a_server_made_of_it():
    migrated = replace(OURS, text=board("something newer"))
    assert planned(migrated).changes == ()


def test_what_is_ours_is_updated_from_its_version():
    change = only(OLDER)
    assert (change.kind, change.expected) == ("update", 4)
    assert [str(one) for one in change.differences] == ['unit: "ms" -> "s"']


def test_an_edit_of_peoples_is_told_and_kept():
    change = only(EDITED)
    assert (change.kind, change.note) == ("drift", LAST)


def test_an_edit_is_overwritten_where_that_is_allowed():
    change = only(EDITED, on_drift="overwrite")
    assert (change.kind, change.expected) == ("update", 4)
    assert change.note == f"overwrites what people changed: {LAST}"


def test_moving_to_another_folder_is_an_edit_too():
    change = only(replace(OURS, text=board(folder="elsewhere")))
    assert (change.kind, change.note) == ("drift", f"it stands in folder 'elsewhere'; {LAST}")


def test_what_nobody_marked_needs_adoption():
    assert only(THEIRS).kind == "blocked"
    assert "it is not slobook's" in only(THEIRS).note
    assert only(THEIRS, on_drift="overwrite").kind == "blocked"
    assert only(THEIRS, adopt=True).kind == "adopt"


@pytest.mark.parametrize("standing", [OLDER, EDITED, THEIRS])
def test_what_grafana_would_refuse_is_blocked(standing):
    locked = replace(standing, refusal="it is provisioned from a file")
    change = only(locked, adopt=True, on_drift="overwrite")
    assert (change.kind, change.note) == ("blocked", "it is provisioned from a file")


def test_only_pruning_deletes_and_only_what_is_ours():
    gone, not_ours = replace(OURS, path="dashboards/b"), replace(THEIRS, path="dashboards/c")
    kept = planned(OURS, gone, not_ours)
    assert (kept.changes, kept.remarks) == (
        (),
        ("dashboards/b is slobook's and not wanted: --prune",),
    )
    assert [str(one) for one in planned(OURS, gone, not_ours, prune=True).changes] == [
        "delete dashboards/b"
    ]


def test_pruning_keeps_what_people_edited():
    gone = replace(EDITED, path="dashboards/b")
    assert only(OURS, gone, prune=True).kind == "drift"
    assert only(OURS, gone, prune=True, on_drift="overwrite").kind == "delete"


def test_a_folder_is_made_and_never_renamed():
    folder = Artefact("folders/f", json.dumps({"uid": "f", "title": "Service levels"}))
    assert only(wanted=[folder]).kind == "create"
    renamed = Standing("folders/f", json.dumps({"uid": "f", "title": "Promises"}), ours=True)
    made = planned(renamed, wanted=[folder])
    assert made.changes == ()
    assert made.remarks == ("folders/f is called 'Promises' in Grafana, and stays so",)


def test_what_is_counted_is_what_slobook_answers_for():
    other = replace(THEIRS, path="dashboards/c")
    folder = Standing("folders/slobook", "{}", ours=True)
    assert planned(OURS, replace(OURS, path="dashboards/b"), other, folder).existing == 2
