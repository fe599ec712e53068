"""``slobook/v1`` as it is written: what OpenSLO cannot say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slo.spec.wire import TimeWindow, Wire, WireObject


class MinimumEvents(Wire):
    """How many events a window must hold before an alert speaks."""

    count: str
    of: str


class ThresholdAlertSpec(Wire):
    """When an expression lies beyond a threshold, and what to do then."""

    service: str
    signal: str | None = None
    severity: str
    expression: str
    op: Literal["lt", "lte", "gt", "gte"]
    threshold: str
    unit: Literal["ratio", "seconds", "usd", "bytes", "tokens"] | None = None
    windows: list[str] | None = None
    hold: str | None = Field(default=None, alias="for")
    keep_firing_for: str | None = None
    minimum_events: MinimumEvents | None = None
    summary: str
    description: str
    action: str | None = None
    owner: str | None = None
    runbook: str | None = None
    dashboard: str | None = None


class CostBurnAlert(Wire):
    """How many times too fast money may be spent before somebody is told."""

    name: str
    severity: str
    burn_rate: str
    window: str
    short_window: str | None = None
    hold: str | None = Field(default=None, alias="for")
    keep_firing_for: str | None = None


class CostBudgetSpec(Wire):
    """What may be spent in a period."""

    service: str
    description: str | None = None
    cost: str
    usd: str
    time_window: list[TimeWindow]
    alerts: list[CostBurnAlert]
    action: str | None = None
    owner: str | None = None
    runbook: str | None = None
    dashboard: str | None = None


class FixedCost(Wire):
    """What costs the same every month."""

    name: str
    usd_per_month: str
    since: str | None = Field(default=None, alias="from")
    until: str | None = None
    description: str | None = None


class CategoryBudget(Wire):
    """What may be spent on models for tickets of a category."""

    category: str
    usd: str
    time_window: list[TimeWindow] | None = None


class HumanTicket(Wire):
    """What a ticket costs that a person handles."""

    usd: str | None = None
    categories: dict[str, str] | None = None


class ContractPrice(Wire):
    """What tokens really cost."""

    provider: str
    model: str
    token_type: str
    usd_per_million: str
    since: str | None = Field(default=None, alias="from")
    until: str | None = None


class CostModelSpec(Wire):
    """What counters cannot say about a service's cost."""

    service: str
    fixed: list[FixedCost] | None = None
    categories: list[CategoryBudget] | None = None
    human_ticket: HumanTicket | None = None
    prices: list[ContractPrice] | None = None
    owner: str | None = None


class ThresholdAlertObject(WireObject):
    """kind: ThresholdAlert."""

    api_version: Literal["slobook/v1"]
    kind: Literal["ThresholdAlert"]
    spec: ThresholdAlertSpec


class CostBudgetObject(WireObject):
    """kind: CostBudget."""

    api_version: Literal["slobook/v1"]
    kind: Literal["CostBudget"]
    spec: CostBudgetSpec


class CostModelObject(WireObject):
    """kind: CostModel."""

    api_version: Literal["slobook/v1"]
    kind: Literal["CostModel"]
    spec: CostModelSpec


class PolicyStep(Wire):
    """What is done while less than a share of an error budget is left."""

    budget_left_below: str
    action: str


class IncidentConsequence(Wire):
    """What is done about an incident that spends more than a share of an error budget."""

    budget_spent_above: str
    action: str


class ErrorBudgetPolicySpec(Wire):
    """What a service's people agreed to do about its error budgets."""

    service: str
    description: str | None = None
    kept: str | None = None
    steps: list[PolicyStep] | None = None
    spent: str
    incident: IncidentConsequence | None = None


class ErrorBudgetPolicyObject(WireObject):
    """kind: ErrorBudgetPolicy."""

    api_version: Literal["slobook/v1"]
    kind: Literal["ErrorBudgetPolicy"]
    spec: ErrorBudgetPolicySpec


OWN_KINDS: dict[str, type[WireObject]] = {
    "ThresholdAlert": ThresholdAlertObject,
    "CostBudget": CostBudgetObject,
    "CostModel": CostModelObject,
    "ErrorBudgetPolicy": ErrorBudgetPolicyObject,
}
