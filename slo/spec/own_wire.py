"""``slobook/v1`` as it is written: what OpenSLO cannot say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slo.spec.mapping import Wire
from slo.spec.wire import TimeWindow, WireObject


class MinimumEvents(Wire):
    """How many events a window must hold before an alert speaks.

    Attributes:
        count: The least number of events.
        of: PromQL that counts them, with ``$window``.

    """

    count: str
    of: str


class ThresholdAlertSpec(Wire):
    """When an expression lies beyond a threshold, and what to do then.

    Attributes:
        service: Name of a Service.
        signal: What it is about; a page on a signal keeps its ticket silent. The alert's name if
            not given.
        severity: ``critical`` (or ``page``) or ``warning`` (or ``ticket``).
        expression: PromQL, with ``$window`` where a window belongs.
        op: Which side of the threshold is bad.
        threshold: The number that it is held against.
        unit: How people read the number; bare if not given.
        windows: The condition holds over every one of them; needed where the expression has
            ``$window``.
        hold: How long it must hold before it fires; at once if not given.
        keep_firing_for: How long it goes on when the condition no longer holds.
        minimum_events: Below them it stays silent.
        summary: One line for whoever gets it.
        description: What is wrong, with the number.
        action: The first thing to do.
        owner: Who answers for it.
        runbook: File or address of its runbook.
        dashboard: Uid of the dashboard to look at.

    """

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
    """How many times too fast money may be spent before somebody is told.

    Attributes:
        name: Its name.
        severity: ``critical`` (or ``page``) or ``warning`` (or ``ticket``).
        burn_rate: How many times as fast as the budget allows.
        window: The long window.
        short_window: The short window, which lets it end soon.
        hold: How long it must hold before it fires.
        keep_firing_for: How long it goes on when the condition no longer holds.

    """

    name: str
    severity: str
    burn_rate: str
    window: str
    short_window: str | None = None
    hold: str | None = Field(default=None, alias="for")
    keep_firing_for: str | None = None


class CostBudgetSpec(Wire):
    """What may be spent in a period.

    Attributes:
        service: Name of a Service.
        description: For people.
        cost: PromQL selector of a counter of dollars.
        usd: What may be spent in a period.
        time_window: Exactly one period.
        alerts: When somebody is told.
        action: The first thing to do.
        owner: Who answers for it.
        runbook: File or address of its runbook.
        dashboard: Uid of the dashboard to look at.

    """

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
    """What costs the same every month.

    Attributes:
        name: What it is; the same name may stand twice where the days differ.
        usd_per_month: Dollars a calendar month.
        since: First day in UTC; always, if not given.
        until: Last day, included; on and on, if not given.
        description: For people.

    """

    name: str
    usd_per_month: str
    since: str | None = Field(default=None, alias="from")
    until: str | None = None
    description: str | None = None


class CategoryBudget(Wire):
    """What may be spent on models for tickets of a category.

    Attributes:
        category: The tickets' category.
        usd: What may be spent in a period.
        time_window: The period; the calendar month in UTC if not given.

    """

    category: str
    usd: str
    time_window: list[TimeWindow] | None = None


class HumanTicket(Wire):
    """What a ticket costs that a person handles.

    Attributes:
        usd: Dollars a ticket, in place of the exporter's gauge.
        categories: The same by category.

    """

    usd: str | None = None
    categories: dict[str, str] | None = None


class ContractPrice(Wire):
    """What tokens really cost.

    Attributes:
        provider: As the metric's label says.
        model: As the metric's label says.
        token_type: ``input``, ``cache_read``, ``cache_write`` or ``output``.
        usd_per_million: Dollars a million tokens; 0 is a price.
        since: First day in UTC; always, if not given.
        until: Last day, included; on and on, if not given.

    """

    provider: str
    model: str
    token_type: str
    usd_per_million: str
    since: str | None = Field(default=None, alias="from")
    until: str | None = None


class CostModelSpec(Wire):
    """What counters cannot say about a service's cost.

    Attributes:
        service: Name of a Service that has a CostBudget.
        fixed: What costs the same every month.
        categories: Budgets of categories of tickets.
        human_ticket: What a person's ticket costs.
        prices: What tokens cost by contract.
        owner: Who answers for these numbers.

    """

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
    """What is done while less than a share of an error budget is left.

    Attributes:
        budget_left_below: Share of the budget, such as ``0.25``.
        action: What is done then.

    """

    budget_left_below: str
    action: str


class IncidentConsequence(Wire):
    """What is done about an incident that spends more than a share of an error budget.

    Attributes:
        budget_spent_above: Share of the budget that one incident spends, such as ``0.2``.
        action: What is done then, such as a review.

    """

    budget_spent_above: str
    action: str


class ErrorBudgetPolicySpec(Wire):
    """What a service's people agreed to do about its error budgets.

    Attributes:
        service: Name of a Service.
        description: For people.
        kept: What is done above every step; releases as planned if not given.
        steps: What is done while less is left.
        spent: What is done when nothing is left; ``${until}`` stands for the day on which some is
            expected again.
        incident: What an expensive incident leads to; nothing if not given.

    """

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
