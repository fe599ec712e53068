"""PromQL text: reading the selectors of a specification and writing error ratios.

One printer of numbers serves rules and engine, so that both work with the same digits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from slo.errors import SelectorError
from slo.model.duration import SECOND, format_duration
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.selector import METRIC_NAME, Matcher, MatchOp, Selector

if TYPE_CHECKING:
    from slo.model.indicator import Aggregation, Indicator

_RANGE_PLACEHOLDERS = ("{{.window}}", "{{ .window }}", "$__rate_interval", "$__range", "$window")
_COUNTER_FUNCTIONS = ("rate", "increase")


def number(value: float | Decimal) -> str:
    """The shortest text that Prometheus reads back as the same float: ``0.001``, ``14.4``, ``6``.

    Decimals keep all of their digits.
    """
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = repr(float(value))
    return text.removesuffix(".0").replace("inf", "Inf").replace("nan", "NaN")


def parsed(text: str) -> Any:  # noqa: ANN401  promql-parser's tree has no common type
    """A text as promql-parser's tree.

    Raises:
        SelectorError: The text is not PromQL.

    """
    import promql_parser  # noqa: PLC0415  a compiled extension, only needed to read specifications

    plain = text
    for placeholder in _RANGE_PLACEHOLDERS:
        plain = plain.replace(placeholder, "5m")
    try:
        return promql_parser.parse(plain)
    except ValueError as error:
        raise SelectorError(f"{text!r} is not PromQL: {error}") from None


def _kind(node: Any) -> str:  # noqa: ANN401
    return type(node).__name__


def _unwrapped(node: Any) -> Any:  # noqa: ANN401
    while _kind(node) == "ParenExpr":
        node = node.expr
    return node


_OPS: dict[str, MatchOp] = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}


def selector_of(node: Any, text: str) -> Selector:  # noqa: ANN401
    """The selector at a node of promql-parser's tree.

    Raises:
        SelectorError: It has a modifier that cannot be replayed.

    """
    if node.offset is not None or node.at is not None:
        raise SelectorError(f"{text!r}: offset and @ cannot be replayed; leave them out")
    return series_meant(node, text)


def series_meant(node: Any, text: str) -> Selector:  # noqa: ANN401
    """Which series the selector at a node means, at whatever instant its modifiers name.

    Raises:
        SelectorError: Its matchers are not Prometheus'.

    """
    if node.matchers.or_matchers:
        raise SelectorError(f"{text!r}: 'or' between matchers is not Prometheus'; use =~")
    matchers = [
        Matcher(m.name, _OPS[str(m.op).rpartition(".")[2]], m.value) for m in node.matchers.matchers
    ]
    if node.name:
        matchers.insert(0, Matcher(METRIC_NAME, "=", node.name))
    return Selector(tuple(matchers))


def counter_selector(text: str) -> Selector:
    """The counters that an expression sums.

    Accepts a plain selector (``http_requests_total{code="500"}``), ``sum(selector)``, and
    ``sum(rate(selector[5m]))`` or ``increase`` with any range: the range is slobook's to choose.

    Raises:
        SelectorError: The text is not PromQL, or does more than that.

    """
    node = _unwrapped(parsed(text))
    if _kind(node) == "AggregateExpr" and str(node.op) == "sum" and not _grouped(node):
        node = _unwrapped(node.expr)
    if _kind(node) == "Call" and node.func.name in _COUNTER_FUNCTIONS:
        node = _unwrapped(node.args[0])
        if _kind(node) == "MatrixSelector":
            node = node.vector_selector
    if _kind(node) != "VectorSelector":
        raise SelectorError(
            f"{text!r}: expected the counter's selector, such as "
            "'http_requests_total{code=~\"5..\"}', or sum(rate(selector[5m])) of one selector"
        )
    return selector_of(node, text)


def gauge_selector(text: str) -> tuple[Selector, Aggregation]:
    """The gauges that an expression reads, and how several become one.

    Accepts a plain selector, or ``sum``, ``min``, ``max`` or ``avg`` of one.

    Raises:
        SelectorError: The text is not PromQL, or does more than that.

    """
    node = _unwrapped(parsed(text))
    aggregation = ""
    if _kind(node) == "AggregateExpr" and not _grouped(node):
        aggregation = str(node.op)
        node = _unwrapped(node.expr)
    if _kind(node) != "VectorSelector" or aggregation not in ("", "sum", "min", "max", "avg"):
        raise SelectorError(
            f"{text!r}: expected a gauge's selector, such as 'queue_depth', "
            "or sum, min, max or avg of one selector"
        )
    return selector_of(node, text), cast("Aggregation", aggregation)


def _grouped(node: Any) -> bool:  # noqa: ANN401
    return node.modifier is not None


def error_ratio(indicator: Indicator, window: int) -> str:
    """PromQL of the share of bad events over a window of so many milliseconds.

    This is the expression that the recording rules hold and that the engine replays to the bit.
    """
    over = format_duration(window)
    match indicator:
        case EventRatio() | LatencyBuckets():
            counted = share(indicator.numerator, indicator.total, over)
            return counted if indicator.counted == "bad" else f"1 - {counted}"
        case RawRatio():
            counted = mean_over_time(with_range(indicator.ratio, over))
            return counted if indicator.counted == "bad" else f"1 - {counted}"
        case TimeSlices():
            return f"1 - {mean_over_time(_kept_promises(indicator, over))}"


def event_rate(indicator: Indicator, window: int) -> str:
    """PromQL of how many events there are a second, good and bad, over a window.

    What is an event is the error ratio's: what counters count, a gauge's samples, or time slices.
    """
    over = format_duration(window)
    match indicator:
        case EventRatio() | LatencyBuckets():
            return summed_rate(indicator.total, over)
        case RawRatio():
            counted = with_range(indicator.ratio, over)
        case TimeSlices():
            counted = _kept_promises(indicator, over)
    return f"sum(count_over_time({counted})) / {number(window / SECOND)}"


def _kept_promises(indicator: TimeSlices, over: str) -> str:
    """A subquery: 1 for each slice in which the promise was kept, 0 for the others."""
    gauge = str(indicator.gauge)
    value = f"{indicator.aggregation}({gauge})" if indicator.aggregation else gauge
    promise = f"({value} {indicator.comparison} bool {number(indicator.bound)})"
    return f"{promise}[{over}:{format_duration(indicator.slice_length)}]"


def summed_rate(counter: Selector, over: str) -> str:
    """How fast counters grow together, a second."""
    return f"sum(rate({with_range(counter, over)}))"


def share(part: Selector, whole: Selector, over: str) -> str:
    """What share of some counters' growth is in others; 0 where only the whole grew."""
    total = summed_rate(whole, over)
    return f"({summed_rate(part, over)} or 0 * {total}) / {total}"


def with_range(selector: Selector, over: str) -> str:
    """A range selector: ``requests_total{code="500"}[5m]``."""
    return f"{selector}[{over}]"


def mean_over_time(range_vector: str) -> str:
    """The mean of all samples of all series."""
    return f"sum(sum_over_time({range_vector})) / sum(count_over_time({range_vector}))"
