"""The WSGI application, mounted and alone, and the middleware around others."""

from io import BytesIO
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

import pytest
from prometheus_client import CollectorRegistry
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, EnvironBuilder

from exporter import Metrics
from exporter.endpoint import ANYONE
from exporter.endpoint.wsgi import measure_requests, metrics_app
from tests.unit.exporter.endpoint.test_flask import requests


@pytest.fixture
def metrics():
    return Metrics(CollectorRegistry())


def test_it_keeps_to_pep_3333(metrics):
    client = Client(validator(metrics_app(metrics, ANYONE)))
    for path in ("/metrics", "/healthz", "/elsewhere"):
        for method in ("GET", "HEAD", "POST"):
            finished(client.open(path, method=method, headers={"Accept-Encoding": "gzip"}))
    assert finished(client.get("/metrics")).status == "200 OK"
    assert finished(client.post("/metrics")).status == "405 Method Not Allowed"


def test_it_may_be_mounted(metrics):
    ours = metrics_app(metrics, ANYONE)
    client = Client(DispatcherMiddleware(lambda *_: [], {"/metrics": ours, "/inside": ours}))
    for path in ("/metrics", "/metrics/", "/inside/metrics"):
        assert client.get(path).status_code == 200, path
    assert client.get("/inside").status_code == 404
    assert client.get("/metrics/other").status_code == 404


def test_several_processes_without_a_folder_are_told_of(metrics, caplog):
    app = metrics_app(metrics, ANYONE)
    Client(app).get("/metrics")
    assert caplog.text == ""
    environ = EnvironBuilder("/metrics", multiprocess=True).get_environ()
    app(environ, lambda *_: None)
    assert "PROMETHEUS_MULTIPROC_DIR" in caplog.text


def finished(answer):
    """As a server does it."""
    answer.close()
    return answer


def serving(app, metrics, route=lambda _: "/here"):
    return Client(measure_requests(app, route, metrics))


def test_every_kind_of_body_comes_through_and_is_counted(metrics):
    bodies = {
        "/list": [b"a", b"b"],
        "/tuple": (b"a", b"b"),
        "/iterator": iter([b"a", b"b"]),
        "/generator": (part for part in (b"a", b"b")),
        "/file": FileWrapper(BytesIO(b"ab"), 1),
    }

    def app(environ, start_response):
        start_response("200 OK", [])
        return bodies[environ["PATH_INFO"]]

    client = serving(app, metrics)
    for path in bodies:
        assert client.get(path).data == b"ab", path
    assert requests(metrics) == {("GET", "/here", "2xx"): 5}


def test_a_servers_own_file_and_a_list_stay_what_they_are(metrics):
    def app(environ, start_response):
        start_response("200 OK", [])
        return environ["body"]

    measured = measure_requests(app, lambda _: "/here", metrics)
    for body in ([b"a"], FileWrapper(BytesIO(b"a"))):
        environ = {"REQUEST_METHOD": "GET", "wsgi.file_wrapper": FileWrapper, "body": body}
        assert measured(environ, lambda *_: None) is body
    assert requests(metrics) == {("GET", "/here", "2xx"): 2}


def test_a_body_is_closed_as_it_would_be(metrics):
    closed = []

    class Body:
        def __iter__(self):
            return iter([b"a"])

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response("200 OK", [])
        return Body()

    serving(app, metrics).get("/").close()
    assert closed == [True]
    assert requests(metrics) == {("GET", "/here", "2xx"): 1}


def test_a_generator_that_starts_late_has_its_status(metrics):
    def app(environ, start_response):
        start_response("503 Service Unavailable", [])
        yield b"later"

    assert finished(serving(app, metrics).get("/")).status_code == 503
    assert requests(metrics) == {("GET", "/here", "5xx"): 1}


def test_what_raises_is_a_failure_and_raises(metrics):
    def app(environ, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        serving(app, metrics).get("/")
    assert requests(metrics) == {("GET", "/here", "5xx"): 1}


def test_a_route_that_cannot_be_found_out_breaks_nothing(metrics):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"fine"]

    assert serving(app, metrics, route=lambda _: 1 / 0).get("/").data == b"fine"
    assert requests(metrics) == {}
    assert metrics.metric("metrics_internal_errors_total").labels("event")._value.get() == 1


def test_scrapes_within_are_not_traffic(metrics):
    client = serving(metrics_app(metrics, ANYONE), metrics)
    client.get("/metrics")
    assert requests(metrics) == {}
