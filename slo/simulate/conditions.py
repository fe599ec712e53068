"""How well the agent and what it depends on do at each moment, and what incidents do to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.traffic import scrape_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.model.samples import Values
    from slo.simulate.scenario import IncidentKind, PlannedIncident, Scenario

LLM_ERRORS = 0.004
API_ERRORS = 0.0003
TICKET_ERRORS = 0.0012


@dataclass(frozen=True, eq=False)
class Conditions:
    """One number for each scrape interval, float64 of shape (n,).

    Attributes:
        llm_errors: Share of calls to the main provider that fail.
        api_errors: Share of HTTP requests answered with 5xx.
        ticket_errors: Share of tickets that end in an error.
        slowness: What the model's latencies are multiplied by.
        capacity: Share of the workers that take tickets from the queue.
        tokens: What the tokens of a prompt are multiplied by.
        resolution: What the share of resolved tickets is multiplied by.
        leaked: Share of the database's connections that nobody gives back.
        calls: What the calls to language models are multiplied by.
        crashing: 1 where the first pod crashes again and again, else 0.
        memory: Share of a pod's memory that leaked.
        disk: Share of a node's disk that was filled beside the usual.

    """

    llm_errors: Values
    api_errors: Values
    ticket_errors: Values
    slowness: Values
    capacity: Values
    tokens: Values
    resolution: Values
    leaked: Values
    calls: Values
    crashing: Values
    memory: Values
    disk: Values


def healthy(scenario: Scenario) -> Conditions:
    """Conditions as if nothing ever went wrong."""
    count = scrape_grid(scenario).size
    levels = (LLM_ERRORS, API_ERRORS, TICKET_ERRORS, *[1.0] * 4, 0.0, 1.0, *[0.0] * 3)
    return Conditions(*(np.full(count, level) for level in levels))


def conditions(scenario: Scenario) -> Conditions:
    """Healthy conditions, changed by the scenario's incidents."""
    since, found = scrape_grid(scenario) - scenario.start, healthy(scenario)
    for incident in scenario.incidents:
        first, last = np.searchsorted(since, [incident.start, incident.end])
        KINDS[incident.kind].befall(found, slice(int(first), int(last)), incident.severity)
    return found


@dataclass(frozen=True)
class Kind:
    """What one kind of incident does.

    Attributes:
        slos: The objectives that it harms, and the signals of alerts on thresholds, by their
            names in the catalogue.
        befall: Changes the conditions of a stretch, by severity.
        deployed: Whether it comes with a deployment and ends by rolling it back.
        notes: For people, from the incident that was planned.

    """

    slos: tuple[str, ...]
    befall: Callable[[Conditions, slice, float], None]
    notes: Callable[[PlannedIncident], str]
    deployed: bool = False


def _provider_outage(now: Conditions, during: slice, severity: float) -> None:
    now.llm_errors[during] = np.maximum(now.llm_errors[during], severity)
    # Most tickets survive by the second provider, or are escalated.
    now.ticket_errors[during] += 0.3 * severity
    now.resolution[during] *= 1 - 0.4 * severity


def _slow_model(now: Conditions, during: slice, severity: float) -> None:
    now.slowness[during] *= 1 + 9 * severity


def _bad_deployment(now: Conditions, during: slice, severity: float) -> None:
    now.api_errors[during] += severity
    # A ticket takes several requests.
    now.ticket_errors[during] += min(0.9, 2.5 * severity)


def _bad_prompt(now: Conditions, during: slice, severity: float) -> None:
    now.resolution[during] *= 1 - severity


def _queue_backlog(now: Conditions, during: slice, severity: float) -> None:
    now.capacity[during] *= 1 - severity


def _cost_runaway(now: Conditions, during: slice, severity: float) -> None:
    now.tokens[during] *= 1 + 2 * severity


def _error_leak(now: Conditions, during: slice, severity: float) -> None:
    ramp = np.linspace(0, 1, now.leaked[during].size)
    now.leaked[during] = np.maximum(now.leaked[during], ramp)
    now.ticket_errors[during] += severity * ramp


def _pool_exhaustion(now: Conditions, during: slice, severity: float) -> None:
    now.leaked[during] = np.maximum(now.leaked[during], severity)
    # Requests wait for a connection, and some of them in vain.
    now.api_errors[during] += 0.12 * severity
    now.ticket_errors[during] += 0.05 * severity


def _retry_storm(now: Conditions, during: slice, severity: float) -> None:
    now.calls[during] *= 1 + 7 * severity
    # The provider's rate limit refuses what is too much.
    now.llm_errors[during] = np.maximum(now.llm_errors[during], 0.3 * severity)


def _crash_loop(now: Conditions, during: slice, severity: float) -> None:
    now.crashing[during] = 1.0
    now.capacity[during] *= 1 - 0.5 * severity


def _memory_leak(now: Conditions, during: slice, severity: float) -> None:
    ramp = np.linspace(0, severity, now.memory[during].size)
    now.memory[during] = np.maximum(now.memory[during], ramp)


def _disk_full(now: Conditions, during: slice, severity: float) -> None:
    ramp = np.linspace(0, severity, now.disk[during].size)
    now.disk[during] = np.maximum(now.disk[during], ramp)


_FIRST_WORDS_ARE_LATE = ("response-latency", "response-latency-slowest", "response-time")
_MONEY_AND_TOKENS = (
    "llm-cost",
    "llm-cost-day",
    "llm-token-budget-anthropic",
    "llm-token-budget-openai",
)

KINDS: dict[IncidentKind, Kind] = {
    "provider-outage": Kind(
        ("llm-call-success-anthropic", "ticket-success", "llm-api-failures-anthropic"),
        _provider_outage,
        lambda one: f"{one.severity:.0%} of calls to the main provider fail",
    ),
    "slow-model": Kind(
        (*_FIRST_WORDS_ARE_LATE, "llm-latency-anthropic"),
        _slow_model,
        lambda one: f"the model answers {1 + 9 * one.severity:.1f} times as slowly",
    ),
    "bad-deployment": Kind(
        ("api-availability", "ticket-success", "error-rate"),
        _bad_deployment,
        lambda one: f"{one.severity:.0%} of requests fail until the version is rolled back",
        deployed=True,
    ),
    "bad-prompt": Kind(
        ("ai-resolution-rate", "escalation-rate", "customer-satisfaction"),
        _bad_prompt,
        lambda one: f"{one.severity:.0%} fewer tickets resolved until the prompt is rolled back",
        deployed=True,
    ),
    "queue-backlog": Kind(
        (*_FIRST_WORDS_ARE_LATE, "queue-freshness", "queue-depth"),
        _queue_backlog,
        lambda one: f"{one.severity:.0%} of the workers hang",
    ),
    "cost-runaway": Kind(
        _MONEY_AND_TOKENS,
        _cost_runaway,
        lambda one: f"prompts grow to {1 + 2 * one.severity:.1f} times their tokens",
    ),
    "error-leak": Kind(
        ("ticket-success", "db-pool", "db-pool-headroom"),
        _error_leak,
        lambda one: (
            f"database connections leak until {one.severity:.1%} of tickets fail at the end"
        ),
    ),
    "pool-exhaustion": Kind(
        ("api-availability", "ticket-success", "error-rate", "db-pool", "db-pool-headroom"),
        _pool_exhaustion,
        lambda one: f"{one.severity:.0%} of the database's connections are never given back",
    ),
    "retry-storm": Kind(
        ("llm-call-success-anthropic", "llm-api-failures-anthropic", *_MONEY_AND_TOKENS),
        _retry_storm,
        lambda one: f"calls are repeated {1 + 7 * one.severity:.1f} times",
    ),
    "crash-loop": Kind(
        ("pod-crash-looping",),
        _crash_loop,
        lambda _: "the first pod crashes as soon as it is up",
    ),
    "memory-leak": Kind(
        ("memory",),
        _memory_leak,
        lambda one: f"memory leaks until {one.severity:.0%} of the limit is lost",
    ),
    "disk-full": Kind(
        ("disk",),
        _disk_full,
        lambda one: f"logs fill {one.severity:.0%} of the node's disk",
    ),
}
