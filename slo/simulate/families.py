"""Which family of OpenMetrics a series belongs to, by the names that Prometheus' clients give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

    from slo.model.samples import History

_BUCKET, _HISTOGRAM_PARTS = "_bucket", ("_bucket", "_count", "_sum")
_TOTAL = "_total"


@dataclass(frozen=True)
class Family:
    """A metric family: its name without the endings of its series, and its kind."""

    name: str
    kind: Literal["counter", "gauge", "histogram", "unknown"]


def histograms(history: History) -> frozenset[str]:
    """The names of the histograms: what has buckets with bounds."""
    return frozenset(
        series.metric.removesuffix(_BUCKET)
        for series in history.series
        if series.metric.endswith(_BUCKET) and "le" in dict(series.labels)
    )


def family_of(metric: str, known_histograms: Collection[str]) -> Family:
    """The family of a series, from its metric's name and the histograms of its history."""
    for part in _HISTOGRAM_PARTS:
        name = metric.removesuffix(part)
        if name != metric and name in known_histograms:
            return Family(name, "histogram")
    if metric.endswith(_TOTAL) and metric != _TOTAL:
        return Family(metric.removesuffix(_TOTAL), "counter")
    return Family(metric, "gauge" if metric in HELP else "unknown")


HELP = {
    "support_agent_tickets_received": "Tickets accepted into the agent queue.",
    "support_agent_tickets_processed": (
        "Tickets the agent finished, by outcome (resolved, escalated, error, cancelled)."
    ),
    "support_agent_tickets_escalated": "Tickets handed to a human, by reason.",
    "support_agent_tickets_reopened": (
        "Tickets reopened by the customer within the reopen window."
    ),
    "support_agent_errors": "Errors seen by the agent, by component and bounded error class.",
    "support_agent_http_requests": "HTTP requests served, by templated route and status class.",
    "support_agent_llm_requests": "Logical LLM calls, by outcome.",
    "support_agent_llm_errors": "LLM calls that failed, by bounded error class.",
    "support_agent_llm_retries": "Extra attempts beyond the first.",
    "support_agent_llm_fallbacks": "Calls rerouted to another model.",
    "support_agent_llm_tokens": (
        "Billed tokens as a disjoint partition: input (uncached), cache_read, cache_write, "
        "output. Summing over token_type is the total."
    ),
    "support_agent_llm_cost_usd": "Estimated LLM spend at list price.",
    "support_agent_llm_feature_cost_usd": (
        "Estimated LLM spend at list price, by the feature that spent it."
    ),
    "support_agent_llm_unpriced_requests": (
        "LLM calls whose cost is unknown, by reason (unknown_model, no_usage, bad_usage, "
        "no_tier_price): cost is wrong while this rises."
    ),
    "support_agent_tool_calls": "Tool calls made by the agent.",
    "support_agent_csat_responses": "Customer ratings received, score 1 to 5.",
    "support_agent_knowledge_base_lookups": "Knowledge-base searches: hit, miss, error.",
    "support_agent_service_cost_usd": (
        "Non-LLM running cost accrued by service (compute, database, vector_store, telephony)."
    ),
    "support_agent_human_handling_seconds": "Human agent time spent on escalated tickets.",
    "support_agent_db_errors": "Database errors incl. pool checkout timeouts.",
    "support_agent_metrics_dropped_labels": (
        "Observations whose label value was folded into other by the cardinality guard."
    ),
    "support_agent_metrics_internal_errors": "Exceptions swallowed inside the instrumentation.",
    "support_agent_ticket_processing_duration_seconds": "Agent time from pick-up to decision.",
    "support_agent_ticket_resolution_duration_seconds": (
        "Time from ticket creation to closure (agent or human)."
    ),
    "support_agent_response_duration_seconds": (
        "Customer message to first visible reply: the response-time SLI."
    ),
    "support_agent_http_request_duration_seconds": "HTTP server latency.",
    "support_agent_llm_request_duration_seconds": "LLM call latency to last byte.",
    "support_agent_llm_time_to_first_chunk_seconds": "Streaming calls: time to first chunk.",
    "support_agent_queue_wait_duration_seconds": "Time a ticket waited before pick-up.",
    "support_agent_db_query_duration_seconds": "Database query latency.",
    "support_agent_ticket_llm_cost_usd": "LLM cost of one ticket.",
    "support_agent_queue_depth": "Tickets waiting.",
    "support_agent_queue_oldest_ticket_timestamp_seconds": (
        "Creation time of the oldest waiting ticket."
    ),
    "support_agent_tickets_in_progress": "Tickets being processed now.",
    "support_agent_llm_requests_in_progress": "LLM calls in flight.",
    "support_agent_workers": "Worker slots by state (busy, idle).",
    "support_agent_active_conversations": "Open conversations.",
    "support_agent_db_pool_connections": "Pool connections by state (in_use, idle).",
    "support_agent_db_pool_max_connections": "Configured pool limit.",
    "support_agent_db_pool_waiting_requests": "Requests waiting for a connection.",
    "support_agent_llm_circuit_breaker_open": "1 when calls to the provider are short-circuited.",
    "support_agent_llm_ratelimit_remaining": (
        "Remaining quota last reported by the provider, kind is requests or tokens."
    ),
    "support_agent_llm_budget_usd": "Configured spend budget.",
    "support_agent_llm_token_budget_tokens": "Configured token budget.",
    "support_agent_llm_price_usd_per_million_tokens": "List price in use.",
    "support_agent_llm_price_data_timestamp_seconds": (
        "As of when the prices in use are, by source (file)."
    ),
    "support_agent_human_ticket_cost_usd": "Configured cost of one human-handled ticket (ROI).",
    "support_agent_build_info": "Constant 1: what is deployed.",
    "support_agent_deployment_timestamp_seconds": (
        "When this version was started by the deployer."
    ),
    "support_agent_dependency_up": "1 when the last health check of a dependency passed.",
    "up": "1 where a scrape succeeded, 0 where it failed.",
    "process_start_time_seconds": "Start time of the process since unix epoch in seconds.",
    "kube_cronjob_created": "Unix creation timestamp",
    "kube_cronjob_status_last_successful_time": (
        "LastSuccessfulTime keeps information of when was the last time the job was completed "
        "successfully."
    ),
    "kube_deployment_spec_replicas": "Number of desired pods for a deployment.",
    "kube_deployment_status_replicas_available": (
        "The number of available replicas per deployment."
    ),
    "kube_pod_container_resource_limits": (
        "The number of requested limit resource by a container."
    ),
    "kube_pod_container_status_restarts": "The number of container restarts per container.",
    "kube_pod_container_status_waiting_reason": (
        "Describes the reason the container is currently in waiting state."
    ),
    "kube_pod_status_ready": "Describes whether the pod is ready to serve requests.",
    "container_cpu_cfs_periods": "Number of elapsed enforcement period intervals.",
    "container_cpu_cfs_throttled_periods": "Number of throttled period intervals.",
    "container_cpu_usage_seconds": "Cumulative cpu time consumed in seconds.",
    "container_memory_working_set_bytes": "Current working set in bytes.",
    "node_filesystem_avail_bytes": "Filesystem space available to non-root users in bytes.",
    "node_filesystem_size_bytes": "Filesystem size in bytes.",
    "prometheus_rule_evaluation_failures": "The total number of rule evaluation failures.",
    "prometheus_rule_evaluations": "The total number of rule evaluations.",
}
"""What the simulated families mean, in the words of those who expose them; those that are neither
counters nor histograms by their names are gauges."""
