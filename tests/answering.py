"""A Prometheus whose answers a test writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slo.errors import HistoryError
from slo.history.connection import NotTold

NOW = 1_800_000_000.0


@dataclass
class Answering:
    """Answers what it was given; what it was not, it refuses or does not serve.

    Attributes:
        paths: What is told under ``/api/v1/``, by path.
        found: Labels and value of each series, by a piece of the expression that asks for them.
        since: Seconds for which every range has had a result, by a piece of the expression.
        clock: Its clock, in Unix seconds.

    """

    paths: dict[str, Any] = field(default_factory=dict)
    found: dict[str, list[tuple[dict[str, str], float]]] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    clock: float = NOW
    asked: list[str] = field(default_factory=list)
    url: str = "http://prometheus.test"

    def told(self, path: str, **_: str) -> Any:
        if path not in self.paths:
            raise NotTold(f"{self.url} does not serve /api/v1/{path}")
        answer = self.paths[path]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def now(self) -> float:
        return self.clock

    def values(self, expression: str) -> list[tuple[dict[str, str], float]]:
        self.asked.append(expression)
        return next((rows for part, rows in self.found.items() if part in expression), [])

    def instants(self, expression: str, start: float, end: float, step: int) -> list[float]:
        age = next((one for part, one in self.since.items() if part in expression), None)
        steps = round((end - start) / step)
        grid = [start + number * step for number in range(steps + 1)]
        return [] if age is None else [at for at in grid if at >= end - age]


UNREACHABLE = HistoryError("http://prometheus.test cannot be reached")
