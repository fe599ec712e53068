"""Every metric that the exporter exposes: name, kind, labels, unit, help and buckets.

Token types are a disjoint partition (``input`` is what was not cached), so that a sum over them is
the total and cost per token is one division. Every promised duration, 5 and 10 seconds among
them, is a bucket's bound: a share at or under a bound needs no interpolation. Remaining budgets,
daily spend and ages are PromQL over these: what one of several replicas knows of them is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics import MetricWrapperBase

NAMESPACE = "support_agent_"

Kind = Literal["counter", "gauge", "histogram"]
Merge = Literal["livesum", "livemax", "livemostrecent"]


@dataclass(frozen=True)
class Definition:
    """One metric.

    Attributes:
        name: As it is exposed, with the namespace; counters end in ``_total``.
        kind: Counter, gauge or histogram.
        labels: The names of its labels; what a scrape adds (``job``, ``pod``) is not among them.
        unit: Of its values; empty for a plain number.
        help: One sentence.
        buckets: Upper bounds of a histogram in rising order, without infinity.
        merge: How the values of a gauge in several worker processes become one, dead ones left out.
            Not by the least: a worker that is forked begins at 0, whatever was set before.
        derived: Whether it is worked out from other metrics at each scrape, and never set.

    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    unit: str
    help: str
    buckets: tuple[float, ...] = ()
    merge: Merge = "livesum"
    derived: bool = False


def register(registry: CollectorRegistry) -> dict[str, MetricWrapperBase]:
    """Create every metric that is not derived in a registry; returns them by exposed name.

    Raises:
        ValueError: The registry holds one of the names already; it is left as it was.

    """
    made: dict[str, MetricWrapperBase] = {}
    try:
        for one in DEFINITIONS:
            if not one.derived:
                made[one.name] = _created(one, registry)
    except ValueError:
        for metric in made.values():
            registry.unregister(metric)
        raise
    return made


def _created(definition: Definition, registry: CollectorRegistry) -> MetricWrapperBase:
    from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415  an optional extra

    # The unit is part of the name already; given apart, the library appends it where the name
    # does not end in it.
    name, text, labels = definition.name, definition.help, definition.labels
    match definition.kind:
        case "counter":
            return Counter(name, text, labels, registry=registry)
        case "gauge":
            return Gauge(name, text, labels, registry=registry, multiprocess_mode=definition.merge)
        case "histogram":
            return Histogram(name, text, labels, registry=registry, buckets=definition.buckets)


def _counter(name: str, labels: tuple[str, ...], unit: str, text: str) -> Definition:
    return Definition(NAMESPACE + name, "counter", labels, unit, text)


def _gauge(
    name: str, labels: tuple[str, ...], unit: str, text: str, merge: Merge = "livesum"
) -> Definition:
    return Definition(NAMESPACE + name, "gauge", labels, unit, text, merge=merge)


def _derived(name: str, unit: str, text: str) -> Definition:
    return Definition(NAMESPACE + name, "gauge", (), unit, text, derived=True)


def _histogram(
    name: str, labels: tuple[str, ...], unit: str, text: str, buckets: tuple[float, ...]
) -> Definition:
    return Definition(NAMESPACE + name, "histogram", labels, unit, text, buckets)


_REPLY = (0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120)
_FIRST_CHUNK = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30)
_TICKET = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120, 300)
_RESOLUTION = (60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800)
_HTTP = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60)
_DATABASE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_COST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)

DEFINITIONS = (
    _counter(
        "tickets_received_total",
        ("category", "channel", "priority"),
        "",
        "Tickets accepted into the agent queue.",
    ),
    _counter(
        "tickets_processed_total",
        ("category", "channel", "outcome"),
        "",
        "Tickets the agent finished, by outcome (resolved, escalated, error, cancelled).",
    ),
    _counter(
        "tickets_escalated_total",
        ("category", "reason"),
        "",
        "Tickets handed to a human, by reason.",
    ),
    _counter(
        "tickets_reopened_total",
        ("category",),
        "",
        "Tickets reopened by the customer within the reopen window.",
    ),
    _counter(
        "errors_total",
        ("component", "error_type"),
        "",
        "Errors seen by the agent, by component and bounded error class.",
    ),
    _counter(
        "http_requests_total",
        ("method", "route", "code_class"),
        "",
        "HTTP requests served, by templated route and status class.",
    ),
    _counter(
        "llm_requests_total",
        ("provider", "model", "operation", "outcome"),
        "",
        "Logical LLM calls, by outcome.",
    ),
    _counter(
        "llm_errors_total",
        ("provider", "model", "error_type"),
        "",
        "LLM calls that failed, by bounded error class.",
    ),
    _counter("llm_retries_total", ("provider", "model"), "", "Extra attempts beyond the first."),
    _counter(
        "llm_fallbacks_total",
        ("from_model", "to_model", "reason"),
        "",
        "Calls rerouted to another model.",
    ),
    _counter(
        "llm_tokens_total",
        ("provider", "model", "token_type"),
        "tokens",
        "Billed tokens as a disjoint partition: input (uncached), cache_read, "
        "cache_write, output. Summing over token_type is the total.",
    ),
    _counter(
        "llm_reasoning_tokens_total",
        ("provider", "model"),
        "tokens",
        "Reasoning tokens; a subset of token_type=output.",
    ),
    _counter(
        "llm_cost_usd_total",
        ("provider", "model", "token_type"),
        "usd",
        "Estimated LLM spend at list price.",
    ),
    _counter(
        "llm_feature_cost_usd_total",
        ("provider", "model", "feature"),
        "usd",
        "Estimated LLM spend at list price, by the feature that spent it.",
    ),
    _counter(
        "llm_unpriced_requests_total",
        ("provider", "reason"),
        "",
        "LLM calls whose cost is unknown, by reason (unknown_model, no_usage, bad_usage, "
        "no_tier_price): cost is wrong while this rises.",
    ),
    _counter("tool_calls_total", ("tool", "outcome"), "", "Tool calls made by the agent."),
    _counter(
        "csat_responses_total", ("channel", "score"), "", "Customer ratings received, score 1 to 5."
    ),
    _counter(
        "knowledge_base_lookups_total",
        ("outcome",),
        "",
        "Knowledge-base searches: hit, miss, error.",
    ),
    _counter(
        "service_cost_usd_total",
        ("service",),
        "usd",
        "Non-LLM running cost accrued by service (compute, database, vector_store, telephony).",
    ),
    _counter(
        "human_handling_seconds_total",
        ("category",),
        "seconds",
        "Human agent time spent on escalated tickets.",
    ),
    _counter(
        "db_errors_total",
        ("pool", "error_type"),
        "",
        "Database errors incl. pool checkout timeouts.",
    ),
    _counter(
        "metrics_dropped_labels_total",
        ("metric",),
        "",
        "Observations whose label value was folded into other by the cardinality guard.",
    ),
    _counter(
        "metrics_internal_errors_total",
        ("site",),
        "",
        "Exceptions swallowed inside the instrumentation.",
    ),
    _histogram(
        "ticket_processing_duration_seconds",
        ("category", "outcome"),
        "seconds",
        "Agent time from pick-up to decision.",
        _TICKET,
    ),
    _histogram(
        "ticket_resolution_duration_seconds",
        ("category", "resolver"),
        "seconds",
        "Time from ticket creation to closure (agent or human).",
        _RESOLUTION,
    ),
    _histogram(
        "response_duration_seconds",
        ("channel",),
        "seconds",
        "Customer message to first visible reply: the response-time SLI.",
        _REPLY,
    ),
    _histogram(
        "http_request_duration_seconds", ("route",), "seconds", "HTTP server latency.", _HTTP
    ),
    _histogram(
        "llm_request_duration_seconds",
        ("provider", "model", "outcome"),
        "seconds",
        "LLM call latency to last byte.",
        _REPLY,
    ),
    _histogram(
        "llm_time_to_first_chunk_seconds",
        ("provider", "model"),
        "seconds",
        "Streaming calls: time to first chunk.",
        _FIRST_CHUNK,
    ),
    _histogram(
        "queue_wait_duration_seconds",
        ("priority",),
        "seconds",
        "Time a ticket waited before pick-up.",
        _TICKET,
    ),
    _histogram(
        "db_query_duration_seconds", ("operation",), "seconds", "Database query latency.", _DATABASE
    ),
    _histogram("ticket_llm_cost_usd", ("category",), "usd", "LLM cost of one ticket.", _COST),
    _gauge("queue_depth", ("priority",), "", "Tickets waiting.", "livemostrecent"),
    _gauge(
        "queue_oldest_ticket_timestamp_seconds",
        ("priority",),
        "seconds",
        "Creation time of the oldest waiting ticket.",
        "livemostrecent",
    ),
    _gauge("tickets_in_progress", (), "", "Tickets being processed now."),
    _gauge("llm_requests_in_progress", ("provider", "model"), "", "LLM calls in flight."),
    _gauge("workers", ("state",), "", "Worker slots by state (busy, idle)."),
    _gauge("active_conversations", ("channel",), "", "Open conversations."),
    _gauge(
        "db_pool_connections", ("pool", "state"), "", "Pool connections by state (in_use, idle)."
    ),
    _gauge("db_pool_max_connections", ("pool",), "", "Configured pool limit."),
    _gauge("db_pool_waiting_requests", ("pool",), "", "Requests waiting for a connection."),
    _gauge(
        "llm_circuit_breaker_open",
        ("provider",),
        "",
        "1 when calls to the provider are short-circuited.",
        "livemax",
    ),
    _gauge(
        "llm_ratelimit_remaining",
        ("provider", "model", "kind"),
        "",
        "Remaining quota last reported by the provider, kind is requests or tokens.",
        "livemostrecent",
    ),
    _gauge("llm_budget_usd", ("period",), "usd", "Configured spend budget.", "livemostrecent"),
    _gauge(
        "llm_token_budget_tokens",
        ("provider", "period"),
        "tokens",
        "Configured token budget.",
        "livemostrecent",
    ),
    _gauge(
        "llm_token_budget_remaining_tokens",
        ("provider", "period"),
        "tokens",
        "Tokens left, as whoever keeps the budget for all replicas reports it.",
        "livemostrecent",
    ),
    _gauge(
        "llm_price_usd_per_million_tokens",
        ("provider", "model", "token_type"),
        "usd",
        "List price in use.",
        "livemostrecent",
    ),
    _gauge(
        "llm_price_data_timestamp_seconds",
        ("source",),
        "seconds",
        "As of when the prices in use are, by source (file).",
        "livemostrecent",
    ),
    _gauge(
        "human_ticket_cost_usd",
        (),
        "usd",
        "Configured cost of one human-handled ticket (ROI).",
        "livemostrecent",
    ),
    _gauge(
        "build_info",
        ("version", "commit", "environment", "python_version"),
        "",
        "Constant 1: what is deployed.",
        "livemax",
    ),
    _gauge(
        "deployment_timestamp_seconds",
        ("version",),
        "seconds",
        "When this version was started by the deployer.",
        "livemax",
    ),
    _gauge(
        "dependency_up",
        ("dependency",),
        "",
        "1 when the last health check of a dependency passed.",
        "livemostrecent",
    ),
    _derived(
        "resolution_ratio",
        "ratio",
        "Share of tickets resolved, of those resolved or escalated, since the process began: for "
        "one process at a glance. Objectives count over all of them.",
    ),
    _derived(
        "csat_score",
        "",
        "Mean rating from 1 to 5 since the process began: for one process at a glance.",
    ),
    _derived(
        "metrics_scrape_incomplete",
        "",
        "1 when a collector failed or could not be written, so that this scrape lacks something.",
    ),
)
"""All metrics: counters, then histograms, then gauges."""
