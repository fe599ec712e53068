"""Which forms of a report lie in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report.forms import names

if TYPE_CHECKING:
    from pathlib import Path

    from slo.report.kinds import ReportKind


def forms_in(folder: Path, kind: ReportKind) -> tuple[str, ...]:
    """Names of a report's forms that are there, those for people first."""
    known = (
        *(names.pdf_of(kind), names.HEADLINE, names.MARKDOWN, names.MAIL_HTML, names.MAIL_TEXT),
        *(names.CHAT, names.SLACK, names.TEAMS),
    )
    return tuple(name for name in known if (folder / name).is_file())


def not_made(folder: Path) -> str:
    """Why a report has no PDF or no picture, in a sentence; empty where nothing is said."""
    try:
        return (folder / names.NOT_MADE).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
