"""Runbooks at addresses, as the servers behind them answer."""

from http.server import BaseHTTPRequestHandler

import pytest

from slo.doctor.checks.runbooks import Looked, look_at
from tests.loopback import serving


@pytest.fixture
def wiki(monkeypatch):
    """A server that answers HEAD and GET as the path says: ``/<HEAD's status>/<GET's>``."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(0)

        def do_GET(self):
            self.answer(1)

        def answer(self, which):
            status = int(self.path.strip("/").split("/")[which])
            self.send_response(status)
            if status == 302:
                port = self.server.server_port
                self.send_header("Location", f"http://localhost:{port}/200/200")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serving(Handler) as host:
        yield f"http://{host}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("200/500", Looked("there")),
        ("404/200", Looked("missing", "HTTP 404")),
        ("410/200", Looked("missing", "HTTP 410")),
        ("503/200", Looked("missing", "HTTP 503")),
        # Some servers know no HEAD, or forbid it.
        ("405/200", Looked("there")),
        ("403/200", Looked("there")),
        ("405/404", Looked("missing", "HTTP 404")),
        ("403/403", Looked("hidden", "HTTP 403")),
        ("401/200", Looked("hidden", "HTTP 401")),
        ("302/302", Looked("hidden", "it leads to localhost")),
    ],
)
def test_what_servers_answer(wiki, path, expected):
    assert look_at(f"{wiki}/{path}", ()) == expected


def test_the_file_behind_an_address_that_leads_nowhere(wiki, tmp_path):
    (tmp_path / "200").write_text("Add workers.\n")
    assert look_at(f"{wiki}/404/200", [tmp_path], f"{wiki}/404") == Looked(
        "missing", "HTTP 404", tmp_path / "200"
    )
    # Another address has no file here, and neither has one that is answered.
    assert look_at(f"{wiki}/404/200", [tmp_path], "https://wiki.test").file is None
    assert look_at(f"{wiki}/200/200", [tmp_path], f"{wiki}/200").file is None
    (tmp_path / "200").write_text("TODO: what to do now\n")
    assert look_at(f"{wiki}/404/200", [tmp_path], f"{wiki}/404/").file is None


def test_a_server_that_is_gone(wiki):
    assert look_at("http://127.0.0.1:1/queue.md", ()) == Looked(
        "missing", "it cannot be reached (ConnectionError)"
    )
