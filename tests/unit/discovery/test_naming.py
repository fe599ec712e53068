"""Names and types to leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.discovery.known import KNOWN
from slo.discovery.naming import Lead, has_agent, leads_in


def leads(*names: str, **kinds: str) -> dict[str, str]:
    return {lead.metric: lead.kind for lead in leads_in(names, kinds)}


@pytest.mark.parametrize("known", KNOWN, ids=lambda one: one.metric)
def test_every_known_metric_is_a_lead_by_its_name_alone(known):
    family = known.metric
    names = [family, f"{family}_bucket", f"{family}_count", f"{family}_sum"]
    found = {lead.kind: lead for lead in leads_in(names, {})}
    assert found["latency"].metric == family
    requests = found["requests"]
    assert requests.metric in (family, f"{family}_count")
    assert requests.known == known


def test_a_histogram_counts_requests_and_says_how_long_they_took():
    assert leads("api_duration_seconds_bucket", "api_duration_seconds_count") == {
        "api_duration_seconds": "latency"
    }
    found = leads_in(
        ["api_request_duration_seconds_bucket", "api_request_duration_seconds_count"], {}
    )
    assert [(one.kind, one.metric) for one in found] == [
        ("latency", "api_request_duration_seconds"),
        ("requests", "api_request_duration_seconds_count"),
    ]


@pytest.mark.parametrize(
    ("failed", "whole"),
    [
        ("mails_failed_total", "mails_total"),
        ("payment_errors_total", "payments_total"),
        ("app_failures_total", "app_requests_total"),
        ("jobs_failed_total", "jobs_processed_total"),
    ],
)
def test_failures_beside_a_total_are_a_pair(failed, whole):
    found = {one.kind: one for one in leads_in([failed, whole], {})}
    assert found["failures"].failed == failed
    assert found["failures"].metric == whole


def test_failures_without_a_total_are_nothing():
    assert leads("mails_failed_total", "letters_total") == {}


@pytest.mark.parametrize(
    "name",
    [
        "mail_queue_depth",
        "queue_length",
        "celery_queue_length",
        "rabbitmq_queue_messages_ready",
        "kafka_consumergroup_lag",
        "kafka_consumergroup_lag_sum",
        "worker_backlog",
        "oldest_ticket_age_seconds",
    ],
)
def test_gauges_of_what_waits(name):
    assert leads(name) == {name: "queue"}
    assert leads(name, **{name: "gauge"}) == {name: "queue"}
    assert leads(name, **{name: "counter"}) == {}


def test_the_age_of_the_oldest_is_not_added_up():
    assert Lead("queue", "oldest_ticket_age_seconds").is_age
    assert not Lead("queue", "queue_depth").is_age


@pytest.mark.parametrize(
    "name",
    [
        "node_network_receive_errs_total",
        "go_gc_duration_seconds_count",
        "process_cpu_seconds_total",
        "kube_pod_container_status_restarts_total",
        "container_network_receive_errors_total",
        "promhttp_metric_handler_requests_total",
        "grpc_client_handled_total",
        "http_client_requests_seconds_count",
        "slo:error_ratio:rate",
        "support_agent_http_requests_total",
        "http.server.requests",
        "ALERTS",
    ],
)
def test_what_says_nothing_of_a_service(name):
    assert leads(name) == {}


def test_a_gauge_is_no_counter_of_requests():
    assert leads("http_requests_in_flight_total", http_requests_in_flight_total="gauge") == {}
    assert leads("http_requests", http_requests="counter") == {"http_requests": "requests"}
    assert leads("http_requests") == {}


def test_openmetrics_types_are_those_of_families():
    assert leads("shop_calls_total", shop_calls="counter") == {"shop_calls_total": "requests"}


def test_infrastructure_goes_last():
    found = leads_in(
        ["prometheus_http_requests_total", "a_requests_total", "http_requests_total"], {}
    )
    assert [one.metric for one in found] == [
        "http_requests_total",
        "a_requests_total",
        "prometheus_http_requests_total",
    ]
    assert [one.infrastructure for one in found] == [False, False, True]


def test_our_own_exporter_is_known_by_its_tickets():
    assert has_agent(["support_agent_tickets_processed_total"])
    assert not has_agent(["support_agent_queue_depth"])


NAMES = st.lists(
    st.one_of(
        st.text(),
        st.from_regex(
            r"[a-z]{0,5}_?(requests|queue|errors|rpc|duration)_(total|depth|seconds_bucket|count)",
            fullmatch=True,
        ),
    )
)
KINDS = st.dictionaries(st.text(), st.sampled_from(["counter", "gauge", "histogram", "", "x"]))


@given(NAMES, KINDS)
def test_leads_are_among_the_names_each_once_in_one_order(names, kinds):
    found = leads_in(names, kinds)
    assert found == leads_in(reversed(names), kinds)
    assert len({(one.kind, one.metric) for one in found}) == len(found)
    there = set(names)
    for one in found:
        metric = f"{one.metric}_bucket" if one.kind == "latency" else one.metric
        assert metric in there
        assert not one.failed or one.failed in there
