"""What a push makes of a server that is not there, not Grafana, or not well."""

from __future__ import annotations

import socket

import pytest

from slo.errors import ConfigError, GrafanaError
from slo.targets.grafana.connection import Connection
from tests.grafana.accounts import ADMIN, VIEWER
from tests.grafana.faults import Cut, Slow, broken, login_page, redirect, too_many
from tests.grafana.profile import GRAFANA_9_4
from tests.grafana.server import standing_in
from tests.integration.grafana.pushing import configured

pytestmark = [pytest.mark.integration, pytest.mark.live_grafana]


def folders(grafana):
    return grafana.folder.get_all_folders()


def new_folder(grafana):
    return grafana.folder.create_folder("New", "new")


def failing_first(server, fault, times=1):
    """A fault for the first requests; later ones are carried out."""
    left = [fault] * times
    server.before(lambda asked, state: left.pop() if left else None)


def refused(grafana, call=folders, how="read", **more):
    """What a refused call says; the secret is never in it."""
    with Connection(configured(grafana, **more)) as connection, pytest.raises(GrafanaError) as e:
        getattr(connection, how)(call)
    assert grafana.token not in str(e.value)
    assert grafana.token not in repr(e.value)
    return e.value


def test_it_is_reached(grafana):
    with Connection(configured(grafana)) as connection:
        assert connection.read(lambda api: api.client.GET("/health"))["database"] == "ok"


def test_a_slash_at_the_end_of_the_address_changes_nothing(grafana):
    with Connection(configured(grafana, url=f"{grafana.url}/")) as connection:
        assert connection.read(lambda api: api.organization.get_current_organization())["id"]


def test_a_sub_path(monkeypatch):
    with standing_in(GRAFANA_9_4, prefix="/grafana") as server:
        monkeypatch.setenv("GRAFANA_TOKEN", server.token)

        class Site:
            url, folder_uid, folder = server.url, "f", "F"

        with Connection(configured(Site)) as connection:
            assert connection.read(folders) == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused_and_says_the_address_to_use(grafana, server, status):
    with standing_in() as other:
        server.before(lambda asked, state: redirect(f"{other.url}{asked.path}", status=status))
        for how, call in (("read", folders), ("write", new_folder)):
            error = refused(grafana, call, how)
            assert f"url = '{other.url}'" in str(error)
        assert other.journal == []
    assert server.state.folders == {}


def test_a_redirect_to_https_is_explained(grafana, server):
    secure = grafana.url.replace("http://", "https://")
    server.before(lambda asked, state: redirect(f"{secure}{asked.path}", 301))
    assert f"url = '{secure}'" in str(refused(grafana))


def test_a_redirect_to_a_login_page_is_explained(grafana, server):
    server.before(lambda asked, state: redirect("https://sso.example.com/login?next=x"))
    assert "login" in str(refused(grafana, new_folder, "write"))


def test_a_login_page_is_no_success(grafana, server):
    server.before(lambda asked, state: login_page())
    for how, call in (("read", folders), ("write", new_folder)):
        assert "'Grafana'" in str(refused(grafana, call, how))
    assert server.state.folders == {}


def test_reads_are_tried_again_after_what_may_pass(grafana, server):
    for fault in (too_many(0), broken(502), broken(503), Cut(), Slow(0.0)):
        failing_first(server, fault)
        with Connection(configured(grafana, retries=1)) as connection:
            assert connection.read(folders) == []
        server.without_hooks()


def test_reads_are_not_tried_for_ever(grafana, server):
    failing_first(server, too_many(0), times=10)
    assert refused(grafana, retries=2).status == 429
    assert len(server.journal) == 3


def test_writes_are_tried_again_only_where_they_were_not_done(grafana, server):
    failing_first(server, too_many(0))
    with Connection(configured(grafana, retries=1)) as connection:
        assert connection.write(new_folder)["uid"] == "new"
    assert [one.status for one in server.writes] == [429, 200]


@pytest.mark.parametrize("fault", [broken(500), broken(502), broken(503), Cut(), Cut(True)])
def test_writes_of_which_nobody_knows_are_not_sent_twice(grafana, server, fault):
    failing_first(server, fault)
    refused(grafana, new_folder, "write", retries=3)
    assert len(server.journal) == 1


def test_a_server_that_asks_for_hours_is_left_alone(grafana, server):
    failing_first(server, too_many(7200), times=9)
    assert "7200 s" in str(refused(grafana, retries=3))
    assert len(server.journal) == 1


def test_retry_after_may_be_a_date_or_missing(grafana, server):
    for after in ("Wed, 21 Oct 2015 07:28:00 GMT", None):
        failing_first(server, too_many(after))
        with Connection(configured(grafana, retries=1)) as connection:
            assert connection.read(folders) == []
        server.without_hooks()


def test_a_slow_answer_is_given_up_and_nobody_knows_what_was_done(grafana, server):
    failing_first(server, Slow(0.4, carried_out=True))
    error = refused(grafana, new_folder, "write", timeout=0.1)
    assert "did not answer within 0.1 s" in str(error)
    assert "not known" in str(error)
    assert "new" in server.state.folders


def test_nothing_listens(grafana):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "nothing listens there" in str(refused(grafana, url=url))


def test_wrong_credentials_name_the_variable(grafana, monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", "glsa_not_the_right_one")
    error = refused(grafana, lambda api: api.organization.get_current_organization())
    assert error.status == 401
    assert "GRAFANA_TOKEN" in str(error)
    assert "glsa_not_the_right_one" not in str(error)


def test_too_few_rights_say_which_role(grafana, server, monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", VIEWER)
    error = refused(grafana, new_folder, "write")
    assert error.status == 403
    assert "folders:create" in str(error)
    assert VIEWER not in str(error)


def test_a_missing_variable_is_named(grafana, monkeypatch):
    monkeypatch.delenv("GRAFANA_TOKEN")
    with pytest.raises(ConfigError, match="GRAFANA_TOKEN: found nothing"):
        Connection(configured(grafana))


def test_a_secret_that_the_server_repeats_is_masked(grafana, server):
    from tests.grafana.exchange import Answer

    said = f"token {grafana.token} is on the list of stolen ones"
    failing_first(server, Answer(403, {"message": said}))
    assert "***" in str(refused(grafana))


def test_a_secret_with_a_line_end_is_the_secret(grafana, server, monkeypatch):
    monkeypatch.setenv("GRAFANA_TOKEN", f"{ADMIN}\n")
    with Connection(configured(grafana)) as connection:
        assert connection.read(folders) == []


def test_basic_authentication(grafana, server, monkeypatch):
    monkeypatch.setenv("GF_USER", "admin")
    monkeypatch.setenv("GF_PASSWORD", "stand/in@pass")
    by_name = {"username_env": "GF_USER", "password_env": "GF_PASSWORD"}
    with Connection(configured(grafana, **by_name)) as connection:
        assert connection.read(lambda api: api.user.get_actual_user())["login"] == "admin"
    monkeypatch.setenv("GF_PASSWORD", "wr/ong")
    error = refused(grafana, **by_name)
    assert error.status == 401
    assert "wr/ong" not in str(error)


def test_further_headers_are_sent(grafana, server, monkeypatch):
    monkeypatch.setenv("SSO_SECRET", "s3cret")
    headers = (("CF-Access-Client-Secret", "SSO_SECRET"),)
    with Connection(configured(grafana, header_envs=headers)) as connection:
        connection.read(folders)
    assert server.journal[-1].request.headers["cf-access-client-secret"] == "s3cret"


def test_a_proxy_is_asked(grafana, server):
    """The stand-in is its own proxy: no name ends in .invalid."""
    proxies = (("http", server.url),)
    with Connection(configured(grafana, url="http://grafana.invalid", proxies=proxies)) as one:
        assert one.read(folders) == []
    assert server.journal[-1].request.headers["host"] == "grafana.invalid"
