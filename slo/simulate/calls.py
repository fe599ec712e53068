"""Calls to large language models: outcomes, durations, tokens and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.simulate.conditions import LLM_ERRORS
from slo.simulate.latency import Latency

if TYPE_CHECKING:
    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.target import Counts, Target

_PREFIX = "support_agent_llm"
_CALLS_A_TICKET = 2.8
_CANCELLED = 0.003
_OUTCOMES = ("success", "error", "cancelled")
_TO_LAST_BYTE = Latency(
    parts=((1.0, 3.3, 0.68),),
    bounds=(0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120),
)
_DOLLARS_A_TOKEN = 1e-6
_TOKEN_SPREAD = 0.8
"""Standard deviation of the tokens of one call, as a share of their mean."""


@dataclass(frozen=True)
class _Model:
    """A model: its share of the calls; mean tokens of a call and dollars per million by type."""

    provider: str
    name: str
    share: float
    tokens: dict[str, tuple[float, float]]


_MODELS = (
    _Model(
        "anthropic",
        "claude-sonnet-4",
        0.8,
        {
            "input": (1270, 3.0),
            "cache_read": (2080, 0.3),
            "cache_write": (60, 3.75),
            "output": (187, 15.0),
        },
    ),
    _Model(
        "openai",
        "gpt-5-mini",
        0.2,
        {"input": (900, 0.25), "cache_read": (600, 0.025), "output": (150, 2.0)},
    ),
)
"""List prices; the first is the main provider, whose outages hurt."""


def call_models(target: Target, tickets: Counts, now: Conditions, rng: np.random.Generator) -> None:
    """Make the calls that some tickets take, and count them."""
    calls = rng.poisson(_CALLS_A_TICKET * tickets)
    main, other = _MODELS
    of_main = rng.binomial(calls, main.share)
    answered = _call(target, main, of_main, now.llm_errors, rng)
    _time(target, main, answered, now, rng)
    _spend(target, main, answered, now, rng)
    healthy = np.full(calls.size, LLM_ERRORS)
    answered = _call(target, other, calls - of_main, healthy, rng)
    _spend(target, other, answered, now, rng)


def _call(
    target: Target, model: _Model, calls: Counts, errors: Values, rng: np.random.Generator
) -> Counts:
    """Count the calls of a model by outcome; returns those that succeeded."""
    cancelled = np.full(errors.size, _CANCELLED)
    errors = np.minimum(errors, 1 - _CANCELLED)
    shares = np.stack([1 - errors - cancelled, errors, cancelled], axis=1).clip(0)
    by_outcome = rng.multinomial(calls, shares)
    for outcome, counts in zip(_OUTCOMES, by_outcome.T, strict=True):
        labels = {**_labels(model), "operation": "chat", "outcome": outcome}
        target.counter(f"{_PREFIX}_requests_total", labels, counts)
    succeeded: Counts = by_outcome[:, 0]
    return succeeded


def _time(
    target: Target, model: _Model, answered: Counts, now: Conditions, rng: np.random.Generator
) -> None:
    shares = _TO_LAST_BYTE.shares(now.slowness, np.zeros(answered.size))
    counts = rng.multinomial(answered, shares)
    labels = {**_labels(model), "outcome": "success"}
    name = f"{_PREFIX}_request_duration_seconds"
    target.histogram(name, labels, _TO_LAST_BYTE.bounds, counts)
    target.counter(f"{name}_sum", labels, _TO_LAST_BYTE.sums(counts, rng))


def _spend(
    target: Target, model: _Model, answered: Counts, now: Conditions, rng: np.random.Generator
) -> None:
    # A sum of gamma variables is one of as many times the shape.
    shape = answered / _TOKEN_SPREAD**2
    for kind, (mean, dollars) in model.tokens.items():
        scale = mean * _TOKEN_SPREAD**2
        longer = 1.0 if kind == "output" else now.tokens
        tokens = np.rint(rng.standard_gamma(shape) * scale * longer).astype(np.int64)
        labels = {**_labels(model), "token_type": kind}
        target.counter(f"{_PREFIX}_tokens_total", labels, tokens)
        price = dollars * _DOLLARS_A_TOKEN
        target.counter(f"{_PREFIX}_cost_usd_total", labels, tokens, unit=price)


def _labels(model: _Model) -> dict[str, str]:
    return {"provider": model.provider, "model": model.name}
