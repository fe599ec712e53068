"""A push from one end to the other: planned by one connection, carried out by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.targets.grafana.applying import apply
from slo.targets.grafana.connection import Connection
from slo.targets.grafana.datasources import read_datasources
from slo.targets.grafana.planning import plan_push
from slo.targets.grafana.standing import read_standing, require_grafana
from slo.targets.grafana.wanted import wanted_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.plan import Artefact, Change, Plan
    from slo.targets.grafana.planning import Allowed
    from slo.targets.grafana.server import GrafanaServer


def planned(
    artefacts: Sequence[Artefact],
    server: GrafanaServer,
    datasource_uid: str,
    allowed: Allowed | None = None,
) -> Plan:
    """What pushing a project's artefacts to a Grafana would change; nothing is written.

    Raises:
        ConfigError: A data source is missing, a secret is not set, a dashboard has no uid.
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    with Connection(server) as connection:
        require_grafana(connection)
        wanted = wanted_objects(artefacts, server, read_datasources(connection), datasource_uid)
        return plan_push(read_standing(connection, wanted), wanted, server.target, allowed)


def carried_out(
    plan: Plan, server: GrafanaServer, advance: Callable[[Change], None] | None = None
) -> None:
    """Make a plan's changes; see ``apply`` for what is refused.

    Raises:
        ConfigError: The plan is for another Grafana.
        Drift: Something changed after the plan was made.
        Unfinished: A change failed.
        GrafanaError: Grafana cannot be reached, or refuses, before the first change.

    """
    with Connection(server) as connection:
        apply(plan, connection, advance)
