"""The large language models that the agent calls: shares, prices, lengths and speeds.

List prices in US dollars; lengths after the Azure LLM inference trace of 2023 (Splitwise, ISCA
2024) and time to the first chunk after public pings, lognormal both.
"""

from __future__ import annotations

from dataclasses import dataclass

from slo.simulate.distribution import Distribution

_TO_LAST_BYTE = (0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 30, 60, 120)
_TO_FIRST_CHUNK = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30)


@dataclass(frozen=True)
class Lengths:
    """How many tokens a call takes.

    Attributes:
        prompt: Median and sigma of the prompt.
        cached: Mean share of the prompt that is read from the provider's cache, and its spread.
        written: What is written to the cache, as a share of the prompt.
        output: Median and sigma of the answer.

    """

    prompt: tuple[float, float]
    cached: tuple[float, float]
    written: float
    output: tuple[float, float]


@dataclass(frozen=True)
class Model:
    """A model: who runs it, what it costs, and how it answers.

    Attributes:
        provider: The provider.
        name: The model's name.
        share: Of all calls.
        prices: Dollars per million tokens, by type of token.
        lengths: Tokens of a call.
        last_byte: Time to the end of an answer.
        first_chunk: Time to its beginning.
        daily_tokens: The token budget of a day.

    """

    provider: str
    name: str
    share: float
    prices: dict[str, float]
    lengths: Lengths
    last_byte: Distribution
    first_chunk: Distribution
    daily_tokens: float

    @property
    def labels(self) -> dict[str, str]:
        """By which it is told from others."""
        return {"provider": self.provider, "model": self.name}


MODELS = (
    Model(
        "anthropic",
        "claude-sonnet-4",
        0.8,
        {"input": 3.0, "cache_read": 0.3, "cache_write": 3.75, "output": 15.0},
        Lengths((2800, 0.6), (0.62, 0.12), 0.018, (129, 0.86)),
        Distribution(((1.0, 3.3, 0.68),), _TO_LAST_BYTE),
        Distribution(((1.0, 0.94, 0.70),), _TO_FIRST_CHUNK),
        1.2e8,
    ),
    Model(
        "openai",
        "gpt-5-mini",
        0.2,
        {"input": 0.25, "cache_read": 0.025, "output": 2.0},
        Lengths((1250, 0.6), (0.4, 0.1), 0.0, (104, 0.86)),
        Distribution(((0.985, 2.4, 0.6), (0.015, 6.0, 0.7)), _TO_LAST_BYTE),
        Distribution(((0.985, 0.64, 0.35), (0.015, 3.0, 0.7)), _TO_FIRST_CHUNK),
        1.4e7,
    ),
)
"""The first is the main provider, whose outages hurt."""
