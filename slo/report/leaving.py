"""What every report leaves in its folder: its other forms, its numbers, and its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.report.forms.writing import write_forms
from slo.report.kinds import RESULT

if TYPE_CHECKING:
    from slo.report.forms.writing import Forms
    from slo.report.kinds import ReportKind


def leave(folder: str | Path, kind: ReportKind, result: str, page: str, forms: Forms) -> Path:
    """Write a report's forms, its numbers and its page into a folder, made if need be.

    Each file is written whole or not at all, the page last.

    Args:
        folder: Where to.
        kind: Which report.
        result: The numbers as JSON.
        page: The page as HTML.
        forms: What its other forms are made of.

    Returns:
        The page's path.

    Raises:
        HistoryError: A file cannot be written.

    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write_forms(target, kind, forms, page)
    for name, text in ((RESULT, result + "\n"), (kind.page, page)):
        with replacing(target / name) as file:
            file.write_text(text, encoding="utf-8")
    return target / kind.page
