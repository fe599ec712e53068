"""What others say of the pods: kube-state-metrics, cAdvisor, node-exporter, Prometheus itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.model.duration import HOUR, MINUTE, WEEK
from slo.model.samples import Series
from slo.model.selector import METRIC_NAME, labels_of
from slo.simulate.fleet import PRODUCTION
from slo.simulate.target import JOB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.model.samples import Mask, Times, Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.fleet import Pod

_EVERY = MINUTE
"""Cluster-wide exporters are scraped once a minute."""

_INSTANCES = {
    "kube-state-metrics": "kube-state-metrics:8080",
    "kubelet": "node-0:10250",
    "node-exporter": "node-0:9100",
    "prometheus": "prometheus-0:9090",
}
_CONTAINER = "agent"
_MEMORY_BYTES, _CORES = 2 * 2**30, 2.0
_MEMORY_USED, _MEMORY_SPREAD = 0.3, 0.01
_IDLE_CORES, _CORES_A_REQUEST_A_SECOND = 0.12, 0.06
_THROTTLED_ABOVE = 0.9
_DISK_BYTES, _DISK_USED = 100 * 2**30, 0.45
_REPORTED_AT = 6 * HOUR + 5 * MINUTE
"""On Mondays, from midnight."""

_MONDAY = 4 * 24 * HOUR
"""The first one of Unix time."""

_RULES_A_MINUTE = 120


@dataclass(frozen=True, eq=False)
class Watched:
    """A pod and how much it works, requests a second at each scrape interval, shape (n,)."""

    pod: Pod
    rate: Values


@dataclass(frozen=True, eq=False)
class _Exporter:
    """One target of Prometheus; ``pick`` are the scrape intervals at which it is scraped."""

    labels: Mapping[str, str]
    times: Times
    pick: slice

    def series(
        self, name: str, labels: Mapping[str, str], values: npt.NDArray[np.generic], where: Mask
    ) -> Series:
        there = where[self.pick]
        whole = labels_of({METRIC_NAME: name, **labels, **self.labels})
        return Series(whole, self.times[there], values[self.pick][there].astype(np.float64))


def observe_cluster(
    watched: Sequence[Watched], now: Conditions, interval: int, rng: np.random.Generator
) -> list[Series]:
    """Every series of the exporters that watch the pods and their node.

    Args:
        watched: The pods of production; ``observe_pods`` has those of other environments.
        now: How things are.
        interval: Milliseconds between two scrapes of a pod.
        rng: Chance.

    """
    every = max(_EVERY // interval, 1)
    pick = slice(None, None, every)
    times = watched[0].pod.times[pick] // _EVERY * _EVERY + 7_000
    kube, node, prometheus = (
        _Exporter({"job": job, "instance": _INSTANCES[job]}, times, pick)
        for job in ("kube-state-metrics", "node-exporter", "prometheus")
    )
    found = observe_pods(watched, now, interval, rng)
    found += _deployment(kube, watched)
    found += _disk(node, now, rng)
    found += _reports(kube, watched[0].pod.times)
    return found + _rules(prometheus, now.disk.size, interval)


def observe_pods(
    watched: Sequence[Watched], now: Conditions, interval: int, rng: np.random.Generator
) -> list[Series]:
    """What is known of the pods of any environment; arguments as above."""
    pick = slice(None, None, max(_EVERY // interval, 1))
    found = list[Series]()
    for one in watched:
        times = one.pod.times[pick] // _EVERY * _EVERY + 7_000
        kube, kubelet = (
            _Exporter({"job": job, "instance": _INSTANCES[job]}, times, pick)
            for job in ("kube-state-metrics", "kubelet")
        )
        found += _pod(kube, one.pod)
        found += _container(kubelet, one, now, interval, rng)
    return found


def _pod(kube: _Exporter, pod: Pod) -> list[Series]:
    labels = {"namespace": pod.namespace, "pod": pod.name}
    container = {**labels, "container": _CONTAINER}
    runs, waiting = pod.attempted, pod.crashing
    ones = np.ones(runs.size)
    restarts = np.cumsum(waiting & (np.arange(runs.size) % 10 == 0)).astype(np.float64)
    limits = (("memory", "byte", _MEMORY_BYTES), ("cpu", "core", _CORES))
    found = [
        kube.series("kube_pod_container_status_restarts_total", container, restarts, runs),
        kube.series("kube_pod_status_ready", {**labels, "condition": "true"}, 1.0 - waiting, runs),
    ]
    for resource, unit, limit in limits:
        limited = {**container, "resource": resource, "unit": unit}
        found.append(kube.series("kube_pod_container_resource_limits", limited, ones * limit, runs))
    if np.any(waiting):
        crashing = {**container, "reason": "CrashLoopBackOff"}
        found.append(
            kube.series("kube_pod_container_status_waiting_reason", crashing, ones, waiting & runs)
        )
    return found


def _container(
    kubelet: _Exporter, one: Watched, now: Conditions, interval: int, rng: np.random.Generator
) -> list[Series]:
    pod = one.pod
    labels = {"namespace": pod.namespace, "pod": pod.name, "container": _CONTAINER}
    runs = pod.attempted & ~pod.crashing
    wanted: Values = _IDLE_CORES + _CORES_A_REQUEST_A_SECOND * one.rate * np.sqrt(now.calls)
    cores = np.minimum(wanted * rng.normal(1.0, 0.05, wanted.size).clip(0.7, 1.3), _CORES)
    noise = rng.normal(0, _MEMORY_SPREAD, wanted.size)
    memory = np.minimum(_MEMORY_USED + now.memory + noise, 0.99) * _MEMORY_BYTES
    periods = np.full(wanted.size, interval / 100)
    throttled = np.where(wanted > _THROTTLED_ABOVE * _CORES, 0.3, 0.001) * periods
    counters = {
        "container_cpu_usage_seconds_total": cores * (interval / 1000),
        "container_cpu_cfs_periods_total": periods,
        "container_cpu_cfs_throttled_periods_total": np.floor(throttled),
    }
    found = [kubelet.series("container_memory_working_set_bytes", labels, np.floor(memory), runs)]
    for name, grown in counters.items():
        found.append(kubelet.series(name, labels, _since_restart(grown, pod.restarted), runs))
    return found


def _since_restart(grown: Values, restarted: Mask) -> Values:
    """A counter that begins at 0 with every process."""
    total = np.cumsum(grown)
    before = np.maximum.accumulate(np.where(restarted, total - grown, 0.0))
    counted: Values = total - before
    return counted


def _deployment(kube: _Exporter, watched: Sequence[Watched]) -> list[Series]:
    labels = {"namespace": PRODUCTION, "deployment": JOB}
    wanted = np.sum([one.pod.attempted for one in watched], axis=0)
    lost = np.sum([one.pod.crashing & one.pod.attempted for one in watched], axis=0)
    there = wanted > 0
    return [
        kube.series("kube_deployment_spec_replicas", labels, wanted, there),
        kube.series("kube_deployment_status_replicas_available", labels, wanted - lost, there),
    ]


def _disk(node: _Exporter, now: Conditions, rng: np.random.Generator) -> list[Series]:
    labels = {"device": "/dev/vda1", "fstype": "ext4", "mountpoint": "/"}
    used = _DISK_USED + 0.02 * np.sin(np.arange(now.disk.size) / 5_000) + now.disk
    left = (1 - used + rng.normal(0, 0.0005, used.size)).clip(0.01, 1.0) * _DISK_BYTES
    always = np.ones(used.size, dtype=bool)
    return [
        node.series("node_filesystem_avail_bytes", labels, np.floor(left), always),
        node.series("node_filesystem_size_bytes", labels, np.full(used.size, _DISK_BYTES), always),
    ]


def _reports(kube: _Exporter, times: Times) -> list[Series]:
    """Both reports are made every Monday, and were set up the week before the first one."""
    since_monday = (times - _MONDAY - _REPORTED_AT) % WEEK
    made = ((times - since_monday) // 1000).astype(np.float64)
    told = {
        "kube_cronjob_created": np.full(times.size, made[0] - WEEK // 1000),
        "kube_cronjob_status_last_successful_time": made,
    }
    always = np.ones(times.size, dtype=bool)
    return [
        kube.series(name, {"namespace": PRODUCTION, "cronjob": cronjob}, values, always)
        for cronjob in ("weekly-slo-report", "weekly-cost-report")
        for name, values in told.items()
    ]


def _rules(prometheus: _Exporter, count: int, interval: int) -> list[Series]:
    labels = {"rule_group": f"/etc/prometheus/rules.yml;{JOB}/alerts"}
    evaluated = np.floor(np.arange(count) * interval / MINUTE) * _RULES_A_MINUTE
    always = np.ones(count, dtype=bool)
    return [
        prometheus.series("prometheus_rule_evaluations_total", labels, evaluated, always),
        prometheus.series(
            "prometheus_rule_evaluation_failures_total", labels, np.zeros(count), always
        ),
    ]
