"""PromQL text to an expression's tree and back: what alerts on thresholds may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from slo.errors import SelectorError
from slo.model.duration import format_duration
from slo.model.expression import (
    Absent,
    Aggregate,
    AggregateOperator,
    Binary,
    BinaryOperator,
    Expression,
    Latest,
    Now,
    Number,
    Over,
    RangeFunction,
    has_one_result,
    is_scalar,
    leaves,
)
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.promql import mean_over_time, number, parsed, selector_of, share, summed_rate, with_range

if TYPE_CHECKING:
    from slo.model.expression import Node
    from slo.model.measure import Measure
    from slo.model.threshold_alert import ThresholdAlert

WINDOW = "$window"
_WINDOW = 77_777
"""Milliseconds that nobody asks for: they stand for the alert's window while text is parsed."""
_OPERATORS = get_args(BinaryOperator)
_AGGREGATIONS = get_args(AggregateOperator)
_FUNCTIONS = get_args(RangeFunction)
_MANY = ("ManyToOne", "OneToMany")


def expression_of(text: str) -> Expression:
    """An expression from PromQL, in which ``$window`` stands for the alert's window.

    Raises:
        SelectorError: It is not PromQL, cannot be replayed, or may have several results at once.

    """
    root = _node(parsed(text.replace(WINDOW, f"{_WINDOW}ms")), text)
    if not any(leaves(root)):
        raise SelectorError(f"{text!r}: expected an expression that reads a series")
    if is_scalar(root) or not has_one_result(root):
        raise SelectorError(
            f"{text!r}: expected one result, such as sum(...) or max(...) around it: an alert "
            "compares one number"
        )
    return Expression(root)


def written(node: Node, window: int) -> str:
    """PromQL of a node with a window of so many milliseconds in place of ``$window``.

    The mean over time is written as sum over count, which every version computes alike.
    """
    match node:
        case Number():
            return f"vector({number(node.value)})" if node.is_vector else number(node.value)
        case Now():
            return "time()"
        case Latest():
            return str(node.selector)
        case Over():
            series = with_range(node.selector, format_duration(node.window or window))
            if node.function == "avg_over_time":
                return f"sum_over_time({series}) / count_over_time({series})"
            return f"{node.function}({series})"
        case Aggregate():
            by = f" by ({', '.join(node.by)}) " if node.by else ""
            return f"{node.operator}{by}({written(node.inner, window)})"
        case Absent():
            return f"absent({written(node.inner, window)})"
        case Binary():
            on = "" if node.on is None else f" on ({', '.join(node.on)})"
            left, right = _operand(node.left, window), _operand(node.right, window)
            return f"{left} {node.operator}{on} {right}"


def measured(measure: Measure, window: int) -> str:
    """PromQL of a measure over a window of so many milliseconds."""
    over = format_duration(window)
    match measure:
        case Expression():
            return written(measure.root, window)
        case CounterRate():
            return summed_rate(measure.counter, over)
        case CounterShare():
            return share(measure.part, measure.whole, over)
        case GaugeLevel(statistic="avg"):
            return mean_over_time(with_range(measure.gauge, over))
        case GaugeLevel():
            of = measure.statistic
            return f"{of}({of}_over_time({with_range(measure.gauge, over)}))"


def alert_condition(alert: ThresholdAlert) -> str:
    """PromQL of what must hold for an alert on a threshold, a line for each comparison."""
    lines, limit = [], number(alert.threshold)
    for window in alert.windows:
        lines.append(f"{_compared(alert.measure, window)} {alert.comparison} {limit}")
        if alert.minimum_events:
            events = with_range(alert.counted_events, format_duration(window))
            lines.append(f"sum(increase({events})) >= {number(alert.minimum_events)}")
    return "\nand\n".join(lines)


def _compared(measure: Measure, window: int) -> str:
    if isinstance(measure, Expression):
        return _operand(measure.root, window)
    return f"({measured(measure, window)})"


def _operand(node: Node, window: int) -> str:
    text = written(node, window)
    divides = isinstance(node, Over) and node.function == "avg_over_time"
    return f"({text})" if divides or isinstance(node, Binary) else text


def _node(tree: Any, text: str) -> Node:  # noqa: ANN401  promql-parser's tree has no common type
    match type(tree).__name__:
        case "ParenExpr":
            return _node(tree.expr, text)
        case "NumberLiteral":
            return Number(float(tree.val))
        case "UnaryExpr":
            return Binary("*", Number(-1.0), _node(tree.expr, text))
        case "VectorSelector":
            return Latest(selector_of(tree, text))
        case "AggregateExpr":
            return _aggregate(tree, text)
        case "BinaryExpr":
            return _binary(tree, text)
        case "Call":
            return _call(tree, text)
    raise _refused(text, type(tree).__name__)


def _refused(text: str, what: str) -> SelectorError:
    return SelectorError(
        f"{text!r}: {what} cannot be replayed; expected selectors, "
        f"{', '.join(_FUNCTIONS)} of [{WINDOW}], {', '.join(_AGGREGATIONS)} (by labels), "
        f"{' '.join(_OPERATORS)} (on labels), absent(), vector() and time()"
    )


def _call(tree: Any, text: str) -> Node:  # noqa: ANN401
    name, arguments = str(tree.func.name), list(tree.args)
    if name == "time":
        return Now()
    if name == "vector":
        inner = _node(arguments[0], text)
        if isinstance(inner, Number):
            return Number(inner.value, is_vector=True)
    if name == "absent":
        return Absent(_node(arguments[0], text))
    if name not in _FUNCTIONS or type(arguments[0]).__name__ != "MatrixSelector":
        raise _refused(text, f"{name}()")
    window = round(arguments[0].range.total_seconds() * 1000)
    selector = selector_of(arguments[0].vector_selector, text)
    return Over(name, selector, None if window == _WINDOW else window)  # type: ignore[arg-type]


def _aggregate(tree: Any, text: str) -> Node:  # noqa: ANN401
    operator, modifier = str(tree.op), tree.modifier
    if operator not in _AGGREGATIONS:
        raise _refused(text, operator)
    by: tuple[str, ...] = ()
    if modifier is not None:
        if str(modifier.type).rpartition(".")[2] != "By":
            raise _refused(text, f"{operator} without (...)")
        by = tuple(sorted(modifier.labels))
    inner = _node(tree.expr, text)
    return Aggregate(operator, inner, by)  # type: ignore[arg-type]


def _binary(tree: Any, text: str) -> Node:  # noqa: ANN401
    operator, modifier = str(tree.op), tree.modifier
    if operator not in _OPERATORS:
        raise _refused(text, f"the operator {operator}")
    on: tuple[str, ...] | None = None
    if modifier is not None and modifier.matching is not None:
        if str(modifier.matching.type).rpartition(".")[2] != "Include":
            raise _refused(text, "ignoring (...)")
        on = tuple(sorted(modifier.matching.labels))
    if modifier is not None and str(modifier.card).rpartition(".")[2] in _MANY:
        raise _refused(text, "group_left and group_right")
    left, right = _node(tree.lhs, text), _node(tree.rhs, text)
    return Binary(operator, left, right, on)  # type: ignore[arg-type]
