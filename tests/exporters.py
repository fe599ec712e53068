"""What widespread exporters leave in a Prometheus: two weeks whose failures are known."""

from __future__ import annotations

import numpy as np

from slo.model.duration import DAY, MINUTE
from slo.model.samples import History, Series, series_of
from slo.model.span import Span

STEP = MINUTE
SHOP = {"job": "shop", "namespace": "web", "instance": "10.0.0.1:8080"}


def typical(end: int, days: float = 15.0, seed: int = 5) -> History:
    """A Go client, Micrometer, gRPC, ingress-nginx, Istio, a worker with a queue, and noise.

    Failures are shares of traffic, on every day alike: shop 0.02 %, billing 0.3 %, ledger 0.01 %,
    the ingress's checkout 0.05 %, the mesh's cart 2 %, mail 1 %.
    """
    made = _Making(np.random.default_rng(seed), end, days)
    web = {"job": "shop", "namespace": "web"}
    for pod in ("1", "2"):
        own = {**web, "instance": f"10.0.0.{pod}:8080"}
        made.requests("http_requests_total", "code", own, 600, {"500": 0.0002, "404": 0.02})
        made.histogram("http_request_duration_seconds", own, 600)
        made.counter("promhttp_metric_handler_requests_total", {**own, "code": "200"}, 1)
    spring = {"job": "billing", "namespace": "pay", "instance": "10.0.1.1:8080"}
    for status, outcome, share in (("200", "SUCCESS", 0.997), ("503", "SERVER_ERROR", 0.003)):
        labels = {**spring, "status": status, "outcome": outcome, "uri": "/invoice"}
        made.counter("http_server_requests_seconds_count", labels, 300 * share)
    grpc = {"job": "ledger", "namespace": "pay", "instance": "10.0.2.1:9000"}
    made.requests(
        "grpc_server_handled_total",
        "grpc_code",
        {**grpc, "grpc_service": "ledger.v1"},
        900,
        {"Unavailable": 0.0001, "NotFound": 0.01},
        fine="OK",
    )
    made.histogram("grpc_server_handling_seconds", {**grpc, "grpc_service": "ledger.v1"}, 900)
    nginx = {"job": "ingress-nginx", "ingress": "checkout", "exported_namespace": "web"}
    nginx |= {"namespace": "ingress", "instance": "10.0.3.1:10254"}
    made.requests("nginx_ingress_controller_requests", "status", nginx, 500, {"502": 0.0005})
    mesh = {"job": "envoy-stats", "destination_service_name": "cart"}
    mesh |= {"destination_service_namespace": "web", "instance": "10.0.4.1:15090"}
    for reporter in ("source", "destination"):
        labels = {**mesh, "reporter": reporter}
        made.requests("istio_requests_total", "response_code", labels, 200, {"503": 0.02})
    mail = {"job": "mail", "instance": "10.0.5.1:8080"}
    made.counter("mails_total", mail, 60)
    made.counter("mails_failed_total", mail, 0.6)
    made.gauge("mail_queue_depth", mail, 8)
    node = {"job": "node", "instance": "10.0.0.9:9100"}
    made.counter("node_cpu_seconds_total", {**node, "cpu": "0", "mode": "idle"}, 50)
    made.counter("node_network_receive_errs_total", {**node, "device": "eth0"}, 0.1)
    made.gauge("node_memory_MemAvailable_bytes", node, 4e9)
    prometheus = {"job": "prometheus", "instance": "localhost:9090"}
    made.requests("prometheus_http_requests_total", "code", prometheus, 30, {})
    return History(tuple(made.series), Span(made.times[0], end), source="exporters")


class _Making:
    """Series on one set of times, their increments by chance."""

    def __init__(self, rng: np.random.Generator, end: int, days: float) -> None:
        self.rng, self.series = rng, list[Series]()
        self.times = np.arange(end - round(days * DAY), end, STEP, dtype=np.int64)

    def counter(self, name: str, labels: dict[str, str], a_minute: float) -> None:
        steps = self.rng.poisson(a_minute, self.times.size)
        self._add(name, labels, np.cumsum(steps))

    def requests(  # noqa: PLR0917  a line a metric reads best
        self,
        name: str,
        label: str,
        labels: dict[str, str],
        a_minute: float,
        shares: dict[str, float],
        fine: str = "200",
    ) -> None:
        for value, share in {fine: 1 - sum(shares.values()), **shares}.items():
            self.counter(name, {**labels, label: value}, a_minute * share)

    def histogram(self, name: str, labels: dict[str, str], a_minute: float) -> None:
        """Half within 50 ms, 97 % within 250 ms, 99.7 % within 500 ms."""
        parts = {"0.05": 0.5, "0.25": 0.47, "0.5": 0.027, "1": 0.0025, "+Inf": 0.0005}
        so_far = np.zeros(self.times.size)
        for bound, share in parts.items():
            so_far = so_far + np.cumsum(self.rng.poisson(a_minute * share, self.times.size))
            self._add(f"{name}_bucket", {**labels, "le": bound}, so_far)
        self._add(f"{name}_count", labels, so_far)
        self._add(f"{name}_sum", labels, so_far * 0.1)

    def gauge(self, name: str, labels: dict[str, str], level: float) -> None:
        self._add(name, labels, self.rng.poisson(min(level, 1e6), self.times.size))

    def _add(self, name: str, labels: dict[str, str], values: np.ndarray) -> None:
        self.series.append(series_of({"__name__": name, **labels}, self.times, values))
