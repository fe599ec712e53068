"""A push as the library makes it, with the configuration of one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.targets.grafana import push
from slo.targets.grafana.planning import Allowed
from slo.targets.grafana.server import GrafanaServer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.plan import Artefact, Plan
    from tests.integration.grafana.site import Site


def configured(site: Site, **more: object) -> GrafanaServer:
    """The server of a test, in a folder of its own; other arguments are its fields."""
    fields = {
        "url": site.url,
        "folder_uid": site.folder_uid,
        "folder": site.folder,
        "timeout": 10.0,
        "retries": 0,
        **more,
    }
    return GrafanaServer(**fields)


def planned(
    site: Site,
    artefacts: Sequence[Artefact],
    server: GrafanaServer | None = None,
    **allowed: object,
) -> Plan:
    """What a push of some artefacts would change; other arguments are of ``Allowed``."""
    return push.planned(artefacts, server or configured(site), site.data_source, Allowed(**allowed))


def applied(site: Site, plan: Plan, server: GrafanaServer | None = None) -> list[str]:
    """Carry a plan out; the changes that were made, in their order."""
    made: list[str] = []
    push.carried_out(plan, server or configured(site), lambda change: made.append(str(change)))
    return made


def pushed(
    site: Site,
    artefacts: Sequence[Artefact],
    server: GrafanaServer | None = None,
    **allowed: object,
) -> Plan:
    """Plan and apply; the plan."""
    plan = planned(site, artefacts, server, **allowed)
    applied(site, plan, server)
    return plan


def kinds(plan: Plan) -> dict[str, str]:
    """The kind of every change by its path."""
    return {change.path: change.kind for change in plan.changes}
