"""The shape of the cost report's ``result.json``; ``usd`` is US dollars wherever it stands.

Its schema is published: within a version fields are added, never changed or removed.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from slo.report.result_types import Count, Day, Instant, IsoWeek, Number, Share, SpanResult, shape

Standing = Literal["overspent", "at risk", "within budget", "insufficient data"]


@shape
class ValueResult(TypedDict):
    """What a week cost and brought."""

    usd: Number
    """Dollars for everything."""
    llm_usd: Number
    """Dollars for language models."""
    running_usd: Number
    """Dollars for all else, fixed items among them."""
    tickets: Number
    """Tickets that the agent finished; withdrawn ones do not count."""
    resolved: Number
    """Tickets that it resolved without a person."""
    calls: Number
    """Calls of language models."""
    tokens: Number
    """Tokens of all types."""
    usd_per_ticket: Number | None
    """Dollars for everything a ticket; null without tickets."""
    llm_usd_per_ticket: Number | None
    """Dollars for language models a ticket; null without tickets."""
    usd_per_resolved: Number | None
    """Dollars for everything a resolved ticket; null without such."""
    usd_per_human_ticket: Number | None
    """Dollars that a person costs a resolved ticket, on average; null where not known."""
    avoided_usd: Number | None
    """Dollars that people would have cost for the resolved tickets; null where not known."""
    net_usd: float | None
    """Dollars saved: what people would have cost less what everything cost."""
    roi: float | None
    """Dollars saved for each that was spent."""


@shape
class ChangeResult(TypedDict):
    """Why a week cost more or less than the one before; the parts add up to the change."""

    usd: float
    """Dollars more than the week before."""
    price_usd: float
    """Dollars by which prices changed it."""
    volume_usd: float
    """Dollars by which the number of tokens changed it."""
    mix_usd: float
    """Dollars by which models and types of token changed it."""
    running_usd: float
    """Dollars by which all else changed."""
    without_tokens_usd: float
    """Dollars by which model cost changed for which no tokens were counted."""
    volume_drivers: dict[str, float]
    """Volume's dollars split into tickets, calls per ticket and tokens per call; may be empty."""


@shape
class LineResult(TypedDict):
    """What something cost in the week and in the one before."""

    name: str
    """What it is."""
    usd: float
    """Dollars of the week; below 0 where parts count more than the whole."""
    usd_last_week: float
    """Dollars of the week before."""


@shape
class BudgetResult(TypedDict):
    """A budget of money at the week's end."""

    name: str
    """Its name."""
    usd: Number
    """Dollars that may be spent in the period."""
    period: SpanResult
    """What they are for."""
    standing: Standing
    """How it stands."""
    spent_usd: Number
    """Dollars spent in the period."""
    left_usd: float
    """Dollars that may still be spent; below 0 where it is overspent."""
    remaining: float
    """The same as a share of the budget, 1 or less."""
    spent_in_week_usd: Number
    """Dollars spent in the week."""
    pace: Number
    """How many times as fast as the budget lasts the week spent it."""
    coverage_of_period: Share
    """Share of the period so far for which there are samples, 0 to 1."""


@shape
class ForecastResult(TypedDict):
    """The month in which the week ends."""

    month: SpanResult
    """The calendar month in UTC."""
    spent_usd: Number
    """Dollars counted in the month by the week's end."""
    budget_usd: Number
    """Dollars that budgets and fixed items allow in a month of that length."""
    fixed_usd: Number
    """Dollars of fixed items in the whole month."""
    expected_usd: Number | None
    """Dollars expected at the month's end; null with too few days to learn from."""
    low_usd: Number | None
    """Below this with a chance of 5 %, in dollars."""
    high_usd: Number | None
    """Above this with a chance of 5 %, in dollars."""
    days_missing: Count
    """Days of the month so far without a whole record; they are estimated."""
    days_learnt_from: Count
    """Whole days that the forecast was learnt from."""


@shape
class AnomalyResult(TypedDict):
    """A day out of the ordinary."""

    day: Day
    """The day, in UTC."""
    usd: Number
    """Dollars that it cost."""
    usual_usd: Number
    """Dollars that its weekday usually costs."""
    likely_cause: str
    """The part that moved it most."""
    parts: dict[str, float]
    """The difference's dollars by part."""


@shape
class ModelResult(TypedDict):
    """A language model in the week."""

    provider: str
    """Who runs it."""
    model: str
    """Its name."""
    usd: Number
    """Dollars that it cost."""
    calls: Number
    """Its calls."""
    tokens: Number
    """Its tokens of all types."""
    cached: Share | None
    """Share of its prompts' tokens that came from the cache, 0 to 1; null without prompts."""
    usd_per_call: Number | None
    """Dollars a call; null without calls."""
    all_work_usd: Number | None
    """Dollars for every model's tokens at this one's prices; null where a price is missing."""


@shape
class ReconciliationResult(TypedDict):
    """Whether the cost counter can be trusted."""

    counted_usd: Number
    """Dollars by the cost counter, at list price."""
    computed_usd: Number
    """Dollars by tokens times list price."""
    tokens_without_price: Number
    """Tokens that have no list price."""
    unpriced_calls: Number
    """Calls whose cost is unknown."""
    agrees: bool
    """Whether the two are the same."""


@shape
class FixedResult(TypedDict):
    """An item that costs the same every month."""

    name: str
    """Its name."""
    usd_a_month: Number
    """Dollars a calendar month; each day costs an equal part."""
    first_day: Day | None
    """The first UTC day that it is paid for; null where it always was."""
    last_day: Day | None
    """The last UTC day that it is paid for; null where it goes on."""
    usd: Number
    """Dollars of the week."""


@shape
class PriceResult(TypedDict):
    """A contract price, in place of the list price."""

    provider: str
    """Who runs the model."""
    model: str
    """The model's name."""
    token_type: str
    """Which of its tokens."""
    usd_per_million: Number
    """Dollars per million tokens."""
    first_day: Day | None
    """The first UTC day on which it holds; null where it always did."""
    last_day: Day | None
    """The last UTC day on which it holds; null where it goes on."""
    tokens: Number
    """Tokens of the week that it is the price of."""
    usd: Number
    """Dollars for them, as the report counts them."""
    usd_at_list_price: Number
    """Dollars for them by the cost counter."""


@shape
class CostModelResult(TypedDict):
    """What people configured about the service's cost."""

    name: str
    """The cost model's name."""
    owner: str
    """Who answers for it; may be empty."""
    fixed: list[FixedResult]
    """Items that cost the same every month."""
    human_ticket_usd: Number | None
    """Dollars that a person costs a ticket; null where the agent's own number holds."""
    human_ticket_usd_by_category: dict[str, Number]
    """The same of tickets of some categories, in dollars."""
    prices: list[PriceResult]
    """Contract prices."""


@shape
class SuggestionResult(TypedDict):
    """Something to do."""

    title: str
    """What, in the imperative."""
    evidence: str
    """Why, in numbers."""
    usd_a_month: Number
    """Dollars that it would save in a month at this week's traffic; 0 where it saves nothing."""
    effort: str
    """How much work it is."""
    risk: str
    """What it may do to objectives."""


@shape
class ProvenanceResult(TypedDict):
    """What the report was made of."""

    source: str
    """Where the samples come from."""
    prometheus_version: str
    """The Prometheus that stored them; empty for a simulation."""
    history: SpanResult
    """What the history covers."""
    samples: Count
    """Raw samples that the report read."""
    specification: str
    """Fingerprint of budgets and cost model: reports with the same mean the same."""
    queries: list[str]
    """What was read, as PromQL selectors."""
    slobook: str
    """The version that made the report."""


@shape
class WeeklyCostResult(TypedDict):
    """What a service's week cost. Within a version fields are added, never changed."""

    schema: Literal["slobook/weekly-cost/1"]
    """The version of this shape."""
    service: str
    """The service's name."""
    week: IsoWeek
    """The ISO week, in UTC."""
    window: SpanResult
    """The week."""
    until: Instant
    """Where the history ends inside of the week, else the week's end."""
    coverage: Share
    """Share of the week for which there are samples, 0 to 1."""
    coverage_last_week: Share
    """The same of the week before."""
    verdict: str
    """What the week means, in a sentence or two."""
    state: Standing
    """The worst of all budgets and of the month as a whole."""
    falls_short: bool
    """Whether a budget is overspent, or the month's are as good as overspent."""
    this_week: ValueResult
    """What the week cost and brought."""
    last_week: ValueResult
    """The same of the week before."""
    daily_usd: list[Number]
    """Dollars of each day of the week that is known, from Monday."""
    change: ChangeResult | None
    """Why the week's cost is not that of the week before; null where they cannot be compared."""
    allocations: dict[str, list[LineResult]]
    """Where the money went, by service, model, type of token, category and feature."""
    movers: list[LineResult]
    """What changed most on the week before."""
    budgets: list[BudgetResult]
    """Each budget, the worst first."""
    category_budgets: list[BudgetResult]
    """Each budget of a category of tickets, the worst first; a part of what budgets are for."""
    forecast: ForecastResult
    """The month in which the week ends."""
    days_judged: Count
    """Days of the week that could be compared with their weekday."""
    anomalies: list[AnomalyResult]
    """Days of the week out of the ordinary."""
    models: list[ModelResult]
    """Models side by side, the dearest first."""
    reconciliation: ReconciliationResult
    """Whether the cost counter can be trusted."""
    cost_model: CostModelResult | None
    """What people configured; null where nothing is."""
    suggestions: list[SuggestionResult]
    """What to do, what brings most first."""
    provenance: ProvenanceResult
    """What the report was made of."""
