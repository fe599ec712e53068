"""What pages lack for screen readers and narrow windows, put in after the theme has made them."""

from __future__ import annotations

import re

_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
_HEAD = re.compile(r"<thead>(?:\s|</?tr\b[^>]*>|<th\b[^>]*>(?:\s|&nbsp;)*</th>)*</thead>")
_HEADING = re.compile(r"<th\b[^>]*>(?:\s|&nbsp;)*</th>")
_CELL = re.compile(r"(?<=<td><code>)[^<]+(?=</code>)")
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z][_./])(?=[a-z])")


class UnknownTheme(Exception):  # noqa: N818  it says what is wrong
    """The theme's pages are made in another way than the one that is mended here."""


def accessible(page: str) -> str:
    """A page whose search has a name, whose tables have no empty headings, and whose names break.

    Args:
        page: HTML of a whole page.

    Raises:
        UnknownTheme: The search of the theme is not where it was.

    """
    if page.count(_DIALOG) != 1:
        raise UnknownTheme(f"no {_DIALOG}")
    page = page.replace(_DIALOG, f'{_DIALOG[:-1]} aria-label="Search">')
    page = _HEADING.sub("<td></td>", _HEAD.sub("", page))
    return _CELL.sub(lambda name: _JOINT.sub("<wbr>", name[0]), page)
