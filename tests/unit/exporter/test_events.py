"""Events: what each is counted as, and that none raises."""

from __future__ import annotations

import inspect
import logging
import math
import sqlite3
from decimal import Decimal
from fractions import Fraction
from http import HTTPStatus

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from exporter import Metrics, Release, Settings
from exporter.events import Events
from exporter.traces import tracing
from tests.exposed import faults, samples, seen, total


def test_what_happens_is_counted_by_its_labels(metrics):
    metrics.ticket_received("billing", "chat", "high")
    metrics.ticket_escalated("policy", "billing")
    metrics.ticket_reopened("refund")
    metrics.rated(5, "chat")
    metrics.rated(4.0, "chat")
    metrics.rated(6, "chat")
    metrics.tool_called("search", "error")
    metrics.knowledge_base_lookup("miss")
    metrics.http_request("get", "/tickets/<id>", HTTPStatus.NOT_FOUND, 0.2)
    metrics.llm_retried("openai", "gpt-4o", 2)
    metrics.llm_fell_back("gpt-4o", "gpt-4o-mini", "rate_limit")
    metrics.database_error()
    metrics.database_error(TimeoutError(), "replica")
    metrics.failed("queue", ConnectionError())
    assert seen(metrics, "tickets_received_total") == {("billing", "chat", "high"): 1}
    assert seen(metrics, "tickets_escalated_total") == {("billing", "policy"): 1}
    assert seen(metrics, "tickets_reopened_total") == {("refund",): 1}
    rated = {("chat", "5"): 1, ("chat", "4"): 1, ("chat", "other"): 1}
    assert seen(metrics, "csat_responses_total") == rated
    assert seen(metrics, "tool_calls_total") == {("search", "error"): 1}
    assert seen(metrics, "knowledge_base_lookups_total") == {("miss",): 1}
    assert seen(metrics, "http_requests_total") == {("GET", "/tickets/<id>", "4xx"): 1}
    assert seen(metrics, "llm_retries_total") == {("openai", "gpt-4o"): 2}
    fell = {("gpt-4o", "gpt-4o-mini", "rate_limit"): 1}
    assert seen(metrics, "llm_fallbacks_total") == fell
    errors = {("primary", "pool_timeout"): 1, ("replica", "timeout"): 1}
    assert seen(metrics, "db_errors_total") == errors
    assert seen(metrics, "errors_total") == {("queue", "connection"): 1}


def test_durations_and_money(metrics):
    metrics.ticket_closed(7_200, "billing")
    metrics.human_handling(600, "billing")
    metrics.response_sent(4.9)
    metrics.queue_wait(3, "low")
    metrics.service_cost("compute", 0.25)
    name = "ticket_resolution_duration_seconds_sum"
    assert seen(metrics, name) == {("billing", "human"): 7_200}
    assert seen(metrics, "human_handling_seconds_total") == {("billing",): 600}
    under = samples(metrics, "response_duration_seconds_bucket", channel="chat")
    assert (under[("3.0",)], under[("5.0",)]) == (0, 1)
    assert seen(metrics, "queue_wait_duration_seconds_sum") == {("low",): 3}
    assert seen(metrics, "service_cost_usd_total") == {("compute",): 0.25}


def test_levels(metrics):
    metrics.queue(12, 1_793_491_200, "high")
    metrics.workers(3, 5)
    metrics.conversations_open(4)
    metrics.circuit_breaker("openai", is_open=True)
    metrics.rate_limit_remaining("openai", "gpt-4o", requests=90, tokens=None)
    metrics.cost_budget(500)
    metrics.token_budget("openai", 1e6, remaining=4e5)
    metrics.human_ticket_cost(8.5)
    metrics.database_pool(in_use=7, idle=3, limit=10, waiting=2)
    metrics.dependency("postgres", up=False)
    metrics.dependency("redis", up=True)
    assert samples(metrics, "queue_depth") == {("high",): 12}
    assert samples(metrics, "queue_oldest_ticket_timestamp_seconds") == {("high",): 1_793_491_200}
    assert samples(metrics, "workers") == {("busy",): 3, ("idle",): 5}
    assert samples(metrics, "active_conversations") == {("chat",): 4}
    assert samples(metrics, "llm_circuit_breaker_open") == {("openai",): 1}
    left = {("openai", "gpt-4o", "requests"): 90}
    assert samples(metrics, "llm_ratelimit_remaining") == left
    assert samples(metrics, "llm_budget_usd") == {("month",): 500}
    assert samples(metrics, "llm_token_budget_tokens") == {("openai", "day"): 1e6}
    assert samples(metrics, "llm_token_budget_remaining_tokens") == {("openai", "day"): 4e5}
    assert samples(metrics, "human_ticket_cost_usd") == {(): 8.5}
    pool = {("primary", "in_use"): 7, ("primary", "idle"): 3}
    assert samples(metrics, "db_pool_connections") == pool
    assert samples(metrics, "db_pool_max_connections") == {("primary",): 10}
    assert samples(metrics, "db_pool_waiting_requests") == {("primary",): 2}
    assert samples(metrics, "dependency_up") == {("postgres",): 0, ("redis",): 1}


def test_queries_are_timed_however_they_end(metrics):
    with metrics.database_query("select"):
        pass
    with pytest.raises(TimeoutError), metrics.database_query("select", "replica"):
        raise TimeoutError
    assert seen(metrics, "db_query_duration_seconds_count") == {("select",): 2}
    assert seen(metrics, "db_errors_total") == {("replica", "timeout"): 1}
    assert seen(metrics, "errors_total") == {("database", "timeout"): 1}


def test_what_is_wrong_with_a_query_itself_is_told_apart(metrics):
    database = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError), metrics.database_query("select"):
        database.execute("select from nothing")
    database.close()
    assert seen(metrics, "db_errors_total") == {("primary", "query"): 1}


# Amounts


@pytest.mark.parametrize("amount", [Decimal("0.25"), Fraction(1, 4), np.float64(0.25)], ids=repr)
def test_money_of_other_kinds_is_money(metrics, amount):
    metrics.service_cost("compute", amount)
    metrics.ticket_closed(amount)
    metrics.human_ticket_cost(amount)
    assert seen(metrics, "service_cost_usd_total") == {("compute",): 0.25}
    assert total(metrics, "ticket_resolution_duration_seconds_sum") == 0.25
    assert samples(metrics, "human_ticket_cost_usd") == {(): 0.25}


POISON = [math.nan, math.inf, -math.inf, -1, "5", None, [], 10**400, Decimal("nan"), 1j]


@pytest.mark.parametrize("amount", POISON, ids=lambda one: repr(one)[:8])
def test_poison_is_counted_and_nothing_else(any_metrics, amount):
    any_metrics.service_cost("compute", 1)
    any_metrics.service_cost("compute", amount)
    any_metrics.response_sent(1)
    any_metrics.response_sent(amount)
    assert seen(any_metrics, "service_cost_usd_total") == {("compute",): 1}
    assert total(any_metrics, "response_duration_seconds_sum") == 1
    assert total(any_metrics, "response_duration_seconds_count") == 1
    assert faults(any_metrics) == {"event": 2}
    any_metrics.queue(amount)
    assert all(math.isfinite(value) for value in samples(any_metrics, "queue_depth").values())
    generate_latest(any_metrics.registry)


EVENTS = [
    name
    for name, method in vars(Events).items()
    if not name.startswith("_") and name != "database_query" and inspect.isfunction(method)
]


@pytest.mark.parametrize("junk", [None, "junk", ..., b"", math.nan, "\ud800", {}, -1], ids=repr)
@pytest.mark.parametrize("name", EVENTS)
def test_no_event_raises(shared, name, junk):
    method = getattr(shared, name)
    given = {}
    for parameter in inspect.signature(method).parameters.values():
        given[parameter.name] = junk
    assert method(**given) is None


def test_what_is_exposed_after_junk_is_finite(shared):
    values = [one.value for family in shared.registry.collect() for one in family.samples]
    assert all(math.isfinite(value) for value in values)
    generate_latest(shared.registry)


@pytest.fixture(scope="module")
def shared():
    return Metrics(CollectorRegistry(), Settings())


# Faults


def test_a_fault_is_logged_once_a_minute_without_what_was_handed_over(any_metrics, caplog):
    with caplog.at_level(logging.WARNING, "exporter"):
        for _ in range(5):
            any_metrics.service_cost("compute", "a secret")
    assert faults(any_metrics) == {"event": 5}
    (record,) = caplog.records
    assert record.getMessage() == "a fault in the instrumentation (event): TypeError"


def test_a_logger_that_fails_is_nobodys_trouble(any_metrics):
    def failing(record):
        raise RuntimeError

    logger = logging.getLogger("exporter")
    logger.addFilter(failing)
    try:
        any_metrics.service_cost("compute", None)
    finally:
        logger.removeFilter(failing)
    assert faults(any_metrics) == {"event": 1}


# Derived gauges


def derived(metrics, name):
    return metrics.registry.get_sample_value(f"support_agent_{name}")


def test_a_ratio_of_nothing_is_not_there(metrics):
    assert derived(metrics, "resolution_ratio") is None
    assert derived(metrics, "csat_score") is None


def test_derived_gauges_follow_their_counters(metrics):
    for outcome, times in (("resolved", 3), ("escalated", 1), ("error", 5), ("cancelled", 2)):
        for _ in range(times):
            metrics.track_ticket_processing(lambda _, said=outcome: said)(None)
    for score in (5, 4, 4, 9, None):
        metrics.rated(score, "chat")
    assert derived(metrics, "resolution_ratio") == 0.75
    assert derived(metrics, "csat_score") == pytest.approx(13 / 3)


# What is deployed


def test_what_is_deployed_is_shown():
    release = Release("1.2.3", "abc", "production", 1_793_491_200.0, "3.11.7")
    metrics = Metrics(CollectorRegistry(), Settings(release=release))
    assert samples(metrics, "build_info") == {("1.2.3", "abc", "production", "3.11.7"): 1}
    assert samples(metrics, "deployment_timestamp_seconds") == {("1.2.3",): 1_793_491_200}


# Traces


def test_a_trace_fits_an_exemplar_and_only_that_of_a_sampled_span_is_told(monkeypatch):
    from opentelemetry import trace as otel

    told = tracing().exemplar
    assert told() is None
    for flags, expected in ((0, False), (1, True)):
        context = otel.SpanContext(2**128 - 1, 2**64 - 1, False, otel.TraceFlags(flags))
        with otel.use_span(otel.NonRecordingSpan(context)):
            found = told()
        assert bool(found) == expected
    assert sum(len(key) + len(value) for key, value in found.items()) <= 128

    def failing():
        raise RuntimeError

    monkeypatch.setattr("opentelemetry.trace.get_current_span", failing)
    assert tracing().exemplar() is None
