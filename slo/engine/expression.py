"""Expressions at instants, exactly what Prometheus says for ``slo.promql_expression.written``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.aggregation import AGGREGATIONS
from slo.engine.over_time import count_over_time, extreme_over_time, sum_over_time
from slo.engine.rate import increase, rate
from slo.engine.slices import looked_up
from slo.model.expression import (
    Absent,
    Aggregate,
    Binary,
    BinaryOperator,
    Latest,
    Now,
    Number,
    Over,
    is_scalar,
)
from slo.model.samples import Points
from slo.model.selector import METRIC_NAME, Labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.engine.semantics import Semantics
    from slo.model.expression import Node
    from slo.model.samples import History, Series, Times, Values

Vector = dict[Labels, Points]
"""Elements by their labels, in the order of those."""

_ARITHMETIC: dict[BinaryOperator, Callable[[Values, Values], Values]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


def computed(node: Node, history: History, window: int, at: Times, semantics: Semantics) -> Points:
    """An expression with at most one result, at instants.

    Args:
        node: The expression; see ``has_one_result``.
        history: Raw samples.
        window: Milliseconds that stand in place of the alert's window.
        at: int64 Unix milliseconds in rising order, shape (E,).
        semantics: A version's arithmetic.

    Raises:
        ValueError: There are several results, or elements that match are not unique.

    """
    elements = list(_Evaluation(history, window, at, semantics).vector(node).values())
    if len(elements) > 1:
        message = f"an expression has {len(elements)} results where one was expected"
        raise ValueError(message)
    return elements[0] if elements else _nothing(at)


@dataclass(frozen=True, eq=False)
class _Evaluation:
    """What stays the same in all parts of an expression."""

    history: History
    window: int
    at: Times
    semantics: Semantics

    def vector(self, node: Node) -> Vector:
        match node:
            case Number() | Now():
                return {(): self._everywhere(self._scalar(node))}
            case Latest():
                look = partial(looked_up, at=self.at, semantics=self.semantics)
                return {one.labels: look(one) for one in self.history.select(node.selector)}
            case Over():
                series = self.history.select(node.selector)
                return _distinct([(_nameless(one.labels), self._over(node, one)) for one in series])
            case Aggregate():
                return self._aggregate(node)
            case Absent():
                inner = self.vector(node.inner).values()
                there = np.any([one.present for one in inner], axis=0) if inner else False
                absent = ~np.broadcast_to(there, self.at.shape)
                return {(): Points(self.at, np.where(absent, 1.0, np.nan), absent)}
            case Binary(operator="or"):
                return self._either(node)
            case Binary():
                return self._arithmetic(node)

    def _scalar(self, node: Node) -> Values:
        match node:
            case Number():
                return np.full(self.at.size, node.value)
            case Now():
                return self.at / 1000
            case Binary() if node.operator != "or":
                return self._applied(node, self._scalar(node.left), self._scalar(node.right))
            case _:
                message = f"{node} is no plain number"
                raise ValueError(message)

    def _everywhere(self, values: Values) -> Points:
        return Points(self.at, values, np.ones(self.at.size, dtype=np.bool_))

    def _applied(self, node: Binary, left: Values, right: Values) -> Values:
        with np.errstate(all="ignore"):
            return _ARITHMETIC[node.operator](left, right)

    def _over(self, node: Over, series: Series) -> Points:
        window = node.window or self.window
        match node.function:
            case "rate":
                return rate(series, window, self.at, self.semantics)
            case "increase":
                return increase(series, window, self.at, self.semantics)
            case "max_over_time" | "min_over_time":
                statistic = node.function[:3]
                return extreme_over_time([series], statistic, window, self.at, self.semantics)
            case "sum_over_time":
                return sum_over_time(series, window, self.at, self.semantics)
            case "count_over_time":
                return count_over_time(series, window, self.at, self.semantics)
            case "avg_over_time":
                total = sum_over_time(series, window, self.at, self.semantics)
                count = count_over_time(series, window, self.at, self.semantics)
                with np.errstate(all="ignore"):
                    return Points(self.at, total.values / count.values, total.present)

    def _aggregate(self, node: Aggregate) -> Vector:
        groups: dict[Labels, list[Points]] = {}
        for labels, points in self.vector(node.inner).items():
            groups.setdefault(_only(labels, node.by), []).append(points)
        together = AGGREGATIONS[node.operator]
        found = {labels: together(members, self.semantics) for labels, members in groups.items()}
        return dict(sorted(found.items()))

    def _arithmetic(self, node: Binary) -> Vector:
        if is_scalar(node):
            return {(): self._everywhere(self._scalar(node))}
        if is_scalar(node.left) or is_scalar(node.right):
            return self._with_scalar(node)
        left, right = self.vector(node.left), self.vector(node.right)
        partners = _distinct([(_key(labels, node.on), one) for labels, one in right.items()])
        found = []
        for labels, one in left.items():
            other = partners.get(_key(labels, node.on))
            if other is not None:
                values = self._applied(node, one.values, other.values)
                present = one.present & other.present
                points = Points(self.at, np.where(present, values, np.nan), present)
                found.append((_key(labels, node.on), points))
        return _distinct(found)

    def _with_scalar(self, node: Binary) -> Vector:
        if is_scalar(node.left):
            number = self._scalar(node.left)
            pairs = [(labels, one, number, one.values) for labels, one in
                     self.vector(node.right).items()]  # fmt: skip
        else:
            number = self._scalar(node.right)
            pairs = [(labels, one, one.values, number) for labels, one in
                     self.vector(node.left).items()]  # fmt: skip
        return _distinct(
            [
                (_nameless(labels), Points(self.at, self._applied(node, a, b), one.present))
                for labels, one, a, b in pairs
            ]
        )

    def _either(self, node: Binary) -> Vector:
        """Every element on the left, and those on the right that nothing there matches."""
        left, right = self.vector(node.left), self.vector(node.right)
        taken: Vector = dict(left)
        for labels, one in right.items():
            key = _key(labels, node.on)
            matching = [o.present for other, o in left.items() if _key(other, node.on) == key]
            free = one.present & ~np.any(matching, axis=0) if matching else one.present
            present = taken.get(labels, _nothing(self.at))
            values = np.where(free, one.values, present.values)
            taken[labels] = Points(self.at, values, present.present | free)
        return dict(sorted(taken.items()))


def _nothing(at: Times) -> Points:
    return Points(at, np.full(at.size, np.nan), np.zeros(at.size, dtype=np.bool_))


def _nameless(labels: Labels) -> Labels:
    return tuple(pair for pair in labels if pair[0] != METRIC_NAME)


def _only(labels: Labels, names: tuple[str, ...]) -> Labels:
    return tuple(pair for pair in labels if pair[0] in names)


def _key(labels: Labels, on: tuple[str, ...] | None) -> Labels:
    return _nameless(labels) if on is None else _only(labels, on)


def _distinct(elements: list[tuple[Labels, Points]]) -> Vector:
    """Elements by their labels; several with the same ones are an error in Prometheus too."""
    found = dict(sorted(elements, key=lambda element: element[0]))
    if len(found) < len(elements):
        message = "several series have the same labels where each must have its own"
        raise ValueError(message)
    return found
