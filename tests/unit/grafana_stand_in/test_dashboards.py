"""Dashboards as Grafana keeps them, and the traps that lose them."""

from __future__ import annotations

import pytest
from grafana_client.client import GrafanaBadInputError, GrafanaClientError

from tests.grafana.people import Person
from tests.grafana.profile import GRAFANA_9_4
from tests.grafana.state import KEPT_VERSIONS

BOARD = {"uid": "operations", "title": "Operations", "panels": [], "schemaVersion": 37}


def saved(api, body=BOARD, folder_uid="", **more):
    return api.dashboard.update_dashboard({"dashboard": body, "folderUid": folder_uid, **more})


def refused(api, status, body=BOARD, **more):
    with pytest.raises(GrafanaClientError) as caught:
        saved(api, body, **more)
    assert caught.value.status_code == status
    return caught.value.response


def newest(api, uid):
    """The list of versions, which newer servers wrap in an object."""
    answer = api.client.GET(f"/dashboards/uid/{uid}/versions?limit=1")
    return (answer["versions"] if isinstance(answer, dict) else answer)[0]


def test_a_save_answers_with_what_it_made(api):
    api.folder.create_folder("Support", "support")
    answer = saved(api, folder_uid="support")
    assert answer == {
        "id": answer["id"],
        "slug": "operations",
        "status": "success",
        "uid": "operations",
        "url": "/d/operations/operations",
        "version": 1,
    }
    read = api.dashboard.get_dashboard("operations")
    assert read["meta"]["folderUid"] == "support"
    assert read["meta"]["updatedBy"] == "sa-1-slobook"
    assert read["meta"]["provisioned"] is False
    assert (read["dashboard"]["id"], read["dashboard"]["version"]) == (answer["id"], 1)


def test_every_save_is_a_version_even_of_the_same_body(api):
    saved(api, message="first")
    saved(api, {**BOARD, "version": 1}, message="again")
    last = newest(api, "operations")
    assert (last["version"], last["message"], last["createdBy"]) == (2, "again", "sa-1-slobook")


def test_older_versions_are_forgotten(api, server):
    saved(api)
    person = Person(server.url)
    for _ in range(KEPT_VERSIONS + 3):
        person.edit("operations")
    numbers = [one["version"] for one in person.versions("operations")]
    assert numbers == list(range(KEPT_VERSIONS + 4, 4, -1))


def test_a_limit_in_the_body_of_a_get_is_not_read(api):
    saved(api)
    saved(api, {**BOARD, "version": 1})
    answer = api.dashboard_versions.get_dashboard_versions(dashboard_uid="operations", limit=1)
    assert len(answer["versions"] if isinstance(answer, dict) else answer) == 2


def test_a_stale_version_is_refused_and_an_absent_one_is_stale(api, server):
    saved(api)
    Person(server.url).edit("operations")
    status, words = server.profile.dashboard_conflict
    for body in (BOARD, {**BOARD, "version": 1}):
        assert refused(api, status, body) == words
    saved(api, {**BOARD, "version": 2})
    assert newest(api, "operations")["version"] == 3


def test_leaving_the_folder_out_moves_a_dashboard_to_the_root(api):
    api.folder.create_folder("Support", "support")
    saved(api, folder_uid="support")
    api.dashboard.update_dashboard({"dashboard": {**BOARD, "version": 1}})
    assert api.dashboard.get_dashboard("operations")["meta"]["folderUid"] == ""


def test_the_checks_come_in_grafanas_order(api, server):
    """Each save is wrong in one way less; what is said is always the first that is wrong."""
    api.folder.create_folder("Support", "support")
    saved(api)
    wrong = {"title": "", "uid": "böse", "refresh": "1s", "id": 4711, "version": 9}
    said = [refused(api, 400, wrong, folder_uid="nowhere")["message"]]
    said.append(refused(api, 400, wrong)["status"])
    for repaired in ({"title": "Support"}, {"uid": "x" * 41}, {"uid": "operations"}):
        wrong.update(repaired)
        said.append(refused(api, 400, wrong, folder_uid="support")["message"])
    wrong["refresh"] = "10s"
    said.append(refused(api, 404, wrong, folder_uid="support")["status"])
    del wrong["id"]
    status, words = server.profile.dashboard_conflict
    assert refused(api, status, wrong, folder_uid="support") == words
    wrong["version"] = 1
    server.state.dashboards["operations"].plugin = "kentik"
    said.append(refused(api, 412, wrong, folder_uid="support")["status"])
    server.state.dashboards["operations"].plugin = ""
    said.append(refused(api, 400, wrong, folder_uid="support")["message"])
    wrong["title"] = "Operations"
    server.state.dashboards["operations"].provisioned = True
    said.append(refused(api, 400, wrong, folder_uid="support")["message"])
    assert said == [
        "Folder not found",
        "empty-name",
        "uid contains illegal characters",
        "uid too long, max 40 characters",
        "Dashboard refresh interval is too low",
        "not-found",
        "plugin-dashboard",
        "Dashboard name cannot be the same as folder",
        "Cannot save provisioned dashboard",
    ]


def test_what_is_no_dashboard_is_bad_request_data(api):
    with pytest.raises(GrafanaBadInputError) as caught:
        api.client.POST("/dashboards/db", json={"title": "on its own"})
    assert caught.value.response == {"message": "bad request data"}


def test_a_title_twice_in_a_folder_is_refused_only_by_older_servers(api, server):
    uid = Person(server.url).create("Operations")
    if server.profile is GRAFANA_9_4:
        assert refused(api, 412)["status"] == "name-exists"
        saved(api, overwrite=True)
        assert "operations" not in server.state.dashboards
        assert server.state.dashboards[uid].newest.by == "sa-1-slobook"  # taken over
    else:
        saved(api)
        assert len(server.state.dashboards) == 2


def test_newer_servers_answer_with_another_body_than_was_sent(api, server):
    sent = {**BOARD, "panels": [{"id": 1, "type": "timeseries", "title": "Requests"}]}
    saved(api, sent)
    read = api.dashboard.get_dashboard("operations")["dashboard"]
    added = {"id", "version"}
    if server.profile is GRAFANA_9_4:
        assert {name: read[name] for name in sent} == sent
        assert set(read) - set(sent) == added
    else:
        assert read["schemaVersion"] > sent["schemaVersion"]
        assert set(read) - set(sent) > added
        assert read["panels"][0]["pluginVersion"] == "13.0.1"


def test_a_restored_version_carries_a_message_of_grafanas_own(api, server):
    saved(api, message="ours")
    person = Person(server.url)
    person.edit("operations")
    person.restore("operations", 1)
    last = newest(api, "operations")
    assert last["message"] == "Restored from version 1"
    assert (last["version"], last["restoredFrom"]) == (3, 1)
    old = api.client.GET("/dashboards/uid/operations/versions/2")
    assert old["data"]["description"] == "edited by hand"


def test_search_takes_all_tags_and_pages(api):
    for number in range(5):
        tags = ["slobook", "even"] if number % 2 == 0 else ["slobook"]
        saved(api, {"uid": f"b{number}", "title": f"Board {number}", "tags": tags})
    tagged = api.search.search_dashboards(tag="slobook", type_="dash-db")
    assert [one["uid"] for one in tagged] == ["b0", "b1", "b2", "b3", "b4"]
    both = api.client.GET("/search?tag=slobook&tag=even&type=dash-db")
    assert [one["uid"] for one in both] == ["b0", "b2", "b4"]
    pages = [api.client.GET(f"/search?tag=slobook&limit=2&page={page}") for page in (1, 2, 3, 4)]
    assert [[one["uid"] for one in page] for page in pages] == [
        ["b0", "b1"],
        ["b2", "b3"],
        ["b4"],
        [],
    ]


def test_what_is_deleted_is_not_found(api):
    saved(api)
    api.dashboard.delete_dashboard("operations")
    for ask in (api.dashboard.get_dashboard, api.dashboard.delete_dashboard):
        with pytest.raises(GrafanaClientError) as caught:
            ask("operations")
        assert caught.value.status_code == 404
        assert caught.value.response == {"message": "Dashboard not found"}


def test_a_provisioned_dashboard_cannot_be_deleted(api, server):
    saved(api)
    server.state.dashboards["operations"].provisioned = True
    assert api.dashboard.get_dashboard("operations")["meta"]["provisioned"] is True
    with pytest.raises(GrafanaBadInputError):
        api.dashboard.delete_dashboard("operations")
