"""Rule files for a Prometheus without the operator: a ConfigMap to be mounted."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ruamel.yaml.scalarstring import LiteralScalarString

from slo.manifests.kubernetes import resource
from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.manifests.settings import KubernetesSettings

PATH = "kubernetes/prometheus-rules-configmap.yaml"


def config_map(rule_files: Sequence[Artefact], settings: KubernetesSettings) -> Artefact:
    """The texts of rule files, verbatim, each by its name without folders.

    Raises:
        ValueError: Two files have one name.

    """
    texts = {PurePosixPath(one.path).name: one.text for one in sorted(rule_files)}
    if len(texts) < len(rule_files):
        paths = ", ".join(sorted(one.path for one in rule_files))
        message = f"a ConfigMap holds files by their names, and two of these have the same: {paths}"
        raise ValueError(message)
    tree = resource("v1", "ConfigMap", "slobook-prometheus-rules", settings)
    tree["data"] = {name: LiteralScalarString(text) for name, text in texts.items()}
    return Artefact(PATH, yaml_text(tree))
