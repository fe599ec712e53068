"""Why cost changed: price, volume and mix, which add up to the change.

Price is what the new quantities would have cost less at the old prices. Volume is what the old
mix costs at the new number of tokens. Mix is the rest at old prices: more of a dear model, fewer
tokens out of a cache. Volume is split further into tickets, calls a ticket and tokens a call by
logarithmic means, which leave no remainder and favour no order (B. W. Ang, "The LMDI approach to
decomposition analysis", Energy Policy 33, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, fsum, log
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.ledger import added, over, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.cost.ledger import Ledger
    from slo.model.samples import Mask

TRAFFIC, CALLS, LENGTH = "tickets", "calls per ticket", "tokens per call"
PRICE, MIX, RUNNING, UNMEASURED = "price", "mix", "running cost", "cost without tokens"
VOLUME = "tokens"

_Row = tuple[float, float, float, float]
"""Of an item: dollars before and after, tokens before and after."""


@dataclass(frozen=True)
class Usage:
    """What was used in a stretch.

    Attributes:
        dollars: For models, by provider, model and type of token.
        tokens: By the same.
        calls: Of models.
        tickets: That were finished.
        running: Dollars for all else.

    """

    dollars: Mapping[tuple[str, ...], float]
    tokens: Mapping[tuple[str, ...], float]
    calls: float
    tickets: float
    running: float

    @property
    def total(self) -> float:
        """Dollars for everything."""
        return fsum((*self.dollars.values(), self.running))


@dataclass(frozen=True)
class Part:
    """A part of a change, in dollars."""

    name: str
    dollars: float


@dataclass(frozen=True)
class Change:
    """A change of cost, split; ``price + volume + mix + running + unmeasured`` is all of it.

    Attributes:
        before: Dollars of the stretch before.
        after: Dollars of the stretch.
        price: Dollars by which prices changed it.
        volume: Dollars by which the number of tokens changed it.
        mix: Dollars by which models and types of token changed it.
        running: The change of what is not paid by token.
        unmeasured: The change of model cost for which no tokens were counted.
        drivers: Volume split into tickets, calls a ticket and tokens a call; empty where one of
            them is not known.

    """

    before: float
    after: float
    price: float
    volume: float
    mix: float
    running: float
    unmeasured: float
    drivers: tuple[Part, ...]

    @property
    def dollars(self) -> float:
        """The whole change."""
        return self.after - self.before

    @property
    def ratio(self) -> float:
        """The change as a share of what was before; NaN where that was nothing."""
        return self.dollars / self.before if self.before else float("nan")

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that changed it, volume as finely as it is known."""
        volume = self.drivers or (Part(VOLUME, self.volume),)
        rest = Part(PRICE, self.price), Part(MIX, self.mix), Part(RUNNING, self.running)
        last = (Part(UNMEASURED, self.unmeasured),) if self.unmeasured else ()
        return (*volume, *rest, *last)

    @property
    def cause(self) -> Part:
        """The part that moved it most in the direction in which it went."""
        return max(self.parts, key=lambda part: part.dollars * (1 if self.dollars >= 0 else -1))


def usage(found: Ledger, days: Mask) -> Usage:
    """What was used on some days."""
    return Usage(
        dollars=added(found.llm, days),
        tokens=added(found.tokens, days),
        calls=total(found.calls, days),
        tickets=over(found.finished(), days),
        running=total(found.running, days),
    )


def typical(found: Ledger, days: Mask) -> Usage:
    """What is usual on some days: the median of each number, at least one day given.

    Fixed items are left out: what is paid today is known, and not what was usual.
    """

    def middle(values: np.ndarray) -> float:
        return float(np.median(values[days]))

    calls = list(found.calls.values()) or [np.zeros(found.days.size)]
    running = list(found.running.values()) or [np.zeros(found.days.size)]
    return Usage(
        dollars={key: middle(values) for key, values in found.llm.items()},
        tokens={key: middle(values) for key, values in found.tokens.items()},
        calls=middle(np.sum(calls, axis=0)),
        tickets=middle(found.finished()),
        running=middle(np.sum(running, axis=0) - found.fixed),
    )


def change(before: Usage, after: Usage) -> Change:
    """Split what changed from one stretch to another."""
    items = sorted({*before.dollars, *after.dollars, *before.tokens, *after.tokens})
    rows = [
        (
            before.dollars.get(item, 0.0),
            after.dollars.get(item, 0.0),
            before.tokens.get(item, 0.0),
            after.tokens.get(item, 0.0),
        )
        for item in items
    ]
    measured = [row for row in rows if (row[2] or not row[0]) and (row[3] or not row[1])]
    old, new, price, mix = _by_item(measured)
    return Change(
        before=before.total,
        after=after.total,
        price=price,
        volume=new - old,
        mix=mix,
        running=after.running - before.running,
        unmeasured=fsum(row[1] - row[0] for row in rows if row not in measured),
        drivers=_drivers(before, after, measured),
    )


def _by_item(rows: list[_Row]) -> tuple[float, float, float, float]:
    """Old dollars, the same for as many tokens as now, and what price and mix changed.

    An item without a past has no old price: it comes at its new one, as mix.
    """
    tokens_before = fsum(row[2] for row in rows)
    tokens = fsum(row[3] for row in rows)
    old = fsum(row[0] for row in rows)
    if not tokens_before:
        return 0.0, fsum(row[1] for row in rows), 0.0, 0.0
    scaled = old * (tokens / tokens_before)
    at_old_prices = [(row[0] / row[2]) * row[3] if row[2] else row[1] for row in rows]
    price = fsum(row[1] - then for row, then in zip(rows, at_old_prices, strict=True))
    return old, scaled, price, fsum((*at_old_prices, -scaled))


def _drivers(before: Usage, after: Usage, rows: list[_Row]) -> tuple[Part, ...]:
    old = fsum(row[0] for row in rows)
    tokens = fsum(row[2] for row in rows), fsum(row[3] for row in rows)
    counts = (*tokens, before.calls, after.calls, before.tickets, after.tickets)
    if not old or min(counts) <= 0:
        return ()
    traffic = log(after.tickets / before.tickets)
    calls = log(after.calls / before.calls) - traffic
    length = log(tokens[1] / tokens[0]) - calls - traffic
    whole = fsum((traffic, calls, length))
    # The logarithmic mean of old cost and cost at the new volume.
    weight = old * expm1(whole) / whole if whole else old
    return (
        Part(TRAFFIC, weight * traffic),
        Part(CALLS, weight * calls),
        Part(LENGTH, weight * length),
    )
