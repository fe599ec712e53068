"""Names and types of metrics to leads: what may say how well a service does. Nothing is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slo.discovery.known import BY_METRIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from slo.discovery.known import KnownMetric

LeadKind = Literal["requests", "latency", "failures", "queue", "probe"]
"""A counter by status, a histogram, a pair of counters, a gauge of what waits, a probe."""

OWN_PREFIX = "support_agent_"
"""Metrics of ``exporter``, whose objectives are in the catalogue."""

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_REQUESTS = re.compile(r"(^|_)(requests?|req|rq|calls?|responses?|handled|http|grpc|rpc)(_|$)")
_DURATION = re.compile(
    r"(duration|latency|latencies|response_time|handling|processing|elapsed|wait)(_|$)"
    r"|(requests?|req|rq|time)_(seconds|milliseconds|time|ms)$"
)
_QUEUE = re.compile(
    r"(^|_)(queues?|backlog|jobs|tasks)_(depth|length|size|messages(_ready)?|pending|waiting)$"
    r"|(^|_)queues?_.*(depth|length|size|age_seconds)$|_backlog$"
    r"|_consumer(_?group)?_lag(_sum)?$|(^|_)oldest_\w+_age_seconds$"
)
_AGE = re.compile(r"age_seconds$")
_FAILED = re.compile(r"^(\w+?)_(errors|error|failures|failure|failed|exceptions)_total$")
_WHOLE = (
    *("{}_total", "{}s_total", "{}_requests_total", "{}_processed_total", "{}_completed_total"),
    *("{}_attempts_total", "{}_handled_total", "{}_finished_total", "{}_started_total"),
)
_PROBE = "probe_success"
_OF_MACHINES = re.compile(
    r"(go|process|python|jvm|node|container|kube|machine|scrape|promhttp|net_conntrack|windows"
    r"|cadvisor)_"
)
_OF_MONITORING = re.compile(
    r"(prometheus|alertmanager|grafana|thanos|cortex|mimir|loki|tempo|vm|vmagent|pushgateway"
    r"|kubelet|apiserver|etcd|coredns|rest_client|workqueue|controller_runtime|blackbox|exporter"
    r"|otelcol)_"
)
_CLIENT = re.compile(r"(^|_)(client|outbound)_")


@dataclass(frozen=True)
class Lead:
    """A metric that is worth a question to the server.

    Attributes:
        kind: What it may be.
        metric: The counter of all events, the histogram's name without ``_bucket``, or the gauge.
        failed: The counter of those that failed, of a pair.
        known: What is known of it, if it is a widespread one.
        infrastructure: Whether it is of monitoring or of the cluster, and not of a service.

    """

    kind: LeadKind
    metric: str
    failed: str = ""
    known: KnownMetric | None = None
    infrastructure: bool = False

    @property
    def is_age(self) -> bool:
        """Whether a gauge says how old something is; several are not added up."""
        return bool(_AGE.search(self.metric))

    @property
    def order(self) -> tuple[bool, bool, str]:
        """Widespread ones first, infrastructure last."""
        return self.infrastructure, self.known is None, self.metric


def leads_in(names: Iterable[str], kinds: Mapping[str, str]) -> tuple[Lead, ...]:
    """The leads among a server's metrics, the surest first, each once.

    Args:
        names: Of metrics, as series have them.
        kinds: Their types by family; may be empty or hold only some.

    """
    there = {name for name in names if _NAME.fullmatch(name) and not _aside(name)}
    found = {
        (lead.kind, lead.metric): lead
        for name in sorted(there)
        for lead in (*_counters(name, there, kinds), *_gauges(name, kinds))
    }
    return tuple(sorted(found.values(), key=lambda lead: lead.order))


def has_agent(names: Iterable[str]) -> bool:
    """Whether there are metrics of our own exporter."""
    return f"{OWN_PREFIX}tickets_processed_total" in names


def _aside(name: str) -> bool:
    of_machines = _OF_MACHINES.match(name) and name not in BY_METRIC
    return bool(of_machines or _CLIENT.search(name) or name.startswith((OWN_PREFIX, "ALERTS")))


def _counters(name: str, there: set[str], kinds: Mapping[str, str]) -> Iterator[Lead]:
    base = name.removesuffix("_bucket")
    if base != name and f"{base}_count" in there:
        if base in BY_METRIC or _DURATION.search(base):
            yield _lead("latency", base)
        return
    if name.endswith(("_bucket", "_sum", "_created")) or not _may_count(name, kinds):
        return
    failed = _FAILED.match(name)
    if failed:
        whole = next((w for w in _wholes(failed[1]) if w in there and w != name), "")
        if whole:
            yield _lead("failures", whole, name)
        return
    family = name.removesuffix("_count")
    if name in BY_METRIC or family in BY_METRIC or _REQUESTS.search(family):
        yield _lead("requests", name)


def _wholes(stem: str) -> Iterator[str]:
    """Names that the counter of all events may have, the likeliest first."""
    for stems in (stem, stem.removesuffix("s")):
        yield from (pattern.format(stems) for pattern in _WHOLE)


def _may_count(name: str, kinds: Mapping[str, str]) -> bool:
    """By its type, or by its name where the type is unknown."""
    for family in (name, name.removesuffix("_total"), name.removesuffix("_count")):
        kind = kinds.get(family, "unknown")
        if kind in ("counter", "histogram", "summary"):
            return True
        if kind not in ("unknown", "", "untyped"):
            return False
    return name.endswith(("_total", "_count")) or name in BY_METRIC


def _gauges(name: str, kinds: Mapping[str, str]) -> Iterator[Lead]:
    if kinds.get(name, "unknown") not in ("gauge", "unknown", "untyped", ""):
        return
    if name == _PROBE:
        yield _lead("probe", name)
    elif _QUEUE.search(name):
        yield _lead("queue", name)


def _lead(kind: LeadKind, metric: str, failed: str = "") -> Lead:
    known = BY_METRIC.get(metric) or BY_METRIC.get(metric.removesuffix("_count"))
    return Lead(kind, metric, failed, known, bool(_OF_MONITORING.match(metric)))
