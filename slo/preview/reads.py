"""Which samples an expression reads when it is evaluated at the instants of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.history.recorded import LOOKBACK
from slo.model.duration import MINUTE
from slo.model.grid import Grid
from slo.model.selector import Selector
from slo.promql import parsed, series_meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta


ANYTHING = "whatever-is-chosen"
"""In the place of a variable: a condition that holds it is no condition yet."""

_CHILDREN = ("lhs", "rhs", "expr", "param")
_SUBQUERY_STEP = MINUTE


@dataclass(frozen=True)
class Read:
    """What a selector reads.

    Attributes:
        selector: Which series.
        grid: Ends of the windows.
        window: Milliseconds of samples before each instant of the grid.
        counted: Every sample counts, as in a range; else the last one alone is looked at.

    """

    selector: Selector
    grid: Grid
    window: int
    counted: bool


def reads(expr: str, grid: Grid) -> tuple[Read, ...]:
    """What an expression reads at the instants of a grid.

    Raises:
        SelectorError: The expression is not PromQL.

    """
    return tuple(_walk(parsed(expr), expr, grid))


def _walk(node: Any, text: str, grid: Grid) -> Iterator[Read]:  # noqa: ANN401  promql-parser's tree
    match type(node).__name__:
        case "VectorSelector":
            yield _read(node, text, grid, 0)
        case "MatrixSelector":
            yield _read(node.vector_selector, text, grid, _milliseconds(node.range))
        case "SubqueryExpr":
            for inner in _inner(node, grid):
                yield from _walk(node.expr, text, inner)
        case _:
            for name in _CHILDREN:
                child = getattr(node, name, None)
                if child is not None:
                    yield from _walk(child, text, grid)
            for child in getattr(node, "args", None) or ():
                yield from _walk(child, text, grid)


def _read(node: Any, text: str, grid: Grid, window: int) -> Read:  # noqa: ANN401
    moved = _earlier(grid, _offset(node))
    meant = series_meant(node, text)
    certain = Selector(tuple(one for one in meant.matchers if ANYTHING not in one.value))
    return Read(certain, moved, window or LOOKBACK, counted=bool(window))


def _inner(node: Any, grid: Grid) -> tuple[Grid, ...]:  # noqa: ANN401
    """Instants at which a subquery evaluates: multiples of its step in all of its windows."""
    step = _milliseconds(node.step) if node.step else _SUBQUERY_STEP
    return within(_earlier(grid, _offset(node)), _milliseconds(node.range), step)


def within(grid: Grid, window: int, step: int) -> tuple[Grid, ...]:
    """Instants of a finer step in the windows before a grid's instants.

    Where windows are further apart than they are long, a grid for each place in a window.
    """
    first = grid.start // step * step
    count = -(-window // step) + 1
    if count * step >= grid.step or grid.step % step:
        last = max(grid.end // step * step, first)
        return (Grid(first - (count - 1) * step, last, step),)
    length = grid.end - grid.start
    starts = (first - place * step for place in range(count))
    return tuple(Grid(start, start + length, grid.step) for start in starts)


def _earlier(grid: Grid, offset: int) -> Grid:
    return Grid(grid.start - offset, grid.end - offset, grid.step)


def _offset(node: Any) -> int:  # noqa: ANN401
    """Milliseconds back; promql-parser gives a timedelta, negative for the future."""
    return _milliseconds(node.offset) if node.offset is not None else 0


def _milliseconds(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
