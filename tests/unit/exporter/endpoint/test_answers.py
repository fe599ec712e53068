"""What the endpoint answers: routes, methods, formats, packing, credentials, and trouble."""

import gzip
import logging
from threading import Thread

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from exporter import DEFINITIONS, Metrics
from exporter.endpoint.access import ANYONE, Access, Secret
from exporter.endpoint.answers import Endpoint, Request

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)


@pytest.fixture
def metrics():
    return Metrics(CollectorRegistry())


def ask(metrics, path="/metrics", method="GET", access=ANYONE, **more):
    return Endpoint(metrics, access).answer(Request(method, path, **more))


def values(answer):
    """Every sample that has no labels, by its name."""
    families = plain(answer.body.decode())
    return {s.name: s.value for family in families for s in family.samples if not s.labels}


def faults(metrics, site="scrape"):
    return metrics.metric("metrics_internal_errors_total").labels(site)._value.get()


def test_every_metric_is_told_as_plain_text_by_default(metrics):
    metrics.rated(5, "chat")
    metrics.ticket_escalated("policy", "billing")
    with metrics.ticket({"category": "billing"}):
        pass
    answer = ask(metrics)
    assert answer.status == 200
    assert dict(answer.headers)["Content-Type"].startswith("text/plain; version=0.0.4")
    told = {family.name for family in plain(answer.body.decode())}
    assert told >= {d.name.removesuffix("_total") for d in DEFINITIONS}


def test_openmetrics_is_told_to_whoever_asks_for_it(metrics):
    answer = ask(metrics, accept=PROMETHEUS)
    kind = dict(answer.headers)["Content-Type"]
    assert kind.startswith("application/openmetrics-text; version=1.0.0")
    families = list(openmetrics(answer.body.decode()))
    assert len(families) > 50
    assert answer.body.count(b"# EOF\n") == 1
    assert answer.body.endswith(b"# EOF\n")


@pytest.mark.parametrize(
    "accept", ["application/openmetrics-text;version=x", "text/plain;version=one.two", ";;,=,"]
)
def test_a_version_that_is_none_gets_plain_text(metrics, accept):
    answer = ask(metrics, accept=accept)
    assert answer.status == 200
    assert dict(answer.headers)["Content-Type"].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "gzip ; q=1.0"])
def test_gzip_where_it_is_accepted(metrics, accepted):
    answer = ask(metrics, accept_encoding=accepted)
    headers = dict(answer.headers)
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(answer.body))
    assert "Accept-Encoding" in headers["Vary"]
    assert gzip.decompress(answer.body) == ask(metrics).body
    assert len(answer.body) < len(ask(metrics).body) / 5


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.00", "xgzip"])
def test_and_nowhere_else(metrics, accepted):
    assert "Content-Encoding" not in dict(ask(metrics, accept_encoding=accepted).headers)


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/elsewhere"])
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_head_is_get_without_a_body(metrics, path, accepted):
    asked = {"path": path, "accept_encoding": accepted}
    head, get = ask(metrics, method="HEAD", **asked), ask(metrics, **asked)
    assert head.body == b""
    assert get.body
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/metrics", "/healthz"])
def test_other_methods_are_not_allowed(metrics, method, path):
    answer = ask(metrics, path=path, method=method)
    assert answer.status == 405
    assert ("Allow", "GET, HEAD") in answer.headers


@pytest.mark.parametrize("path", ["/", "", "/metrics/", "/metrics/x", "/Metrics", "/favicon.ico"])
def test_there_is_nothing_elsewhere(metrics, path):
    assert ask(metrics, path=path).status == 404


def test_some_metrics_by_the_names_of_their_samples_or_their_own(metrics):
    metrics.response_sent(3.0, "chat")
    query = "name[]=support_agent_response_duration_seconds&name%5B%5D=support_agent_build_info"
    families = {one.name: one for one in plain(ask(metrics, query=query).body.decode())}
    assert set(families) == {"support_agent_response_duration_seconds", "support_agent_build_info"}
    whole = families["support_agent_response_duration_seconds"].samples
    assert {s.name.rpartition("_")[2] for s in whole} == {"bucket", "count", "sum"}
    one = "name[]=support_agent_response_duration_seconds_count"
    assert values(ask(metrics, query=one)) == {}
    assert ask(metrics, query=one).body.count(b"\nsupport_agent") == 1
    assert ask(metrics, query="name[]=nothing").body == b""
    assert ask(metrics, query="name[]=nothing", accept=PROMETHEUS).body == b"# EOF\n"


def test_creation_times_are_not_told_of_ours_and_left_to_others(metrics):
    Counter("others_total", "Another's.", registry=metrics.registry).inc()
    for accept in ("", PROMETHEUS):
        text = ask(metrics, accept=accept).body.decode()
        created = [line for line in text.splitlines() if "_created" in line.partition("{")[0]]
        assert [line for line in created if line.startswith("support_agent")] == []
        assert [line for line in created if line.startswith("others_created ")] != []


def test_a_credential_is_asked_for_metrics_and_not_for_health(metrics):
    access = Access(Secret("one"), "prometheus", Secret("two"))
    refused = ask(metrics, access=access, authorization="Bearer two")
    assert refused.status == 401
    told = [value for name, value in refused.headers if name == "WWW-Authenticate"]
    assert told == ['Bearer realm="metrics"', 'Basic realm="metrics"']
    assert b"support_agent" not in refused.body
    assert ask(metrics, access=access, authorization="Bearer one").status == 200
    assert ask(metrics, access=access, path="/healthz").status == 200


def test_a_secret_that_is_missing_closes_the_endpoint_and_says_so(metrics, tmp_path, caplog):
    answer = ask(metrics, access=Access(Secret(file=tmp_path / "gone")), authorization="Bearer ")
    assert answer.status == 503
    assert str(tmp_path / "gone") in caplog.text
    assert str(tmp_path) not in answer.body.decode()
    assert faults(metrics, "settings") == 1


def test_settings_that_are_wrong_close_the_endpoint_and_not_the_application(
    metrics, monkeypatch, caplog
):
    monkeypatch.setenv("SUPPORT_AGENT_METRICS_TOKEN", "")
    assert ask(metrics, access=None).status == 503
    assert ask(metrics, access=None, authorization="Bearer ").status == 503
    assert ask(metrics, access=None, path="/healthz").status == 200
    assert "SUPPORT_AGENT_METRICS_TOKEN: found nothing" in caplog.text


def test_the_environment_is_asked_where_nothing_is_said(metrics, monkeypatch):
    monkeypatch.setenv("SUPPORT_AGENT_METRICS_TOKEN", "x")
    assert ask(metrics, access=None).status == 401
    assert ask(metrics, access=None, authorization="Bearer x").status == 200
    assert ask(metrics, access=ANYONE).status == 200


class Broken:
    """Another's collector."""

    def collect(self):
        yield GaugeMetricFamily("before", "What it could still say.", value=1)
        raise ZeroDivisionError


class Unwritable:
    def collect(self):
        yield GaugeMetricFamily("fine", "Nothing is wrong.", value=1)
        family = CounterMetricFamily("poisoned", "A label that cannot be encoded.", labels=["x"])
        family.add_metric(["\ud800"], 1)
        yield family


def test_all_is_well(metrics):
    assert values(ask(metrics))["support_agent_metrics_scrape_incomplete"] == 0


@pytest.mark.parametrize("accept", ["", PROMETHEUS])
def test_what_anothers_collector_breaks_is_left_out_and_said(metrics, accept):
    metrics.registry = CollectorRegistry()
    metrics.registry.register(Broken())
    metrics.rated(4, "chat")
    answer = ask(metrics, accept=accept)
    assert answer.status == 200
    text = answer.body.decode()
    assert "before 1" in text
    assert "support_agent_metrics_scrape_incomplete 1.0\n" in text
    assert "support_agent_csat_score 4.0\n" in text
    assert 'support_agent_csat_responses_total{channel="chat",score="4"} 1.0\n' in text
    assert faults(metrics) == 1


@pytest.mark.parametrize("accept", ["", PROMETHEUS])
def test_what_cannot_be_written_is_left_out_and_said(metrics, accept):
    metrics.registry.register(Unwritable())
    text = ask(metrics, accept=accept).body.decode()
    assert "fine 1.0\n" in text
    assert "poisoned" not in text
    assert "support_agent_metrics_scrape_incomplete 1.0\n" in text
    assert "support_agent_build_info{" in text
    assert faults(metrics) == 1


def test_nothing_is_told_twice_where_a_collector_breaks(metrics):
    metrics.registry.register(Broken())
    text = ask(metrics).body.decode()
    types = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(types) == len(set(types))


def test_a_scrape_that_fails_is_seen_to_fail_and_never_answered_from_memory(metrics, monkeypatch):
    endpoint = Endpoint(metrics, ANYONE)
    assert endpoint.answer(Request("GET", "/metrics")).status == 200

    def broken():
        raise OSError

    monkeypatch.setattr(metrics.recorder.instruments, "collect", broken)
    monkeypatch.setattr(metrics.registry, "collect", broken)
    answer = endpoint.answer(Request("GET", "/metrics"))
    assert answer.status == 500
    assert b"OSError" in answer.body
    assert b"support_agent" not in answer.body
    # Once for the registry, once for the scrape.
    assert faults(metrics) == 2
    assert endpoint.answer(Request("GET", "/healthz")).status == 200


def test_what_was_put_off_is_told(metrics):
    metrics.recorder.put_off(lambda: metrics.rated(5, "chat"))
    assert b'csat_responses_total{channel="chat",score="5"} 1.0' in ask(metrics).body


def test_a_finalizer_that_records_while_its_thread_collects_does_not_wait_for_ever(metrics):
    class Finalized:
        def collect(self):
            # As a finalizer would in the middle of a metric, whose lock its thread holds.
            with metrics.metric("tool_calls_total")._lock:
                metrics.tool_called("made-while-collecting")
            return []

    finalized = Finalized()
    metrics.registry.register(finalized)
    scrape = Thread(target=ask, args=(metrics,), daemon=True)
    scrape.start()
    scrape.join(timeout=10)
    assert not scrape.is_alive()
    metrics.registry.unregister(finalized)
    assert b'tool="made-while-collecting"' in ask(metrics).body


def test_workers_that_count_apart_are_told_of_once(metrics, caplog):
    endpoint = Endpoint(metrics, ANYONE)
    with caplog.at_level(logging.WARNING):
        endpoint.workers_apart()
        endpoint.workers_apart()
    assert caplog.text.count("PROMETHEUS_MULTIPROC_DIR") == 1
