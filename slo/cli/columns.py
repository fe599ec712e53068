"""Room for a table's columns in a terminal: which stand side by side, and where cells break.

Nothing is broken but between words and behind a name's hyphens, and a number keeps its unit. A
table that is too wide for all of that comes in parts below each other, each with the first column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 3
"""Blanks between columns."""
_EDGES = 2
_LEAST_TEXT = 16
"""A text that is broken gets so many characters, or as many as its longest word has."""
_JOINED = "\N{NO-BREAK SPACE}"
_TOGETHER = re.compile(r" (?=%)|(?<=\d) (?=of \d)|(?<=\d of) (?=\d)")


@dataclass(frozen=True)
class Column:
    """A heading and its cells, as they are written.

    Attributes:
        heading: What stands above.
        cells: From the first row to the last.
        text: Whether these are words, and not numbers.

    """

    heading: str
    cells: tuple[str, ...]
    text: bool

    @property
    def natural(self) -> int:
        """Characters of the longest cell, or of the heading."""
        return max(map(len, self._all))

    @property
    def least(self) -> int:
        """Characters that it takes to break nothing but where it may be."""
        longest = max(len(word) for cell in self._all for word in _words(cell, names=self.text))
        return min(self.natural, max(longest, _LEAST_TEXT)) if self.text else longest

    @property
    def _all(self) -> tuple[str, ...]:
        return tuple(_joined(cell) for cell in (self.heading, *self.cells))

    def broken(self, width: int) -> Column:
        """The same with line breaks, so that nothing is wider than ``width``."""
        heading, *cells = ("\n".join(self._lines(cell, width)) for cell in self._all)
        return Column(heading, tuple(cells), self.text)

    def _lines(self, cell: str, width: int) -> list[str]:
        lines = wrap(cell, width, break_long_words=False, break_on_hyphens=self.text)
        return [line.replace(_JOINED, " ") for line in lines]


def side_by_side(columns: Sequence[Column], width: int) -> list[list[Column]]:
    """The parts of a table, each no wider than the terminal where words allow that."""
    if _taken([one.least for one in columns]) <= width:
        return [_fitted(columns, width)]
    first, *others = columns
    parts: list[list[Column]] = []
    part = [first]
    for one in others:
        # A part that is read on its own keeps its numbers whole.
        wanted = [first.least, *(x.least if x.text else x.natural for x in (*part[1:], one))]
        if len(part) > 1 and _taken(wanted) > width:
            parts.append(_fitted(part, width))
            part = [first]
        part.append(one)
    return [*parts, _fitted(part, width)]


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1) + _EDGES


def _fitted(columns: Sequence[Column], width: int) -> list[Column]:
    """Columns that give way, texts before numbers and the widest first, until all have room."""
    widths = [one.natural for one in columns]
    least = [one.least for one in columns]
    while _taken(widths) > width:
        giving = [i for i in range(len(widths)) if widths[i] > least[i]]
        if not giving:
            break
        widths[max(giving, key=lambda i: (columns[i].text, widths[i], -i))] -= 1
    return [one.broken(room) for one, room in zip(columns, widths, strict=True)]


def _joined(text: str) -> str:
    """The same with numbers held together with their unit, and with the number they are of."""
    return _TOGETHER.sub(_JOINED, text)


def _words(text: str, *, names: bool) -> list[str]:
    """What is never broken; of names what their hyphens leave."""
    return (text.replace("-", "- ") if names else text).split(" ")
