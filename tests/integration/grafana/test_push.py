"""A push that goes well: what it writes, that it reads it back, and that doing it twice is once."""

from __future__ import annotations

import json

import pytest

from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, configured, kinds, planned, pushed

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]


@pytest.fixture
def artefacts(grafana):
    groups = {"alerts": [rule(grafana, "errors"), rule(grafana, "latency")]}
    return [board(grafana, "operations"), board(grafana, "cost"), rules_file(grafana, **groups)]


def test_a_push_makes_everything_and_the_next_plan_has_nothing_to_do(grafana, artefacts):
    plan = planned(grafana, artefacts)
    assert set(kinds(plan).values()) == {"create"}
    made = applied(grafana, plan)
    assert made == [
        f"create folders/{grafana.folder_uid}",
        f"create dashboards/{grafana.named('cost')}",
        f"create dashboards/{grafana.named('operations')}",
        f"create rule-groups/{grafana.folder_uid}/alerts",
    ]
    assert planned(grafana, artefacts).changes == ()


def test_the_same_plan_twice_is_done_once(grafana, artefacts):
    plan = planned(grafana, artefacts)
    applied(grafana, plan)
    before = [grafana.person.versions(grafana.named(name)) for name in ("cost", "operations")]
    assert applied(grafana, plan) == []
    after = [grafana.person.versions(grafana.named(name)) for name in ("cost", "operations")]
    assert before == after


def test_a_plan_with_nothing_to_do_writes_nothing(grafana, server, artefacts):
    pushed(grafana, artefacts)
    server.journal.clear()
    pushed(grafana, artefacts)
    assert server.writes == []


def test_planning_writes_nothing(grafana, server, artefacts):
    before = server.state.things()
    planned(grafana, artefacts, adopt=True, prune=True, on_drift="overwrite")
    assert server.writes == []
    assert server.state.things() == before


def test_dashboards_stand_in_our_folder_with_tag_message_and_body(grafana, artefacts):
    pushed(grafana, artefacts)
    read = grafana.person.dashboard(grafana.named("cost"))
    assert read["meta"]["folderUid"] == grafana.folder_uid
    body, sent = read["dashboard"], json.loads(artefacts[1].text)
    assert body["tags"] == ["slobook"]
    assert body["title"] == sent["title"]
    assert body["panels"][0]["targets"][0]["expr"] == sent["panels"][0]["targets"][0]["expr"]
    (version,) = grafana.person.versions(grafana.named("cost"))
    assert version["message"].startswith("slobook sha256:")


def test_rules_stand_in_our_folder_and_may_be_edited(grafana, artefacts):
    pushed(grafana, artefacts)
    group = grafana.person.group(grafana.folder_uid, "alerts")
    assert group["interval"] == 60
    assert {one["uid"] for one in group["rules"]} == {
        grafana.named("errors"),
        grafana.named("latency"),
    }
    assert not any(one.get("provenance") for one in group["rules"])
    assert {one["folderUID"] for one in group["rules"]} == {grafana.folder_uid}


def test_rules_may_be_locked_when_asked(grafana, artefacts):
    locked = configured(grafana, editable_rules=False)
    pushed(grafana, artefacts, locked)
    group = grafana.person.group(grafana.folder_uid, "alerts")
    assert {one["provenance"] for one in group["rules"]} == {"api"}
    assert planned(grafana, artefacts, locked).changes == ()
    changed = rules_file(grafana, alerts=[rule(grafana, "errors", title=grafana.titled("worse"))])
    pushed(grafana, [*artefacts[:2], changed], locked)
    assert planned(grafana, [*artefacts[:2], changed], locked).changes == ()


def test_an_update_is_a_readable_difference_and_one_version_more(grafana, artefacts):
    pushed(grafana, artefacts)
    old = json.loads(board(grafana, "cost").text)
    old["panels"][0]["fieldConfig"]["defaults"]["unit"] = "ms"
    changed = [board(grafana, "cost", panels=old["panels"]), *artefacts[:1], artefacts[2]]
    plan = planned(grafana, changed)
    assert kinds(plan) == {f"dashboards/{grafana.named('cost')}": "update"}
    assert 'panels[Requests].unit: "reqps" -> "ms"' in str(plan)
    applied(grafana, plan)
    assert planned(grafana, changed).changes == ()
    assert grafana.person.dashboard(grafana.named("cost"))["meta"]["version"] == 2
    read = grafana.person.dashboard(grafana.named("cost"))
    assert read["meta"]["folderUid"] == grafana.folder_uid


def test_a_dashboard_may_change_its_title(grafana):
    pushed(grafana, [board(grafana, "cost")])
    renamed = [board(grafana, "cost", title=grafana.titled("Money"))]
    pushed(grafana, renamed)
    assert planned(grafana, renamed).changes == ()
    title = grafana.person.dashboard(grafana.named("cost"))["dashboard"]["title"]
    assert title == grafana.titled("Money")


def test_rules_come_change_move_and_go_within_their_groups(grafana):
    first, second, third = (rule(grafana, name) for name in ("one", "two", "three"))
    steps = [
        {"alerts": [first, second]},
        {"alerts": [first, {**second, "for": "10m"}, third]},
        {"alerts": [third, first]},
        {"alerts": [first], "tickets": [third, second]},
        {"alerts": [{**first, "keep_firing_for": "30m"}], "tickets": [second]},
    ]
    for groups in steps:
        artefacts = [board(grafana, "cost"), rules_file(grafana, **groups)]
        pushed(grafana, artefacts)
        assert planned(grafana, artefacts).changes == ()
        for title, rules in groups.items():
            standing = grafana.person.group(grafana.folder_uid, title)["rules"]
            assert [one["uid"] for one in standing] == [one["uid"] for one in rules]


def test_a_group_may_be_evaluated_at_another_interval(grafana):
    artefacts = [rules_file(grafana, alerts=[rule(grafana, "one")])]
    pushed(grafana, artefacts)
    slower = [type(artefacts[0])(artefacts[0].path, artefacts[0].text.replace("60", "120"))]
    plan = pushed(grafana, slower)
    assert "interval" in str(plan)
    assert grafana.person.group(grafana.folder_uid, "alerts")["interval"] == 120
    assert planned(grafana, slower).changes == ()


def test_the_order_is_folders_dashboards_rule_groups(grafana, server, artefacts):
    pushed(grafana, artefacts)
    order = [one.request.path for one in server.writes]
    kinds_of = [
        "folders" if "/folders" in path else "dashboards" if "/dashboards/" in path else "rules"
        for path in order
    ]
    assert kinds_of == sorted(kinds_of, key=["folders", "dashboards", "rules"].index)


def test_no_save_overwrites_blindly(grafana, server, artefacts):
    pushed(grafana, artefacts)
    pushed(grafana, [board(grafana, "cost", description="new"), artefacts[0], artefacts[2]])
    saves = [one.request.json for one in server.writes if one.request.path.endswith("/db")]
    assert saves
    for save in saves:
        assert not save.get("overwrite")
        assert save["folderUid"] == grafana.folder_uid
        assert "version" in save["dashboard"]


def test_policies_and_contact_points_are_never_written(grafana, server, artefacts):
    pushed(grafana, artefacts)
    assert not [one for one in server.writes if "policies" in one.request.path]
    assert not [one for one in server.writes if "contact-points" in one.request.path]


def test_an_edited_folder_title_stays(grafana, artefacts):
    pushed(grafana, artefacts)
    grafana.person.rename_folder(grafana.folder_uid, grafana.titled("Our SLOs"))
    plan = pushed(grafana, artefacts)
    assert plan.changes == ()
    assert grafana.titled("Our SLOs") in str(plan)
    title = grafana.person.folder(grafana.folder_uid)["title"]
    assert title == grafana.titled("Our SLOs")


def test_groups_may_exchange_their_rules(grafana):
    first, second, third = (rule(grafana, name) for name in ("one", "two", "three"))
    steps = [
        {"alerts": [first, second], "tickets": [third]},
        {"alerts": [third], "tickets": [first, {**second, "for": "9m"}]},
        {"tickets": [second, third, first]},
    ]
    for groups in steps:
        artefacts = [rules_file(grafana, **groups)]
        pushed(grafana, artefacts, prune=True)
        assert planned(grafana, artefacts, prune=True).changes == ()
    standing = [one["ruleGroup"] for one in grafana.person.rules() if grafana.run in one["uid"]]
    assert standing == ["tickets"] * 3
