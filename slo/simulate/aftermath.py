"""What follows from finished tickets: ratings, searches, tools, people's time, running cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target
    from slo.simulate.tickets import Work

_PREFIX = "support_agent"
_RATED = 0.12
_GOOD_RESOLVED, _GOOD_ESCALATED = 0.945, 0.80
_FORGIVING = 0.7
"""Of an agent that resolves less, those whom it still helps are content so much less often."""

_SCORES = {"good": (("5", 0.7), ("4", 0.3)), "bad": (("1", 0.4), ("2", 0.25), ("3", 0.35))}
_LOOKUPS_A_TICKET = 1.3
_LOOKUPS = (("hit", 0.80), ("miss", 0.19), ("error", 0.01))
_TOOLS = (("customer_lookup", 1.0), ("order_status", 0.5), ("refund", 0.1))
_TOOL_ERRORS = 0.005
_REOPENED = 0.03
_SECONDS_BY_HAND = 480.0
_HUMAN_TICKET_USD = 8.5
_RUNNING_USD_AN_HOUR = (("compute", 1.4), ("database", 0.6), ("vector_store", 0.35))
_BUDGET_USD = 6_000.0
_PRICES_FROM = 1_788_220_800.0
"""Unix seconds of the price table's release."""


def follow_up(target: Target, work: Work, now: Conditions, rng: np.random.Generator) -> None:
    """Count what finished tickets lead to."""
    _rate(target, work, now, rng)
    lookups = rng.poisson(_LOOKUPS_A_TICKET * work.finished)
    by_outcome = rng.multinomial(lookups, [share for _, share in _LOOKUPS])
    for (outcome, _), counts in zip(_LOOKUPS, by_outcome.T, strict=True):
        labels = {"outcome": outcome}
        target.counter(f"{_PREFIX}_knowledge_base_lookups_total", labels, counts)
    for tool, a_ticket in _TOOLS:
        calls = rng.poisson(a_ticket * work.finished)
        failed = rng.binomial(calls, _TOOL_ERRORS)
        for outcome, counts in (("success", calls - failed), ("error", failed)):
            labels = {"tool": tool, "outcome": outcome}
            target.counter(f"{_PREFIX}_tool_calls_total", labels, counts)
    _hand_over(target, work, rng)
    _cost(target)


def _rate(target: Target, work: Work, now: Conditions, rng: np.random.Generator) -> None:
    content = _GOOD_RESOLVED * (1 - _FORGIVING + _FORGIVING * now.resolution)
    unhelped = np.full(now.resolution.size, _GOOD_ESCALATED)
    for channel, resolved in work.resolved.items():
        good, rated = np.zeros_like(resolved), np.zeros_like(resolved)
        for tickets, share in ((resolved, content), (work.escalated[channel], unhelped)):
            answers = rng.binomial(tickets, _RATED)
            rated += answers
            good += rng.binomial(answers, share)
        for mood, counts in (("good", good), ("bad", rated - good)):
            _score(target, channel, mood, counts, rng)


def _score(
    target: Target, channel: str, mood: str, counts: Counts, rng: np.random.Generator
) -> None:
    by_score = rng.multinomial(counts, [share for _, share in _SCORES[mood]])
    for (score, _), given in zip(_SCORES[mood], by_score.T, strict=True):
        labels = {"channel": channel, "score": score}
        target.counter(f"{_PREFIX}_csat_responses_total", labels, given)


def _hand_over(target: Target, work: Work, rng: np.random.Generator) -> None:
    for category, tickets in work.escalated_in.items():
        labels = {"category": category}
        by_hand = rng.standard_gamma(2.0 * tickets) * _SECONDS_BY_HAND / 2
        target.counter(f"{_PREFIX}_human_handling_seconds_total", labels, by_hand)
        reopened = rng.binomial(tickets, _REOPENED)
        target.counter(f"{_PREFIX}_tickets_reopened_total", labels, reopened)
    target.held(f"{_PREFIX}_human_ticket_cost_usd", {}, _HUMAN_TICKET_USD)


def _cost(target: Target) -> None:
    share: Values = target.pod.share
    for service, an_hour in _RUNNING_USD_AN_HOUR:
        spent = share * (an_hour * target.seconds / 3600)
        target.counter(f"{_PREFIX}_service_cost_usd_total", {"service": service}, spent)
    target.held(f"{_PREFIX}_llm_budget_usd", {"period": "month"}, _BUDGET_USD)
    target.held(f"{_PREFIX}_llm_price_data_timestamp_seconds", {"source": "file"}, _PRICES_FROM)
    nothing = np.zeros(share.size)
    target.counter(f"{_PREFIX}_metrics_internal_errors_total", {"site": "record"}, nothing)
    folded = {"metric": "llm_requests_total"}
    target.counter(f"{_PREFIX}_metrics_dropped_labels_total", folded, nothing)
