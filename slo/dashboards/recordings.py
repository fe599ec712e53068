"""The rule groups that record what the agent's dashboards read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import RECORDED
from slo.dashboards.cost_recordings import burn_rate_rules, hour_rules
from slo.model import names
from slo.model.duration import HOUR, MINUTE
from slo.plan import Artefact
from slo.rules.format import rules_text
from slo.rules.rule import RuleGroup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.model.service_alert import CostBudget
    from slo.rules.rule import RecordingRule

_LONGEST_QUICK = 6 * HOUR
_SLOW = 4 * MINUTE
"""Windows of days cost much and change slowly, but a sample is only visible for five minutes."""


def agent_groups(
    service: str, budgets: Sequence[CostBudget], interval: int
) -> tuple[RuleGroup, ...]:
    """What looks back hours, and what looks back days and is evaluated less often.

    Args:
        service: The AI support agent, as its specifications name it.
        budgets: Of any services; those of others are left out.
        interval: Milliseconds between evaluations.

    """
    own = [budget for budget in budgets if budget.service == service]
    rules: list[tuple[int, RecordingRule]] = [(one.window, one.rule) for one in RECORDED]
    for budget in own:
        rules += [(HOUR, rule) for rule in hour_rules(budget)]
        rules += burn_rate_rules(budget).items()
    quick = tuple(rule for window, rule in rules if window <= _LONGEST_QUICK)
    slow = tuple(rule for window, rule in rules if window > _LONGEST_QUICK)
    return (
        RuleGroup(names.dashboard_group(service), interval, quick),
        RuleGroup(names.dashboard_days_group(service), max(interval, _SLOW), slow),
    )


def recorded_for_dashboards(
    service: str, budgets: Sequence[CostBudget], interval: int
) -> dict[str, tuple[RuleGroup, ...]]:
    """The groups by the path of their rule file; arguments as above, nothing without a service."""
    if not service:
        return {}
    return {names.DASHBOARD_RULE_FILE: agent_groups(service, budgets, interval)}


def recording_artefacts(files: Mapping[str, Sequence[RuleGroup]]) -> tuple[Artefact, ...]:
    """Rule files for Prometheus, from their groups by path."""
    return tuple(Artefact(path, rules_text(groups)) for path, groups in files.items())
