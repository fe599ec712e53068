"""What docstrings say of fields, tables in Markdown, and that nothing is left undescribed."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from griffe import Docstring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Undocumented(Exception):  # noqa: N818  it says what is missing
    """Names that readers can use and that nobody described."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__("described nowhere: " + ", ".join(self.names))


def attributes(of: type) -> dict[str, str]:
    """What a class and those that it inherits from say of their attributes."""
    found: dict[str, str] = {}
    for one in reversed(of.__mro__):
        text = vars(one).get("__doc__")
        if one is object or not text:
            continue
        for section in Docstring(inspect.cleandoc(text)).parse("google", warnings=False):
            if section.kind.value == "attributes":
                found |= {each.name: " ".join(each.description.split()) for each in section.value}
    return found


def summary(of: Any) -> str:  # noqa: ANN401  whatever has a docstring
    """A docstring without its sections, as Markdown.

    Raises:
        Undocumented: There is none.

    """
    text = inspect.cleandoc(of.__doc__ or "")
    sections = Docstring(text).parse("google", warnings=False)
    said = [one.value for one in sections if one.kind.value == "text"]
    if not said:
        raise Undocumented([of.__name__])
    return plain("\n\n".join(said))


def plain(text: str) -> str:
    """Restructured text's double backticks as Markdown's single ones."""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return plain(" ".join(text.split())).replace("|", "\\|")
