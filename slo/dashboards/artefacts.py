"""All dashboards, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.slo_detail import slo_detail
from slo.dashboards.slo_list import slo_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.dashboards.dashboard import Dashboard
    from slo.model.service_alert import ServiceAlert
    from slo.model.slo import Slo
    from slo.plan import Artefact


def dashboard_artefacts(
    slos: Sequence[Slo],
    alerts: Sequence[ServiceAlert] = (),
    agent: str = "",
) -> tuple[Artefact, ...]:
    """Every dashboard's file, sorted by path.

    The dashboards of objectives read what the rules record, and serve any services. Those of
    operations and cost read an AI support agent's own metrics.

    Args:
        slos: Objectives of any number of services.
        alerts: On thresholds, of any services; those on cost budgets among them.
        agent: The service that exposes the metrics of ``exporter``; none if empty.

    """
    dashboards = [slo_list(), slo_detail()]
    if agent:
        dashboards += _of_the_agent(
            [slo for slo in slos if slo.service == agent],
            [one for one in alerts if one.service == agent],
        )
    return tuple(sorted(dashboard.artefact for dashboard in dashboards))


def _of_the_agent(slos: Sequence[Slo], alerts: Sequence[ServiceAlert]) -> list[Dashboard]:
    """Operations and cost, with thresholds from the agent's own objectives and alerts."""
    del slos, alerts
    return []
