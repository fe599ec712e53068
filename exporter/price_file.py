"""Prices of one's own: a TOML file that goes before what is published.

``as_of`` is the day on which somebody last looked; each price is for a million tokens::

    as_of = 2026-11-01

    [[price]]
    provider = "anthropic"
    model = "claude-sonnet-4*"      # exactly, or up to the asterisk
    input = 3.0
    output = 15.0
    cache_read = 0.3                # as input where it is missing
    cache_write = 3.75              # as input where it is missing
    cache_write_1h = 6.0            # as cache_write where it is missing
    batch_discount = 0.5            # share that a batch saves; unknown where it is missing
    from = 2026-01-01               # valid from this day on
    tiers = { priority = 1.0 }      # times the price, by tier; unknown where it is missing
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from exporter.rate_card import RateCard, Rates
from exporter.tiers import BATCH, STANDARD, TIERS

if TYPE_CHECKING:
    from collections.abc import Mapping

_MILLION = 1e6
_MOST = 1e9
"""US dollars for a million tokens, beyond which a price is taken for a mistake."""
_MOST_TIMES = 100
"""Times a price, beyond which a tier is taken for a mistake."""
_TIMES = tuple(tier for tier in TIERS if tier not in (STANDARD, BATCH))
_NEEDED = {"provider": "text", "model": "text", "input": "dollars", "output": "dollars"}
_OPTIONAL = {
    "cache_read": "dollars",
    "cache_write": "dollars",
    "cache_write_1h": "dollars",
    "batch_discount": "a share from 0 to 1",
    "from": "a day, such as 2026-01-01",
    "tiers": "a table of tiers",
}


class PriceFileError(ValueError):
    """A price file that cannot be understood: file, entry, field, found and expected."""


@dataclass(frozen=True)
class Price:
    """One entry of a price file: US dollars for a million tokens.

    Attributes:
        provider: Such as ``anthropic``.
        model: A model's name, or how it begins and an asterisk.
        input: Of the prompt.
        output: Of the answer.
        cache_read: Read from the provider's cache.
        cache_write: Written to it.
        cache_write_1h: Written to be kept for an hour.
        batch_discount: What a batch saves, as a share; None if unknown.
        since: The first day on which it is valid.
        tiers: What other tiers cost, in times the price.

    """

    provider: str
    model: str
    input: float
    output: float
    cache_read: float
    cache_write: float
    cache_write_1h: float
    batch_discount: float | None
    since: date
    tiers: Mapping[str, float] = field(default_factory=dict)

    def names(self, provider: str, model: str) -> bool:
        """Whether this price is for a model."""
        begins = self.model.endswith("*") and model.startswith(self.model.removesuffix("*"))
        return self.provider == provider and (begins or self.model == model)

    def card(self, tier: str = STANDARD) -> RateCard:
        """The price for each token in a tier; the usual one where the tier's is unknown."""
        known = self._times(tier)
        times = 1.0 if known is None else known
        dollars = (
            self.input,
            self.cache_read,
            self.cache_write,
            self.cache_write_1h,
            self.output,
        )
        rates = Rates(*(one * times / _MILLION for one in dollars))
        return RateCard(rates, tier_known=known is not None)

    def _times(self, tier: str) -> float | None:
        if tier == STANDARD:
            return 1.0
        if tier == BATCH:
            return None if self.batch_discount is None else 1.0 - self.batch_discount
        return self.tiers.get(tier)


@dataclass(frozen=True)
class PriceFile:
    """A price file.

    Attributes:
        as_of: When somebody last looked.
        prices: In the order of the file.

    """

    as_of: date
    prices: tuple[Price, ...]

    def price(self, provider: str, model: str, on: date) -> Price | None:
        """The price on a day: exact names before beginnings, then the latest."""
        found = [p for p in self.prices if p.names(provider, model) and p.since <= on]
        return max(found, key=lambda p: (p.model == model, len(p.model), p.since), default=None)


def read_price_file(path: Path | str) -> PriceFile:
    """Read a price file.

    Raises:
        PriceFileError: It cannot be read or understood.

    """
    path = Path(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PriceFileError(f"{path}: {error}") from None
    unknown = sorted(tree.keys() - {"as_of", "price"})
    if unknown:
        raise PriceFileError(f"{path}: {unknown[0]}: found a field that does not exist")
    as_of, entries = tree.get("as_of"), tree.get("price", [])
    if not _is_day(as_of):
        raise PriceFileError(f"{path}: as_of: found {_shown(as_of)}, expected a day")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise PriceFileError(f"{path}: price: found {_shown(entries)}, expected [[price]] entries")
    prices = [_price(one, f"{path}: price {number}") for number, one in enumerate(entries, 1)]
    firsts: dict[tuple[str, str, date], int] = {}
    for number, price in enumerate(prices, 1):
        first = firsts.setdefault((price.provider, price.model, price.since), number)
        if first != number:
            again = f"found the provider, model and day of price {first} again"
            raise PriceFileError(f"{path}: price {number}: {again}")
    return PriceFile(as_of, tuple(prices))


def _price(entry: dict[str, Any], where: str) -> Price:
    for name in entry:
        if name not in _NEEDED and name not in _OPTIONAL:
            raise PriceFileError(f"{where}: {name}: found a field that does not exist")
    for name, expected in {**_NEEDED, **_OPTIONAL}.items():
        if name in entry or name in _NEEDED:
            _check(entry.get(name), expected, f"{where}: {name}")
    tiers = entry.get("tiers", {})
    for tier, times in tiers.items():
        if tier not in _TIMES:
            expected = ", ".join(_TIMES)
            raise PriceFileError(f"{where}: tiers: found {_shown(tier)}, expected {expected}")
        _check(times, "times the price, from 0 to 100", f"{where}: tiers: {tier}")
    dollars = float(entry["input"])
    written = float(entry.get("cache_write", dollars))
    discount = entry.get("batch_discount")
    return Price(
        provider=entry["provider"],
        model=entry["model"],
        input=dollars,
        output=float(entry["output"]),
        cache_read=float(entry.get("cache_read", dollars)),
        cache_write=written,
        cache_write_1h=float(entry.get("cache_write_1h", written)),
        batch_discount=None if discount is None else float(discount),
        since=entry.get("from", date.min),
        tiers={tier: float(times) for tier, times in tiers.items()},
    )


def _check(value: object, expected: str, where: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match expected:
        case "text":
            right = isinstance(value, str) and value != ""
        case "dollars":
            right = number and 0 <= value <= _MOST  # type: ignore[operator]
        case "a share from 0 to 1":
            right = number and 0 <= value <= 1  # type: ignore[operator]
        case "times the price, from 0 to 100":
            right = number and 0 <= value <= _MOST_TIMES  # type: ignore[operator]
        case "a table of tiers":
            right = isinstance(value, dict)
        case _:
            right = _is_day(value)
    if not right:
        raise PriceFileError(f"{where}: found {_shown(value)}, expected {expected}")


def _is_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)[:60]
