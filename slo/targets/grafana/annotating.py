"""Pushing annotations: planned and carried out at once, as pipelines do, or taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.targets.grafana.annotation_store import standing_annotations
from slo.targets.grafana.annotations import DEPLOY, plan_annotations, plan_removal, scope
from slo.targets.grafana.applying import apply
from slo.targets.grafana.connection import Connection
from slo.targets.grafana.standing import require_grafana

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.plan import Plan
    from slo.targets.grafana.annotations import Annotation
    from slo.targets.grafana.server import GrafanaServer


def annotate(annotations: Sequence[Annotation], server: GrafanaServer) -> Plan:
    """Put annotations into Grafana, those that are not there yet; what was changed.

    Args:
        annotations: Of one kind.
        server: Where to.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.
        Unfinished: It failed halfway; running it again does the rest.

    """
    kinds = sorted({one.kind for one in annotations})
    with Connection(server) as connection:
        require_grafana(connection)
        standing = {
            path: one
            for kind in kinds
            for path, one in standing_annotations(connection, kind, _scope(kind, server)).items()
        }
        plan = plan_annotations(standing, annotations, server.target)
        apply(plan, connection)
    return plan


def remove(kind: str, server: GrafanaServer) -> Plan:
    """Take away what was pushed of a kind for review; what was deleted.

    Raises:
        GrafanaError: Grafana cannot be reached, or refuses.
        Unfinished: It failed halfway; running it again does the rest.

    """
    with Connection(server) as connection:
        require_grafana(connection)
        standing = standing_annotations(connection, kind, [scope(server.folder_uid)])
        plan = plan_removal(standing, server.target)
        apply(plan, connection)
    return plan


def _scope(kind: str, server: GrafanaServer) -> list[str]:
    """Deployments are everybody's: whoever made the mark, once is enough."""
    return [] if kind == DEPLOY else [scope(server.folder_uid)]
