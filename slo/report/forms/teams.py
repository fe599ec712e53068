"""The report as what a Teams webhook takes: a message with an Adaptive Card.

The card is of version 1.4, which Teams draws on every device: https://adaptivecards.io/explorer.
What people named stands in text runs, which know no Markdown. A message may have 28 kB:
https://learn.microsoft.com/microsoftteams/limits-specifications-teams. There is no picture, as
one would have to lie where Microsoft can fetch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.report.looks import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.report.forms.digest import Digest, Row, Tile
    from slo.report.looks import Look

LIMIT = 28 * 1024
"""Bytes of a message, however its characters are written."""

_COLOURS: dict[Look, str] = {
    "kept": "good",
    "at-risk": "warning",
    "exhausted": "attention",
    "insufficient-data": "default",
}
_STYLES: dict[Look, str] = {**_COLOURS, "insufficient-data": "emphasis"}


def teams_payload(digest: Digest) -> dict[str, Any]:
    """The message with its card."""
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": _card(digest),
            }
        ],
    }


def _card(digest: Digest) -> dict[str, Any]:
    verdict = _text(f"{digest.sign} {digest.verdict}", weight="bolder", size="medium")
    body: list[dict[str, Any]] = [
        {
            "type": "Container",
            "style": _STYLES[digest.look],
            "bleed": True,
            "items": [verdict, _text(digest.title, isSubtle=True, size="small")],
        },
        _text(digest.window, isSubtle=True, size="small"),
        *(_tiles(digest.tiles[at : at + 2]) for at in range(0, len(digest.tiles), 2)),
    ]
    if digest.rows:
        body.append({**_text(digest.table, weight="bolder"), "separator": True})
        heads = [_text(column, isSubtle=True, size="small") for column in digest.columns]
        body.append(_line(_text(digest.week, isSubtle=True, size="small"), heads))
        body += [_row(row) for row in digest.rows]
    if digest.rest:
        body.append(_text(digest.rest, isSubtle=True, size="small"))
    if digest.suggestions:
        body.append({**_text("What to do", weight="bolder"), "separator": True})
        body += [_text(f"• {line}") for line in digest.suggestions]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": digest.title,
        "msteams": {"width": "Full"},
        "body": body,
    }
    if digest.link:
        open_it = {"type": "Action.OpenUrl", "title": "Open the whole report", "url": digest.link}
        card["actions"] = [open_it]
    return card


def _tiles(tiles: Sequence[Tile]) -> dict[str, Any]:
    """Key numbers side by side."""
    columns = [
        _column(
            "stretch",
            _text(tile.name, isSubtle=True, size="small"),
            {**_text(tile.value, weight="bolder", size="large"), "spacing": "none"},
            {**_text(tile.change, isSubtle=True, size="small"), "spacing": "none"},
        )
        for tile in tiles
    ]
    return {"type": "ColumnSet", "columns": columns}


def _row(row: Row) -> dict[str, Any]:
    name = [_text(row.name, weight="bolder")]
    if row.note:
        colour = _COLOURS[LOOKS[row.state]] if row.state else "default"
        name.append({**_text(row.note, color=colour, size="small"), "spacing": "none"})
    return _line(name[0], [_text(value) for value in row.values], *name[1:])


def _line(
    name: dict[str, Any], values: Sequence[dict[str, Any]], *below: dict[str, Any]
) -> dict[str, Any]:
    """A line of a table: the same widths in each, or columns would not align."""
    right = [{**value, "horizontalAlignment": "right"} for value in values]
    columns = [_column("3", name, *below), *(_column("2", value) for value in right)]
    return {"type": "ColumnSet", "columns": columns}


def _column(width: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Column", "width": width, "items": list(items)}


def _text(text: str, **style: str | bool) -> dict[str, Any]:
    """A text that is shown as it is."""
    run = {"type": "TextRun", "text": text or "-", **style}
    return {"type": "RichTextBlock", "inlines": [run]}
