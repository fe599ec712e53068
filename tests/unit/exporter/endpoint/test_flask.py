"""The endpoint in a Flask application, and the application's requests."""

import gzip

import pytest
from flask import Flask, Response, abort, stream_with_context
from prometheus_client import CollectorRegistry

from exporter import Metrics
from exporter.endpoint import Access
from exporter.endpoint.access import Secret
from exporter.endpoint.flask import create_app, instrument, metrics_blueprint


@pytest.fixture
def metrics():
    return Metrics(CollectorRegistry())


def requests(metrics):
    """How many requests were counted, by method, route and class of status."""
    found = {}
    for family in metrics.metric("http_requests_total").collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                key = tuple(sample.labels[n] for n in ("method", "route", "code_class"))
                found[key] = sample.value
    return found


def seconds(metrics, route):
    return metrics.metric("http_request_duration_seconds").labels(route)._sum.get()


def test_the_blueprint_serves_metrics_and_health(metrics):
    client = create_app(metrics).test_client()
    answer = client.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert b"support_agent_build_info" in gzip.decompress(answer.data)
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/elsewhere").status_code == 404


def test_head_has_the_headers_of_get_and_no_body(metrics):
    client = create_app(metrics).test_client()
    head, get = client.head("/metrics"), client.get("/metrics")
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)
    assert int(head.headers["Content-Length"]) == len(get.data)


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_other_methods_are_not_allowed(metrics, method):
    answer = create_app(metrics).test_client().open("/metrics", method=method)
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD"}


def test_a_prefix_and_a_credential(metrics):
    app = Flask("agent")
    access = Access(token=Secret("one"))
    app.register_blueprint(metrics_blueprint(metrics, access, url_prefix="/internal"))
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    refused = client.get("/internal/metrics")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'
    shown = {"Authorization": "Bearer one"}
    assert client.get("/internal/metrics", headers=shown).status_code == 200


def agent(metrics):
    app = Flask("agent")
    app.register_blueprint(metrics_blueprint(metrics))

    @app.get("/tickets/<int:number>")
    def ticket(number):
        if number == 13:
            raise ZeroDivisionError
        if number == 404:
            abort(404)
        return {"number": number}

    @app.get("/stream")
    def stream():
        def parts():
            yield "one"
            yield "two"

        return Response(stream_with_context(parts()))

    @app.get("/broken-stream")
    def broken_stream():
        def parts():
            yield "one"
            raise ZeroDivisionError

        return Response(parts())

    return instrument(app, metrics)


def test_requests_are_counted_by_their_routes_and_never_by_paths(metrics):
    client = agent(metrics).test_client()
    for number in range(5):
        client.get(f"/tickets/{number}").close()
        client.get(f"/scanner-{number}.php").close()
    client.get("/tickets/404").close()
    client.get("/tickets/13").close()
    client.post("/tickets/1").close()
    client.open("/tickets/1", method="INVENTED").close()
    route = "/tickets/<int:number>"
    assert requests(metrics) == {
        ("GET", route, "2xx"): 5,
        ("GET", "unmatched", "4xx"): 5,
        ("GET", route, "4xx"): 1,
        ("GET", route, "5xx"): 1,
        ("POST", "unmatched", "4xx"): 1,
        ("other", "unmatched", "4xx"): 1,
    }


def test_an_exception_that_flask_hands_on_is_a_failure(metrics):
    app = agent(metrics)
    app.testing = True
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/tickets/13").close()
    assert requests(metrics) == {("GET", "/tickets/<int:number>", "5xx"): 1}


def test_scrapes_and_probes_are_not_the_applications_traffic(metrics):
    client = agent(metrics).test_client()
    client.get("/metrics").close()
    client.get("/healthz").close()
    assert requests(metrics) == {}


def test_what_answers_before_the_view_does_not_hide_the_route(metrics):
    app = agent(metrics)
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: ("not you", 401))
    app.test_client().get("/tickets/1").close()
    assert requests(metrics) == {("GET", "/tickets/<int:number>", "4xx"): 1}


def test_a_stream_is_timed_to_its_end(metrics, monkeypatch):
    clock = iter([100.0, 107.0])
    monkeypatch.setattr("exporter.endpoint.served.perf_counter", lambda: next(clock))
    answer = agent(metrics).test_client().get("/stream", buffered=False)
    parts = answer.iter_encoded()
    assert next(parts) == b"one"
    assert requests(metrics) == {}
    assert list(parts) == [b"two"]
    answer.close()
    assert requests(metrics) == {("GET", "/stream", "2xx"): 1}
    assert seconds(metrics, "/stream") == 7.0


def test_a_stream_that_nobody_reads_to_its_end_is_counted_once(metrics):
    answer = agent(metrics).test_client().get("/stream", buffered=False)
    answer.close()
    answer.close()
    assert requests(metrics) == {("GET", "/stream", "2xx"): 1}


def test_a_stream_that_breaks_is_a_failure(metrics):
    with pytest.raises(ZeroDivisionError):
        _ = agent(metrics).test_client().get("/broken-stream").data
    assert requests(metrics) == {("GET", "/broken-stream", "5xx"): 1}


def test_instrumented_twice_is_once(metrics):
    app = instrument(agent(metrics), metrics)
    app.test_client().get("/tickets/1").close()
    assert sum(requests(metrics).values()) == 1


def test_two_applications_do_not_see_each_other(metrics):
    other = Metrics(CollectorRegistry())
    agent(other)
    agent(metrics).test_client().get("/tickets/1").close()
    assert sum(requests(metrics).values()) == 1
    assert requests(other) == {}
