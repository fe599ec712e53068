"""What the demonstration itself counts, beside the exporter: the two must agree."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Tally:
    """Counts of what was done, by name; safe to be used by several threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, name: str, amount: int = 1) -> None:
        """Something was done."""
        with self._lock:
            self._counts[name] += amount

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def __call__(self) -> dict[str, int]:
        """All counts of this moment, in the order of their names."""
        with self._lock:
            return dict(sorted(self._counts.items()))
