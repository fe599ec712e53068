"""Rules for the Prometheus operator: a PrometheusRule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.manifests.kubernetes import resource
from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact
from slo.rules.format import group_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.manifests.settings import KubernetesSettings
    from slo.rules.rule import RuleGroup

PATH = "kubernetes/prometheus-rule.yaml"


def prometheus_rule(groups: Sequence[RuleGroup], settings: KubernetesSettings) -> Artefact:
    """The groups of the rule files, unchanged; its labels are what the operator selects by.

    Apply it with ``kubectl apply --server-side``: client-side apply keeps a copy in an annotation,
    which is limited to 256 KiB.
    """
    tree = resource("monitoring.coreos.com/v1", "PrometheusRule", "slobook-rules", settings)
    tree["spec"] = {"groups": [group_tree(group) for group in groups]}
    return Artefact(PATH, yaml_text(tree))
