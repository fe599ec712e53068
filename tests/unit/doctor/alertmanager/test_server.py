"""How an Alertmanager is asked: credentials, and what is no Alertmanager."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from slo.doctor.alertmanager.server import AlertmanagerServer
from slo.errors import AlertmanagerError, ConfigError
from tests.loopback import serving


@contextmanager
def answering(status=200, body=b"{}", headers=()):
    """A server on loopback; yields its address and the headers of every request."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as host:
        yield f"http://{host}", seen


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_token_is_sent_whatever_a_netrc_says(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("AM_TOKEN", "t0ken\n")
    monkeypatch.setenv("TENANT", "eu")
    with answering() as (url, seen):
        server = AlertmanagerServer(
            f"{url}/", token_env="AM_TOKEN", header_envs=(("X-Scope-OrgID", "TENANT"),)
        )
        assert server.status() == {}
    assert (seen[0]["Authorization"], seen[0]["X-Scope-OrgID"]) == ("Bearer t0ken", "eu")


def test_a_user_and_a_password(monkeypatch):
    monkeypatch.setenv("AM_USER", "jörg")
    monkeypatch.setenv("AM_PASSWORD", "x")
    with answering() as (url, seen):
        AlertmanagerServer(url, username_env="AM_USER", password_env="AM_PASSWORD").status()
    assert seen[0]["Authorization"] == "Basic asO2cmc6eA=="


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("AM_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="AM_TOKEN"):
        AlertmanagerServer("http://127.0.0.1:1", token_env="AM_TOKEN").status()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401}, r"refused the credentials \(HTTP 401\): set token_env"),
        ({"status": 404}, "answers HTTP 404 to /api/v2/status, not as Alertmanager"),
        ({"status": 302, "headers": [("Location", "http://login.test/")]}, "answers HTTP 302"),
        ({"body": b"<html>sign in</html>"}, "found no JSON at /api/v2/status"),
    ],
)
def test_what_is_no_alertmanager_is_said_to_be_none(answer, words):
    with answering(**answer) as (url, _), pytest.raises(AlertmanagerError, match=words):
        AlertmanagerServer(url).status()


def test_a_server_that_is_gone():
    with pytest.raises(AlertmanagerError, match=r"cannot be reached \(Connection refused\)"):
        AlertmanagerServer("http://127.0.0.1:1").status()


def test_what_is_there_is_read():
    with answering(body=json.dumps([{"id": "1"}]).encode()) as (url, _):
        server = AlertmanagerServer(url)
        assert server.silences() == server.alerts() == [{"id": "1"}]
        assert not server.has_credentials
