"""Differences between two JSON values, field by field, in the words of a dashboard's editor."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAMES = ("title", "name", "uid", "refId", "id")
"""The fields that tell members of a list apart, the best first."""

_WIDEST = 60
"""Of longer texts what surrounds the difference is shown."""

_UNSAID = re.compile(r"(?<=\.)fieldConfig\.defaults\.|(?<=\.)custom\.(?=\w+\Z)")
"""Where Grafana keeps a panel's unit and thresholds: people know them as the panel's own."""


class _Absent:
    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()
"""Stands for a field that is not there; null is a value."""


@dataclass(frozen=True)
class Difference:
    """One field that differs.

    Attributes:
        place: Where, such as ``panels[Response latency].unit``.
        before: The value that stands there; ``ABSENT`` for none.
        after: The value that should.

    """

    place: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is ABSENT and isinstance(self.after, dict | list):
            return f"{self.place}: added"
        if self.after is ABSENT and isinstance(self.before, dict | list):
            return f"{self.place}: removed"
        before, after = _shown(self.before, self.after)
        return f"{self.place}: {before} -> {after}"

    @property
    def json(self) -> dict[str, Any]:
        """For scripts: absent sides are left out."""
        sides = {"before": self.before, "after": self.after}
        return {"place": self.place, **{k: v for k, v in sides.items() if v is not ABSENT}}


def differences(before: object, after: object) -> tuple[Difference, ...]:
    """What differs, in the order of the fields; members of lists are told apart by their titles."""
    return tuple(
        Difference(_UNSAID.sub("", place), old, new) for place, old, new in _walk("", before, after)
    )


def _walk(place: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys(chain(before, after)):
            inner = f"{place}.{key}" if place else key
            yield from _walk(inner, before.get(key, ABSENT), after.get(key, ABSENT))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _walk_list(place, before, after)
    elif before is ABSENT or after is ABSENT or _typed(before) != _typed(after):
        yield place, before, after


def _walk_list(
    place: str, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[tuple[str, Any, Any]]:
    old, new = named_members(before, after)
    for name in dict.fromkeys(chain(old, new)):
        yield from _walk(f"{place}[{name}]", old.get(name, ABSENT), new.get(name, ABSENT))
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield f"{place} (order)", list(old), list(new)


def named_members(
    before: Sequence[Any], after: Sequence[Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members of two lists by what both tell them apart by: titles, else their places."""
    key = _key([*before, *after])
    return _named(before, key), _named(after, key)


def _key(members: Sequence[Any]) -> str:
    """The field that all members are named by; empty where there is none."""
    for name in _NAMES:
        values = [one.get(name) if isinstance(one, dict) else None for one in members]
        if members and all(isinstance(value, str | int) and value != "" for value in values):
            return name
    return ""


def _named(members: Sequence[Any], key: str) -> dict[str, Any]:
    """Members by name; the second of a name is ``name #2``. By place where they have no names."""
    if not key:
        return {str(number): one for number, one in enumerate(members)}
    seen: Counter[str] = Counter()
    named = {}
    for one in members:
        name = str(one[key])
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name} #{seen[name]}"] = one
    return named


def _typed(value: object) -> tuple[bool, object]:
    """Python holds True for 1, JSON does not."""
    return isinstance(value, bool), value


def _shown(before: object, after: object) -> tuple[str, str]:
    if not (isinstance(before, str) and isinstance(after, str)):
        return _short(before), _short(after)
    if max(len(before), len(after)) <= _WIDEST:
        return _short(before), _short(after)
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    start = max(0, (min(len(before), len(after)) if same is None else same) - _WIDEST // 3)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _WIDEST]
    head, tail = "..." * (start > 0), "..." * (start + _WIDEST < len(text))
    return json.dumps(f"{head}{part}{tail}", ensure_ascii=False)


def _short(value: object) -> str:
    if value is ABSENT:
        return repr(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 2 * _WIDEST else f"{text[: 2 * _WIDEST]}..."
