"""Metrics that widespread libraries and proxies expose, and which of their labels name a service.

What is not here is recognised by name, type and labels (``slo.discovery.naming``); an entry makes
it surer, and says whose requests a proxy counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from slo.model.selector import Matcher


@dataclass(frozen=True)
class KnownMetric:
    """A counter, or the family of a histogram.

    Attributes:
        metric: The counter's name, or the histogram's without ``_bucket``.
        of: Whose it is, for people.
        service: Labels that name the service, the first that is there counts; ``job`` if none.
        namespace: Labels that name the service's namespace, likewise.
        matchers: Which of its series count: a mesh sees every request at both of its ends.

    """

    metric: str
    of: str
    service: tuple[str, ...] = ()
    namespace: tuple[str, ...] = ()
    matchers: tuple[Matcher, ...] = ()


# A label that a scraped target has of its own is renamed to exported_ where the scrape sets it.
_NAMESPACE = ("exported_namespace", "namespace")
_SERVICE = ("exported_service", "service")
_INGRESS = ("exported_ingress", "ingress")
_DESTINATION = ("destination_canonical_service", "destination_service_name")
_DESTINATION_NAMESPACE = ("destination_service_namespace", "destination_workload_namespace")
_AT_ITS_DESTINATION = (Matcher("reporter", "=", "destination"),)

KNOWN = (
    KnownMetric("http_requests_total", "HTTP servers"),
    KnownMetric("http_request_duration_seconds", "HTTP servers"),
    KnownMetric("http_server_requests_seconds", "Micrometer (Spring Boot)"),
    KnownMetric("http_server_request_duration_seconds", "OpenTelemetry"),
    KnownMetric("http_server_duration_seconds", "OpenTelemetry"),
    KnownMetric("http_server_duration_milliseconds", "OpenTelemetry"),
    KnownMetric("grpc_server_handled_total", "gRPC servers"),
    KnownMetric("grpc_server_handling_seconds", "gRPC servers"),
    KnownMetric("rpc_server_duration_seconds", "OpenTelemetry"),
    KnownMetric("rpc_server_duration_milliseconds", "OpenTelemetry"),
    KnownMetric("rpc_server_call_duration_seconds", "OpenTelemetry"),
    KnownMetric("flask_http_request_total", "Flask"),
    KnownMetric("flask_http_request_duration_seconds", "Flask"),
    KnownMetric("starlette_requests_total", "Starlette"),
    KnownMetric("starlette_request_duration_seconds", "Starlette"),
    KnownMetric("django_http_responses_total_by_status_total", "Django"),
    KnownMetric("caddy_http_request_duration_seconds", "Caddy"),
    KnownMetric("nginx_ingress_controller_requests", "ingress-nginx", _INGRESS, _NAMESPACE),
    KnownMetric(
        "nginx_ingress_controller_request_duration_seconds", "ingress-nginx", _INGRESS, _NAMESPACE
    ),
    KnownMetric("traefik_service_requests_total", "Traefik", _SERVICE),
    KnownMetric("traefik_service_request_duration_seconds", "Traefik", _SERVICE),
    KnownMetric("kong_http_requests_total", "Kong", _SERVICE),
    KnownMetric("haproxy_backend_http_responses_total", "HAProxy", ("proxy", "backend")),
    KnownMetric(
        "istio_requests_total",
        "Istio",
        _DESTINATION,
        _DESTINATION_NAMESPACE,
        _AT_ITS_DESTINATION,
    ),
    KnownMetric(
        "istio_request_duration_milliseconds",
        "Istio",
        _DESTINATION,
        _DESTINATION_NAMESPACE,
        _AT_ITS_DESTINATION,
    ),
    KnownMetric("envoy_cluster_upstream_rq_xx", "Envoy", ("envoy_cluster_name",)),
    KnownMetric("envoy_cluster_upstream_rq_time", "Envoy", ("envoy_cluster_name",)),
)

BY_METRIC = {one.metric: one for one in KNOWN}
