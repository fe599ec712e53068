"""What a model's tokens cost on one day: a call's dollars in a fraction of a microsecond."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exporter.usage import TokenUsage

DAY_SECONDS = 86_400
HALF_HOUR_SECONDS = 1_800


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for each token; the names are those of :class:`exporter.usage.TokenUsage`."""

    input: float
    cache_read: float
    cache_write: float
    cache_write_1h: float
    output: float


@dataclass(frozen=True, slots=True)
class RateCard:
    """What a model's tokens cost on one day.

    Attributes:
        rates: Of a call with a prompt of usual length.
        long_prompts: Rates of all tokens of a call whose prompt, that of the cache included, has
            more tokens than the number before them; the longest first.
        tier_known: Whether the rates of the call's tier are known; if not, they are the standard
            ones.
        call: US dollars of a call itself, whatever its tokens; part of what the input costs.
        half_hours: The cards of the day's half hours, from midnight UTC on, where prices change
            within a day; ``rates`` are those at midnight then.

    """

    rates: Rates
    long_prompts: tuple[tuple[int, Rates], ...] = ()
    tier_known: bool = True
    call: float = 0.0
    half_hours: tuple[RateCard, ...] = ()

    def costs(self, usage: TokenUsage) -> tuple[float, float, float, float]:
        """US dollars of a call that is made now: input, cache reads, cache writes, output."""
        fresh, read, written, hour, output, _, _ = usage
        rates = self.rates
        if self.half_hours:
            return self.half_hours[int(time() % DAY_SECONDS) // HALF_HOUR_SECONDS].costs(usage)
        if self.long_prompts:
            rates = self._rates_of(fresh + read + written)
        return (
            fresh * rates.input + self.call,
            read * rates.cache_read,
            (written - hour) * rates.cache_write + hour * rates.cache_write_1h
            if hour
            else written * rates.cache_write,
            output * rates.output,
        )

    def _rates_of(self, prompt: int) -> Rates:
        for start, rates in self.long_prompts:
            if prompt > start:
                return rates
        return self.rates
