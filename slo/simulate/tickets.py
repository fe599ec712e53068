"""Tickets: received, queued, finished, and handed to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target

_PREFIX = "support_agent_tickets"
_CATEGORIES = (("billing", 0.36, 0.76), ("technical", 0.38, 0.61), ("account", 0.26, 0.81))
"""Name, share of the tickets, share that the agent resolves."""

_CHANNELS = (("chat", 0.7), ("email", 0.3))
_PRIORITY = "normal"
_CANCELLED = 0.005
_OUTCOMES = ("resolved", "escalated", "error", "cancelled")
_REASONS = ("low_confidence", "customer_request", "llm_failure")

_FINISHED_A_SECOND = 60 / 60
"""What all workers together can do: three times the busiest minute."""

_SECONDS_IN_PROGRESS = 25.0


@dataclass(frozen=True, eq=False)
class Work:
    """The tickets of one pod in each scrape interval, arrays of shape (n,).

    Attributes:
        received: Tickets that came in.
        finished: Tickets that left the queue and came to an end.
        wait: Seconds that a ticket waits at the end of the interval.

    """

    received: Counts
    finished: Counts
    wait: Values


def work_on_tickets(
    target: Target, expected: Values, now: Conditions, seconds: float, rng: np.random.Generator
) -> Work:
    """Receive and finish tickets, and count them."""
    received = _receive(target, expected, rng)
    able = _FINISHED_A_SECOND * seconds * target.pod.share * now.capacity
    depth = _queue(received, rng.poisson(able))
    finished = received - np.diff(depth, prepend=0)
    _finish(target, finished, now, rng)
    labels = {"priority": _PRIORITY}
    target.gauge("support_agent_queue_depth", labels, depth)
    busy = finished / seconds * _SECONDS_IN_PROGRESS * np.sqrt(now.slowness)
    target.gauge(f"{_PREFIX}_in_progress", {}, rng.poisson(busy))
    wait = np.divide(depth * seconds, able, out=np.zeros(depth.size), where=able > 0)
    return Work(received, finished, wait)


def _receive(target: Target, expected: Values, rng: np.random.Generator) -> Counts:
    received = np.zeros(expected.size, dtype=np.int64)
    for category, of_category, _ in _CATEGORIES:
        for channel, of_channel in _CHANNELS:
            tickets = rng.poisson(expected * of_category * of_channel)
            labels = {"category": category, "channel": channel, "priority": _PRIORITY}
            target.counter(f"{_PREFIX}_received_total", labels, tickets)
            received += tickets
    return received


def _queue(received: Counts, able: Counts) -> Counts:
    """Tickets that wait at the end of each interval, none of them lost (Lindley's recursion)."""
    balance = np.cumsum(received - able)
    depth: Counts = balance - np.minimum(np.minimum.accumulate(balance), 0)
    return depth


def _finish(target: Target, finished: Counts, now: Conditions, rng: np.random.Generator) -> None:
    rest = 1 - now.ticket_errors - _CANCELLED
    kinds = [(c, ch, of_c * of_ch) for c, of_c, _ in _CATEGORIES for ch, of_ch in _CHANNELS]
    by_kind = rng.multinomial(finished, [share for _, _, share in kinds])
    escalated = {category: np.zeros_like(finished) for category, _, _ in _CATEGORIES}
    resolvable = {category: share for category, _, share in _CATEGORIES}
    for (category, channel, _), tickets in zip(kinds, by_kind.T, strict=True):
        resolved = rest * resolvable[category] * now.resolution
        cancelled = np.full(rest.size, _CANCELLED)
        shares = np.stack([resolved, rest - resolved, now.ticket_errors, cancelled], axis=1)
        by_outcome = rng.multinomial(tickets, shares)
        for outcome, counts in zip(_OUTCOMES, by_outcome.T, strict=True):
            labels = {"category": category, "channel": channel, "outcome": outcome}
            target.counter(f"{_PREFIX}_processed_total", labels, counts)
        escalated[category] += by_outcome[:, _OUTCOMES.index("escalated")]
    reasons = _reasons(now)
    for category, tickets in escalated.items():
        by_reason = rng.multinomial(tickets, reasons)
        for reason, counts in zip(_REASONS, by_reason.T, strict=True):
            labels = {"category": category, "reason": reason}
            target.counter(f"{_PREFIX}_escalated_total", labels, counts)


def _reasons(now: Conditions) -> Values:
    """Why tickets are handed to people, shape (n, reasons)."""
    failures = np.minimum(now.llm_errors, 0.9)
    reasons: Values = np.stack([0.6 * (1 - failures), 0.4 * (1 - failures), failures], axis=1)
    return reasons
