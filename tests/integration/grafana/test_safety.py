"""What a push never does: more than was meant, to what is not ours, or with a secret in sight."""

from __future__ import annotations

import pytest

from slo.errors import ConfigError, UnsafePlan
from slo.plan.file import plan_document, read_plan
from slo.targets.grafana.datasources import read_datasources
from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, configured, kinds, planned, pushed

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]


def boards(grafana, *names, **more):
    return [board(grafana, name, **more) for name in names]


def test_a_plan_that_would_change_most_of_it_is_refused(grafana):
    names = [f"board{number}" for number in range(12)]
    pushed(grafana, boards(grafana, *names))
    few = boards(grafana, *names[:4], description="new") + boards(grafana, *names[4:])
    planned(grafana, few).raise_if_unsafe()
    many = boards(grafana, *names[:5], description="new") + boards(grafana, *names[5:])
    with pytest.raises(UnsafePlan, match="5 of 12"):
        planned(grafana, many).raise_if_unsafe()
    with pytest.raises(UnsafePlan, match="11 of 12"):
        planned(grafana, boards(grafana, names[0]), prune=True).raise_if_unsafe()


def test_only_what_is_ours_in_our_folder_is_pruned(grafana):
    person, folder = grafana.person, grafana.folder_uid
    two = [rule(grafana, "one"), rule(grafana, "two")]
    pushed(grafana, [*boards(grafana, "kept", "gone"), rules_file(grafana, alerts=two)])
    theirs = person.create(grafana.titled("Theirs"), folder, uid=grafana.named("theirs"))
    tagged = person.create(
        grafana.titled("Tagged"), folder, uid=grafana.named("tagged"), tags=["slobook"]
    )
    person.create_folder(grafana.titled("Elsewhere"), grafana.named("elsewhere"))
    copied = person.create(
        grafana.titled("Copy"),
        grafana.named("elsewhere"),
        uid=grafana.named("copy"),
        tags=["slobook"],
    )
    person.add_rule(
        rule(grafana, "their rule", uid=grafana.named("tr"), folderUID=folder, ruleGroup="theirs")
    )
    kept = boards(grafana, "kept")
    plan = planned(grafana, kept)
    assert plan.changes == ()  # without --prune nothing goes, and it is said
    assert f"dashboards/{grafana.named('gone')}" in str(plan)
    plan = pushed(grafana, kept, prune=True)
    assert kinds(plan) == {
        f"dashboards/{grafana.named('gone')}": "delete",
        f"rule-groups/{folder}/alerts": "delete",
    }
    standing = {one["uid"] for one in person.found(grafana.run)}
    assert standing == {grafana.named("kept"), theirs, tagged, copied}
    ours = [one for one in person.rules() if one["folderUID"] == folder]
    assert [one["uid"] for one in ours] == [grafana.named("tr")]
    assert planned(grafana, kept, prune=True).changes == ()


def test_the_folder_is_never_deleted(grafana):
    pushed(grafana, boards(grafana, "one", "two"))
    pushed(grafana, boards(grafana, "one"), prune=True)
    assert grafana.person.folder(grafana.folder_uid)["uid"] == grafana.folder_uid


def test_an_edited_dashboard_is_not_pruned_in_passing(grafana):
    pushed(grafana, boards(grafana, "one", "two"))
    grafana.person.edit(grafana.named("two"), message="mine now")
    plan = pushed(grafana, boards(grafana, "one"), prune=True)
    assert kinds(plan) == {f"dashboards/{grafana.named('two')}": "drift"}
    assert "'mine now'" in str(plan)
    assert grafana.person.dashboard(grafana.named("two"))
    pushed(grafana, boards(grafana, "one"), prune=True, on_drift="overwrite")
    assert planned(grafana, boards(grafana, "one"), prune=True).changes == ()


def test_a_missing_data_source_is_an_error_before_anything_is_written(grafana):
    nowhere = rule(grafana, "one")
    nowhere["data"][0]["datasourceUid"] = "prom-of-another-site"
    with pytest.raises(ConfigError) as caught:
        pushed(grafana, [*boards(grafana, "one"), rules_file(grafana, alerts=[nowhere])])
    assert "'prom-of-another-site'" in str(caught.value)
    assert grafana.data_source in str(caught.value)  # what there is
    assert "grafana.datasources" in str(caught.value)
    assert grafana.person.found(grafana.run) == []
    if grafana.server:
        assert grafana.server.writes == []


@pytest.mark.parametrize("by", ["uid", "type"])
def test_data_sources_are_mapped_by_uid_or_type(grafana, by):
    wanted = rule(grafana, "one")
    wanted["data"][0]["datasourceUid"] = "prometheus-here"
    wanted["data"][1]["datasourceUid"] = "__expr__"
    to = grafana.data_source if by == "uid" else "prometheus"
    mapped = configured(grafana, datasources=(("prometheus-here", to),))
    pushed(grafana, [rules_file(grafana, alerts=[wanted])], mapped)
    (standing,) = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    uids = [one["datasourceUid"] for one in standing["data"]]
    assert uids == [grafana.data_source, "__expr__"]


def test_dashboards_keep_their_variable_and_start_with_our_data_source(grafana):
    pushed(grafana, boards(grafana, "one"))
    body = grafana.person.dashboard(grafana.named("one"))["dashboard"]
    assert body["panels"][0]["datasource"]["uid"] == "${datasource}"
    (variable,) = body["templating"]["list"]
    assert variable["current"]["value"] == grafana.data_source


def test_a_plan_for_another_folder_is_refused(grafana):
    plan = planned(grafana, boards(grafana, "one"))
    other = configured(grafana, folder_uid=grafana.named("other"))
    with pytest.raises(ConfigError, match="the plan is for"):
        applied(grafana, plan, other)


def test_two_environments_in_one_grafana_do_not_meet(grafana):
    """Each has its folder; what has the same uid is told, and not moved back and forth."""
    production = configured(grafana, folder_uid=grafana.named("prod"), folder=grafana.titled("P"))
    staging = configured(grafana, folder_uid=grafana.named("stage"), folder=grafana.titled("S"))
    pushed(grafana, boards(grafana, "one"), production)
    pushed(grafana, boards(grafana, "two"), staging, prune=True)
    assert planned(grafana, boards(grafana, "one"), production, prune=True).changes == ()
    plan = planned(grafana, boards(grafana, "one", "two"), staging)
    assert kinds(plan)[f"dashboards/{grafana.named('one')}"] in {"drift", "blocked"}
    assert grafana.named("prod") in str(plan)


def test_a_plan_comes_back_from_its_file_to_the_letter(grafana, tmp_path):
    import json

    pushed(grafana, boards(grafana, "one", "two"))
    grafana.person.edit(grafana.named("two"), message="mine")
    plan = planned(grafana, boards(grafana, "one", "two", "three", description="new"))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_document(plan)))
    again = read_plan(path)
    assert again == plan
    assert again.digest == plan.digest
    assert str(again) == str(plan)
    assert len(applied(grafana, again)) == len(plan.to_do)


def test_editors_without_the_list_of_data_sources_know_them_all_the_same(
    grafana, server, monkeypatch
):
    from slo.targets.grafana.connection import Connection
    from tests.grafana.accounts import ADMIN, EDITOR

    found = []
    for token in (ADMIN, EDITOR):
        monkeypatch.setenv("GRAFANA_TOKEN", token)
        with Connection(configured(grafana)) as connection:
            found.append(read_datasources(connection))
    assert found[0] == found[1]
    assert [one.uid for one in found[0]] == ["loki-eu-1", "prom-eu-1"]


def test_who_may_only_read_is_told_before_anything_is_written(grafana, server, monkeypatch):
    from slo.errors import GrafanaError, Unfinished
    from tests.grafana.accounts import VIEWER

    monkeypatch.setenv("GRAFANA_TOKEN", VIEWER)
    with pytest.raises((GrafanaError, Unfinished), match="403|may not"):
        pushed(grafana, boards(grafana, "one"))
    assert server.state.folders == {}
    assert server.state.dashboards == {}


def test_rules_of_another_folder_are_not_taken(grafana):
    """By their uids a group would take them away: from people, or from another environment."""
    production = configured(grafana, folder_uid=grafana.named("prod"), folder=grafana.titled("P"))
    alerts = rules_file(grafana, alerts=[rule(grafana, "one")])
    pushed(grafana, [alerts], production)
    both = rules_file(grafana, alerts=[rule(grafana, "one"), rule(grafana, "two")])
    for wanted in (alerts, both):
        plan = pushed(grafana, [wanted])
        assert kinds(plan)[f"rule-groups/{grafana.folder_uid}/alerts"] == "blocked"
        assert grafana.named("prod") in str(plan)
    assert planned(grafana, [alerts], production).changes == ()


def test_a_rule_is_not_taken_out_of_a_group_that_people_changed(grafana):
    pushed(grafana, [rules_file(grafana, alerts=[rule(grafana, "one"), rule(grafana, "two")])])
    grafana.person.edit_rule(grafana.named("one"), lambda body: body.update({"for": "1h"}))
    moved = [rules_file(grafana, tickets=[rule(grafana, "one")], alerts=[rule(grafana, "two")])]
    plan = pushed(grafana, moved)
    assert kinds(plan) == {
        f"rule-groups/{grafana.folder_uid}/alerts": "drift",
        f"rule-groups/{grafana.folder_uid}/tickets": "blocked",
    }
    standing = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    assert {one["for"] for one in standing} == {"1h", "2m"}
    pushed(grafana, moved, on_drift="overwrite")
    assert planned(grafana, moved).changes == ()


def test_older_servers_want_an_administrator_for_alert_rules_and_it_is_said(
    grafana, server, monkeypatch
):
    from slo.errors import GrafanaError
    from tests.grafana.accounts import EDITOR
    from tests.grafana.profile import GRAFANA_9_4

    monkeypatch.setenv("GRAFANA_TOKEN", EDITOR)
    wanted = [*boards(grafana, "one"), rules_file(grafana, alerts=[rule(grafana, "one")])]
    if server.profile is not GRAFANA_9_4:
        pushed(grafana, wanted)
        return
    with pytest.raises(GrafanaError, match="Admin") as caught:
        pushed(grafana, wanted)
    assert "alert.provisioning:read" in str(caught.value)
    assert server.writes == []
    pushed(grafana, wanted[:1])  # dashboards alone an editor may push
    assert planned(grafana, wanted[:1]).changes == ()


def test_what_is_ours_is_found_over_several_pages(grafana, monkeypatch):
    from slo.targets.grafana import standing

    names = [f"board{number}" for number in range(5)]
    pushed(grafana, boards(grafana, *names))
    monkeypatch.setattr(standing, "_PAGE", 2)
    plan = pushed(grafana, boards(grafana, names[0]), prune=True)
    assert list(kinds(plan).values()) == ["delete"] * 4
    assert len(grafana.person.found(grafana.run)) == 1


def test_another_folder_uid_takes_everything_along_when_that_is_asked(grafana):
    wanted = [*boards(grafana, "one"), rules_file(grafana, alerts=[rule(grafana, "one")])]
    pushed(grafana, wanted)
    new = configured(grafana, folder_uid=grafana.named("new"), folder=grafana.titled("New"))
    plan = pushed(grafana, wanted, new)
    assert set(kinds(plan).values()) == {"create", "drift", "blocked"}  # the folder alone is new
    pushed(grafana, wanted, new, on_drift="overwrite", adopt=True)
    assert planned(grafana, wanted, new).changes == ()
    folder = grafana.person.dashboard(grafana.named("one"))["meta"]["folderUid"]
    assert folder == grafana.named("new")
    standing = [one["folderUID"] for one in grafana.person.rules() if grafana.run in one["uid"]]
    assert standing == [grafana.named("new")]


@pytest.mark.parametrize("group", ["alerts", "theirs"])
def test_an_unmarked_rule_with_a_uid_of_ours_is_adopted_only_when_that_is_asked(grafana, group):
    pushed(grafana, [rules_file(grafana, alerts=[rule(grafana, "one")])])
    theirs = rule(grafana, "two", title=grafana.titled("theirs"), ruleGroup=group)
    grafana.person.add_rule({**theirs, "folderUID": grafana.folder_uid})
    both = [rules_file(grafana, alerts=[rule(grafana, "one"), rule(grafana, "two")])]
    path = f"rule-groups/{grafana.folder_uid}/alerts"
    plan = pushed(grafana, both, on_drift="overwrite")
    assert kinds(plan) == {path: "blocked"}
    assert "--adopt" in str(plan)
    titles = {one["title"] for one in grafana.person.rules() if grafana.run in one["uid"]}
    assert titles == {grafana.titled("one"), grafana.titled("theirs")}
    assert kinds(pushed(grafana, both, adopt=True)) == {path: "adopt"}
    assert planned(grafana, both).changes == ()
