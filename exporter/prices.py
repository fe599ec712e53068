"""What tokens cost: rate cards by provider, model and day, made once and kept.

Prices are those of the local file, then those of genai-prices
(https://github.com/pydantic/genai-prices), which takes 40 to 80 microseconds for a call; a rate
card takes a fraction of one and gives the same dollars.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from exporter.rate_card import DAY_SECONDS, HALF_HOUR_SECONDS, RateCard, Rates
from exporter.tiers import BATCH, FAST, STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genai_prices.types import PriceCalculation

    from exporter.price_file import PriceFile

_MILLION = 1e6
_THOUSAND = 1e3
_CARDS = 1_000
"""As many as are kept: names of models may be junk."""
_CONTEXTS = {
    BATCH: {"processing": "batch"},
    # Anthropic's name for it and OpenAI's; no model has prices under both.
    FAST: {"speed": "fast", "service_tier": "fast"},
}
"""How genai-prices names tiers; the others are names of a ``service_tier``."""


@dataclass(frozen=True, eq=False)
class PriceBook:
    """Finds rate cards.

    Attributes:
        own: Prices that go before those of genai-prices.

    """

    own: PriceFile | None = None
    _cards: dict[tuple[str, str, int, str], RateCard | None] = field(
        default_factory=dict, repr=False
    )

    def card(
        self, provider: object, model: object, day: int, tier: str = STANDARD
    ) -> RateCard | None:
        """What a model costs on a day; None where nobody knows.

        Args:
            provider: Such as ``anthropic``, as genai-prices or the price file spells it.
            model: As the provider's answer names it, or an alias of it.
            day: Days since 1970-01-01, UTC.
            tier: In which it is served, one of :data:`exporter.tiers.TIERS` or ``other``.

        """
        if not (isinstance(provider, str) and isinstance(model, str)):
            return None
        key = (provider, model, day, tier)
        if key not in self._cards:
            if len(self._cards) >= _CARDS:
                self._cards.clear()
            self._cards[key] = self._made(*key)
        return self._cards[key]

    def _made(self, provider: str, model: str, day: int, tier: str) -> RateCard | None:
        at = datetime.fromtimestamp(day * DAY_SECONDS, UTC)
        if self.own and (price := self.own.price(provider, model, at.date())):
            return price.card(tier)
        return _published(provider, model, at, tier)


def _published(provider: str, model: str, at: datetime, tier: str) -> RateCard | None:
    """A card from genai-prices; None where it is not installed or does not know the model."""
    try:
        from genai_prices import Usage, calc_price  # noqa: PLC0415  a sixth of a second
    except ImportError:
        return None

    def priced(context: dict[str, str] | None, when: datetime) -> PriceCalculation:
        return calc_price(
            Usage(input_tokens=1, output_tokens=1),
            model,
            provider_id=provider,
            genai_request_timestamp=when,
            price_context=context,
        )

    context = None if tier == STANDARD else _CONTEXTS.get(tier, {"service_tier": tier})

    def card(when: datetime) -> RateCard | None:
        price = priced(context, when)
        known = context is None or _sells(price.model, context, when)
        return _card(price.model_price, tier_known=known)

    try:
        made = card(at)
        if made is None or not _changes_within_a_day(priced(None, at).model):
            return made
        steps = range(0, DAY_SECONDS, HALF_HOUR_SECONDS)
        cards = [card(at + timedelta(seconds=step)) for step in steps]
    except LookupError:
        return None
    return replace(made, half_hours=tuple(one or made for one in cards))


def _changes_within_a_day(model: Any) -> bool:
    prices = model.prices if isinstance(model.prices, list) else ()
    return any(hasattr(one.constraint, "start_time") for one in prices)


def _sells(model: Any, context: dict[str, str], when: datetime) -> bool:
    """Whether a model has prices in a context; where it has none, those of any call hold."""
    return any(
        context.items() >= one.when.items()
        for one in model.price_variants or ()
        if one.constraint is None or one.constraint.active(when)
    )


def _card(price: object, *, tier_known: bool) -> RateCard | None:
    """The card of a price; None where tokens have none, as with models of speech and images."""
    if all(getattr(price, name, None) is None for name in _FIELDS):
        return None
    longer = tuple((start, _rates(price, start + 1)) for start in sorted(_starts(price))[::-1])
    call = float(getattr(price, "requests_kcount", None) or 0) / _THOUSAND
    return RateCard(_rates(price, 0), longer, tier_known, call)


_FIELDS = (
    "input_mtok",
    "cache_read_mtok",
    "cache_write_mtok",
    "cache_write_1h_mtok",
    "output_mtok",
)


def _rates(price: object, prompt: int) -> Rates:
    """Rates of a prompt's length; what has no price of its own costs what any input costs."""
    dollars: list[float] = []
    for name, otherwise in zip(_FIELDS, (None, 0, 0, 2, None), strict=True):
        found = _at_length(getattr(price, name, None), prompt)
        if found is None:
            found = 0.0 if otherwise is None else dollars[otherwise]
        dollars.append(found)
    return Rates(*dollars)


def _at_length(price: Any, prompt: int) -> float | None:
    if price is None:
        return None
    found = getattr(price, "base", price)
    for tier in getattr(price, "tiers", ()):
        if prompt > tier.start:
            found = tier.price
    return float(found) / _MILLION


def _starts(price: object) -> Iterable[int]:
    return {
        tier.start for name in _FIELDS for tier in getattr(getattr(price, name, None), "tiers", ())
    }
