"""What tickets cost: the dollars of their own calls, so that both add up to the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.simulate.calls import Answered
    from slo.simulate.target import Target
    from slo.simulate.tickets import Work

_METRIC = "support_agent_ticket_llm_cost_usd"
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)


def charge(target: Target, work: Work, answered: Answered, rng: np.random.Generator) -> None:
    """Give every answered call to a ticket of its interval, and observe what tickets cost.

    A ticket without an answered call cost nothing, and is not observed, as in the exporter.
    """
    by_category = np.stack(list(work.finished_in.values()), axis=1)
    intervals, categories = by_category.shape
    # Tickets are numbered by interval, and within it by category.
    interval = np.repeat(np.arange(intervals), work.finished)
    category = np.repeat(np.tile(np.arange(categories), intervals), by_category.ravel())
    first = np.cumsum(work.finished) - work.finished
    among = work.finished[answered.interval]
    ticket = first[answered.interval] + rng.integers(0, among)
    cost = np.bincount(ticket, answered.dollars, interval.size)
    called = np.bincount(ticket, minlength=interval.size) > 0
    bucket = np.searchsorted(_BOUNDS, cost)
    buckets = len(_BOUNDS) + 1
    for number, name in enumerate(work.finished_in):
        of_name = called & (category == number)
        cells = interval[of_name] * buckets + bucket[of_name]
        counts = np.bincount(cells, minlength=intervals * buckets).reshape(-1, buckets)
        labels = {"category": name}
        target.histogram(_METRIC, labels, _BOUNDS, counts)
        dollars = np.bincount(interval[of_name], cost[of_name], intervals)
        target.counter(f"{_METRIC}_sum", labels, dollars)
