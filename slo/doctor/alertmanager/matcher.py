"""Conditions on an alert's labels, as Alertmanager's configuration writes them.

https://prometheus.io/docs/alerting/latest/configuration/#matcher
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from slo.errors import AlertmanagerError
from slo.model.selector import Matcher, MatchOp

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ONE = re.compile(
    rf"\s*(?P<name>{_QUOTED}|[^\s=!~,{{}}\"'`\\]+)\s*(?P<op>=~|!~|!=|=)"
    rf"\s*(?P<value>{_QUOTED}|[^\s,}}\"][^,}}\"]*?|)\s*(?:,|$)",
    re.DOTALL,
)
_ESCAPED = {"n": "\n", '"': '"', "\\": "\\"}


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """The conditions in a text such as ``severity=~"page|critical", team!=web``.

    Braces may stand around them, names and values may be quoted.

    Raises:
        AlertmanagerError: It is no such text.

    """
    inner = text.strip()
    if inner.startswith("{") and inner.endswith("}"):
        inner = inner[1:-1]
    return tuple(_parsed(inner.strip().removesuffix(","), text))


def matchers_of(route: dict[str, Any]) -> tuple[Matcher, ...]:
    """The conditions of a route: ``matchers``, and the older ``match`` and ``match_re``.

    Raises:
        AlertmanagerError: They are no conditions.

    """
    equal = [Matcher(name, "=", str(text)) for name, text in (route.get("match") or {}).items()]
    like = [Matcher(name, "=~", str(text)) for name, text in (route.get("match_re") or {}).items()]
    written = route.get("matchers") or ()
    # One text is as good as a list of one.
    texts = [written] if isinstance(written, str) else written
    return (*equal, *like, *(one for text in texts for one in parse_matchers(str(text))))


def matchers_of_silence(silence: dict[str, Any]) -> tuple[Matcher, ...]:
    """The conditions of a silence, as the API tells them."""
    return tuple(
        Matcher(one["name"], _operator(one), one["value"]) for one in silence.get("matchers", ())
    )


def met(matchers: tuple[Matcher, ...], labels: dict[str, str]) -> bool:
    """Whether labels meet every condition; a label that is absent is empty.

    Raises:
        AlertmanagerError: A regular expression cannot be read.

    """
    try:
        return all(one.matches(labels.get(one.name, "")) for one in matchers)
    except re.error as error:
        shown = ", ".join(map(str, matchers))
        raise AlertmanagerError(
            f"{shown}: the regular expression cannot be read: {error}"
        ) from None


def _parsed(inner: str, text: str) -> Iterator[Matcher]:
    at = 0
    while at < len(inner):
        found = _ONE.match(inner, at)
        if found is None:
            raise AlertmanagerError(f'{text!r} is no matcher such as severity="page"')
        name, value = _unquoted(found["name"]), _unquoted(found["value"])
        yield Matcher(name, cast("MatchOp", found["op"]), value)
        at = found.end()


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    # What Go's strings do not know as an escape stands there as it is.
    return re.sub(r"\\(.)", lambda one: _ESCAPED.get(one[1], one[0]), text[1:-1], flags=re.DOTALL)


def _operator(matcher: dict[str, Any]) -> MatchOp:
    is_equal = matcher.get("isEqual", True)
    if matcher.get("isRegex"):
        return "=~" if is_equal else "!~"
    return "=" if is_equal else "!="
