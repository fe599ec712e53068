"""What an objective would have meant, and its alerts have done, with other numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from slo.backtest import ANY, replay
from slo.budget import budget_account
from slo.counting import counted
from slo.figures.policy_course import computed, figure
from slo.model.alert import SEVERITIES, AlertPolicy
from slo.model.objective import Objective
from slo.model.span import to_datetime
from slo.workbench.numbers import NOTHING, as_duration, as_part, as_rate, as_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.backtest import Backtest, Replay
    from slo.budget import BudgetStatus
    from slo.figures.episodes import Row
    from slo.figures.theme import Figure
    from slo.model.samples import History, Points
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.project import Project

_STEPS = (30, 25, 20, 17, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
"""Tenths of the specified error budget, the strictest last."""


@dataclass(frozen=True, eq=False)
class PolicyPast:
    """Everything about an objective's past that no slider changes, computed once.

    Attributes:
        replayed: Error ratios, events, incidents.
        status: The budget at the history's end.
        bad_share: What divided by an error budget is its spent share, at every evaluation.

    """

    replayed: Replay
    status: BudgetStatus
    bad_share: Points

    def tried(self, slo: Slo) -> PolicyTrial:
        """What another target and other alerts on the replayed windows would have done."""
        return PolicyTrial(self, self.replayed.backtest(slo), replace(self.status, slo=slo))


@dataclass(frozen=True, eq=False)
class PolicyTrial:
    """One objective with its alerts, tried on the past.

    Attributes:
        past: What it was tried on.
        result: What the alerts would have done.
        status: The budget that would be left at the history's end.

    """

    past: PolicyPast
    result: Backtest
    status: BudgetStatus

    @property
    def slo(self) -> Slo:
        """What was tried."""
        return self.result.slo

    @property
    def numbers(self) -> dict[str, str]:
        """What people compare, by its name."""
        result, every = self.result, self.result.score(ANY)
        called = dict.fromkeys(SEVERITIES, NOTHING) | {
            severity: as_rate(result.score(severity).episodes_a_week)
            for severity in self.slo.policy.severities
        }
        return {
            "objective": str(self.slo.objective),
            "error budget left": f"{as_share(self.status.remaining)} ({self.status.state})",
            "pages a week": called["page"],
            "tickets a week": called["ticket"],
            "incidents caught (recall)": as_part(every.detected, every.incidents),
            "episodes that belong to one (precision)": as_part(every.true_episodes, every.episodes),
            "detection time (median)": as_duration(every.detection_median),
            "budget spent at detection (median)": as_share(every.budget_at_detection),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What nobody should overlook."""
        return tuple(
            f"{alert.name} can never fire: {alert.factor:g} times the error budget of "
            f"{self.slo.objective} is more than every event"
            for alert in self.slo.policy.alerts
            if not alert.can_fire(self.slo.objective)
        )

    @property
    def evidence(self) -> str:
        """What a choice by hand rests on, in a line for the specification."""
        span, every = self.result.span, self.result.score(ANY)
        seen = f"{every.detected} of {counted(every.incidents, 'incident')} seen"
        return (
            f"set by hand; over {to_datetime(span.start):%Y-%m-%d} to "
            f"{to_datetime(span.end):%Y-%m-%d}, in sample: {seen}, "
            f"{every.episodes - every.true_episodes} of {every.episodes} calls false"
        )

    def drawn(self, alert: str = "", shown: Span | None = None) -> tuple[tuple[Row, ...], Figure]:
        """The rows of its timeline, and its figure with the burn rates of one alert."""
        found = computed(self.result, self.past.bad_share, alert, shown)
        return found.timeline.rows, figure(found)


def policy_past(
    project: Project, slo: Slo, history: History, policies: Iterable[AlertPolicy] = ()
) -> PolicyPast:
    """Replay an objective for trials of its own windows, and of other policies' ones.

    Raises:
        SpecError: A file of incidents or exclusions has faults.
        NotEnoughData: The history holds no series of the indicator's total.

    """
    truth = project.ground_truth(slo, history)
    replayed = replay(
        slo,
        history,
        truth.incidents,
        project.interval,
        exclusions=truth.exclusions,
        windows={window for policy in policies for window in policy.windows},
        time_zone=project.configuration.project.time_zone,
    )
    account = budget_account(slo, history, truth.exclusions)
    return PolicyPast(
        replayed, account.status(history.span.end), account.bad_share(replayed.ratios.times)
    )


def with_numbers(slo: Slo, objective: Objective, factors: Mapping[str, float]) -> Slo:
    """An objective with another target, and other burn rates by the alerts' names."""
    alerts = tuple(
        replace(alert, factor=factors.get(alert.name, alert.factor)) for alert in slo.policy.alerts
    )
    return slo.with_objective(objective).with_policy(AlertPolicy(alerts))


def objectives(present: Objective) -> tuple[Objective, ...]:
    """Objectives with thrice to a fifth of the present budget, the strictest last."""
    budgets = (present.error_budget * Decimal(step) / 10 for step in _STEPS)
    return tuple(Objective(1 - budget) for budget in budgets if budget < 1)
