"""Where money went: the same dollars cut by service, model, type of token, category, feature."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from slo.cost.ledger import added, total

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slo.cost.ledger import Ledger
    from slo.engine.growth import Tally
    from slo.model.samples import Mask

UNALLOCATED = "not allocated"
_CENT = 0.005


@dataclass(frozen=True)
class Line:
    """What something cost in a stretch and in the one before.

    Attributes:
        name: What it is.
        dollars: Of the stretch.
        before: Of the one before.

    """

    name: str
    dollars: float
    before: float

    @property
    def change(self) -> float:
        """Dollars more than before."""
        return self.dollars - self.before


@dataclass(frozen=True)
class Allocation:
    """One way to cut the same money.

    Attributes:
        by: What it is cut by.
        lines: The dearest first; what belongs to nothing stands last.

    """

    by: str
    lines: tuple[Line, ...]

    @property
    def dollars(self) -> float:
        """All of it."""
        return fsum(line.dollars for line in self.lines)


def allocations(found: Ledger, days: Mask, before: Mask) -> tuple[Allocation, ...]:
    """Every cut that the metrics know; those of model cost say what they leave unallocated."""
    models = total(found.llm, days), total(found.llm, before)
    services = _grouped(found.llm, days, before, lambda key: f"models of {key[0]}")
    services += _grouped(found.running, days, before, lambda key: key[0])
    cuts = (
        ("service", services, None),
        ("model", _grouped(found.llm, days, before, lambda key: f"{key[0]} {key[1]}"), None),
        ("type of token", _grouped(found.llm, days, before, lambda key: key[2]), None),
        ("category", _grouped(found.by_category, days, before, lambda key: key[0]), models),
        ("feature", _grouped(found.by_feature, days, before, lambda key: key[0]), models),
    )
    made = (
        Allocation(by, (*sorted(lines, key=_dearest_first), *_rest(lines, whole)))
        for by, lines, whole in cuts
        if lines
    )
    return tuple(made)


def movers(found: Ledger, days: Mask, before: Mask, most: int = 5) -> tuple[Line, ...]:
    """What changed most, up or down: items of models and running services."""
    lines = _grouped(found.llm, days, before, " ".join)
    lines += _grouped(found.running, days, before, lambda key: key[0])
    moved = (line for line in lines if abs(line.change) >= _CENT)
    return tuple(sorted(moved, key=lambda line: (-abs(line.change), line.name))[:most])


def _grouped(
    found: Tally, days: Mask, before: Mask, named: Callable[[tuple[str, ...]], str]
) -> list[Line]:
    now, then = (_by_name(added(found, mask), named) for mask in (days, before))
    lines = (Line(name, now[name], then[name]) for name in now)
    return [line for line in lines if line.dollars or line.before]


def _by_name(
    dollars: Mapping[tuple[str, ...], float], named: Callable[[tuple[str, ...]], str]
) -> dict[str, float]:
    parts: dict[str, list[float]] = {}
    for key, amount in dollars.items():
        parts.setdefault(named(key) or "(none)", []).append(amount)
    return {name: fsum(amounts) for name, amounts in parts.items()}


def _rest(lines: list[Line], whole: tuple[float, float] | None) -> tuple[Line, ...]:
    """What the whole has more than its lines; less than a cent of either week is nothing."""
    if whole is None:
        return ()
    now = whole[0] - fsum(line.dollars for line in lines)
    then = whole[1] - fsum(line.before for line in lines)
    return (Line(UNALLOCATED, now, then),) if max(abs(now), abs(then)) >= _CENT else ()


def _dearest_first(line: Line) -> tuple[float, str]:
    return -line.dollars, line.name
