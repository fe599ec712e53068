"""Who may ask, what a server says of itself, and what goes wrong on the way."""

from __future__ import annotations

import niquests
import pytest
from grafana_client import TokenAuth
from grafana_client.client import (
    GrafanaClientError,
    GrafanaServerError,
    GrafanaTimeoutError,
    GrafanaUnauthorizedError,
)

from tests.grafana.accounts import ADMIN, EDITOR, VIEWER
from tests.grafana.exchange import Answer
from tests.grafana.faults import Cut, Lost, Slow, broken, login_page, redirect, too_many
from tests.grafana.people import Person
from tests.grafana.profile import GRAFANA_9_4
from tests.grafana.server import standing_in

BOARD = {"dashboard": {"uid": "b", "title": "Board"}, "folderUid": ""}


def answers_once(server, fault, method="POST"):
    """A fault for the first request of a method; later ones are carried out."""
    left = [fault]
    server.before(lambda asked, state: left.pop() if left and asked.method == method else None)


def test_tokens_and_passwords(server, connect):
    for auth in (TokenAuth(EDITOR), ("admin", "stand/in@pass")):
        assert connect(server, auth).organization.get_current_organization()["id"] == 1
    for auth, said in (
        (TokenAuth("glsa_wrong"), "invalid API key"),
        (("admin", "wrong"), "invalid username or password"),
    ):
        with pytest.raises(GrafanaUnauthorizedError) as caught:
            connect(server, auth).organization.get_current_organization()
        assert caught.value.response == {"message": said}


def test_viewers_may_not_write(server, connect):
    api = connect(server, TokenAuth(VIEWER))
    for ask, title in (
        (lambda: api.folder.create_folder("F", "f"), "Access denied"),
        (lambda: api.dashboard.update_dashboard(BOARD), None),
        (api.datasource.list_datasources, "Access denied"),
    ):
        with pytest.raises(GrafanaClientError) as caught:
            ask()
        assert caught.value.status_code == 403
        assert caught.value.response.get("title") == title
    assert (server.state.folders, server.state.dashboards) == ({}, {})


def test_health_asks_for_no_credentials_and_may_hide_the_version(server, connect):
    api = connect(server, TokenAuth("glsa_wrong"))
    assert api.client.GET("/health")["version"] == server.profile.version
    with pytest.raises(GrafanaUnauthorizedError):
        api.health.check()
    server.state.hides_version = True
    assert api.client.GET("/health") == {"database": "ok"}
    server.state.healthy = False
    with pytest.raises(GrafanaServerError):
        api.client.GET("/health")


def test_data_sources(connect, server):
    api = connect(server, TokenAuth(ADMIN))
    assert [one["type"] for one in api.datasource.list_datasources()] == ["prometheus", "loki"]
    assert api.datasource.get_datasource_by_uid("prom-eu-1")["name"] == "Prometheus"
    assert api.datasource.health("prom-eu-1")["status"] == "OK"
    server.state.sick_data_sources.add("prom-eu-1")
    with pytest.raises(GrafanaClientError, match="400|connection refused"):
        api.datasource.health("prom-eu-1")
    with pytest.raises(GrafanaClientError) as caught:
        api.datasource.get_datasource_by_uid("nowhere")
    assert caught.value.response == {"message": "Data source not found"}


def test_editors_may_not_list_data_sources_but_their_pages_know_them(connect, server):
    api = connect(server, TokenAuth(EDITOR))
    with pytest.raises(GrafanaClientError) as caught:
        api.datasource.list_datasources()
    assert caught.value.status_code == 403
    known = api.client.GET("/frontend/settings")["datasources"]
    assert known["Prometheus"]["uid"] == "prom-eu-1"


def test_editors_may_not_provision_rules_on_older_servers(connect, server):
    api = connect(server, TokenAuth(EDITOR))
    if server.profile is GRAFANA_9_4:
        with pytest.raises(GrafanaClientError) as caught:
            api.alertingprovisioning.get_alertrules_all()
        assert caught.value.status_code == 403
    else:
        assert api.alertingprovisioning.get_alertrules_all() == []


@pytest.mark.parametrize("status", [301, 302])
def test_a_redirected_save_succeeds_with_nothing_written(server, connect, status):
    with standing_in() as other:
        target = f"{other.url}/api/health"
        server.before(lambda asked, state: redirect(target, status) if asked.writes else None)
        assert connect(server).dashboard.update_dashboard(BOARD)["database"] == "ok"
        strict = connect(server)
        strict.client.s.max_redirects = 0
        with pytest.raises(niquests.exceptions.TooManyRedirects):
            strict.dashboard.update_dashboard(BOARD)
        assert (server.state.dashboards, other.state.dashboards) == ({}, {})


def test_a_login_page_comes_back_as_text(api, server):
    answers_once(server, login_page())
    assert isinstance(api.dashboard.update_dashboard(BOARD), str)
    assert server.state.dashboards == {}


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (too_many(3), GrafanaClientError, 429),
        (broken(500), GrafanaServerError, 500),
        (broken(502), GrafanaServerError, 502),
    ],
)
def test_nothing_is_tried_again(api, server, fault, error, status):
    answers_once(server, fault)
    with pytest.raises(error) as caught:
        api.dashboard.update_dashboard(BOARD)
    assert caught.value.status_code == status
    assert server.state.dashboards == {}
    assert [str(one) for one in server.writes] == [f"POST /api/dashboards/db -> {status}"]


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_cut_connection_leaks_as_an_error_of_the_library_underneath(api, server, carried_out):
    answers_once(server, Cut(carried_out))
    with pytest.raises(niquests.exceptions.ConnectionError):
        api.dashboard.update_dashboard(BOARD)
    assert bool(server.state.dashboards) is carried_out


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_late_answer_is_a_timeout(server, connect, carried_out):
    api = connect(server, timeout=0.1)
    answers_once(server, Slow(0.3, carried_out))
    with pytest.raises(GrafanaTimeoutError):
        api.dashboard.update_dashboard(BOARD)
    assert bool(server.state.dashboards) is carried_out


def test_an_answer_can_be_lost_after_the_work_was_done(api, server):
    answers_once(server, Lost(Answer(504, "<html>Gateway Timeout</html>")))
    with pytest.raises(GrafanaServerError):
        api.dashboard.update_dashboard(BOARD)
    assert list(server.state.dashboards) == ["b"]


def test_somebody_acts_between_two_requests_unseen_by_hooks_and_journal(api, server):
    person = Person(server.url)
    api.dashboard.update_dashboard(BOARD)
    left = [lambda: person.edit("b", message="moved a panel")]
    server.before(lambda asked, state: left.pop()() and None if left else None)
    with pytest.raises(GrafanaClientError):
        api.dashboard.update_dashboard({**BOARD, "dashboard": {**BOARD["dashboard"], "version": 1}})
    assert person.versions("b")[0]["createdBy"] == "maria"
    assert [one.status for one in server.journal] == [200, server.profile.dashboard_conflict[0]]


def test_a_sub_path_needs_its_slash():
    with standing_in(prefix="/grafana") as server:
        from grafana_client import GrafanaApi

        lost = GrafanaApi.from_url(server.url, TokenAuth(EDITOR))
        with pytest.raises(GrafanaClientError):
            lost.client.GET("/health")
        found = GrafanaApi.from_url(f"{server.url}/", TokenAuth(EDITOR))
        assert found.client.GET("/health")["database"] == "ok"
        for api in (lost, found):
            api.client.s.close()


def test_what_stood_there_is_compared_with_what_stands(api, server):
    person = Person(server.url)
    uid = person.create("Theirs", tags=["team"])
    before = server.state.things()
    assert server.state.things() == before
    person.edit(uid, lambda body: None)
    changed = server.state.things() - before
    assert {(one.kind, one.uid, one.tags) for one in changed} == {("dashboard", uid, ("team",))}


def test_the_journal_keeps_what_was_sent(api, server):
    api.dashboard.update_dashboard(BOARD)
    (entry,) = server.journal
    assert entry.request.json == BOARD
    assert entry.request.account.login == "sa-1-slobook"


def test_what_is_not_there_is_not_found(api):
    with pytest.raises(GrafanaClientError) as caught:
        api.client.GET("/no/such/thing")
    assert caught.value.status_code == 404
