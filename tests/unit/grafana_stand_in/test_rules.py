"""Alert rules and their groups as Grafana keeps them."""

from __future__ import annotations

import pytest
from grafana_client.client import GrafanaClientError, GrafanaServerError

from tests.grafana.people import Person
from tests.grafana.profile import GRAFANA_9_4

GROUP = "support-agent alerts"
PATH = "/v1/provisioning/folder/support/rule-groups/support-agent%20alerts"


def rule(title, uid="", **more):
    query = {"refId": "A", "datasourceUid": "prom-eu-1", "model": {"expr": "up", "instant": True}}
    math = {"refId": "C", "datasourceUid": "__expr__", "model": {"type": "math"}}
    return {
        **({"uid": uid} if uid else {}),
        "title": title,
        "folderUID": "support",
        "ruleGroup": GROUP,
        "orgID": 1,
        "condition": "C",
        "for": "2m",
        "noDataState": "OK",
        "execErrState": "Error",
        "labels": {"severity": "page"},
        "data": [query, math],
        **more,
    }


@pytest.fixture
def provisioning(api):
    api.folder.create_folder("Support", "support")
    return api.alertingprovisioning


def put(provisioning, *rules, interval=60, **more):
    group = {"title": GROUP, "folderUid": "support", "interval": interval, "rules": list(rules)}
    return provisioning.update_rule_group(
        folder_uid="support", group_uid=GROUP.replace(" ", "%20"), alertrule_group=group, **more
    )


def refused(ask):
    with pytest.raises((GrafanaClientError, GrafanaServerError)) as caught:
        ask()
    return caught.value.status_code


def test_a_group_is_replaced_as_a_whole(provisioning, api):
    put(provisioning, rule("one"), rule("two"), interval=30)
    first, second = api.client.GET(PATH)["rules"]
    put(provisioning, {**rule("one changed"), "uid": first["uid"]})
    group = api.client.GET(PATH)
    assert [one["title"] for one in group["rules"]] == ["one changed"]
    assert (group["interval"], group["rules"][0]["uid"]) == (60, first["uid"])
    assert refused(lambda: provisioning.get_alertrule(second["uid"])) in {404, 500}


def test_new_rules_with_uids_of_their_own_must_be_posted_first_on_older_servers(
    provisioning, api, server
):
    if server.profile is GRAFANA_9_4:
        assert refused(lambda: put(provisioning, rule("one", uid="ours"))) == 500
        provisioning.create_alertrule(rule("one", uid="ours"), disable_provenance=True)
    put(provisioning, rule("one", uid="ours"), disable_provenance=True)
    assert [one["uid"] for one in api.client.GET(PATH)["rules"]] == ["ours"]


def test_the_interval_is_a_multiple_of_ten_seconds(provisioning):
    for interval in (0, 15, 61):
        assert refused(lambda interval=interval: put(provisioning, interval=interval)) == 400


def test_an_unknown_rule_is_500_on_older_servers(provisioning, server):
    unknown = 500 if server.profile is GRAFANA_9_4 else 404
    assert refused(lambda: provisioning.get_alertrule("nobody")) == unknown
    assert refused(lambda: provisioning.get_rule_group("support", "nothing")) == 404


def test_groups_cannot_be_deleted_at_once_on_older_servers(provisioning, api, server):
    put(provisioning, rule("one"))
    if server.profile is GRAFANA_9_4:
        assert refused(lambda: api.client.DELETE(PATH)) == 404
        provisioning.delete_alertrule(next(iter(server.state.rules)))
    else:
        api.client.DELETE(PATH)
    assert server.state.rules == {}
    assert refused(lambda: api.client.GET(PATH)) == 404
    provisioning.delete_alertrule("nobody")  # 204


def test_a_dashboard_and_a_panel_come_together_or_not_at_all(provisioning):
    for notes, fine in (
        ({"__dashboardUid__": "b"}, False),
        ({"__panelId__": "1"}, False),
        ({"__dashboardUid__": "b", "__panelId__": "1"}, True),
    ):
        if fine:
            put(provisioning, rule("one", annotations=notes))
        else:
            assert refused(lambda notes=notes: put(provisioning, rule("one", annotations=notes)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"condition": "Z"},
        {"data": []},
        {"noDataState": "Maybe"},
        {"execErrState": "Maybe"},
    ],
)
def test_rules_are_checked(provisioning, wrong):
    assert refused(lambda: put(provisioning, {**rule("one"), **wrong})) == 400


def test_titles_are_unique_in_a_folder(provisioning, server):
    put(provisioning, rule("one"))
    taken = 400 if server.profile is GRAFANA_9_4 else 409
    other = rule("one", ruleGroup="another")
    assert refused(lambda: provisioning.create_alertrule(other)) == taken


def test_what_comes_back_is_not_what_was_sent(provisioning, api, server):
    sent = rule("one", keep_firing_for="10m")
    put(provisioning, sent)
    (read,) = api.client.GET(PATH)["rules"]
    assert read["isPaused"] is False
    assert read["data"][0]["model"]["maxDataPoints"] == 43200
    assert read["data"][0]["queryType"] == ""
    if server.profile is GRAFANA_9_4:
        assert "keep_firing_for" not in read  # dropped in silence
    else:
        assert read["keep_firing_for"] == "10m"


def test_provenance_locks_rules_unless_the_header_says_otherwise(provisioning, api, server):
    person = Person(server.url)
    put(provisioning, rule("one"))
    (read,) = api.client.GET(PATH)["rules"]
    assert read["provenance"] == "api"
    with pytest.raises(PermissionError, match="provisioned"):
        person.edit_rule(read["uid"], lambda body: body.update({"for": "1h"}))
    again = {**rule("one"), "uid": read["uid"]}
    assert refused(lambda: put(provisioning, again, disable_provenance=True)) == 500
    provisioning.delete_alertrule(read["uid"])
    put(provisioning, rule("one"), disable_provenance=True)
    (read,) = api.client.GET(PATH)["rules"]
    assert "provenance" not in read
    person.edit_rule(read["uid"], lambda body: body.update({"for": "1h"}))
    assert api.client.GET(PATH)["rules"][0]["for"] == "1h"


def test_policies_and_contact_points_are_there_to_be_read(provisioning, server):
    before = server.state.things()
    assert provisioning.get_contactpoints()[0]["name"] == "grafana-default-email"
    assert provisioning.get_notification_policy_tree()["receiver"] == "grafana-default-email"
    provisioning.set_notification_policy_tree({"receiver": "mine"})  # the whole tree is gone
    assert {one.kind for one in server.state.things() - before} == {"policies"}
