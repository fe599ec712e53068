"""Which metrics and labels may be asked for: the exporter's, well-known exporters', our own."""

from collections.abc import Iterator
from dataclasses import dataclass

import promql_parser

from exporter.definitions import DEFINITIONS
from slo.dashboards.agent_recordings import RECORDED as OF_THE_AGENT
from slo.model import names

# What a histogram called x exposes beside its buckets' bounds.
_PARTS = {"_bucket": {"le"}, "_count": set(), "_sum": set()}

TARGET_LABELS = {"job", "instance", "namespace", "pod"}
"""What the Prometheus operator's ServiceMonitor adds to every series."""

_POD = {"namespace", "pod", "container"}
_FILESYSTEM = {"device", "fstype", "mountpoint"}

WELL_KNOWN = {
    "up": set(),
    # Prometheus
    "prometheus_rule_evaluation_failures_total": {"rule_group"},
    "prometheus_rule_evaluations_total": {"rule_group"},
    "ALERTS": {"alertname", "alertstate", "service", "slo", "signal", "severity"},
    # kube-state-metrics
    "kube_cronjob_created": {"namespace", "cronjob"},
    "kube_cronjob_status_last_successful_time": {"namespace", "cronjob"},
    "kube_deployment_spec_replicas": {"namespace", "deployment"},
    "kube_deployment_status_replicas_available": {"namespace", "deployment"},
    "kube_pod_container_resource_limits": {*_POD, "resource", "unit"},
    "kube_pod_container_status_restarts_total": _POD,
    "kube_pod_container_status_waiting_reason": {*_POD, "reason"},
    "kube_pod_status_ready": {"namespace", "pod", "condition"},
    # cAdvisor
    "container_cpu_cfs_periods_total": _POD,
    "container_cpu_cfs_throttled_periods_total": _POD,
    "container_cpu_usage_seconds_total": _POD,
    "container_memory_working_set_bytes": _POD,
    # node-exporter
    "node_filesystem_avail_bytes": _FILESYSTEM,
    "node_filesystem_size_bytes": _FILESYSTEM,
    # The Python client's process metrics
    "process_resident_memory_bytes": set(),
    "process_start_time_seconds": set(),
}

_OF_AN_SLO = {names.SERVICE_LABEL, names.SLO_LABEL}
_OF_A_BUDGET = {names.SERVICE_LABEL, names.BUDGET_LABEL, names.TITLE_LABEL}
RECORDED = {
    **{one.name: set(one.by) for one in OF_THE_AGENT},
    names.COST_BUDGET: _OF_A_BUDGET,
    names.COST_BUDGET_PERIOD: _OF_A_BUDGET,
    names.COST_SPENT_IN_AN_HOUR: _OF_A_BUDGET,
    names.COST_BURN_RATE: {*_OF_A_BUDGET, names.WINDOW_LABEL},
    names.ERROR_RATIO: {*_OF_AN_SLO, names.WINDOW_LABEL},
    names.OBJECTIVE: _OF_AN_SLO,
    names.ERROR_BUDGET: _OF_AN_SLO,
    names.PERIOD: _OF_AN_SLO,
    names.BUDGET_REMAINING: _OF_AN_SLO,
    names.CURRENT_BURN_RATE: {*_OF_AN_SLO, names.WINDOW_LABEL},
    names.EVENTS: {*_OF_AN_SLO, names.WINDOW_LABEL},
    names.BURN_RATE_THRESHOLD: {
        *_OF_AN_SLO,
        names.ALERT_LABEL,
        names.SEVERITY_LABEL,
        names.LONG_WINDOW_LABEL,
        names.SHORT_WINDOW_LABEL,
    },
    names.INFO: {*_OF_AN_SLO, "title", "period", "owner"},
}


@dataclass(frozen=True)
class Asked:
    """One selector of a query, and the labels by which the query groups or matches."""

    metric: str
    labels: frozenset[str]
    grouped: frozenset[str]


def known_labels(metric: str) -> set[str] | None:
    """Every label that a metric may have; None for a metric that nobody defines."""
    if metric in RECORDED:
        return set(RECORDED[metric])
    if metric in WELL_KNOWN:
        return {*WELL_KNOWN[metric], *TARGET_LABELS}
    for one in DEFINITIONS:
        if one.kind != "histogram" and metric == one.name:
            return {*one.labels, *TARGET_LABELS}
        for part, own in _PARTS.items():
            if one.kind == "histogram" and metric == one.name + part:
                return {*one.labels, *own, *TARGET_LABELS}
    return None


def faults_of(query: str) -> list[str]:
    """What a query asks for that nobody defines."""
    found = []
    asked = list(asked_for(query))
    every = set().union(*(known_labels(one.metric) or set() for one in asked))
    for one in asked:
        known = known_labels(one.metric)
        if known is None:
            found.append(f"no metric {one.metric!r} in {query}")
            continue
        found += [f"no label {name!r} of {one.metric} in {query}" for name in one.labels - known]
    for one in asked[:1]:
        found += [f"no label {name!r} in {query}" for name in one.grouped - every]
    return found


def asked_for(query: str) -> Iterator[Asked]:
    """Every selector of a query."""
    root = promql_parser.parse(query)
    grouped = frozenset(_grouped(root))
    for node in _nodes(root):
        if type(node).__name__ == "VectorSelector":
            matchers = {matcher.name for matcher in node.matchers.matchers}
            yield Asked(node.name or "", frozenset(matchers), grouped)


def _nodes(node) -> Iterator[object]:
    yield node
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        inner = getattr(node, name, None)
        if inner is not None and not isinstance(inner, str):
            yield from _nodes(inner)
    for argument in getattr(node, "args", None) or ():
        yield from _nodes(argument)


def _grouped(root) -> Iterator[str]:
    for node in _nodes(root):
        modifier = getattr(node, "modifier", None)
        if type(node).__name__ == "AggregateExpr" and modifier is not None:
            yield from modifier.labels
        if type(node).__name__ == "BinaryExpr" and modifier and modifier.matching:
            yield from modifier.matching.labels
