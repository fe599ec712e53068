"""Which series say what a service costs: its budgets' counters, and the AI support agent's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.errors import ConfigError
from slo.model.selector import METRIC_NAME, Matcher, Selector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.model.service_alert import CostBudget

_PREFIX = "support_agent_"
LLM_COST = _PREFIX + "llm_cost_usd_total"
"""The agent's counter of dollars for models, by the labels of ``LLM_TOKENS``."""

LLM_TOKENS = _PREFIX + "llm_tokens_total"
_SPLIT_BY = {METRIC_NAME, "provider", "model", "token_type", "service"}
"""Labels that divide cost; what else a budget asks for, such as a namespace, is asked of all."""


@dataclass(frozen=True)
class CostSources:
    """Selectors of everything that a cost report reads.

    Attributes:
        llm: Dollars for language models, by provider, model and type of token.
        running: Dollars for all else, each budget's own counter with the budget's title.
        tokens: Tokens, by the same labels as ``llm``.
        calls: Calls of language models, by provider and model.
        tickets: Finished tickets, by category and outcome.
        by_category: Dollars for models, by the category of the ticket.
        by_feature: The same, by the feature that spent them.
        unpriced: Calls whose cost is unknown.
        price: Dollars per million tokens, a gauge.
        human_ticket: Dollars for a ticket that a person handles, a gauge.

    """

    llm: Selector
    running: tuple[tuple[str, Selector], ...]
    tokens: Selector
    calls: Selector
    tickets: Selector
    by_category: Selector
    by_feature: Selector
    unpriced: Selector
    price: Selector
    human_ticket: Selector

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """All of them."""
        return (
            self.llm,
            *(selector for _, selector in self.running),
            self.tokens,
            self.calls,
            self.tickets,
            self.by_category,
            self.by_feature,
            self.unpriced,
            self.price,
            self.human_ticket,
        )


def cost_sources(budgets: Iterable[CostBudget]) -> CostSources:
    """What to read for a service with these budgets.

    A budget on the agent's counter of model cost stands for all of the agent's metrics, with the
    budget's own conditions, such as its namespace. Any other budget's counter is running cost.

    Raises:
        ConfigError: There is no budget.

    """
    known = tuple(budgets)
    if not known:
        raise ConfigError(
            "there is no CostBudget: a cost report needs one, which names the counter of dollars"
        )
    agents = [one for one in known if one.cost.metric.startswith(_PREFIX)]
    scope = tuple(m for m in (agents or known)[0].cost.matchers if m.name not in _SPLIT_BY)

    def agent(metric: str) -> Selector:
        return Selector((Matcher(METRIC_NAME, "=", metric), *scope))

    llm = agent(LLM_COST)
    return CostSources(
        llm=llm,
        running=tuple((one.title, one.cost) for one in known if one.cost.metric != llm.metric),
        tokens=agent(LLM_TOKENS),
        calls=agent(_PREFIX + "llm_requests_total"),
        tickets=agent(_PREFIX + "tickets_processed_total"),
        by_category=agent(_PREFIX + "ticket_llm_cost_usd_sum"),
        by_feature=agent(_PREFIX + "llm_feature_cost_usd_total"),
        unpriced=agent(_PREFIX + "llm_unpriced_requests_total"),
        price=agent(_PREFIX + "llm_price_usd_per_million_tokens"),
        human_ticket=agent(_PREFIX + "human_ticket_cost_usd"),
    )
