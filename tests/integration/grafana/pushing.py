"""A push as the library makes it, with the configuration of one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.targets.grafana.applying import apply
from slo.targets.grafana.connection import Connection
from slo.targets.grafana.datasources import read_datasources
from slo.targets.grafana.planning import Allowed, plan_push
from slo.targets.grafana.server import GrafanaServer
from slo.targets.grafana.standing import read_standing
from slo.targets.grafana.wanted import wanted_objects

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
    server = server or configured(site)
    with Connection(server) as connection:
        known = read_datasources(connection)
        wanted = wanted_objects(artefacts, server, known, site.data_source)
        standing = read_standing(connection, wanted)
        return plan_push(standing, wanted, server.target, Allowed(**allowed))


def applied(site: Site, plan: Plan, server: GrafanaServer | None = None) -> list[str]:
    """Carry a plan out; the changes that were made, in their order."""
    made: list[str] = []
    with Connection(server or configured(site)) as connection:
        apply(plan, connection, lambda change: made.append(str(change)))
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
