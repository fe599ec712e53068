"""Instants at which something is evaluated: evenly spaced, both ends among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slo.model.samples import Times


@dataclass(frozen=True, order=True)
class Grid:
    """Evenly spaced instants, as a range query names them.

    Attributes:
        start: The first instant, in Unix milliseconds.
        end: No instant is later.
        step: Milliseconds from one to the next.

    """

    start: int
    end: int
    step: int

    def __post_init__(self) -> None:
        if self.step <= 0 or self.end < self.start:
            raise ValueError(
                f"{self} needs a positive step and an end that is not before its start"
            )

    @classmethod
    def at(cls, instant: int) -> Grid:
        """One instant alone."""
        return cls(instant, instant, 1)

    @property
    def instants(self) -> Times:
        """Unix milliseconds, shape (n,)."""
        return np.arange(self.start, self.end + 1, self.step, dtype=np.int64)

    @property
    def size(self) -> int:
        """How many instants there are."""
        return (self.end - self.start) // self.step + 1
