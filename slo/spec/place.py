"""Where something stands in a file: for messages that lead to the line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from slo.errors import Fault, SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and list positions that lead from a document's root to a field."""

T = TypeVar("T")

_LONGEST = 80


@dataclass(frozen=True)
class Place:
    """A field of a document, whether or not it is written there.

    Attributes:
        file: The file as the user named it.
        lines: Line, from 1, of every field that is written in the document.
        path: The field's.

    """

    file: str
    lines: Mapping[Path, int] = field(repr=False)
    path: Path = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.file, self.lines, (*self.path, step))

    @property
    def line(self) -> int:
        """The line of the field, or of the nearest one around it that is written."""
        for length in range(len(self.path), -1, -1):
            if self.path[:length] in self.lines:
                return self.lines[self.path[:length]]
        return 0

    @property
    def field(self) -> str:
        """The field as people write it: ``spec.objectives[0].target``."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        return text.removeprefix(".")

    def fault(self, found: str, expected: str) -> Fault:
        """Something that is wrong here."""
        return Fault(self.file, self.line, self.field, found, expected)

    def refusal(self, found: str, expected: str) -> SpecError:
        """The error that says so, to be raised."""
        return SpecError([self.fault(found, expected)])


@dataclass(frozen=True)
class Located(Generic[T]):
    """Something and where it stands."""

    value: T
    place: Place


def shown(value: object) -> str:
    """A value as messages show it: short, and named rather than printed where it is a structure."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + "...'"
