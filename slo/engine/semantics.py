"""What differs between Prometheus' versions where PromQL is replayed."""

from __future__ import annotations

import re
from dataclasses import dataclass

LOOKBACK = 5 * 60 * 1000
"""Milliseconds that an instant selector looks back (--query.lookback-delta's default)."""


@dataclass(frozen=True)
class Semantics:
    """One version's arithmetic.

    Attributes:
        left_open: Windows and lookback exclude their left end (3.0 and later).
        clamp_first: ``rate()`` considers a counter's zero point before the extrapolation
            threshold (up to 2.50); later versions after it.
        compensated_sum: ``sum()`` adds with Neumaier's compensation (2.54 and later).
        mean_of_sum: ``avg()`` divides such a sum (2.55 and later); before that it moves a mean
            from value to value.

    """

    left_open: bool
    clamp_first: bool
    compensated_sum: bool
    mean_of_sum: bool


_VERSION = re.compile(r"v?(\d+)\.(\d+)")
_COMPARED_WITH = (2, 42)


def semantics_of(version: str) -> Semantics:
    """The arithmetic of a server's version, such as ``2.42.0`` or ``3.7.1-rc.0``.

    An unknown version means that no server stored the samples; then it is that of 2.42, the
    version that integration tests compare with.
    """
    match = _VERSION.match(version)
    release = (int(match[1]), int(match[2])) if match else _COMPARED_WITH
    return Semantics(
        left_open=release >= (3, 0),
        clamp_first=release < (2, 51),
        compensated_sum=release >= (2, 54),
        mean_of_sum=release >= (2, 55),
    )
