"""Series that selectors mean: labels for tests, made from the conditions."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from slo.model.selector import METRIC_NAME, Matcher, Selector, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.model.selector import Labels

_ANYTHING = ("other", "", "200", "a", "0")
_MOST_COMBINATIONS = 20_000
_MOST_EXAMPLES = 20


def example_labels(wanted: Sequence[Selector], unwanted: Sequence[Selector] = ()) -> Labels | None:
    """Labels that all wanted selectors match and no unwanted one does; None if none are found."""
    matchers = [m for selector in (*wanted, *unwanted) for m in selector.matchers]
    names = list(dict.fromkeys(matcher.name for matcher in matchers))
    choices = [_values([m for m in matchers if m.name == name]) for name in names]
    for values in islice(product(*choices), _MOST_COMBINATIONS):
        labels = labels_of(dict(zip(names, values, strict=True)))
        if all(s.matches(labels) for s in wanted) and not any(s.matches(labels) for s in unwanted):
            return labels
    return None


def series_text(labels: Labels) -> str:
    """A series as promtool reads it: ``requests_total{code="500"}``."""
    return str(Selector(tuple(Matcher(name, "=", value) for name, value in labels)))


def _values(matchers: Sequence[Matcher]) -> list[str]:
    values = [m.value for m in matchers if m.op in ("=", "!=")]
    for matcher in matchers:
        if matcher.op in ("=~", "!~"):
            values += islice(_examples(_parsed(matcher.value)), _MOST_EXAMPLES)
    if any(m.name != METRIC_NAME for m in matchers):
        values += _ANYTHING
    return list(dict.fromkeys(values))


def _parsed(pattern: str) -> list[Any]:
    from re import _parser  # type: ignore[attr-defined]  # noqa: PLC0415  the one parser

    try:
        return list(_parser.parse(pattern))
    except re.error:
        return []


def _examples(tokens: Sequence[Any]) -> Iterator[str]:
    """Texts that a parsed pattern matches, the shortest of each alternative."""
    if not tokens:
        yield ""
        return
    heads = list(islice(_of_token(tokens[0]), _MOST_EXAMPLES))
    for tail in islice(_examples(tokens[1:]), _MOST_EXAMPLES):
        for head in heads:
            yield head + tail


def _of_token(token: Any) -> Iterator[str]:  # noqa: ANN401  the parser's tuples
    kind, value = str(token[0]), token[1]
    match kind:
        case "LITERAL":
            yield chr(value)
        case "NOT_LITERAL":
            yield "b" if value == ord("a") else "a"
        case "ANY":
            yield from ("0", "a")
        case "IN":
            yield from _of_set(value)
        case "BRANCH":
            for branch in value[1]:
                yield from _examples(list(branch))
        case "SUBPATTERN":
            yield from _examples(list(value[-1]))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            yield from _repeated(*value)
        case _:
            yield ""


def _repeated(least: int, most: int, inner: Any) -> Iterator[str]:  # noqa: ANN401
    for text in islice(_examples(list(inner)), _MOST_EXAMPLES):
        yield text * least
        if least == 0 and most > 0:
            yield text


def _of_set(members: Sequence[Any]) -> Iterator[str]:
    candidates = "0a_-A. /"
    if str(members[0][0]) == "NEGATE":
        excluded = {chr(v) for kind, v in members[1:] if str(kind) == "LITERAL"}
        yield from (text for text in candidates if text not in excluded)
        return
    for kind, value in members:
        match str(kind):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case _:
                yield from candidates
