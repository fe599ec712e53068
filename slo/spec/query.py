"""Queries of metric sources: PromQL to selectors that the engine can replay."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, TypeVar

from slo.errors import SelectorError
from slo.promql import counter_selector, gauge_selector
from slo.promql_expression import expression_of
from slo.spec.place import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.model.expression import Expression
    from slo.model.indicator import Aggregation
    from slo.model.selector import Matcher, Selector
    from slo.spec.place import Place
    from slo.spec.wire import Metric

T = TypeVar("T")

_LONGEST_QUERY = 5_000


def gauges(metric: Metric, place: Place) -> tuple[Selector, Aggregation]:
    """The gauges of a metric, and how several become one.

    Raises:
        SpecError: The query is not PromQL, or more than the engine can replay.

    """
    text, where = metric.metric_source.spec.query, query_place(place)
    selector, aggregation = _read(lambda: gauge_selector(text), text, where)
    _check_selector(selector, where)
    return selector, aggregation


def counters(metric: Metric, place: Place) -> Selector:
    """The counters of a metric.

    Raises:
        SpecError: The query is not PromQL, or more than the engine can replay.

    """
    return counters_in(metric.metric_source.spec.query, query_place(place))


def counters_in(text: str, where: Place) -> Selector:
    """The counters that a text means.

    Raises:
        SpecError: It is not PromQL, or more than the engine can replay.

    """
    selector = _read(lambda: counter_selector(text), text, where)
    _check_selector(selector, where)
    if selector.metric.endswith("_bucket") and not bucket_bounds(selector):
        expected = 'one bucket, such as le="5": every bucket holds the ones below it as well'
        raise where.refusal(f"every bucket of {selector.metric}", expected)
    return selector


def expression_in(text: str, where: Place) -> Expression:
    """The expression that a text means, with ``$window`` for an alert's window.

    Raises:
        SpecError: It is not PromQL, or more than the engine can replay.

    """
    found = _read(lambda: expression_of(text), text, where)
    for selector in found.selectors:
        _check_selector(selector, where)
    return found


def query_place(place: Place) -> Place:
    """Where the query of the metric at a place stands."""
    return place / "metricSource" / "spec" / "query"


def _read(step: Callable[[], T], text: str, place: Place) -> T:
    # The parser recurses without a limit of its own, and a stack that overflows ends the program.
    if len(text) > _LONGEST_QUERY:
        raise place.refusal(f"{len(text)} characters", f"a query of at most {_LONGEST_QUERY}")
    try:
        return step()
    except SelectorError as error:
        reason = str(error).removeprefix(repr(text)).removeprefix(": ").strip()
        expected = reason.removeprefix("expected ").replace("is not PromQL", "PromQL", 1)
        raise place.refusal(shown(text), expected) from None


def _check_selector(selector: Selector, place: Place) -> None:
    if not selector.metric:
        raise place.refusal(shown(str(selector)), "a selector that names its metric")
    for matcher in selector.matchers:
        if matcher.op in ("=~", "!~"):
            _check_pattern(matcher, place)


def _check_pattern(matcher: Matcher, place: Place) -> None:
    """The engine matches by Python's regular expressions, which are not quite RE2's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(matcher.value)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        expected = f"a regular expression that can be replayed ({error})"
        raise place.refusal(shown(str(matcher)), expected) from None


def bucket_bounds(selector: Selector) -> list[Matcher]:
    """The conditions that ask for one bucket."""
    return [m for m in selector.matchers if m.name == "le" and m.op in ("=", "=~")]
