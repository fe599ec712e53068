"""All dashboards, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.cost import cost
from slo.dashboards.operations import operations
from slo.dashboards.promises import Promises
from slo.dashboards.slo_detail import slo_detail
from slo.dashboards.slo_list import slo_list
from slo.rules.annotations import Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.model.slo import Slo
    from slo.plan import Artefact

_NOWHERE = Links()


def dashboard_artefacts(
    slos: Sequence[Slo],
    alerts: Sequence[ServiceAlert] = (),
    budgets: Sequence[CostBudget] = (),
    agent: str = "",
    links: Links = _NOWHERE,
) -> tuple[Artefact, ...]:
    """Every dashboard's file, sorted by path.

    The dashboards of objectives read what the rules record, and serve any services. Those of
    operations and cost read an AI support agent's own metrics.

    Args:
        slos: Objectives of any number of services.
        alerts: On thresholds, of any services; those on cost budgets among them.
        budgets: Of money, of any services.
        agent: The service that exposes the metrics of ``exporter``; none if empty.
        links: Where runbooks are.

    """
    dashboards = [slo_list(), slo_detail()]
    if agent:
        promises = Promises(agent, slos, alerts, budgets, links)
        dashboards += [operations(promises), cost(promises)]
    return tuple(sorted(dashboard.artefact for dashboard in dashboards))
