"""A project's production checklist: its checks, each with what it needs."""

from __future__ import annotations

import os
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from slo.doctor.alertmanager.route import read_routing
from slo.doctor.check import Check, NotConfigured
from slo.doctor.checks.alert_sending import alert_sending
from slo.doctor.checks.alertmanager import alertmanager
from slo.doctor.checks.clock import clock
from slo.doctor.checks.dashboards import dashboards
from slo.doctor.checks.datasource import datasource
from slo.doctor.checks.deliveries import deliveries
from slo.doctor.checks.generated import generated
from slo.doctor.checks.history import history
from slo.doctor.checks.metrics import metrics
from slo.doctor.checks.metrics_endpoint import metrics_endpoint
from slo.doctor.checks.notifications import notifications, read_tested, write_tested
from slo.doctor.checks.prometheus import prometheus
from slo.doctor.checks.replicas import replicas
from slo.doctor.checks.reports import newest_week, reports
from slo.doctor.checks.routing import labels_of, routing
from slo.doctor.checks.rules_evaluating import rules_evaluating
from slo.doctor.checks.rules_loaded import rules_loaded
from slo.doctor.checks.runbooks import look_at, runbooks
from slo.doctor.checks.scrape_interval import scrape_interval
from slo.doctor.checks.secrets import secrets
from slo.doctor.checks.silences import silences
from slo.doctor.checks.specs import specs
from slo.doctor.checks.tls import tls
from slo.doctor.finding import not_checked
from slo.doctor.loaded_rules import loaded_rules
from slo.doctor.marked_page import marked_page
from slo.doctor.prometheus import asking
from slo.project.examined import Examined
from slo.project.generated import loaded_plan
from slo.project.reports import no_whole_week

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.doctor.alertmanager.route import Routing
    from slo.doctor.finding import Finding
    from slo.doctor.prometheus import Prometheus
    from slo.plan import Plan
    from slo.project.project import Project
    from slo.targets.grafana.datasources import Datasource
    from slo.targets.grafana.server import GrafanaServer

NOTIFICATIONS = "notifications"
_SPECS = ("specs",)
_MEASURED = ("specs", "prometheus")
_TOLD = ("specs", "alertmanager")
_NOTIFYING_SECONDS = 900.0
_GRAFANA_SECONDS = 15.0


def checks(project: Project) -> tuple[Check, ...]:
    """The whole checklist, in the order in which people read it."""
    seen = Examined(project)
    seen.prepare()
    return (
        *_of_the_project(seen),
        *_of_prometheus(seen),
        *_of_the_service(seen),
        *_of_alerting(seen),
        *_of_grafana(seen),
        *_of_reports(seen),
    )


def checks_with_page(project: Project) -> tuple[Check, ...]:
    """The same, with a test page that is sent, in place of a look at when one was."""
    seen = Examined(project)
    sending = Check(
        NOTIFICATIONS,
        "Alerting",
        lambda: _page(seen),
        _TOLD,
        "notifications",
        _NOTIFYING_SECONDS,
    )
    return tuple(sending if one.name == NOTIFICATIONS else one for one in checks(project))


def _of_the_project(seen: Examined) -> tuple[Check, ...]:
    from slo.configuration.named_variables import named_variables  # noqa: PLC0415

    project = seen.project
    return (
        Check("specs", "Project", lambda: specs(project.specs), to_do="slo validate"),
        Check(
            "generated",
            "Project",
            lambda: generated(loaded_plan(project)),
            _SPECS,
            "rules-are-not-loaded",
        ),
        Check(
            "secrets",
            "Project",
            lambda: secrets(named_variables(project.configuration), os.environ),
            anchor="secrets",
        ),
        Check("tls", "Project", lambda: tls(seen.addresses), anchor="tls"),
    )


def _of_prometheus(seen: Examined) -> tuple[Check, ...]:
    def check(
        name: str, anchor: str, examine: Callable[[Prometheus], Finding], *after: str
    ) -> Check:
        return Check(name, "Prometheus", _asked(seen, examine), after, anchor)

    answers = check("prometheus", "prometheus-history", prometheus)
    return (
        replace(answers, to_do=_reach(seen.prometheus_url, "prometheus")),
        check("clock", "prometheus-history", lambda one: clock(one, time), "prometheus"),
        check(
            "history",
            "prometheus-history",
            lambda one: history(one, seen.indicators, seen.longest),
            *_MEASURED,
        ),
        check(
            "rules-loaded",
            "rules-are-not-loaded",
            lambda one: rules_loaded(seen.groups, loaded_rules(one)),
            *_MEASURED,
        ),
        check(
            "rules-evaluating",
            "rules-are-not-loaded",
            lambda one: rules_evaluating(seen.groups, loaded_rules(one), one.now()),
            *_MEASURED,
        ),
        check("alert-sending", "alertmanager-routing", alert_sending, "prometheus"),
    )


def _of_the_service(seen: Examined) -> tuple[Check, ...]:
    def check(name: str, anchor: str, examine: Callable[[Prometheus], Finding]) -> Check:
        return Check(name, "Service", _asked(seen, examine), _MEASURED, anchor)

    return (
        check(
            "metrics",
            "metrics-are-missing",
            lambda one: metrics(one, seen.readers, seen.metrics_read),
        ),
        check(
            "scrape-interval",
            "metrics-are-missing",
            lambda one: scrape_interval(one, seen.shortest_windows),
        ),
        check(
            "metrics-endpoint",
            "metrics-endpoint",
            lambda one: metrics_endpoint(one, seen.indicators),
        ),
        check("replicas", "replicas", lambda one: replicas(one, seen.indicators)),
    )


def _of_alerting(seen: Examined) -> tuple[Check, ...]:
    def check(name: str, anchor: str, examine: Callable[[], Finding], *after: str) -> Check:
        return Check(name, "Alerting", examine, after, anchor)

    way = "alertmanager-routing"
    answers = check("alertmanager", way, lambda: alertmanager(seen.alertmanager))
    return (
        replace(answers, to_do=_reach(seen.alertmanager_url, "alertmanager")),
        check(
            "routing",
            way,
            lambda: routing(_routes(seen), seen.urgent, seen.external_labels),
            *_TOLD,
        ),
        check("silences", way, lambda: _silences(seen), *_TOLD),
        check(
            NOTIFICATIONS,
            "notifications",
            lambda: notifications(
                read_tested(seen.notification_test), seen.alertmanager.base_url, time()
            ),
        ),
        check(
            "runbooks",
            "runbooks",
            lambda: runbooks(
                seen.runbooks,
                seen.without_runbook,
                lambda name: look_at(name, seen.runbook_folders, seen.runbook_base),
            ),
            *_SPECS,
        ),
    )


def _of_grafana(seen: Examined) -> tuple[Check, ...]:
    return (
        Check(
            "datasource",
            "Grafana",
            lambda: datasource(_datasources(seen)),
            (),
            "dashboards",
            to_do="mend what it names, in slobook.toml ([grafana]) or in Grafana; then slo plan",
        ),
        Check(
            "dashboards",
            "Grafana",
            lambda: dashboards(_plans(seen)),
            ("specs", "datasource"),
            "dashboards",
            120.0,
        ),
    )


def _of_reports(seen: Examined) -> tuple[Check, ...]:
    folder = seen.project.reports_path
    return (
        Check(
            "reports",
            "Reports",
            lambda: reports(folder, seen.reports, _now(), no_whole_week(seen.project, _now())),
            _SPECS,
            "reports",
        ),
        Check("deliveries", "Reports", lambda: _deliveries(seen), _SPECS, "reports"),
    )


def _asked(seen: Examined, examine: Callable[[Prometheus], Finding]) -> Callable[[], Finding]:
    def asked() -> Finding:
        with asking(seen.prometheus) as server:
            return examine(server)

    return asked


def _reach(url: str, section: str) -> str:
    """What to do where a server does not answer."""
    return f"start it, or correct [{section}] in slobook.toml; then curl -sSf {url}/-/ready"


def _routes(seen: Examined) -> Routing:
    return read_routing(str(seen.alertmanager.status()["config"]["original"]))


def _silences(seen: Examined) -> Finding:
    server = seen.alertmanager
    urgent = [labels_of(rule, seen.external_labels) for rule in seen.urgent]
    return silences(server.silences(), server.alerts(), urgent)


def _page(seen: Examined) -> Finding:
    if not seen.urgent:
        reason = "the specifications have no alert that calls somebody"
        return not_checked(NOTIFICATIONS, reason)
    labels = labels_of(seen.urgent[0], seen.external_labels)
    record = seen.notification_test
    return marked_page(
        seen.alertmanager, _routes(seen), labels, lambda tested: write_tested(tested, record)
    )


def _datasources(seen: Examined) -> dict[str, Datasource]:
    from slo.targets.grafana.connection import Connection  # noqa: PLC0415  an optional extra
    from slo.targets.grafana.datasources import chosen, read_datasources  # noqa: PLC0415

    uid = seen.project.configuration.grafana.datasource_uid
    found = {}
    for name in seen.environments:
        server = _brief(seen.project.grafana(name))
        with Connection(server) as connection:
            found[server.base_url] = chosen(uid, server, read_datasources(connection))
    return found


def _plans(seen: Examined) -> dict[str, Plan]:
    return {name: seen.project.plan("grafana", environment=name) for name in seen.environments}


def _brief(server: GrafanaServer) -> GrafanaServer:
    return replace(server, timeout=min(server.timeout, _GRAFANA_SECONDS), retries=0)


def _deliveries(seen: Examined) -> Finding:
    from slo.project.deliveries import deliveries as ways  # noqa: PLC0415  loads what they need
    from slo.project.deliveries import parcels  # noqa: PLC0415

    if not seen.project.configuration.delivery:
        raise NotConfigured("slobook.toml has no [[delivery]]")
    folder, now = seen.project.reports_path, _now()
    there = any(newest_week(folder, kind, service, now) for kind, service in seen.reports)
    return deliveries(parcels(seen.project) if there else (), ways(seen.project))


def _now() -> int:
    return int(time() * 1000)
