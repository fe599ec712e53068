"""Service level objectives and burn-rate alerts designed from history.

    import slo

    project = slo.open_project()
    tickets = project["ticket-success"]
    history = project.history(tickets)
    slo.backtest(tickets, history, project.incidents(history.span)).scores

In a notebook ``%load_ext slo`` shows mistakes as one clear box, lists as tables, and completes the
names of objectives, alerts and services.

Names are loaded when they are first used, so that ``import slo`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from slo.face import lazily
from slo.version import __version__

if TYPE_CHECKING:
    from slo.backtest import Backtest, backtest, backtest_alerts, replay
    from slo.budget import BudgetStatus, budget_status, burn_down
    from slo.derive import derived_incidents
    from slo.engine.ratio import error_ratios
    from slo.errors import SloError
    from slo.history.incidents import read_incidents
    from slo.history.snapshot import read_snapshot, write_snapshot
    from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
    from slo.model.cost_model import CostModel
    from slo.model.incident import Exclusion, GroundTruth, Incident
    from slo.model.measure import CounterRate, CounterShare, GaugeLevel
    from slo.model.objective import Objective
    from slo.model.samples import History, Series
    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.model.slo import Slo
    from slo.model.span import Span, Week
    from slo.model.threshold_alert import ThresholdAlert, cost_burn_alert
    from slo.project import Project, open_project
    from slo.spec import read_specs
    from slo.tune.goals import Goals
    from slo.tune.outlook import objective_outlook
    from slo.tune.study import Study
    from slo.tune.thresholds import tune_threshold
    from slo.tune.tuning import tune

_HOMES = {
    "AlertPolicy": "slo.model.alert",
    "Backtest": "slo.backtest",
    "BudgetStatus": "slo.budget",
    "BurnRateAlert": "slo.model.alert",
    "CostBudget": "slo.model.service_alert",
    "CostModel": "slo.model.cost_model",
    "CounterRate": "slo.model.measure",
    "CounterShare": "slo.model.measure",
    "Exclusion": "slo.model.incident",
    "GaugeLevel": "slo.model.measure",
    "Goals": "slo.tune.goals",
    "GroundTruth": "slo.model.incident",
    "History": "slo.model.samples",
    "Incident": "slo.model.incident",
    "Objective": "slo.model.objective",
    "Project": "slo.project",
    "Series": "slo.model.samples",
    "ServiceAlert": "slo.model.service_alert",
    "Slo": "slo.model.slo",
    "SloError": "slo.errors",
    "Span": "slo.model.span",
    "Study": "slo.tune.study",
    "ThresholdAlert": "slo.model.threshold_alert",
    "Week": "slo.model.span",
    "backtest": "slo.backtest",
    "backtest_alerts": "slo.backtest",
    "budget_status": "slo.budget",
    "burn_down": "slo.budget",
    "cost_burn_alert": "slo.model.threshold_alert",
    "derived_incidents": "slo.derive",
    "error_ratios": "slo.engine.ratio",
    "load_ipython_extension": "slo.notebook.extension",
    "objective_outlook": "slo.tune.outlook",
    "open_project": "slo.project",
    "read_incidents": "slo.history.incidents",
    "read_snapshot": "slo.history.snapshot",
    "read_specs": "slo.spec",
    "replay": "slo.backtest",
    "tune": "slo.tune.tuning",
    "tune_threshold": "slo.tune.thresholds",
    "unload_ipython_extension": "slo.notebook.extension",
    "workbook_policy": "slo.model.alert",
    "write_snapshot": "slo.history.snapshot",
}

__all__ = [
    "AlertPolicy",
    "Backtest",
    "BudgetStatus",
    "BurnRateAlert",
    "CostBudget",
    "CostModel",
    "CounterRate",
    "CounterShare",
    "Exclusion",
    "GaugeLevel",
    "Goals",
    "GroundTruth",
    "History",
    "Incident",
    "Objective",
    "Project",
    "Series",
    "ServiceAlert",
    "Slo",
    "SloError",
    "Span",
    "Study",
    "ThresholdAlert",
    "Week",
    "__version__",
    "backtest",
    "backtest_alerts",
    "budget_status",
    "burn_down",
    "cost_burn_alert",
    "derived_incidents",
    "error_ratios",
    "figures",
    "objective_outlook",
    "open_project",
    "read_incidents",
    "read_snapshot",
    "read_specs",
    "replay",
    "tune",
    "tune_threshold",
    "workbench",
    "workbook_policy",
    "write_snapshot",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a package of them, or nothing
    if name in ("figures", "workbench"):
        return import_module(f"slo.{name}")
    message = f"module 'slo' has no attribute {name!r}"
    raise AttributeError(message)


lazily(__name__, _HOMES)
