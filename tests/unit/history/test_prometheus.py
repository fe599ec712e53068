"""Fetching from servers that are slow, shy, broken or no Prometheus at all."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from slo.errors import ConfigError, HistoryError
from slo.history.prometheus import PrometheusServer, fetch_history, server_version
from slo.model.duration import HOUR, MINUTE
from slo.model.span import Span
from slo.promql import counter_selector

SPAN = Span(1_790_000_000_000, 1_790_000_000_000 + 2 * HOUR)
SELECTOR = counter_selector("x_total")
Answer = tuple[int, str, dict[str, str]]


def as_json(data: object) -> Answer:
    return 200, json.dumps({"status": "success", "data": data}), {}


class Stand:
    """A loopback server whose answers a test decides, and which keeps what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, list[str]], Message]] = []
        self.answer: Callable[[str, dict[str, list[str]]], Answer] = self.empty
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                parameters = parse_qs(parts.query)
                stand.seen.append((parts.path, parameters, self.headers))
                status, body, headers = stand.answer(parts.path, parameters)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                with suppress(BrokenPipeError):  # the client has given up
                    self.end_headers()
                    self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @staticmethod
    def empty(path: str, _: dict[str, list[str]]) -> Answer:
        if path.endswith("buildinfo"):
            return as_json({"version": "2.42.0"})
        return as_json({"resultType": "matrix", "result": []})


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slo.history.connection._BACKOFF_SECONDS", 0.01)


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def complaint(server: PrometheusServer) -> str:
    with pytest.raises(HistoryError) as caught:
        fetch_history(server, [SELECTOR], SPAN)
    return str(caught.value)


def test_chunks_cover_the_span_and_overlap_by_a_millisecond(stand):
    fetch_history(PrometheusServer(stand.url, chunk=HOUR, parallel=1), [SELECTOR], SPAN)
    queries = [(p["query"][0], p["time"][0]) for path, p, _ in stand.seen if path.endswith("query")]
    assert queries == [
        ("x_total[3600000ms]", "1790003599.999"),
        ("x_total[3600000ms]", "1790007199.999"),
    ]


def test_samples_at_the_border_of_chunks_are_there_once(stand):
    # A 2.x server's windows hold both of their ends.
    times = [SPAN.start + minute * MINUTE for minute in range(120)]

    def closed(path: str, parameters: dict[str, list[str]]) -> Answer:
        if path.endswith("buildinfo"):
            return as_json({"version": "2.42.0"})
        end = round(float(parameters["time"][0]) * 1000)
        inside = [t for t in times if end - HOUR <= t <= end]
        values = [[t / 1000, str(t % 1000 + index)] for index, t in enumerate(inside)]
        return as_json({"result": [{"metric": {"__name__": "x_total"}, "values": values}]})

    stand.answer = closed
    history = fetch_history(PrometheusServer(stand.url, chunk=HOUR), [SELECTOR], SPAN)
    assert history.series[0].times.tolist() == times


def test_a_series_that_two_selectors_mean_is_there_once(stand):
    def one(path: str, _: dict[str, list[str]]) -> Answer:
        if path.endswith("buildinfo"):
            return as_json({"version": "3.7.1"})
        values = [[SPAN.start / 1000 + 1, "1"]]
        return as_json({"result": [{"metric": {"__name__": "x_total"}, "values": values}]})

    stand.answer = one
    selectors = [SELECTOR, counter_selector('x_total{code=""}')]
    history = fetch_history(PrometheusServer(stand.url), selectors, SPAN)
    assert len(history.series) == 1
    assert history.server_version == "3.7.1"


def test_a_bearer_token_and_headers_come_from_the_environment(stand, monkeypatch):
    monkeypatch.setenv("TOKEN", "s3cret-t0ken\n")
    monkeypatch.setenv("TENANT", "shop")
    server = PrometheusServer(
        stand.url, token_env="TOKEN", header_envs=(("X-Scope-OrgID", "TENANT"),)
    )
    history = fetch_history(server, [SELECTOR], SPAN)
    for _, _, headers in stand.seen:
        assert headers["Authorization"] == "Bearer s3cret-t0ken"
        assert headers["X-Scope-OrgID"] == "shop"
    assert "s3cret" not in repr(server) + history.source


def test_basic_authentication(stand, monkeypatch):
    monkeypatch.setenv("USER_NAME", "sre")
    monkeypatch.setenv("PASS", "word")
    fetch_history(
        PrometheusServer(stand.url, username_env="USER_NAME", password_env="PASS"), [SELECTOR], SPAN
    )
    assert {headers["Authorization"] for _, _, headers in stand.seen} == {"Basic c3JlOndvcmQ="}


def test_a_missing_variable_is_named(stand):
    with pytest.raises(ConfigError, match="environment variable NO_SUCH_TOKEN: found nothing"):
        fetch_history(PrometheusServer(stand.url, token_env="NO_SUCH_TOKEN"), [SELECTOR], SPAN)
    assert stand.seen == []


def test_credentials_in_an_address_are_not_shown():
    server = PrometheusServer("http://sre:word@127.0.0.1:9/prefix/")
    assert server.shown_url == "http://127.0.0.1:9/prefix"
    assert "word" not in complaint(server)


def test_a_busy_server_is_asked_again(stand):
    refusals = iter([(503, "", {}), (429, "", {"Retry-After": "0"}), (502, "", {})])
    calm = stand.empty

    def busy(path: str, parameters: dict[str, list[str]]) -> Answer:
        if path.endswith("query"):
            return next(refusals, None) or calm(path, parameters)
        return calm(path, parameters)

    stand.answer = busy
    history = fetch_history(PrometheusServer(stand.url, chunk=2 * HOUR), [SELECTOR], SPAN)
    assert history.series == ()
    assert len([path for path, _, _ in stand.seen if path.endswith("query")]) == 4


def test_a_mistake_in_the_query_is_not_asked_again(stand):
    def refuse(path: str, parameters: dict[str, list[str]]) -> Answer:
        if path.endswith("query"):
            return 422, '{"error":"query processing would load too many samples"}', {}
        return stand.empty(path, parameters)

    stand.answer = refuse
    message = complaint(PrometheusServer(stand.url, chunk=2 * HOUR))
    assert "too many samples" in message
    assert "a chunk shorter than 2h" in message
    assert len([path for path, _, _ in stand.seen if path.endswith("query")]) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_say_which_settings_there_are(stand, status):
    stand.answer = lambda *_: (status, "", {})
    assert "set token_env" in complaint(PrometheusServer(stand.url))


def test_a_login_page_is_no_prometheus(stand):
    stand.answer = lambda *_: (200, "<html>Log in</html>", {})
    assert "login page" in complaint(PrometheusServer(stand.url))


def test_json_of_another_server_is_no_prometheus(stand):
    stand.answer = lambda *_: (200, '{"data": {}}', {})
    assert "without data.result" in complaint(PrometheusServer(stand.url))


def test_nobody_there(stand):
    message = complaint(PrometheusServer("http://127.0.0.1:9", retries=0))
    assert message.startswith("http://127.0.0.1:9 cannot be reached")
    assert "refused" in message


def test_a_server_that_does_not_answer_in_time(stand):
    wait = threading.Event()

    def sleep(*_: object) -> Answer:
        wait.wait(5)
        return stand.empty("query", {})

    stand.answer = sleep
    try:
        message = complaint(PrometheusServer(stand.url, timeout=0.2, retries=0))
    finally:
        wait.set()
    assert "did not answer within 0.2 s" in message


def test_a_server_without_a_version_has_an_empty_one(stand):
    stand.answer = lambda *_: (404, "not found", {})
    assert server_version(PrometheusServer(stand.url)) == ""
