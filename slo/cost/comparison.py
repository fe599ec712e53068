"""Models side by side: what each cost for its calls, and would cost for everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.ledger import added

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.cost.ledger import Ledger
    from slo.model.samples import Mask

PROMPT = ("input", "cache_read", "cache_write")
"""Types of token that a prompt consists of."""

NAN = float("nan")


@dataclass(frozen=True)
class ModelCost:
    """A model in a stretch.

    Attributes:
        provider: Who runs it.
        model: Its name.
        dollars: What it cost.
        calls: Its calls.
        tokens: Of all types.
        cached: Share of its prompts' tokens that came from the cache; NaN without prompts.
        all_work: Dollars for the tokens of every model's calls, at this one's prices; NaN where
            one is missing. A type that it does not charge by itself costs what fresh
            input costs.

    """

    provider: str
    model: str
    dollars: float
    calls: float
    tokens: float
    cached: float
    all_work: float

    @property
    def per_call(self) -> float:
        """Dollars a call; NaN without calls."""
        return self.dollars / self.calls if self.calls else NAN

    @property
    def tokens_per_call(self) -> float:
        """Tokens a call; NaN without calls."""
        return self.tokens / self.calls if self.calls else NAN


def comparison(found: Ledger, days: Mask) -> tuple[ModelCost, ...]:
    """Every model that was used on some days, the dearest first."""
    dollars, tokens = added(found.llm, days), added(found.tokens, days)
    calls, prices = added(found.calls, days), last_prices(found, days)
    work: dict[str, float] = {}
    for (_, _, kind), count in tokens.items():
        work[kind] = work.get(kind, 0.0) + count
    models = sorted({key[:2] for key in (*dollars, *tokens)} | set(calls))
    made = [
        ModelCost(
            provider=provider,
            model=model,
            dollars=fsum(v for key, v in dollars.items() if key[:2] == (provider, model)),
            calls=calls.get((provider, model), 0.0),
            tokens=fsum(v for key, v in tokens.items() if key[:2] == (provider, model)),
            cached=cached_share(tokens, (provider, model)),
            all_work=fsum(
                count / 1e6 * _price(prices, provider, model, kind) for kind, count in work.items()
            ),
        )
        for provider, model in models
    ]
    used = (one for one in made if one.dollars or one.calls or one.tokens)
    return tuple(sorted(used, key=lambda one: (-one.dollars, one.provider, one.model)))


def last_prices(found: Ledger, days: Mask) -> dict[tuple[str, ...], float]:
    """Each item's last price of some days, dollars a million tokens; NaN where unknown."""
    made = {}
    for key, values in found.prices.items():
        known = np.flatnonzero(days & np.isfinite(values))
        made[key] = float(values[known[-1]]) if known.size else NAN
    return made


def cached_share(tokens: Mapping[tuple[str, ...], float], model: tuple[str, str]) -> float:
    """Share of a model's prompt tokens that came from the cache; NaN without prompts."""
    prompt = fsum(tokens.get((*model, kind), 0.0) for kind in PROMPT)
    return tokens.get((*model, "cache_read"), 0.0) / prompt if prompt else NAN


def _price(prices: Mapping[tuple[str, ...], float], provider: str, model: str, kind: str) -> float:
    fresh = prices.get((provider, model, "input"), NAN)
    return prices.get((provider, model, kind), fresh if kind in PROMPT else NAN)
