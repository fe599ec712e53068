"""What is scraped: a ServiceMonitor for the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.manifests.kubernetes import NAME_LABEL, resource
from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact

if TYPE_CHECKING:
    from slo.manifests.settings import KubernetesSettings

PATH = "kubernetes/service-monitor.yaml"


def service_monitor(settings: KubernetesSettings) -> Artefact:
    """The port ``metrics`` of the agent's Service, every 30 seconds, with a token from a Secret."""
    tree = resource("monitoring.coreos.com/v1", "ServiceMonitor", settings.service, settings)
    token = {"name": settings.metrics_secret, "key": "token"}
    tree["spec"] = {
        # Else the job is called as the Service is, and alerts on ``up`` look for this name.
        "jobLabel": NAME_LABEL,
        "selector": {"matchLabels": {NAME_LABEL: settings.service}},
        "namespaceSelector": {"matchNames": [settings.namespace]},
        "endpoints": [
            {
                "port": "metrics",
                "path": "/metrics",
                "interval": "30s",
                "scrapeTimeout": "10s",
                "authorization": {"type": "Bearer", "credentials": token},
            }
        ],
    }
    return Artefact(PATH, yaml_text(tree))
