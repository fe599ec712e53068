"""What each check expects: told where it was not found, so that nobody has to look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "specs": "specifications without a fault, and an alert on every objective",
    "generated": "generated/ as the specifications ask for it",
    "secrets": "every variable that slobook.toml names, set where slo runs",
    "tls": "https:// beyond this machine",
    "prometheus": "a Prometheus 2.42 or later that answers and has taken its configuration",
    "clock": "clocks that agree within 5 s",
    "history": "samples from a whole period ago, kept for a week longer than the period",
    "rules-loaded": "every rule of the specifications loaded once, as they ask for it, and no more",
    "rules-evaluating": "every rule evaluated without an error, within half of its interval",
    "alert-sending": "an Alertmanager that Prometheus hands its alerts to",
    "metrics": "series of every indicator, and samples of every metric that a rule reads",
    "scrape-interval": "4 samples a series in the shortest window that an alert looks at",
    "metrics-endpoint": "every target up, complete, and within half of the scrape's timeout",
    "replicas": "two or more of the service, of Prometheus and of Alertmanager",
    "alertmanager": "an Alertmanager that answers, whose cluster is ready",
    "routing": "a route to PagerDuty for every urgent alert, at any hour",
    "silences": "no silence over an urgent alert",
    "notifications": "a test page through this Alertmanager in the last 90 days",
    "runbooks": "a page behind every alert's link, and one for every urgent alert",
    "datasource": "the Prometheus of dashboards and rules among Grafana's data sources",
    "dashboards": "dashboards in Grafana as slo apply pushes them",
    "reports": "a report of the last closed week, by Tuesday, of every service and kind",
    "deliveries": "the newest reports delivered by every way that wants them",
}
"""By the names of checks."""
