"""The ASGI application, and the middleware around others."""

import asyncio
import gzip
import threading
from types import SimpleNamespace

import pytest
from prometheus_client import CollectorRegistry

from exporter import Metrics
from exporter.endpoint import ANYONE, Access
from exporter.endpoint.access import Secret
from exporter.endpoint.asgi import measure_requests, metrics_app
from tests.unit.exporter.endpoint.test_flask import requests


@pytest.fixture
def metrics():
    return Metrics(CollectorRegistry())


def scope(path="/metrics", method="GET", headers=(), **more):
    return {"type": "http", "path": path, "method": method, "headers": list(headers), **more}


async def nothing():
    return {"type": "http.request"}


def ask(app, asked=None):
    """The messages that an application sends in answer to a request."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(app(asked or scope(), nothing, send))
    return sent


def test_metrics_and_health(metrics):
    app = metrics_app(metrics, ANYONE)
    start, body = ask(app, scope(headers=[(b"Accept-Encoding", b"gzip")]))
    assert start["status"] == 200
    headers = dict(start["headers"])
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-length"] == str(len(body["body"])).encode()
    assert b"support_agent_build_info" in gzip.decompress(body["body"])
    assert ask(app, scope("/healthz"))[1]["body"] == b"ok\n"
    assert ask(app, scope("/elsewhere"))[0]["status"] == 404
    assert ask(app, scope(method="POST"))[0]["status"] == 405
    assert ask(app, scope(method="HEAD"))[1]["body"] == b""


def test_headers_that_come_twice_are_one(metrics):
    asked = scope(headers=[(b"accept", b"text/html"), (b"Accept", b"application/openmetrics-text")])
    start, _ = ask(metrics_app(metrics, ANYONE), asked)
    assert dict(start["headers"])[b"content-type"].startswith(b"application/openmetrics-text")


def test_a_credential(metrics):
    app = metrics_app(metrics, Access(token=Secret("one")))
    assert ask(app)[0]["status"] == 401
    assert ask(app, scope(headers=[(b"authorization", b"Bearer one")]))[0]["status"] == 200


@pytest.mark.parametrize(
    ("root", "path", "status"),
    [
        ("/metrics", "/metrics", 200),
        ("/metrics", "/metrics/", 200),
        ("/metrics", "/", 200),
        ("/api", "/api/metrics", 200),
        ("/api", "/api/", 404),
        ("", "/", 404),
    ],
)
def test_it_may_be_mounted(metrics, root, path, status):
    start, _ = ask(metrics_app(metrics, ANYONE), scope(path, root_path=root))
    assert start["status"] == status


def test_the_loop_goes_on_while_metrics_are_collected(metrics):
    going, seen = threading.Event(), []

    class Slow:
        def collect(self):
            seen.append(going.wait(timeout=10))
            return []

    metrics.registry.register(Slow())

    async def scraped():
        task = asyncio.ensure_future(metrics_app(metrics, ANYONE)(scope(), nothing, no_send))
        await asyncio.sleep(0.01)
        going.set()
        await task

    async def no_send(message):
        del message

    asyncio.run(scraped())
    assert seen == [True]


def test_lifespan_and_websockets(metrics):
    app, sent = metrics_app(metrics, ANYONE), []
    asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(asked)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(app({"type": "lifespan"}, receive, send))
    asyncio.run(app({"type": "websocket"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


async def streaming(asked, receive, send):
    asked["route"] = SimpleNamespace(path="/tickets/{id}")
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    await send({"type": "http.response.body", "body": b"b"})


def test_requests_are_counted_by_the_routes_that_frameworks_leave_behind(metrics):
    app = measure_requests(streaming, metrics=metrics)
    assert len(ask(app, scope("/tickets/1"))) == 3
    ask(app, scope("/tickets/2", method="POST"))
    route = "/tickets/{id}"
    assert requests(metrics) == {("GET", route, "2xx"): 1, ("POST", route, "2xx"): 1}


def test_a_stream_is_timed_to_its_end_and_background_tasks_are_not(metrics):
    told = []

    async def app(asked, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        told.append(sum(requests(metrics).values()))
        await send({"type": "http.response.body", "body": b"b"})
        told.append(sum(requests(metrics).values()))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(measure_requests(app, metrics=metrics))
    assert told == [0, 1]
    assert requests(metrics) == {("GET", "unmatched", "2xx"): 1}


def failing(how):
    async def app(asked, receive, send):
        if how == "half way":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if how != "silent":
            raise {"cancelled": asyncio.CancelledError}.get(how, ZeroDivisionError)

    return app


@pytest.mark.parametrize(
    ("how", "code_class"),
    [("at once", "5xx"), ("half way", "5xx"), ("cancelled", "4xx"), ("silent", "5xx")],
)
def test_what_does_not_answer(metrics, how, code_class):
    measured = measure_requests(failing(how), metrics=metrics)

    async def send(message):
        del message

    async def run():
        try:
            await measured(scope(), nothing, send)
        except (asyncio.CancelledError, ZeroDivisionError):
            return True
        return False

    assert asyncio.run(run()) == (how != "silent")
    assert requests(metrics) == {("GET", "unmatched", code_class): 1}


def test_a_client_that_went_away_is_not_the_applications_failure(metrics):
    async def gone(message):
        if message["type"] == "http.response.body":
            raise BrokenPipeError

    async def run():
        await measure_requests(streaming, metrics=metrics)(scope(), nothing, gone)

    with pytest.raises(BrokenPipeError):
        asyncio.run(run())
    assert requests(metrics) == {("GET", "/tickets/{id}", "2xx"): 1}


def test_scrapes_and_other_protocols_are_not_traffic(metrics):
    measured = measure_requests(metrics_app(metrics, ANYONE), metrics=metrics)
    ask(measured)
    ask(measured, {"type": "websocket"})
    assert requests(metrics) == {}
