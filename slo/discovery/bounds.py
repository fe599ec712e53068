"""Which bound of a histogram, and which depth of a queue, history lets somebody promise."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.samples import Values

LEVELS = (0.99, 0.95, 0.9)
"""Shares of requests that a bound is looked for, the strictest first."""

_ON_SO_MANY_DAYS = 0.9
_STEPS = (1.0, 2.0, 5.0, 10.0)


def attainable_bound(within: Mapping[str, Values], total: Values) -> str | None:
    """The least of a histogram's bounds that nearly all requests kept, on nearly all days.

    The least bound with 99 % of all requests and of those of nine days in ten; where there is
    none, with 95 %, and then with 90 %. None where not even the largest finite bound holds 90 %.

    Args:
        within: Requests of each day at or under each bound, by ``le`` as Prometheus has it.
        total: All requests of each day.

    """
    finite = {text: float(text) for text in within if _is_bound(text)}
    counted = np.nan_to_num(total)
    busy = counted > 0
    if not busy.any():
        return None
    for level in LEVELS:
        for text in sorted(finite, key=finite.__getitem__):
            kept = np.nan_to_num(within[text])
            shares = kept[busy] / counted[busy]
            pooled = kept.sum() / counted.sum()
            if pooled >= level and (shares >= level).mean() >= _ON_SO_MANY_DAYS:
                return text
    return None


def bound_of(text: str) -> str:
    """A bound as Prometheus 2 prints it: ``1.0``, as 3 does, is ``1``."""
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def round_up(value: float) -> float:
    """The next number of the sort 1, 2, 5, 10, at or above a positive one."""
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-12))


def _is_bound(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?([eE][+-]?\d+)?", text) is not None and float(text) > 0
