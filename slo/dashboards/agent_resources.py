"""The operations dashboard's resources: what pods run out of, and how each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import CHOSEN
from slo.dashboards.display import GREEN, GREY, RED, YELLOW, About, Display, Link, Thresholds, Word
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import timeseries
from slo.dashboards.query import Query
from slo.dashboards.table import LabelColumn, Order, ValueColumn, table

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.promises import Promises

POD_DASHBOARD = "6581e46e4e5c7ba40a07646395ef7b23"
"""Kubernetes / Compute Resources / Pod, as kube-prometheus-stack installs it: the MD5 of the name
of its file, k8s-resources-pod.json."""

_POD = "namespace, pod"
_ANSWERS = (Word(1, "yes", GREEN), Word(0, "no", RED), Word(None, "unknown", GREY))


def resources_row(promises: Promises) -> Row:
    """Opened when the rows above do not explain what is wrong."""
    tiles = (
        Tile(_pods(promises), 24, 9),
        Tile(_pool(promises), 8, 8),
        Tile(_memory(promises), 8, 8),
        Tile(_cpu(promises), 8, 8),
    )
    return Row("Resources", tiles, collapsed=True)


def _pods(promises: Promises) -> sdk.models.Panel:
    given = {"namespace": "${__data.fields.Environment}", "pod": "${__data.fields.Pod}"}
    detail = Link("What the pod uses", POD_DASHBOARD, kept=("datasource",), given=given)
    about = About(
        "Pods",
        "Each pod of the agent: whether Prometheus reaches it, how often it began anew in the "
        "chosen time, and which share of its limits it uses now.",
        "Click a pod for what Kubernetes knows of it. One that restarts again and again: read its "
        "last words with 'kubectl logs --previous'. One near its memory limit is ended by the "
        f"kernel soon.{promises.read_on('pod-crash-looping')}",
    )
    pod = LabelColumn("Pod", "pod", (detail,))
    restarts = Thresholds(GREEN, ((1.0, YELLOW),))
    columns = (
        pod,
        LabelColumn("Environment", "namespace"),
        ValueColumn(
            "Answers", f"max by ({_POD}) ({_up(promises)})", Display("none", words=_ANSWERS)
        ),
        ValueColumn(
            "Restarts",
            _of_agents(promises, f"sum by ({_POD}) (increase({_restarts()}[$__range]))"),
            Display("none", decimals=0, thresholds=restarts),
        ),
        ValueColumn(
            "Memory", _of_agents(promises, _memory_share()), _used(promises, "memory"), bar=True
        ),
        ValueColumn("CPU", _of_agents(promises, _cpu_share()), _used(promises, "cpu"), bar=True),
    )
    return table(about, columns, (Order("Answers"), Order("Environment"), Order("Pod")))


def _pool(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Database pool utilisation",
        "Connections in use, of those that a pool may open; the fullest pod of each environment. "
        "The dashed line is where the alert fires.",
        "A slow climb that no traffic explains is a leak: restart the pod, then find who does not "
        f"give connections back.{promises.read_on('db-pool')}",
    )
    display = Display("percentunit", low=0, high=1, thresholds=promises.above("db-pool"))
    by = "sum by (namespace, pod, pool)"
    in_use = f'{by} (support_agent_db_pool_connections{{{CHOSEN},state="in_use"}})'
    most = f"{by} (support_agent_db_pool_max_connections{{{CHOSEN}}})"
    expr = f"max by (namespace, pool) ({in_use} / {most})"
    return timeseries(about, display, Query(expr, "{{namespace}} {{pool}}"))


def _memory(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Memory of each pod",
        "Share of its limit that a pod uses. The dashed line is where the alert fires.",
        "A climb that restarts end is a leak; at the limit the kernel ends the process."
        f"{promises.read_on('memory')}",
    )
    return timeseries(
        about, _used(promises, "memory"), Query(_memory_share(), "{{namespace}} {{pod}}")
    )


def _cpu(promises: Promises) -> sdk.models.Panel:
    about = About(
        "CPU of each pod",
        "Share of its limit that a pod uses. The dashed line is where the alert fires.",
        f"Beyond the limit every reply slows down: add pods.{promises.read_on('cpu')}",
    )
    return timeseries(about, _used(promises, "cpu"), Query(_cpu_share(), "{{namespace}} {{pod}}"))


def _used(promises: Promises, signal: str) -> Display:
    thresholds = promises.above(signal)
    return Display("percentunit", decimals=0, low=0, high=1, thresholds=thresholds)


def _up(promises: Promises) -> str:
    return f'up{{{CHOSEN},job="{promises.service}"}}'


def _of_agents(promises: Promises, expr: str) -> str:
    """Only of pods that Prometheus scrapes as the agent's: others share the namespace."""
    return f"{expr} and on ({_POD}) {_up(promises)}"


def _restarts() -> str:
    return f"kube_pod_container_status_restarts_total{{{CHOSEN}}}"


def _memory_share() -> str:
    used = f'container_memory_working_set_bytes{{{CHOSEN},container="agent"}}'
    limit = f'kube_pod_container_resource_limits{{{CHOSEN},container="agent",resource="memory"}}'
    return f"sum by ({_POD}) ({used}) / on ({_POD}) sum by ({_POD}) ({limit})"


def _cpu_share() -> str:
    used = f'container_cpu_usage_seconds_total{{{CHOSEN},container="agent"}}'
    limit = f'kube_pod_container_resource_limits{{{CHOSEN},container="agent",resource="cpu"}}'
    return (
        f"sum by ({_POD}) (rate({used}[$__rate_interval])) / on ({_POD}) sum by ({_POD}) ({limit})"
    )
