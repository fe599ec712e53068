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
    "support_agent_http_requests": "HTTP requests served, by templated route and status class.",
    "support_agent_llm_requests": "Logical LLM calls, by outcome.",
    "support_agent_llm_tokens": (
        "Billed tokens as a disjoint partition: input (uncached), cache_read, cache_write, output. "
        "Summing over token_type is the total."
    ),
    "support_agent_llm_cost_usd": "Estimated LLM spend at list price.",
    "support_agent_response_duration_seconds": (
        "Customer message to first visible reply: the response-time SLI."
    ),
    "support_agent_llm_request_duration_seconds": "LLM call latency to last byte.",
    "support_agent_queue_depth": "Tickets waiting.",
    "support_agent_tickets_in_progress": "Tickets being processed now.",
    "support_agent_db_pool_connections": "Pool connections by state (in_use, idle).",
    "support_agent_db_pool_max_connections": "Configured pool limit.",
    "support_agent_build_info": "Constant 1: what is deployed.",
    "support_agent_deployment_timestamp_seconds": "When this version was started by the deployer.",
    "up": "1 where a scrape succeeded, 0 where it failed.",
}
"""What the simulated agent's families mean, in the exporter's words; those that are neither
counters nor histograms by their names are gauges."""
