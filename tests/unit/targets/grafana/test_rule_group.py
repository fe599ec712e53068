import json
from copy import deepcopy

import pytest

from slo.plan import Artefact
from slo.targets.grafana.planning import object_mark, plan_push
from slo.targets.grafana.rule_group import (
    MARK,
    final_mark,
    group_body,
    group_path,
    group_text,
    is_rewording,
    new_rules,
    rule_uids,
    standing_text,
    untouched_mark,
    with_others,
    without_rules,
)
from slo.targets.grafana.standing import Standing

PATH = group_path("slobook", "shop errors")


def rule(uid: str, **fields):
    return {
        "uid": uid,
        "title": uid,
        "condition": "A",
        "for": "2m",
        "labels": {"severity": "page"},
        "annotations": {"summary": "Errors"},
        "data": [{"refId": "A", "datasourceUid": "p", "model": {"refId": "A", "expr": "x"}}],
        **fields,
    }


WANTED = group_text("slobook", "shop errors", 60, [rule("a"), rule("b")])


def stored(text: str = WANTED):
    """What a server holds after a push, with what it adds to every rule."""
    group = deepcopy(group_body(text))
    for number, one in enumerate(group["rules"]):
        one.update(id=number, updated="2026-11-26T05:00:00Z", isPaused=False, record=None)
        one["for"] = one["for"].replace("2m", "2m0s")
        for part in one["data"]:
            part["queryType"] = ""
            part["model"].update(intervalMs=1000, maxDataPoints=43200)
    return group


def standing(group):
    return Standing(
        PATH,
        standing_text(group),
        mark=untouched_mark(group),
        ours=any(MARK in one["annotations"] for one in group["rules"]),
        last="saved last at 05:00",
    )


def planned(group):
    return plan_push({PATH: standing(group)}, [Artefact(PATH, WANTED)], "g").changes


def test_what_servers_add_is_no_difference():
    assert untouched_mark(stored()) == object_mark(PATH, WANTED)
    assert planned(stored()) == ()


@pytest.mark.parametrize(
    "edit",
    [
        lambda group: group.update(interval=120),
        lambda group: group["rules"].pop(),
        lambda group: group["rules"][0].update({"for": "5m"}),
        lambda group: group["rules"][0].update(isPaused=True),
        lambda group: group["rules"][0]["labels"].update(team="shop"),
        lambda group: group["rules"][1]["annotations"].pop(MARK),
        lambda group: group["rules"][1]["data"][0]["model"].update(expr="y"),
    ],
)
def test_whatever_people_change_in_our_rules_is_drift(edit):
    group = stored()
    edit(group)
    (change,) = planned(group)
    assert (change.kind, change.note) == ("drift", "saved last at 05:00")


def test_another_specification_is_an_update():
    group = stored(group_text("slobook", "shop errors", 60, [rule("a")]))
    (change,) = planned(group)
    assert change.kind == "update"
    assert [str(one) for one in change.differences] == ["rules[b]: added"]


def test_rules_of_others_are_written_back_as_they_stand():
    group = stored(group_text("slobook", "shop errors", 60, [rule("a")]))
    theirs = rule("mine", isPaused=True, notification_settings={"receiver": "me"})
    group["rules"].append({**theirs, "id": 7, "updated": "2026", "provenance": ""})
    (change,) = planned(group)
    sent = group_body(change.after)
    assert [one["uid"] for one in sent["rules"]] == ["a", "b", "mine"]
    assert theirs.items() <= sent["rules"][2].items()
    assert MARK not in sent["rules"][2]["annotations"]
    assert "mine" not in str(change.differences)


def test_a_group_that_only_others_wrote_is_not_ours():
    group = stored()
    for one in group["rules"]:
        del one["annotations"][MARK]
    (change,) = planned(group)
    assert change.kind == "blocked"
    # Once adopted, an unmarked copy of ours is ours, and no other's.
    assert json.loads(change.after)["others"] == []


def test_a_push_that_broke_off_among_new_rules_goes_on():
    group = stored(group_text("slobook", "shop errors", 60, [rule("a")]))
    (new,) = new_rules(WANTED, {"a"})
    assert new["uid"] == "b"
    group["rules"].append(new)
    (change,) = planned(group)
    assert change.kind == "update"
    group["rules"][0]["for"] = "9m"
    (change,) = planned(group)
    assert change.kind == "drift"


def test_a_server_that_forgets_a_field_is_told_from_people():
    sent = group_text("slobook", "shop errors", 60, [rule("a", keep_firing_for="5m")])
    forgetful = group_text("slobook", "shop errors", 60, [rule("a")])
    assert is_rewording(sent, forgetful)
    for edited in (
        [rule("a", title="other", keep_firing_for="5m")],
        [rule("a", labels={"severity": "page", "team": "x"}, keep_firing_for="5m")],
        [],
    ):
        assert not is_rewording(sent, group_text("slobook", "shop errors", 60, edited))


def test_what_a_server_made_of_a_group_is_remembered_in_its_mark():
    forgetful = group_text("slobook", "shop errors", 60, [rule("a", annotations={})])
    group = deepcopy(group_body(WANTED, final_mark(WANTED, forgetful)))
    assert untouched_mark(group) == ""
    group["rules"] = [{**rule("a"), "annotations": {MARK: group["rules"][0]["annotations"][MARK]}}]
    assert untouched_mark(group) == object_mark(PATH, WANTED)


def test_the_mark_does_not_depend_on_others_or_on_order():
    turned = with_others(group_text("slobook", "shop errors", 60, [rule("b"), rule("a")]), None)
    assert object_mark(PATH, turned) == object_mark(PATH, WANTED)


def test_a_rule_that_another_group_of_ours_wants_is_no_others():
    group = stored(group_text("slobook", "shop errors", 60, [rule("a")]))
    theirs = {**rule("x"), "annotations": {}}
    group["rules"].append(theirs)
    whole = with_others(WANTED, standing_text(group))
    assert [one["uid"] for one in json.loads(whole)["others"]] == ["x"]
    moved = with_others(WANTED, standing_text(group), {"x"})
    assert json.loads(moved)["others"] == []


def test_a_group_without_the_rules_that_went_elsewhere():
    text = group_text("slobook", "shop errors", 60, [rule("a"), rule("b")])
    assert rule_uids(group_path("slobook", "shop errors"), text) == ("a", "b")
    left = without_rules(text, {"a"})
    assert left == group_text("slobook", "shop errors", 60, [rule("b")])
    assert without_rules(text, {"a", "b"}) is None
