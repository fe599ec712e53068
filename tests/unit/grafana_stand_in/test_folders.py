"""Folders as Grafana keeps them."""

from __future__ import annotations

import pytest
from grafana_client.client import GrafanaBadInputError, GrafanaClientError

from tests.grafana.people import Person
from tests.grafana.profile import GRAFANA_9_4
from tests.unit.grafana_stand_in.test_rules import rule


def status(ask):
    with pytest.raises(GrafanaClientError) as caught:
        ask()
    return caught.value.status_code


def test_a_folder_is_made_read_renamed_and_listed(api):
    made = api.folder.create_folder("Support", "support")
    assert (made["uid"], made["version"]) == ("support", 1)
    api.folder.update_folder("support", "Support agent", version=1)
    assert api.folder.get_folder("support")["title"] == "Support agent"
    assert [one["uid"] for one in api.folder.get_all_folders()] == ["support"]


def test_conflicts(api, server):
    api.folder.create_folder("Support", "support")
    assert status(lambda: api.folder.create_folder("Support", "other")) == 409
    taken = 412 if server.profile is GRAFANA_9_4 else 409
    assert status(lambda: api.folder.create_folder("Other", "support")) == taken
    Person(server.url).rename_folder("support", "Renamed")
    assert status(lambda: api.folder.update_folder("support", "Mine", version=1)) == 412
    assert status(lambda: api.folder.get_folder("nowhere")) == 404
    assert status(lambda: api.folder.create_folder("", "empty")) == 400


def test_deleting_takes_the_dashboards_with_it_and_is_refused_over_rules(api, server):
    api.folder.create_folder("Support", "support")
    Person(server.url).create("Somebody's", "support", uid="theirs")
    api.alertingprovisioning.create_alertrule(rule("one", uid="r1"))
    with pytest.raises(GrafanaBadInputError, match="contains alert rules"):
        api.folder.delete_folder("support")
    assert "theirs" in server.state.dashboards
    api.folder.delete_folder("support", force_delete_rules="true")
    assert (server.state.dashboards, server.state.rules) == ({}, {})
