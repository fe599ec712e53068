"""The trouble that a demonstration is to show, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Literal, get_args

Kind = Literal["provider", "queue", "none"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MEANING: dict[Kind, str] = {
    "provider": "Anthropic is overloaded: most calls fail, the others are slow",
    "queue": "the database is slow: connections run out, and tickets pile up",
    "none": "nothing goes wrong on purpose",
}


@dataclass(frozen=True)
class Incident:
    """One trouble, once.

    Attributes:
        kind: What goes wrong.
        after: Seconds from the start until it begins.
        lasts: Seconds from then until it is over.

    """

    kind: Kind = "none"
    after: float = 30.0
    lasts: float = 120.0
    _started: float = field(default_factory=monotonic)

    def is_on(self, kind: Kind) -> bool:
        """Whether this kind of trouble is there now."""
        return kind == self.kind and self.active

    @property
    def active(self) -> bool:
        """Whether there is trouble now."""
        since = monotonic() - self._started - self.after
        return self.kind != "none" and 0 <= since < self.lasts
