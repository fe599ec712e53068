"""What the stand-ins of all providers share: latency, failures, and a ledger of what they told."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

_CHARACTERS = 4
"""Of a token, about."""

ANSWER = (
    "Thank you for writing to us. I have looked into your order and found what happened. "
    "The change is on its way already and will reach you within two working days. "
    "If anything else is unclear, answer here and we will look again together."
)


class ProviderError(Exception):
    """A call that failed, with the HTTP status that the real clients' exceptions carry."""

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code


@dataclass(frozen=True)
class Ledger:
    """Tokens that a provider has told its customer of, by model and kind, batches apart."""

    _rows: dict[tuple[str, str, bool], dict[str, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def enter(self, provider: str, model: str, *, batch: bool = False, **tokens: int) -> None:
        """Add tokens: ``input`` (fresh), ``cache_read``, ``cache_write``, ``output``."""
        with self._lock:
            row = self._rows.setdefault((provider, model, batch), {})
            for kind, count in tokens.items():
                row[kind] = row.get(kind, 0) + count

    def rows(self) -> list[dict[str, Any]]:
        """A row for each provider, model and kind of price."""
        with self._lock:
            return [
                {"provider": provider, "model": model, "batch": batch, **tokens}
                for (provider, model, batch), tokens in sorted(self._rows.items())
            ]

    def total(self, provider: str) -> int:
        """All tokens of a provider."""
        kinds = ("input", "cache_read", "cache_write", "output")
        return sum(
            row.get(kind, 0) for row in self.rows() if row["provider"] == provider for kind in kinds
        )


@dataclass(frozen=True)
class Conditions:
    """How a provider does.

    Attributes:
        luck: Where latencies and failures come from.
        ledger: What it tells of tokens.
        is_in_trouble: Whether most calls fail now.

    """

    luck: Random
    ledger: Ledger
    is_in_trouble: Callable[[], bool] = lambda: False

    def first_wait(self) -> float:
        """Seconds until an answer begins."""
        seconds = self.luck.lognormvariate(-1.4, 0.5)
        return seconds * 5 if self.is_in_trouble() else seconds

    def next_wait(self) -> float:
        """Seconds until its next words."""
        return self.luck.uniform(0.01, 0.05)

    def may_fail(self) -> None:
        """Fail now and then, and most of the time while there is trouble.

        Raises:
            ProviderError: It did.

        """
        if self.is_in_trouble() and self.luck.random() < 0.7:  # noqa: PLR2004  a share
            raise ProviderError(529, "Overloaded")
        if self.luck.random() < 0.01:  # noqa: PLR2004  a share
            status = self.luck.choice((429, 500, 503))
            raise ProviderError(status, "Try again later")


def tokens_of(text: str) -> int:
    """How many tokens a text has, about."""
    return max(len(text) // _CHARACTERS, 1)


def words(text: str) -> Iterator[str]:
    """A text in the pieces in which it is streamed."""
    parts = text.split(" ")
    for first in range(0, len(parts), 6):
        yield " ".join(parts[first : first + 6]) + " "


def as_object(tree: Any) -> Any:
    """Dictionaries as objects with attributes, as clients return them."""
    if isinstance(tree, dict):
        return SimpleNamespace(**{name: as_object(value) for name, value in tree.items()})
    return [as_object(one) for one in tree] if isinstance(tree, list) else tree
