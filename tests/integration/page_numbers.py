"""The numbers that a page's elements carry, and those of the result beside it."""

from __future__ import annotations

import math
import re

PLOTLYS_OWN = {"unformatted", "math", "notex", "index", "drawn"}


def numbers_of(dom: str) -> dict[str, list[float]]:
    """Every number in an attribute ``data-...``, by the attribute's name, in the page's order."""
    found: dict[str, list[float]] = {}
    for name, text in re.findall(r'\bdata-([a-z-]+)="(-?[\d.]+(?:e[+-]?\d+)?|nan)"', dom):
        if name not in PLOTLYS_OWN:
            found.setdefault(name, []).append(float(text))
    return found


def unknown_numbers(dom: str, result: object) -> list[tuple[str, float]]:
    """Numbers of a page that its result does not hold, to the last bit; nan is None there."""
    known = set(_flat(result))
    return [
        (name, number)
        for name, numbers in numbers_of(dom).items()
        for number in numbers
        if (None if math.isnan(number) else number) not in known
    ]


def _flat(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _flat(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _flat(one)]
    return [value]
