"""Values for the Helm chart kube-prometheus-stack, so that it takes up the other files.

Alertmanager's configuration is a Secret, made from the generated file:

    kubectl create secret generic slobook-alertmanager --from-file=alertmanager.yaml=<the file>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.manifests.settings import MOUNTED_SECRETS
from slo.manifests.yaml_text import yaml_text
from slo.model import names
from slo.model.duration import DAY, format_duration, parse_duration
from slo.plan import Artefact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.manifests.settings import AlertmanagerSettings, ManifestSettings
    from slo.rules.rule import RuleGroup

PATH = "kubernetes/kube-prometheus-stack-values.yaml"

CONFIG_SECRET = "slobook-alertmanager"  # noqa: S105  a Secret's name, not its content


_SHORTEST_RETENTION = 60 * DAY


def helm_values(groups: Sequence[RuleGroup], settings: ManifestSettings) -> Artefact:
    """What Prometheus selects by and keeps, where Alertmanager finds its configuration and keys.

    The chart keeps ten days: an error ratio over 30 days would be one over ten, and nobody told.
    """
    kept = {"retention": retention(groups)}
    tree = {
        "prometheus": {
            "prometheusSpec": kept | _selectors(dict(settings.kubernetes.labels)),
        },
        "alertmanager": {
            "alertmanagerSpec": {
                "useExistingSecret": True,
                "configSecret": CONFIG_SECRET,
                "secrets": mounted_secrets(settings.alertmanager),
            }
        },
    }
    return Artefact(PATH, yaml_text(tree))


def retention(groups: Sequence[RuleGroup]) -> str:
    """Twice the longest window that rules record, so that a report can look a period back."""
    windows = (rule.labels.get(names.WINDOW_LABEL) for group in groups for rule in group.rules)
    longest = max((parse_duration(window) for window in windows if window), default=0)
    return format_duration(max(2 * longest, _SHORTEST_RETENTION))


def mounted_secrets(settings: AlertmanagerSettings) -> list[str]:
    """The Secrets that hold the receivers' keys, where the operator mounts them."""
    files = (settings.pagerduty_key_file, settings.chat_url_file, settings.heartbeat_url_file)
    inside = [
        file.removeprefix(MOUNTED_SECRETS) for file in files if file.startswith(MOUNTED_SECRETS)
    ]
    return sorted({file.split("/")[0] for file in inside})


def _selectors(labels: dict[str, str]) -> dict[str, Any]:
    selector = {"matchLabels": dict(sorted(labels.items()))}
    return {
        "ruleSelectorNilUsesHelmValues": False,
        "ruleSelector": selector,
        "ruleNamespaceSelector": {},
        "serviceMonitorSelectorNilUsesHelmValues": False,
        "serviceMonitorSelector": selector,
        "serviceMonitorNamespaceSelector": {},
    }
