"""Which series are meant: PromQL's instant vector selectors, matched as Prometheus matches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Labels = tuple[tuple[str, str], ...]
"""A series' labels, ``__name__`` among them, sorted by name: Prometheus' order of series."""

METRIC_NAME = "__name__"

MatchOp = Literal["=", "!=", "=~", "!~"]


def labels_of(mapping: dict[str, str]) -> Labels:
    """Labels in Prometheus' order; empty values are the same as absent labels and are dropped."""
    return tuple(sorted((name, value) for name, value in mapping.items() if value))


@dataclass(frozen=True)
class Matcher:
    """One condition on one label; regular expressions are anchored at both ends."""

    name: str
    op: MatchOp
    value: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.value})", re.DOTALL)

    def matches(self, value: str) -> bool:
        """Whether a label's value (empty where the label is absent) satisfies the condition."""
        match self.op:
            case "=":
                return value == self.value
            case "!=":
                return value != self.value
            case "=~":
                return self._pattern.fullmatch(value) is not None
            case "!~":
                return self._pattern.fullmatch(value) is None

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{self.op}"{escaped}"'


@dataclass(frozen=True)
class Selector:
    """Conditions that a series must satisfy, all of them."""

    matchers: tuple[Matcher, ...]

    @property
    def metric(self) -> str:
        """The metric's name, or an empty text where no single name is asked for."""
        names = [m.value for m in self.matchers if m.name == METRIC_NAME and m.op == "="]
        return names[0] if names else ""

    def matches(self, labels: Labels) -> bool:
        """Whether the series with these labels is selected."""
        values = dict(labels)
        return all(m.matches(values.get(m.name, "")) for m in self.matchers)

    def without(self, label: str) -> Selector:
        """The same selector without its conditions on a label."""
        return Selector(tuple(m for m in self.matchers if m.name != label))

    def where(self, matcher: Matcher) -> Selector:
        """The same selector with one more condition."""
        return Selector((*self.matchers, matcher))

    def __str__(self) -> str:
        conditions = [str(m) for m in self.matchers if not (m.name == METRIC_NAME and m.op == "=")]
        braces = "{" + ",".join(conditions) + "}" if conditions or not self.metric else ""
        return f"{self.metric}{braces}"
