"""What the AI support agent's dashboards read: recorded, so that they may refresh every 10 seconds.

Every rule keeps the namespace, which is the environment. Every rule asks for raw series only, so
that ``promtool tsdb create-blocks-from rules`` can fill in the past of a new installation.

Money and tickets are recorded by the hour (``increase1h``) and added up from whole hours. An hour
sees through scrapes that were missed within it, which five minutes do not. What counters grew
while nobody scraped them over a full hour's turn is in no hour: days with long gaps say too little.
"""

from __future__ import annotations

from dataclasses import dataclass

from slo.model.duration import DAY, HOUR, MINUTE, WEEK, format_duration
from slo.rules.rule import RecordingRule

NAMESPACE = "namespace"
CHOSEN = f'{NAMESPACE}=~"$environment"'
"""Selects the environments that the reader of a dashboard has chosen."""

JUDGED = 'outcome=~"resolved|escalated|error"'
"""Tickets that say how good the agent is; those that customers withdraw do not."""


@dataclass(frozen=True)
class Recorded:
    """A series that is recorded for dashboards, named level:metric:operations.

    Attributes:
        metric: What is measured, without the ``_total`` of a counter.
        by: The labels that are kept, the namespace first.
        operation: What is done to it last, such as ``rate5m``.
        window: Milliseconds of the past that it looks at.
        expr: The rule's expression.

    """

    metric: str
    by: tuple[str, ...]
    operation: str
    window: int
    expr: str

    @property
    def name(self) -> str:
        """The recorded metric."""
        return f"{'_'.join(self.by)}:{self.metric}:{self.operation}"

    def of(self, *matchers: str) -> str:
        """What is recorded of the environments that the reader has chosen.

        Args:
            matchers: Further ones, such as ``outcome="resolved"``.

        """
        return f"{self.name}{{{','.join((CHOSEN, *matchers))}}}"

    @property
    def rule(self) -> RecordingRule:
        """The rule that records it."""
        return RecordingRule(self.name, self.expr, {})


def _counted(counter: str, by: tuple[str, ...], function: str, window: int) -> Recorded:
    """How a counter grew, summed over pods."""
    over, labels = format_duration(window), (NAMESPACE, *by)
    expr = f"sum by ({', '.join(labels)}) ({function}({counter}[{over}]))"
    metric = counter.removesuffix("_total")
    return Recorded(metric, labels, f"{function}{over}", window, expr)


_TICKETS = "support_agent_tickets_processed_total"
_LLM_COST = "support_agent_llm_cost_usd_total"
_RUNNING_COST = "support_agent_service_cost_usd_total"
_TOKENS = "support_agent_llm_tokens_total"
_SOON = 5 * MINUTE

RECEIVED_RATE = _counted("support_agent_tickets_received_total", (), "rate", _SOON)
PROCESSED_RATE = _counted(_TICKETS, ("outcome",), "rate", _SOON)
REQUEST_RATE = _counted("support_agent_http_requests_total", ("code_class",), "rate", _SOON)
REPLY_BUCKET_RATE = _counted(
    "support_agent_response_duration_seconds_bucket", ("le",), "rate", _SOON
)
LLM_REQUEST_RATE = _counted(
    "support_agent_llm_requests_total", ("provider", "outcome"), "rate", _SOON
)
TOKEN_RATE = _counted(_TOKENS, ("provider", "token_type"), "rate", _SOON)
LLM_COST_RATE = _counted(_LLM_COST, ("provider",), "rate", _SOON)

TICKETS_OF_AN_HOUR = _counted(_TICKETS, ("category", "outcome"), "increase", HOUR)
TOKENS_OF_AN_HOUR = _counted(_TOKENS, ("provider", "token_type"), "increase", HOUR)
LLM_REQUESTS_OF_AN_HOUR = _counted(
    "support_agent_llm_requests_total", ("provider",), "increase", HOUR
)
LLM_COST_OF_AN_HOUR = _counted(_LLM_COST, ("provider",), "increase", HOUR)
COST_OF_AN_HOUR = Recorded(
    "support_agent_cost_usd",
    (NAMESPACE, "service"),
    "increase1h",
    HOUR,
    f"sum by ({NAMESPACE}, service) ("
    f'label_replace(increase({_LLM_COST}[1h]), "service", "$1", "provider", "(.+)")'
    f" or increase({_RUNNING_COST}[1h]))",
)
"""All that is paid for: models by their provider, everything else by its service."""

SAVINGS_OF_AN_HOUR = Recorded(
    "support_agent_human_cost_avoided_usd",
    (NAMESPACE,),
    "increase1h",
    HOUR,
    f'sum by ({NAMESPACE}) (increase({_TICKETS}{{outcome="resolved"}}[1h]))'
    f" * on ({NAMESPACE}) max by ({NAMESPACE}) (support_agent_human_ticket_cost_usd)",
)
"""What people would have cost for the tickets that the agent resolved, at that hour's price."""

TICKETS_OF_A_DAY = _counted(_TICKETS, ("outcome",), "increase", DAY)
TICKETS_OF_A_WEEK = _counted(_TICKETS, ("outcome",), "increase", WEEK)
RATINGS_OF_A_DAY = _counted("support_agent_csat_responses_total", ("score",), "increase", DAY)
LLM_COST_OF_A_DAY = _counted(_LLM_COST, ("provider",), "increase", DAY)
TOKENS_OF_A_DAY = _counted(_TOKENS, ("provider",), "increase", DAY)

RECORDED = (
    RECEIVED_RATE,
    PROCESSED_RATE,
    REQUEST_RATE,
    REPLY_BUCKET_RATE,
    LLM_REQUEST_RATE,
    TOKEN_RATE,
    LLM_COST_RATE,
    TICKETS_OF_AN_HOUR,
    TOKENS_OF_AN_HOUR,
    LLM_REQUESTS_OF_AN_HOUR,
    LLM_COST_OF_AN_HOUR,
    COST_OF_AN_HOUR,
    SAVINGS_OF_AN_HOUR,
    TICKETS_OF_A_DAY,
    TICKETS_OF_A_WEEK,
    RATINGS_OF_A_DAY,
    LLM_COST_OF_A_DAY,
    TOKENS_OF_A_DAY,
)
"""All of the agent's, quick ones first."""
