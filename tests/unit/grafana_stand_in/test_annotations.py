"""Annotations as Grafana keeps them."""

from __future__ import annotations

import pytest
from grafana_client.client import GrafanaBadInputError, GrafanaClientError

from tests.grafana.people import Person

NOON = 1_764_158_400_000


def test_they_are_found_by_tags_and_time(api):
    for hour in range(3):
        tags = ["deploy", f"deploy:{hour}"]
        api.annotations.add_annotation(
            text=f"deployed {hour}", tags=tags, time_from=NOON + hour * 3_600_000
        )
    found = api.annotations.find_annotations(tags=["deploy", "deploy:1"])
    assert [one["text"] for one in found] == ["deployed 1"]
    assert found[0]["timeEnd"] == found[0]["time"]
    spanned = api.annotations.find_annotations(time_from=NOON + 1, time_to=NOON + 4_000_000)
    assert [one["text"] for one in spanned] == ["deployed 1"]
    newest = api.annotations.find_annotations(limit=2)
    assert [one["text"] for one in newest] == ["deployed 2", "deployed 1"]


def test_a_hundred_are_found_unless_more_are_asked_for(api):
    for number in range(101):
        api.annotations.add_annotation(text=str(number), tags=["x"], time_from=NOON + number)
    assert len(api.annotations.find_annotations(tags=["x"])) == 100
    assert len(api.annotations.find_annotations(tags=["x"], limit=500)) == 101


def test_an_empty_text_is_refused(api):
    with pytest.raises(GrafanaBadInputError):
        api.annotations.add_annotation(text="", tags=["deploy"])


def test_an_unknown_dashboard_makes_it_the_organizations_in_silence(api, server):
    uid = Person(server.url).create("Theirs")
    for board in (uid, "nowhere"):
        api.annotations.add_annotation(text=board, dashboard_uid=board, tags=["t"])
    found = {one["text"]: one["dashboardUID"] for one in api.annotations.find_annotations()}
    assert found == {uid: uid, "nowhere": ""}
    assert len(api.annotations.find_annotations(dashboard_uid="nowhere")) == 2  # no filter at all


def test_the_client_does_not_encode_tags(api):
    api.annotations.add_annotation(text="one", tags=["deploy:a+b&c"])
    assert api.annotations.find_annotations(tags=["deploy:a+b&c"]) == []
    assert len(api.client.GET("/annotations", params={"tags": "deploy:a+b&c"})) == 1


def test_they_are_changed_and_deleted(api):
    number = api.annotations.add_annotation(text="one", tags=["t"], time_from=NOON)["id"]
    api.annotations.partial_update_annotation(number, text="two", tags=["t"])
    (one,) = api.annotations.find_annotations(tags=["t"])
    assert (one["text"], one["time"]) == ("two", NOON)
    api.annotations.partial_update_annotation(number, text="three")  # its default empties tags
    assert api.annotations.find_annotations()[0]["tags"] == []
    api.annotations.delete_annotations_by_id(number)
    assert api.annotations.find_annotations() == []
    with pytest.raises(GrafanaClientError) as caught:
        api.annotations.delete_annotations_by_id(number)
    assert caught.value.status_code == 404


def test_tags_are_found_by_some_of_their_letters(api):
    api.annotations.add_annotation(text="one", tags=["deploy", "deploy:ab12"])
    found = api.client.GET("/annotations/tags", params={"tag": "ab1"})
    assert found == {"result": {"tags": [{"tag": "deploy:ab12", "count": 1}]}}
