"""How things show themselves: a card of sentences, tables and notes, as HTML and as plain text.

A noun says once what its card holds and derives from ``Shown``. A notebook then shows it as HTML;
``print``, a terminal, a log and readers without HTML get the same rows as text. Everything is
escaped, colours are the reader's own, and what a colour says is said in words, too.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from html import escape
from io import StringIO
from textwrap import fill
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Tone = Literal["plain", "good", "warning", "bad"]
"""How a card is edged, beside what it says in words."""

WIDTH = 100
"""Characters of a line of text, where the reader is a file or a notebook."""

MOST_ROWS = 40
"""A longer table is cut, and says by how much."""

NONE = "-"

_WHOLE_NAME, _WORD = 40, 22

_ALIKE = 3
"""Of so many rows what all say alike is said once, above them."""

# Control characters move a terminal's cursor, and bidirectional ones reorder what is read.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# The edges are Okabe and Ito's colours; all else is the reader's, light or dark. Rules name the
# card twice, as JupyterLab's own for tables would win over shorter ones.
_STYLE = """\
.slobook-card{margin:.4em 0;padding:.1em .9em;border-left:3px solid rgba(128,128,128,.45);\
line-height:1.45;max-width:75em;overflow-x:auto}
.slobook-card.good{border-color:#009E73}.slobook-card.warning{border-color:#E69F00}
.slobook-card.bad{border-color:#D55E00}
.slobook-card p,.slobook-card ul{margin:.35em 0}.slobook-card ul{padding-left:1.4em}
.slobook-card .slobook-card{border-left-width:1px;padding-right:0}
.slobook-card.slobook-card table{border-collapse:collapse;margin:.6em 0;\
font-size:inherit;border:0;color:inherit}
.slobook-card.slobook-card table caption{caption-side:top;text-align:left;\
font-weight:600;padding:.2em 0;color:inherit}
.slobook-card.slobook-card table th,.slobook-card.slobook-card table td{\
text-align:left;vertical-align:top;padding:.2em .7em;border:0;\
border-bottom:1px solid rgba(128,128,128,.3);background:none;color:inherit;\
max-width:36em;white-space:normal;overflow-wrap:break-word}
.slobook-card.slobook-card table tbody th{font-weight:400;white-space:nowrap}
.slobook-card.slobook-card table .number{text-align:right;font-variant-numeric:tabular-nums;\
white-space:nowrap}
div.slobook-card pre{margin:.35em 0;padding:0;background:none;color:inherit;border:0;\
font-size:.92em;white-space:pre-wrap;overflow-wrap:anywhere}
.slobook-card summary{cursor:pointer}"""


class Part(Protocol):
    """A piece of a card."""

    @property
    def html(self) -> str:
        """The piece for a notebook, everything in it escaped."""

    @property
    def text(self) -> str:
        """The same as plain text."""


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first cell of a row names it.

    Attributes:
        head: The columns' names.
        rows: As many cells each.
        caption: What the rows are; may be empty.
        numbers: Names of the columns that stand to the right.

    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numbers: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """With heads that a screen reader can announce."""
        caption = f"<caption>{_escaped(self.caption)}</caption>" if self.caption else ""
        if not self.rows:
            return f"<p>{_escaped(self.caption)}: none</p>" if self.caption else ""
        head = "".join(
            f'<th scope="col"{self._aligned(name)}>{_escaped(name)}</th>' for name in self.head
        )
        body = "".join(f"<tr>{self._row(row)}</tr>" for row in self.rows[:MOST_ROWS])
        more = f"<p>{self._more}</p>" if self._more else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    @property
    def text(self) -> str:
        """Columns that are as wide as their cells, folded where a line would be too long."""
        if not self.rows:
            return f"{_seen(self.caption)}: none" if self.caption else ""
        from rich import box  # noqa: PLC0415  only where something is shown
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table as Columns  # noqa: PLC0415

        columns = Columns(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for index, name in enumerate(self.head):
            side: Literal["left", "right"] = "right" if name in self.numbers else "left"
            least = self._least_width(index)
            columns.add_column(_seen(name), justify=side, overflow="fold", min_width=least)
        for row in self.rows[:MOST_ROWS]:
            columns.add_row(*map(_seen, row))
        # In a notebook's kernel rich would show the table itself.
        console = Console(
            file=StringIO(), width=WIDTH, color_system=None, force_jupyter=False,
            force_terminal=False, markup=False, highlight=False, emoji=False,
        )  # fmt: skip
        with console.capture() as written:
            console.print(columns)
        lines = [line.rstrip() for line in written.get().splitlines()]
        said = [_seen(self.caption), *lines, self._more]
        return "\n".join(line for line in said if line)

    def _least_width(self, index: int) -> int:
        """Names and words are copied from here: they are folded only where they are very long."""
        cells = [row[index] for row in self.rows[:MOST_ROWS]]
        if index == 0 or self.head[index] in self.numbers:
            return min(max(map(len, cells)), _WHOLE_NAME)
        return min(max((len(word) for cell in cells for word in cell.split()), default=0), _WORD)

    @property
    def _more(self) -> str:
        left = len(self.rows) - MOST_ROWS
        return f"... and {left:,} more" if left > 0 else ""

    def _row(self, row: tuple[str, ...]) -> str:
        first, *others = zip(self.head, row, strict=True)
        cells = [f'<th scope="row"{self._aligned(first[0])}>{_escaped(first[1])}</th>']
        cells += [f"<td{self._aligned(name)}>{_escaped(cell)}</td>" for name, cell in others]
        return "".join(cells)

    def _aligned(self, name: str) -> str:
        return ' class="number"' if name in self.numbers else ""


@dataclass(frozen=True)
class Sentence:
    """A paragraph between other parts."""

    said: str

    @property
    def html(self) -> str:
        """A paragraph."""
        return f"<p>{_escaped(self.said)}</p>"

    @property
    def text(self) -> str:
        """The same, lines broken."""
        return fill(_seen(self.said), WIDTH)


@dataclass(frozen=True)
class Notes:
    """What a reader must know beside the numbers, a line each."""

    notes: tuple[str, ...]

    @property
    def html(self) -> str:
        """A list; nothing where there is no note."""
        items = "".join(f"<li>{_escaped(note)}</li>" for note in self.notes)
        return f"<ul>{items}</ul>" if items else ""

    @property
    def text(self) -> str:
        """A dash before each."""
        return "\n".join(
            fill(_seen(note), WIDTH, initial_indent="- ", subsequent_indent="  ")
            for note in self.notes
        )


@dataclass(frozen=True)
class Verbatim:
    """A text whose lines and spaces matter, such as a diff."""

    lines: str

    @property
    def html(self) -> str:
        """As it is."""
        return f"<pre>{_escaped(self.lines)}</pre>" if self.lines else ""

    @property
    def text(self) -> str:
        """As it is."""
        return _seen(self.lines)


@dataclass(frozen=True)
class Folded:
    """A long text that few readers need; the plain text leaves it out.

    Attributes:
        summary: What it is: the words that unfold it.
        lines: The text.

    """

    summary: str
    lines: str

    @property
    def html(self) -> str:
        """Behind a click."""
        return (
            f"<details><summary>{_escaped(self.summary)}</summary>"
            f"<pre>{_escaped(self.lines)}</pre></details>"
        )

    @property
    def text(self) -> str:
        """Nothing."""
        return ""


@dataclass(frozen=True)
class Card:
    """What people see of something.

    Attributes:
        title: Its name, or what happened.
        said: The most important thing about it, in a sentence or two; may be empty.
        parts: Tables and notes, in the order in which they are read.
        tone: How the card is edged.

    """

    title: str
    said: str = ""
    parts: tuple[Part, ...] = ()
    tone: Tone = "plain"

    @property
    def html(self) -> str:
        """The card for a notebook, light or dark, with a style that touches nothing else."""
        said = f" {_escaped(self.said)}" if self.said else ""
        body = "".join(part.html for part in self.parts)
        return (
            f'<div class="slobook-card {self.tone}"><style>{_STYLE}</style>'
            f"<p><strong>{_escaped(self._titled)}</strong>{said}</p>{body}</div>"
        )

    @property
    def text(self) -> str:
        """The same as plain text, without colours."""
        first = " ".join(filter(None, [self._titled, self.said]))
        parts = [part.text for part in self.parts]
        return "\n\n".join(filter(None, [fill(_seen(first), WIDTH), *parts]))

    @property
    def _titled(self) -> str:
        return f"{self.title}:" if self.said else self.title


@dataclass(frozen=True)
class Inner:
    """A card within a card."""

    card: Card

    @property
    def html(self) -> str:
        """The whole card."""
        return self.card.html

    @property
    def text(self) -> str:
        """The whole card."""
        return self.card.text


class Shown(ABC):
    """Something that shows itself as a card, wherever it is looked at."""

    @property
    @abstractmethod
    def card(self) -> Card:
        """What people see of it."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # IPython takes a class's own __repr__, which dataclasses have, before what it inherits.
        if "_repr_pretty_" not in cls.__dict__:
            cls._repr_pretty_ = Shown._repr_pretty_  # type: ignore[method-assign]

    def _repr_html_(self) -> str:
        return self.card.html

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: FBT001  IPython's
        # Within a list or a tuple a whole card would be too much.
        nested = cycle or len(printer.stack) > 1
        short = f"<{type(self).__name__} {_seen(self.card.title)}>"
        printer.text(short if nested else self.card.text)

    def __str__(self) -> str:
        return self.card.text


class _Printer(Protocol):
    """What is used here of IPython's printer of values."""

    stack: Sequence[int]

    def text(self, obj: str) -> None: ...


class Listed(Shown):
    """Something that people look at several of, a row each; alone it shows its row downwards."""

    numbers: ClassVar[tuple[str, ...]] = ()
    """Columns that stand to the right."""

    @property
    @abstractmethod
    def row(self) -> Mapping[str, str]:
        """Cells by the names of their columns, which are the same for all of a kind."""

    @property
    def card(self) -> Card:
        """The row, turned on its side."""
        (kind, name), *others = self.row.items()
        cells = tuple((what, said) for what, said in others if said)
        return Card(name, "", (Table((kind, name), cells),))


def listing(things: Sequence[Listed], caption: str = "") -> Table:
    """A table with a row for each thing of one kind.

    The first column names the row, and numbers are to be compared; of the others those that are
    empty throughout are left out, and what many rows say alike is said in the caption.
    """
    if not things:
        return Table((), (), caption)
    rows, numbers = [thing.row for thing in things], things[0].numbers
    first, *others = rows[0]
    said = {name: {row[name] for row in rows} for name in others}
    alike = [name for name in others if len(said[name]) == 1 and name not in numbers]
    told = [name for name in alike if said[name] != {""}] if len(rows) >= _ALIKE else []
    left_out = {*told, *(name for name in others if said[name] == {""})}
    head = (first, *(name for name in others if name not in left_out))
    cells = tuple(tuple(row[name] for name in head) for row in rows)
    once = "; ".join(f"{name}: {rows[0][name]}" for name in told)
    told_once = " ".join(filter(None, [caption, f"({once})" if once else ""]))
    return Table(head, cells, told_once, numbers)


def percent(share: float, digits: int = 1) -> str:
    """A share as people read it, ``99.9 %``; a dash where there is none."""
    return NONE if math.isnan(share) else f"{100 * share:,.{digits}f} %"


def _seen(text: str) -> str:
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _escaped(text: str) -> str:
    return escape(_seen(text))
