"""PromQL that an alert may look at, as a tree: read, written and replayed alike.

``slo.promql_expression`` reads and writes it; ``slo.engine.expression`` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.model.selector import Selector

RangeFunction = Literal[
    "rate", "increase", "avg_over_time", "max_over_time", "min_over_time", "sum_over_time",
    "count_over_time",
]  # fmt: skip
AggregateOperator = Literal["sum", "max", "min", "avg", "count"]
BinaryOperator = Literal["+", "-", "*", "/", "or"]


@dataclass(frozen=True)
class Number:
    """A number; a vector of one element without labels where ``vector()`` makes it one."""

    value: float
    is_vector: bool = False


@dataclass(frozen=True)
class Now:
    """``time()``: the instant of the evaluation in Unix seconds."""


@dataclass(frozen=True)
class Latest:
    """An instant selector: the last sample of each series within five minutes."""

    selector: Selector


@dataclass(frozen=True)
class Over:
    """A function over a window of each series; None is the window that the alert names."""

    function: RangeFunction
    selector: Selector
    window: int | None


@dataclass(frozen=True)
class Aggregate:
    """Series that become one for each value of some labels."""

    operator: AggregateOperator
    inner: Node
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Absent:
    """``absent()``: 1 where there is nothing."""

    inner: Node


@dataclass(frozen=True)
class Binary:
    """Arithmetic, or ``or``; elements match by all of their labels, or by those in ``on``."""

    operator: BinaryOperator
    left: Node
    right: Node
    on: tuple[str, ...] | None = None


Node = Number | Now | Latest | Over | Aggregate | Absent | Binary


@dataclass(frozen=True)
class Expression:
    """A measure in one's own words, with at most one result at a time."""

    root: Node

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The series that the measure reads, in the order in which they are written."""
        return tuple(dict.fromkeys(leaf.selector for leaf in leaves(self.root)))

    @property
    def required(self) -> Selector:
        """The series without which there is nothing to look at: the first."""
        return self.selectors[0]

    @property
    def is_windowed(self) -> bool:
        """Whether the alert's window is part of it."""
        return any(isinstance(leaf, Over) and leaf.window is None for leaf in leaves(self.root))

    @property
    def looks_back(self) -> bool:
        """Whether any window is part of it; else it sees what stands at the instant."""
        return any(isinstance(leaf, Over) for leaf in leaves(self.root))

    @property
    def own_windows(self) -> tuple[int, ...]:
        """The windows that it names itself, in milliseconds."""
        return tuple(
            leaf.window for leaf in leaves(self.root) if isinstance(leaf, Over) and leaf.window
        )


def leaves(node: Node) -> Iterator[Latest | Over]:
    """What an expression reads, from left to right."""
    match node:
        case Latest() | Over():
            yield node
        case Aggregate() | Absent():
            yield from leaves(node.inner)
        case Binary():
            yield from leaves(node.left)
            yield from leaves(node.right)


def has_one_result(node: Node) -> bool:
    """Whether an expression can never have two elements at once."""
    match node:
        case Number() | Now() | Absent():
            return True
        case Latest() | Over():
            return False
        case Aggregate():
            return not node.by
        case Binary():
            return has_one_result(node.left) and has_one_result(node.right)


def is_scalar(node: Node) -> bool:
    """Whether an expression is a plain number, not a vector."""
    match node:
        case Now():
            return True
        case Number():
            return not node.is_vector
        case Binary():
            return is_scalar(node.left) and is_scalar(node.right)
        case _:
            return False
