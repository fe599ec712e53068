"""Pieces of GitHub Markdown in which foreign text does no harm: https://github.github.com/gfm/."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANYWHERE = re.compile(r"([\\`*_\[\]<>|~&$#])")
"""What is formatting, a link, HTML, a table's border or a formula wherever it stands."""

_AT_THE_START = re.compile(r"^(\d{1,9}(?=[.)]( |$))|(?=[-+=]([-=]| |$)))(.)")
"""What begins a list, underlines a heading or parts sections, where a line begins with it."""


def escaped(text: str) -> str:
    """Foreign text on one line, shown as it is wherever it is put."""
    return _AT_THE_START.sub(r"\1\\\g<4>", _ANYWHERE.sub(r"\\\1", _one_line(text)))


def code(text: str) -> str:
    """Foreign text as code, whatever backticks it holds; not for cells of tables."""
    line = _one_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if len(fence) > 1 else f"`{line}`"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> list[str]:
    """Lines of a table whose first columns are texts and whose others are numbers.

    Args:
        head: The columns' names.
        rows: As many cells each; any text.
        texts: How many columns are texts.

    """
    align = [":---" if index < texts else "---:" for index in range(len(head))]
    lines = [head, *rows]
    first, *others = ("| " + " | ".join(map(escaped, line)) + " |" for line in lines)
    return [first, "|" + "|".join(align) + "|", *others]


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
