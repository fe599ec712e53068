"""What a Pushgateway is sent, by a stand-in; see also test_pushgateway.py of the integration."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64decode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families

from slo.errors import ConfigError, PushError
from slo.report.runs import pushgateway as gateways
from slo.report.runs.pushgateway import Pushgateway, push, pushgateway
from slo.report.runs.run_due import Outcome
from tests import stand_in_report as stand_in


@dataclass
class StandIn:
    """What a server was asked, and how it answers."""

    url: str = ""
    status: int = 200
    body: str = ""
    asked: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    answer: Event = field(default_factory=Event)


@pytest.fixture
def gateway():
    made = StandIn()
    made.answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.asked.append((self.command, self.path, dict(self.headers), text))
            made.answer.wait(10)
            self.send_response(made.status)
            if made.status == 302:
                self.send_header("Location", f"{made.url}/elsewhere")
            self.end_headers()
            self.wfile.write(made.body.encode())

        def do_GET(self):
            made.asked.append((self.command, self.path, {}, ""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.answer.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    for name in (gateways.TOKEN, gateways.USERNAME, gateways.PASSWORD):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def outcomes(tmp_path):
    due = stand_in.due(tmp_path / "reports", weeks=2)
    return [Outcome(one, "failed", "no") for one in due]


def test_a_report_is_a_group_that_a_push_replaces(gateway, outcomes):
    push(outcomes, 1_800_000_000.5, pushgateway(f"{gateway.url}/", "shop"))
    group = "/metrics/job/slobook_reports/project/shop/kind/slo/service/"
    assert [one[:2] for one in gateway.asked] == [
        ("PUT", f"{group}checkout"),
        ("PUT", f"{group}search"),
    ]
    for service, (_, _, headers, text) in zip(stand_in.SERVICES, gateway.asked, strict=True):
        assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "Authorization" not in headers
        values = {
            sample.name: (sample.labels, sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        labels = {"kind": "slo", "service": service}
        assert values["slobook_report_run_timestamp_seconds"] == ({}, 1_800_000_000.5)
        assert values["slobook_report_failures"] == (labels, 2)
        assert values["slobook_report_missing"] == (labels, 2)


@pytest.mark.parametrize("name", ["a/b", "..", "a b%", "Bücher"])
def test_any_name_arrives_as_it_is(name):
    address = Pushgateway("http://127.0.0.1:9091/behind", name).address("slo", "shop")
    start, found, rest = address.partition("/project@base64/")
    assert (start, found) == (
        "http://127.0.0.1:9091/behind/metrics/job/slobook_reports",
        "/project@base64/",
    )
    encoded, _, after = rest.partition("/")
    assert after == "kind/slo/service/shop"
    assert urlsafe_b64decode(encoded).decode() == name


def test_credentials_come_from_variables_whatever_else_is_known(
    gateway, outcomes, monkeypatch, tmp_path
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv(gateways.TOKEN, "correct horse")
    push(outcomes[:1], 1.0, pushgateway(gateway.url, "shop"))
    monkeypatch.delenv(gateways.TOKEN)
    monkeypatch.setenv(gateways.USERNAME, "jürgen")
    monkeypatch.setenv(gateways.PASSWORD, "p:w")
    push(outcomes[:1], 1.0, pushgateway(gateway.url, "shop"))
    bearer, basic = (headers["Authorization"] for _, _, headers, _ in gateway.asked)
    assert bearer == "Bearer correct horse"
    assert basic.startswith("Basic ")
    assert b64decode(basic.removeprefix("Basic ")).decode() == "jürgen:p:w"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((gateways.USERNAME,), f"environment variable {gateways.PASSWORD}: found nothing"),
        ((gateways.PASSWORD,), f"environment variable {gateways.USERNAME}: found nothing"),
        ((gateways.TOKEN, gateways.USERNAME), "expected one of them"),
    ],
)
def test_variables_that_do_not_fit_together_are_refused(monkeypatch, names, message):
    for name in names:
        monkeypatch.setenv(name, "correct horse")
    with pytest.raises(ConfigError, match=message) as refused:
        pushgateway("http://127.0.0.1:9091", "shop")
    assert "correct horse" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        *("pushgateway:9091", "ftp://host", "http://", "http://host:port", "http://a b"),
        *("http://[::1", "http://host?token=hunter2", "https://me:hunter2@host"),
    ],
)
def test_what_is_no_address_is_refused_without_telling_secrets(url):
    with pytest.raises(ConfigError, match="the Pushgateway's address") as refused:
        pushgateway(url, "shop")
    assert "hunter2" not in str(refused.value)


def test_what_it_refuses_is_told_in_its_words(gateway, outcomes, monkeypatch):
    monkeypatch.setenv(gateways.TOKEN, "correct horse")
    gateway.status, gateway.body = 400, "text format parsing error: correct horse\nmore"
    with pytest.raises(PushError) as refused:
        push(outcomes, 1.0, pushgateway(gateway.url, "shop"))
    assert str(refused.value) == (
        f"the Pushgateway {gateway.url} refused metrics: HTTP 400 text format parsing error: ***"
    )
    assert len(gateway.asked) == 1


def test_a_redirection_is_not_taken_for_success(gateway, outcomes):
    gateway.status = 302
    with pytest.raises(PushError, match="refused metrics: HTTP 302"):
        push(outcomes, 1.0, pushgateway(gateway.url, "shop"))
    assert [method for method, *_ in gateway.asked] == ["PUT"]


def test_one_that_takes_metrics_unseen_is_fine(gateway, outcomes):
    gateway.status = 202  # --push.disable-consistency-check
    push(outcomes, 1.0, pushgateway(gateway.url, "shop"))
    assert len(gateway.asked) == 2


def test_nobody_there_and_nobody_answering(gateway, outcomes, monkeypatch):
    with pytest.raises(PushError, match="http://127.0.0.1:9 cannot be reached: Connection refused"):
        push(outcomes, 1.0, pushgateway("http://127.0.0.1:9", "shop"))
    monkeypatch.setattr(gateways, "_SECONDS", 0.05)
    gateway.answer.clear()
    with pytest.raises(PushError, match=r"did not answer within 0\.05 s"):
        push(outcomes, 1.0, pushgateway(gateway.url, "shop"))
