"""What people do in Grafana's pages is seen, told with name, time and message, and kept."""

from __future__ import annotations

import re

import pytest

from slo.errors import GrafanaError, Unfinished
from slo.targets.grafana.pulling import pulled
from tests.grafana.profile import GRAFANA_9_4
from tests.integration.grafana.objects import board, rule, rules_file
from tests.integration.grafana.pushing import applied, configured, kinds, planned, pushed

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]

INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


@pytest.fixture
def artefacts(grafana):
    return [
        board(grafana, "cost"),
        board(grafana, "operations"),
        rules_file(grafana, alerts=[rule(grafana, "errors"), rule(grafana, "latency")]),
    ]


@pytest.fixture
def cost(grafana, artefacts):
    """A dashboard of ours that stands in Grafana, by its uid."""
    pushed(grafana, artefacts)
    return grafana.named("cost")


def changed(grafana):
    """The specifications have moved on, too."""
    return [
        board(grafana, "cost", description="from the specification"),
        board(grafana, "operations", description="from the specification"),
        rules_file(grafana, alerts=[rule(grafana, "errors", **{"for": "30m"})]),
    ]


def test_an_edit_is_told_with_name_time_and_message(grafana, artefacts, cost):
    grafana.person.edit(cost, message="wider for the wall screen")
    plan = planned(grafana, artefacts)
    assert kinds(plan) == {f"dashboards/{cost}": "drift"}
    assert "'wider for the wall screen'" in str(plan)
    assert re.search(INSTANT, str(plan))
    assert "description" in str(plan)
    if grafana.server:
        assert "maria" in str(plan)


def test_what_a_server_makes_of_a_body_is_no_drift(grafana, artefacts, cost):
    """13 adds to what it stores; only people drift."""
    assert planned(grafana, artefacts).changes == ()
    grafana.person.edit(cost)
    told = str(planned(grafana, artefacts))
    assert "pluginVersion" not in told
    assert "Annotations & Alerts" not in told


def test_an_edit_is_kept(grafana, artefacts, cost):
    grafana.person.edit(cost)
    before = grafana.person.dashboard(cost)
    plan = pushed(grafana, changed(grafana))
    assert kinds(plan)[f"dashboards/{cost}"] == "drift"
    assert grafana.person.dashboard(cost) == before
    other = grafana.person.dashboard(grafana.named("operations"))["dashboard"]
    assert other["description"] == "from the specification"
    assert set(kinds(planned(grafana, changed(grafana))).values()) == {"drift"}


def test_an_edit_is_overwritten_where_that_is_asked_and_stays_in_the_history(
    grafana, artefacts, cost
):
    version = grafana.person.edit(cost, message="mine")
    plan = pushed(grafana, changed(grafana), on_drift="overwrite")
    assert "mine" in str(plan)
    body = grafana.person.dashboard(cost)["dashboard"]
    assert body["description"] == "from the specification"
    assert "mine" in [one["message"] for one in grafana.person.versions(cost)]
    assert body["version"] == version + 1
    assert planned(grafana, changed(grafana)).changes == ()


def test_a_save_that_changes_nothing_is_somebodys_save(grafana, artefacts, cost):
    grafana.person.edit(cost, lambda body: None, message="only looked")
    assert set(kinds(planned(grafana, artefacts)).values()) <= {"drift"}


def test_a_moved_dashboard_is_told_and_brought_back_when_asked(grafana, artefacts, cost):
    grafana.person.create_folder(grafana.titled("Theirs"), grafana.named("theirs"))
    grafana.person.move(cost, grafana.named("theirs"))
    plan = pushed(grafana, artefacts)
    assert kinds(plan) == {f"dashboards/{cost}": "drift"}
    assert grafana.named("theirs") in str(plan)
    assert grafana.person.dashboard(cost)["meta"]["folderUid"] == grafana.named("theirs")
    pushed(grafana, artefacts, on_drift="overwrite")
    assert grafana.person.dashboard(cost)["meta"]["folderUid"] == grafana.folder_uid
    assert planned(grafana, artefacts).changes == ()


def test_a_renamed_dashboard_is_drift(grafana, artefacts, cost):
    grafana.person.rename(cost, grafana.titled("Money"))
    plan = planned(grafana, artefacts)
    assert kinds(plan) == {f"dashboards/{cost}": "drift"}
    assert grafana.titled("Money") in str(plan)


def test_a_deleted_dashboard_is_made_again(grafana, artefacts, cost):
    grafana.person.delete(cost)
    plan = pushed(grafana, artefacts)
    assert kinds(plan) == {f"dashboards/{cost}": "create"}
    assert planned(grafana, artefacts).changes == ()


def test_a_deleted_folder_is_made_again_with_all_in_it(grafana, artefacts, cost):
    grafana.person.delete_folder(grafana.folder_uid)
    plan = pushed(grafana, artefacts)
    assert set(kinds(plan).values()) == {"create"}
    assert planned(grafana, artefacts).changes == ()


def test_a_restored_version_is_somebodys_save(grafana, artefacts, cost):
    pushed(grafana, changed(grafana))
    grafana.person.restore(cost, 1)
    plan = planned(grafana, changed(grafana))
    assert kinds(plan) == {f"dashboards/{cost}": "drift"}
    assert "Restored from version 1" in str(plan)


def test_a_foreign_dashboard_of_our_uid_is_left_alone_or_adopted(grafana, artefacts):
    uid = grafana.person.create(
        grafana.titled("Somebody's"), uid=grafana.named("cost"), tags=["team"]
    )
    before = grafana.person.dashboard(uid)
    plan = pushed(grafana, artefacts)
    assert kinds(plan)[f"dashboards/{uid}"] == "blocked"
    assert "--adopt" in str(plan)
    assert grafana.person.dashboard(uid) == before
    plan = pushed(grafana, artefacts, adopt=True)
    assert kinds(plan) == {f"dashboards/{uid}": "adopt"}
    assert grafana.person.dashboard(uid)["meta"]["folderUid"] == grafana.folder_uid
    assert planned(grafana, artefacts).changes == ()
    assert len(grafana.person.versions(uid)) == 2  # theirs is in the history


def test_a_dashboard_of_the_same_title_is_not_taken_over(grafana, artefacts):
    grafana.person.create_folder(grafana.folder, grafana.folder_uid)
    theirs = grafana.person.create(
        grafana.titled("Cost"), grafana.folder_uid, uid=grafana.named("theirs")
    )
    before = grafana.person.dashboard(theirs)
    refusal = ""
    try:
        pushed(grafana, artefacts)
    except (GrafanaError, Unfinished) as error:
        refusal = str(error)
    if grafana.server:  # a real one may be of any version
        assert bool(refusal) is (grafana.server.profile is GRAFANA_9_4)
    if refusal:
        assert grafana.titled("Cost") in refusal
        assert "rename it" in refusal
    else:
        assert planned(grafana, artefacts).changes == ()
    assert grafana.person.dashboard(theirs) == before


def test_another_folder_of_the_same_title_is_explained(grafana, artefacts):
    grafana.person.create_folder(grafana.folder, grafana.named("theirs"))
    with pytest.raises((GrafanaError, Unfinished), match=r"grafana\.folder"):
        pushed(grafana, artefacts)


def test_a_provisioned_dashboard_is_blocked(grafana, server, artefacts, cost):
    server.state.dashboards[cost].provisioned = True
    plan = pushed(grafana, changed(grafana))
    assert kinds(plan)[f"dashboards/{cost}"] == "blocked"
    assert "provisioned" in str(plan)


def edited_rule(grafana):
    uid = grafana.named("errors")
    grafana.person.edit_rule(uid, lambda body: body.update({"for": "1h"}))
    return f"rule-groups/{grafana.folder_uid}/alerts"


def test_an_edited_rule_is_told_and_kept_or_overwritten(grafana, artefacts, cost):
    group = edited_rule(grafana)
    plan = pushed(grafana, artefacts)
    assert kinds(plan) == {group: "drift"}
    assert '"1h"' in str(plan)
    standing = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    assert {one["for"] for one in standing} == {"1h", "2m"}
    pushed(grafana, artefacts, on_drift="overwrite")
    standing = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    assert {one["for"] for one in standing} == {"2m"}
    assert planned(grafana, artefacts).changes == ()


def test_a_deleted_rule_is_told(grafana, artefacts, cost):
    grafana.person.delete_rule(grafana.named("latency"))
    assert kinds(planned(grafana, artefacts)) == {
        f"rule-groups/{grafana.folder_uid}/alerts": "drift"
    }
    pushed(grafana, artefacts, on_drift="overwrite")
    assert planned(grafana, artefacts).changes == ()


def test_a_rule_that_somebody_put_into_our_group_stays(grafana, artefacts, cost):
    theirs = rule(grafana, "theirs", folderUID=grafana.folder_uid, ruleGroup="alerts")
    grafana.person.add_rule(theirs)
    assert planned(grafana, artefacts).changes == ()
    pushed(grafana, changed(grafana))
    standing = grafana.person.group(grafana.folder_uid, "alerts")["rules"]
    assert {one["uid"] for one in standing} == {grafana.named("errors"), grafana.named("theirs")}
    (kept,) = (one for one in standing if one["uid"] == grafana.named("theirs"))
    assert kept["title"] == theirs["title"]
    assert planned(grafana, changed(grafana)).changes == ()


def test_drift_can_be_pulled_to_look_at(grafana, artefacts, cost):
    assert pulled(artefacts, configured(grafana), grafana.data_source) == ()
    grafana.person.edit(cost, message="wider")
    edited_rule(grafana)
    found = {one.path: one for one in pulled(artefacts, configured(grafana), grafana.data_source)}
    assert set(found) == {f"dashboards/{cost}", f"rule-groups/{grafana.folder_uid}/alerts"}
    assert "edited by hand" in found[f"dashboards/{cost}"].text
    assert "'wider'" in found[f"dashboards/{cost}"].last


def test_the_plan_of_an_edit_is_not_carried_out_over_a_second_edit(grafana, artefacts, cost):
    from slo.errors import Drift

    grafana.person.edit(cost, message="first")
    plan = planned(grafana, changed(grafana), on_drift="overwrite")
    grafana.person.edit(cost, message="second")
    with pytest.raises(Drift, match="'second'"):
        applied(grafana, plan)
    assert grafana.person.dashboard(cost)["dashboard"]["description"] == "edited by hand"
