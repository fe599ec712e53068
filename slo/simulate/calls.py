"""Calls to large language models: outcomes, durations, tokens and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.conditions import LLM_ERRORS
from slo.simulate.models import MODELS

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.distribution import Distribution
    from slo.simulate.models import Model
    from slo.simulate.target import Counts, Target

_PREFIX = "support_agent_llm"
_CALLS_A_TICKET = 2.8
_CANCELLED = 0.003
_OUTCOMES = ("success", "error", "cancelled")
_ERROR_TYPES = ("overloaded", "rate_limit", "server_error", "timeout")
_ERROR_SHARES = (0.35, 0.25, 0.2, 0.2)
_RETRIED = 0.01
_RETRIES_AN_ERROR = 2.0
_FALLEN_BACK = 0.5
"""Share of the main provider's errors after which the other one is asked."""

_FEATURES = (("reply", 0.8), ("triage", 0.15), ("summary", 0.05))
"""What tokens are spent on, and its share of the dollars."""

_RATE_LIMIT = 4_000
_DOLLARS_A_TOKEN = 1e-6


@dataclass(frozen=True, eq=False)
class Answered:
    """Calls that were answered, arrays of shape (calls,).

    Attributes:
        interval: In which scrape interval.
        dollars: What each of them cost.

    """

    interval: Counts
    dollars: Values


def call_models(
    target: Target, tickets: Counts, now: Conditions, rng: np.random.Generator
) -> Answered:
    """Make the calls that some tickets take, and count them; none is made for anything else."""
    calls = rng.poisson(_CALLS_A_TICKET * tickets * now.calls)
    main, other = MODELS
    of_main = rng.binomial(calls, main.share)
    healthy = np.full(calls.size, LLM_ERRORS)
    failed, by_main = _ask(target, main, of_main, (now.llm_errors, now.slowness, now.tokens), rng)
    usual = np.ones(calls.size)
    _, by_other = _ask(target, other, calls - of_main, (healthy, usual, now.tokens), rng)
    labels = {"from_model": main.name, "to_model": other.name, "reason": "error"}
    target.counter(f"{_PREFIX}_fallbacks_total", labels, rng.binomial(failed, _FALLEN_BACK))
    noticed = {"component": "llm", "error_type": "provider_error"}
    target.counter("support_agent_errors_total", noticed, failed)
    return Answered(
        np.concatenate((by_main.interval, by_other.interval)),
        np.concatenate((by_main.dollars, by_other.dollars)),
    )


def _ask(
    target: Target,
    model: Model,
    calls: Counts,
    now: tuple[Values, Values, Values],
    rng: np.random.Generator,
) -> tuple[Counts, Answered]:
    """Everything about the calls of one model; returns those that failed, and the others.

    Args:
        target: The pod.
        model: The model.
        calls: Calls in each scrape interval.
        now: The share that fails, slowness, and what a prompt's tokens are multiplied by.
        rng: Chance.

    """
    errors, slowness, longer = now
    answered, failed = _count(target, model, calls, errors, rng)
    _time(target, model, answered, slowness, rng)
    spent = _spend(target, model, answered, longer, rng)
    busy = calls / target.seconds * 4.0 * slowness
    target.gauge(f"{_PREFIX}_requests_in_progress", model.labels, rng.poisson(busy))
    _configured(target, model, errors)
    return failed, spent


def _count(
    target: Target, model: Model, calls: Counts, errors: Values, rng: np.random.Generator
) -> tuple[Counts, Counts]:
    """Count the calls of a model by outcome; returns those that succeeded and that failed."""
    cancelled = np.full(errors.size, _CANCELLED)
    errors = np.minimum(errors, 1 - _CANCELLED)
    shares = np.stack([1 - errors - cancelled, errors, cancelled], axis=1).clip(0)
    by_outcome = rng.multinomial(calls, shares)
    for outcome, counts in zip(_OUTCOMES, by_outcome.T, strict=True):
        labels = {**model.labels, "operation": "chat", "outcome": outcome}
        target.counter(f"{_PREFIX}_requests_total", labels, counts)
    answered, failed = by_outcome[:, 0], by_outcome[:, 1]
    by_type = rng.multinomial(failed, _ERROR_SHARES)
    for error_type, counts in zip(_ERROR_TYPES, by_type.T, strict=True):
        target.counter(
            f"{_PREFIX}_errors_total", {**model.labels, "error_type": error_type}, counts
        )
    retries = rng.poisson(_RETRIED * calls + _RETRIES_AN_ERROR * failed)
    target.counter(f"{_PREFIX}_retries_total", model.labels, retries)
    return answered, failed


def _time(
    target: Target, model: Model, answered: Counts, slowness: Values, rng: np.random.Generator
) -> None:
    timed: tuple[tuple[str, dict[str, str], Distribution], ...] = (
        ("request_duration_seconds", {"outcome": "success"}, model.last_byte),
        ("time_to_first_chunk_seconds", {}, model.first_chunk),
    )
    for name, labels, latency in timed:
        shares = latency.shares(slowness, np.zeros(answered.size))
        counts = rng.multinomial(answered, shares)
        target.observed(f"{_PREFIX}_{name}", {**model.labels, **labels}, latency, counts, rng)


def _spend(
    target: Target, model: Model, answered: Counts, longer: Values, rng: np.random.Generator
) -> Answered:
    """Draw every call's lengths, so that their tails are as heavy as they are."""
    interval = np.repeat(np.arange(answered.size), answered)
    lengths = model.lengths
    prompt = rng.lognormal(np.log(lengths.prompt[0]), lengths.prompt[1], interval.size)
    prompt *= longer[interval]
    cached = prompt * rng.normal(*lengths.cached, interval.size).clip(0, 0.95)
    output = rng.lognormal(np.log(lengths.output[0]), lengths.output[1], interval.size)
    tokens = {
        "input": prompt - cached,
        "cache_read": cached,
        "cache_write": prompt * lengths.written,
        "output": output,
    }
    dollars_spent, each = np.zeros(answered.size), np.zeros(interval.size)
    for kind, dollars in model.prices.items():
        whole = np.rint(tokens[kind])
        counted = np.bincount(interval, whole, answered.size).astype(np.int64)
        labels = {**model.labels, "token_type": kind}
        target.counter(f"{_PREFIX}_tokens_total", labels, counted)
        price = dollars * _DOLLARS_A_TOKEN
        target.counter(f"{_PREFIX}_cost_usd_total", labels, counted, unit=price)
        dollars_spent += counted * price
        each += whole * price
    for feature, share in _FEATURES:
        labels = {**model.labels, "feature": feature}
        target.counter(f"{_PREFIX}_feature_cost_usd_total", labels, dollars_spent * share)
    return Answered(interval, each)


def _configured(target: Target, model: Model, errors: Values) -> None:
    """What does not follow from calls: prices, budgets, and whether calls are tried at all."""
    for kind, dollars in model.prices.items():
        labels = {**model.labels, "token_type": kind}
        target.held(f"{_PREFIX}_price_usd_per_million_tokens", labels, dollars)
    labels = {"provider": model.provider}
    budget = {**labels, "period": "day"}
    target.held(f"{_PREFIX}_token_budget_tokens", budget, model.daily_tokens)
    target.gauge(f"{_PREFIX}_circuit_breaker_open", labels, errors > 0.5)  # noqa: PLR2004  half
    left = np.floor(_RATE_LIMIT * (1 - errors.clip(0, 1)))
    target.gauge(f"{_PREFIX}_ratelimit_remaining", {**model.labels, "kind": "requests"}, left)
    unpriced = {**labels, "reason": "unknown_model"}
    target.counter(f"{_PREFIX}_unpriced_requests_total", unpriced, np.zeros(errors.size))
