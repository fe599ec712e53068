"""The report as a short text, for whatever takes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.wording import NONE

if TYPE_CHECKING:
    from slo.report.forms.digest import Digest, Row


def chat_text(digest: Digest) -> str:
    """The verdict first, then a line a row and the link; nothing is formatted."""
    lines = [f"{digest.sign} {digest.verdict}", digest.title]
    lines += [f"• {row.name}: {told(row, digest)}" for row in digest.rows]
    if digest.rest:
        lines.append(digest.rest)
    if digest.link:
        lines.append(digest.link)
    return "\n".join(lines) + "\n"


def told(row: Row, digest: Digest) -> str:
    """A row's values in words: ``at risk, this week 99.1 %, budget left 12.0 %``."""
    known = [
        f"{column.lower()} {value}"
        for column, value in zip(digest.columns, row.values, strict=True)
        if value != NONE
    ]
    return ", ".join(part for part in (row.state, *known) if part) or "no number"
