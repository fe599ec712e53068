"""What other systems' files need to know beside the rules: names, addresses of secrets, places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

RELEASE_LABELS: Mapping[str, str] = {"release": "kube-prometheus-stack"}
"""What the Helm chart kube-prometheus-stack selects rules and monitors by, unless told."""

MOUNTED_SECRETS = "/etc/alertmanager/secrets/"
"""Where the Prometheus operator mounts a Secret: ``<here>/<name of the Secret>/<key>``."""


@dataclass(frozen=True)
class ScheduledReport:
    """A report that is made every week.

    Attributes:
        name: Of its CronJob.
        arguments: What ``slo`` is called with: ``run-due`` ends with 0 when every report is there,
            also one that tells of a spent budget, and makes up for Mondays that were missed. One
            at a time, for the sake of the pod's memory.
        schedule: When it is called, as cron writes it. Reports share a volume that pods of one
            node may mount, so each has a time of its own.

    """

    name: str
    arguments: tuple[str, ...]
    schedule: str


WEEKLY_REPORTS = (
    ScheduledReport(
        "weekly-slo-report", ("run-due", "--kind", "slo", "--at-once", "1"), "0 6 * * 1"
    ),
    ScheduledReport(
        "weekly-cost-report", ("run-due", "--kind", "cost", "--at-once", "1"), "30 6 * * 1"
    ),
)


@dataclass(frozen=True)
class KubernetesSettings:
    """Where things run in a cluster.

    Attributes:
        namespace: Of everything that is written.
        labels: What the operator's Prometheus selects rules and monitors by.
        image: Holds ``slo`` and the project, whose folder is the image's working directory.
        service: The agent's Service, which has a port named ``metrics``.
        project: The project's folder in the image.
        reports: The reports that are made every Monday.

    """

    namespace: str = "support"
    labels: Mapping[str, str] = field(default_factory=lambda: dict(RELEASE_LABELS))
    image: str = f"slobook:{__version__}"
    service: str = "support-agent"
    project: str = "/project"
    reports: tuple[ScheduledReport, ...] = WEEKLY_REPORTS

    @property
    def metrics_secret(self) -> str:
        """The Secret with the bearer token for the agent's metrics, under the key ``token``."""
        return f"{self.service}-metrics"


@dataclass(frozen=True)
class AlertmanagerSettings:
    """Who is told, by files that hold the secrets.

    Attributes:
        pagerduty_key_file: Holds the routing key of a PagerDuty service (Events API v2).
        chat_url_file: Holds the address of a Slack webhook, or of what speaks like one.
        chat_channel: Where tickets and warnings go.
        heartbeat_url_file: Holds the address of a dead man's switch, which hears from Alertmanager
            every minute as long as all is well and tells somebody when it does not; empty for none.

    """

    pagerduty_key_file: str = f"{MOUNTED_SECRETS}pagerduty/routing-key"
    chat_url_file: str = f"{MOUNTED_SECRETS}slack/webhook-url"
    chat_channel: str = "#support-agent-alerts"
    heartbeat_url_file: str = ""


@dataclass(frozen=True)
class GrafanaSettings:
    """Where Grafana keeps alert rules.

    Attributes:
        folder_uid: The folder of the rules.
        datasource_uid: The Prometheus that they ask; kube-prometheus-stack's unless told.
        organisation: Grafana's number of it.

    """

    folder_uid: str = "slobook"
    datasource_uid: str = "prometheus"
    organisation: int = 1


@dataclass(frozen=True)
class ManifestSettings:
    """Everything that is not a rule.

    Attributes:
        kubernetes: Where things run.
        alertmanager: Who is told.
        grafana: Where Grafana keeps alert rules.
        mimir_namespace: Mimir's name for a file of rules.
        time_zone: IANA name of the zone whose Mondays are meant.

    """

    kubernetes: KubernetesSettings = field(default_factory=KubernetesSettings)
    alertmanager: AlertmanagerSettings = field(default_factory=AlertmanagerSettings)
    grafana: GrafanaSettings = field(default_factory=GrafanaSettings)
    mimir_namespace: str = "slobook"
    time_zone: str = "UTC"
