"""The report as a mail: HTML for mail programs, and its plain-text twin.

Mail programs keep inline styles and tables, and drop scripts and style sheets of elsewhere; Gmail
cuts off what is beyond 102 kB. What the style element adds, dark colours and narrow screens, is
for those that read it: https://www.caniemail.com/
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from slo.report.forms.names import MAIL_PICTURE
from slo.report.forms.templating import rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.report.forms.digest import Digest, Row

WIDTH = 72
"""Characters of a line of plain text; only addresses may be longer."""

_GAP = 2
_LEAST_NAME = 20


def mail_html(digest: Digest) -> str:
    """The body of a mail without a picture."""
    return rendered("mail.html", digest=digest, picture="")


def mail_html_with_picture(digest: Digest) -> str:
    """The body of a mail that has the picture of the headline as a related part."""
    return rendered("mail.html", digest=digest, picture=MAIL_PICTURE)


def mail_text(digest: Digest) -> str:
    """The same as plain text, in lines of at most 72 characters."""
    lines = [*wrap(digest.title, WIDTH), "", *wrap(f"{digest.sign} {digest.verdict}", WIDTH), ""]
    lines += [*wrap(digest.window, WIDTH), ""]
    lines += _tiles(digest)
    if digest.rows:
        lines += ["", *wrap(digest.table.upper(), WIDTH), "", *_table(digest)]
    lines += wrap(digest.rest, WIDTH)
    if digest.suggestions:
        lines += ["", "WHAT TO DO", ""]
        for line in digest.suggestions:
            lines += wrap(line, WIDTH, initial_indent="- ", subsequent_indent="  ")
    if digest.link:
        lines += ["", "The whole report:", digest.link]
    return "\n".join(lines) + "\n"


def _tiles(digest: Digest) -> list[str]:
    names = max(len(tile.name) for tile in digest.tiles) + _GAP
    values = max(len(tile.value) for tile in digest.tiles) + _GAP
    lines = []
    for tile in digest.tiles:
        head = f"{tile.name:<{names}}{tile.value:<{values}}"
        below = " " * len(head)
        wrapped = wrap(tile.change, WIDTH, initial_indent=head, subsequent_indent=below)
        lines += wrapped or [head.rstrip()]
    return lines


def _table(digest: Digest) -> list[str]:
    """Names to the left, wrapped; values to the right, aligned."""
    every = [digest.columns, *(row.values for row in digest.rows)]
    sizes = [max(map(len, column)) for column in zip(*every, strict=True)]
    room = WIDTH - sum(size + _GAP for size in sizes)
    longest = max(len(text) for row in digest.rows for text in (row.name, f"  {row.note}"))
    width = max(min(room, longest), _LEAST_NAME)
    head = _line("", digest.columns, sizes, width)
    lines = [head, "-" * len(head)]
    for row in digest.rows:
        lines += _row(row, sizes, width)
    return lines


def _row(row: Row, sizes: Sequence[int], width: int) -> list[str]:
    first, *others = wrap(row.name, width) or [""]
    note = wrap(row.note, width, initial_indent="  ", subsequent_indent="  ")
    return [_line(first, row.values, sizes, width), *others, *note]


def _line(name: str, values: Sequence[str], sizes: Sequence[int], width: int) -> str:
    cells = "".join(
        f"{'':{_GAP}}{value:>{size}}" for value, size in zip(values, sizes, strict=True)
    )
    return f"{name:<{width}}{cells}"
