"""A figure a file: a step that computes, a step that draws.

Each function returns a plotly figure: ``slo.figures.burn_down(slo, history)``. A figure's module
also has ``computed()``, which says in numbers what will be drawn, and ``figure()``, which draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.face import lazily

if TYPE_CHECKING:
    from slo.figures.alert_course import alert_course
    from slo.figures.burn_down import burn_down
    from slo.figures.burn_rates import burn_rates
    from slo.figures.cost_change import cost_change
    from slo.figures.cost_forecast import cost_forecast
    from slo.figures.daily_cost import daily_cost
    from slo.figures.episodes import episodes
    from slo.figures.error_ratio import error_ratio
    from slo.figures.incident_course import incident_course
    from slo.figures.objective_outlook import objective_outlook
    from slo.figures.outcomes import outcomes
    from slo.figures.pareto_front import pareto_front
    from slo.figures.policy_course import policy_course

__all__ = [
    "alert_course",
    "burn_down",
    "burn_rates",
    "cost_change",
    "cost_forecast",
    "daily_cost",
    "episodes",
    "error_ratio",
    "incident_course",
    "objective_outlook",
    "outcomes",
    "pareto_front",
    "policy_course",
]


lazily(__name__, {name: f"{__name__}.{name}" for name in __all__})
