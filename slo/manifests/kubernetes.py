"""What every resource in a cluster begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slo.manifests.settings import KubernetesSettings

NAME_LABEL = "app.kubernetes.io/name"


def resource(version: str, kind: str, name: str, settings: KubernetesSettings) -> dict[str, Any]:
    """A resource without its content.

    Args:
        version: The API's, such as ``v1``.
        kind: Such as ``ConfigMap``.
        name: Unique among the namespace's resources of that kind.
        settings: The namespace, and the labels.

    """
    labels = {"app.kubernetes.io/managed-by": "slobook", **settings.labels}
    metadata = {
        "name": name,
        "namespace": settings.namespace,
        "labels": dict(sorted(labels.items())),
    }
    return {"apiVersion": version, "kind": kind, "metadata": metadata}
