"""Tickets: received, queued, finished, and handed to people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.distribution import Distribution

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target

_PREFIX = "support_agent"
_CATEGORIES = (("billing", 0.36, 0.76), ("technical", 0.38, 0.61), ("account", 0.26, 0.81))
"""Name, share of the tickets, share that the agent resolves."""

_CHANNELS = (("chat", 0.7), ("email", 0.3))
_URGENT_SHARE = 0.15
_CANCELLED = 0.005
_OUTCOMES = ("resolved", "escalated", "error", "cancelled")
_REASONS = ("low_confidence", "customer_request", "llm_failure")

_FINISHED_A_SECOND = 60 / 60
"""What all workers together can do: three times the busiest minute."""

_SECONDS_IN_PROGRESS = 25.0
_WORKERS = 40
_WAIT_BOUNDS = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120, 300)
_PICKED_UP = Distribution(((1.0, 0.4, 0.5),), _WAIT_BOUNDS)


@dataclass(frozen=True, eq=False)
class Work:
    """The tickets of one pod in each scrape interval, arrays of shape (n,).

    Attributes:
        received: Tickets that came in.
        finished: Tickets that left the queue and came to an end.
        wait: Seconds that a ticket waits at the end of the interval.
        resolved: Tickets that the agent resolved, by channel.
        escalated: Tickets that were handed to a person, by channel.
        finished_in: Tickets that came to an end, by category.
        resolved_in: Those that the agent resolved.
        escalated_in: Those that were handed to a person.

    """

    received: Counts
    finished: Counts
    wait: Values
    resolved: dict[str, Counts]
    escalated: dict[str, Counts]
    finished_in: dict[str, Counts]
    resolved_in: dict[str, Counts]
    escalated_in: dict[str, Counts]


def work_on_tickets(
    target: Target, expected: Values, now: Conditions, rng: np.random.Generator
) -> Work:
    """Receive and finish tickets, and count them."""
    seconds = target.seconds
    urgent, normal = _receive(target, expected, rng)
    received = urgent + normal
    able = _FINISHED_A_SECOND * seconds * target.pod.share * now.capacity
    # Many workers together are steady: a fraction of a ticket is done in the next interval.
    could = np.diff(np.floor(np.cumsum(able)), prepend=0).astype(np.int64)
    depth, first = _queue(received, could), _queue(urgent, could)
    finished = received - np.diff(depth, prepend=0)
    wait = np.divide(depth * seconds, able, out=np.zeros(depth.size), where=able > 0)
    # Urgent tickets overtake the others.
    _wait(target, "urgent", first, wait * np.divide(first, depth, where=depth > 0, out=wait * 0))
    _wait(target, "normal", depth - first, wait)
    _pick_up(target, finished, wait, rng)
    busy = rng.poisson(finished / seconds * _SECONDS_IN_PROGRESS * np.sqrt(now.slowness))
    target.gauge(f"{_PREFIX}_tickets_in_progress", {}, busy)
    target.gauge(f"{_PREFIX}_workers", {"state": "busy"}, np.minimum(busy, _WORKERS))
    target.gauge(f"{_PREFIX}_workers", {"state": "idle"}, np.maximum(_WORKERS - busy, 0))
    return _finish(target, Work(received, finished, wait, {}, {}, {}, {}, {}), now, rng)


def _receive(target: Target, expected: Values, rng: np.random.Generator) -> tuple[Counts, Counts]:
    """Count what comes in; returns the urgent tickets and the others."""
    received = {"urgent": _none(expected), "normal": _none(expected)}
    shares = {"urgent": _URGENT_SHARE, "normal": 1 - _URGENT_SHARE}
    for category, of_category, _ in _CATEGORIES:
        for channel, of_channel in _CHANNELS:
            for priority, of_priority in shares.items():
                tickets = rng.poisson(expected * of_category * of_channel * of_priority)
                labels = {"category": category, "channel": channel, "priority": priority}
                target.counter(f"{_PREFIX}_tickets_received_total", labels, tickets)
                received[priority] += tickets
    return received["urgent"], received["normal"]


def _none(like: Values) -> Counts:
    return np.zeros(like.size, dtype=np.int64)


def _queue(received: Counts, able: Counts) -> Counts:
    """Tickets that wait at the end of each interval, none of them lost (Lindley's recursion)."""
    balance = np.cumsum(received - able)
    depth: Counts = balance - np.minimum(np.minimum.accumulate(balance), 0)
    return depth


def _wait(target: Target, priority: str, depth: Counts, wait: Values) -> None:
    labels = {"priority": priority}
    target.gauge(f"{_PREFIX}_queue_depth", labels, depth)
    oldest = np.where(depth > 0, target.pod.times / 1000 - wait, 0.0)
    target.gauge(f"{_PREFIX}_queue_oldest_ticket_timestamp_seconds", labels, np.floor(oldest))


def _pick_up(target: Target, finished: Counts, wait: Values, rng: np.random.Generator) -> None:
    shares = _PICKED_UP.shares(np.ones(finished.size), wait)
    labels = {"priority": "normal"}
    name = f"{_PREFIX}_queue_wait_duration_seconds"
    target.observed(name, labels, _PICKED_UP, rng.multinomial(finished, shares), rng)


def _finish(target: Target, work: Work, now: Conditions, rng: np.random.Generator) -> Work:
    finished, rest = work.finished, 1 - now.ticket_errors - _CANCELLED
    kinds = [(c, ch, of_c * of_ch) for c, of_c, _ in _CATEGORIES for ch, of_ch in _CHANNELS]
    by_kind = rng.multinomial(finished, [share for _, _, share in kinds])
    resolvable = {category: share for category, _, share in _CATEGORIES}
    done = {outcome: {name: _none(rest) for name, _ in _CHANNELS} for outcome in _OUTCOMES}
    finished_in = {category: _none(rest) for category in resolvable}
    resolved_in = {category: _none(rest) for category in resolvable}
    escalated_in = {category: _none(rest) for category in resolvable}
    for (category, channel, _), tickets in zip(kinds, by_kind.T, strict=True):
        resolved = rest * resolvable[category] * now.resolution
        cancelled = np.full(rest.size, _CANCELLED)
        shares = np.stack([resolved, rest - resolved, now.ticket_errors, cancelled], axis=1)
        by_outcome = rng.multinomial(tickets, shares)
        for outcome, counts in zip(_OUTCOMES, by_outcome.T, strict=True):
            labels = {"category": category, "channel": channel, "outcome": outcome}
            target.counter(f"{_PREFIX}_tickets_processed_total", labels, counts)
            done[outcome][channel] += counts
        finished_in[category] += tickets
        resolved_in[category] += by_outcome[:, _OUTCOMES.index("resolved")]
        escalated_in[category] += by_outcome[:, _OUTCOMES.index("escalated")]
    reasons = _reasons(now)
    for category, tickets in escalated_in.items():
        by_reason = rng.multinomial(tickets, reasons)
        for reason, counts in zip(_REASONS, by_reason.T, strict=True):
            labels = {"category": category, "reason": reason}
            target.counter(f"{_PREFIX}_tickets_escalated_total", labels, counts)
    return replace(
        work,
        resolved=done["resolved"],
        escalated=done["escalated"],
        finished_in=finished_in,
        resolved_in=resolved_in,
        escalated_in=escalated_in,
    )


def _reasons(now: Conditions) -> Values:
    """Why tickets are handed to people, shape (n, reasons)."""
    failures = np.minimum(now.llm_errors, 0.9)
    reasons: Values = np.stack([0.6 * (1 - failures), 0.4 * (1 - failures), failures], axis=1)
    return reasons
