"""An agent whose every dollar can be worked out by hand: four weeks, a sample every five minutes.

Each day it finishes tickets, half of them resolved, with two calls a ticket of a model that reads
1,000 fresh tokens (4 dollars a million) and writes 100 (20 dollars a million) a call: 0.006
dollars a call, 0.012 a ticket. Compute costs 2.40 dollars a day, a person 5 dollars a ticket.
"""

from __future__ import annotations

import numpy as np

from slo.model.duration import DAY, MINUTE
from slo.model.objective import RollingPeriod
from slo.model.samples import History, Series, series_of
from slo.model.service_alert import CostBudget
from slo.model.span import Span, Week
from slo.promql import counter_selector

WEEKS = tuple(Week.parse(f"2026-W{number}") for number in (44, 45, 46, 47))
LAST, WEEK = WEEKS[2], WEEKS[3]
"""The week before, and the one that tests report on."""

SPAN = Span(WEEKS[0].span.start, WEEK.span.end)
STEP = 5 * MINUTE
A_DAY = DAY // STEP
MODEL = {"provider": "acme", "model": "large"}
OTHER = {"provider": "acme", "model": "small"}
PRICES = {"input": 4.0, "output": 20.0}

LLM = CostBudget(
    "llm-cost",
    "agent",
    counter_selector("support_agent_llm_cost_usd_total"),
    600.0,
    RollingPeriod(28 * DAY),
    (),
    "LLM cost",
)
RUNNING = CostBudget(
    "running-cost",
    "agent",
    counter_selector("support_agent_service_cost_usd_total"),
    100.0,
    RollingPeriod(28 * DAY),
    (),
    "Running cost",
)
BUDGETS = (LLM, RUNNING)


def steady(tickets: int = 960) -> np.ndarray:
    """As many tickets every day of four weeks."""
    return np.full(28, tickets)


def costs(
    tickets: np.ndarray | None = None,
    *,
    calls: np.ndarray | float = 2.0,
    length: np.ndarray | float = 1.0,
    price: np.ndarray | float = 1.0,
    small: np.ndarray | float = 0.0,
    human: float | None = 5.0,
    span: Span = SPAN,
) -> History:
    """The agent's history; every number may change by the day.

    Args:
        tickets: Finished tickets of each day, shape (28,).
        calls: Calls a ticket.
        length: How many times as long calls are.
        price: How many times as dear tokens are.
        small: Share of calls by another model, at a tenth of the large one's prices.
        human: Dollars of a person's ticket; None where nobody says.
        span: As much of it as is known.

    """
    finished = _spread(steady() if tickets is None else tickets, A_DAY)
    made = [
        _counter("tickets_processed_total", {"category": "billing", "outcome": outcome}, part)
        for outcome, part in (("resolved", finished / 2), ("escalated", finished / 2))
    ]
    asked = finished * _daily(calls)
    for labels, share, factor in (
        (MODEL, 1 - _daily(small), 1.0),
        (OTHER, _daily(small), 0.1),
    ):
        called = asked * share
        if not called.any():
            continue
        ok = {**labels, "operation": "reply", "outcome": "success"}
        made.append(_counter("llm_requests_total", ok, called))
        for kind, per_call in (("input", 1000.0), ("output", 100.0)):
            each = {**labels, "token_type": kind}
            tokens = called * per_call * _daily(length)
            dollars = PRICES[kind] * factor * _daily(price)
            made.append(_counter("llm_tokens_total", each, tokens))
            made.append(_counter("llm_cost_usd_total", each, tokens * dollars / 1e6))
            made.append(_gauge("llm_price_usd_per_million_tokens", each, dollars))
    made.append(_counter("service_cost_usd_total", {"service": "compute"}, _spread(2.4, A_DAY)))
    if human is not None:
        made.append(_gauge("human_ticket_cost_usd", {}, np.full(28 * A_DAY, human)))
    return History(tuple(_cut(one, span) for one in made), span, source="a test")


def with_category(history: History, category: str = "billing", a_day: float = 10.0) -> History:
    """The same history with dollars of a category, evenly spent."""
    times = history.series[0].times
    grown = (times - SPAN.start) / DAY * a_day
    name = "support_agent_ticket_llm_cost_usd_sum"
    added = series_of({"__name__": name, "category": category}, times, grown)
    return History((*history.series, added), history.span)


def _daily(value: np.ndarray | float) -> np.ndarray:
    """A value a day, or one for all, as a value a sample."""
    return np.repeat(np.broadcast_to(np.asarray(value, dtype=float), 28), A_DAY)


def _spread(a_day: np.ndarray | float, samples: int) -> np.ndarray:
    return _daily(a_day) / samples


def _times() -> np.ndarray:
    return SPAN.start + STEP * np.arange(28 * A_DAY + 1, dtype=np.int64)


def _counter(name: str, labels: dict[str, str], grown: np.ndarray) -> Series:
    values = np.concatenate(([0.0], np.cumsum(grown)))
    return series_of({"__name__": f"support_agent_{name}", **labels}, _times(), values)


def _gauge(name: str, labels: dict[str, str], values: np.ndarray) -> Series:
    held = np.concatenate((values[:1], values))
    return series_of({"__name__": f"support_agent_{name}", **labels}, _times(), held)


def _cut(one: Series, span: Span) -> Series:
    inside = (one.times >= span.start) & (one.times <= span.end)
    return Series(one.labels, one.times[inside], one.values[inside])
