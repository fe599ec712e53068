"""What a report leaves in its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slo.report.forms.slo_digest import slo_digest
from slo.report.forms.slo_markdown import slo_markdown
from slo.report.forms.writing import Forms
from slo.report.kinds import WEEKLY_SLO
from slo.report.leaving import leave
from slo.report.objectives.page import page
from slo.report.objectives.result import result_of
from slo.webpage.plotly_file import shared_plotly

if TYPE_CHECKING:
    from pathlib import Path

    from slo.report.objectives.weekly_slo import WeeklySlo


def write_weekly_slo(
    report: WeeklySlo,
    folder: str | Path,
    reports: str | Path | None = None,
    address: str = "",
) -> Path:
    """Write a report's numbers, its page and its other forms into a folder, made if need be.

    Each file is written whole or not at all, the page last. The same report gives the same bytes,
    but for the PDF, which a browser dates.

    Args:
        report: The numbers.
        folder: Where to.
        reports: The folder of all reports, whose pages share one file of plotly.js; a page that
            does not lie below it has the file beside it.
        address: Of the folder of reports, for links; empty where readers have none.

    Returns:
        The page's path.

    Raises:
        HistoryError: A file cannot be written.

    """
    digest = slo_digest(report, address)
    return leave(
        folder,
        WEEKLY_SLO,
        json.dumps(result_of(report), indent=2),
        page(report, shared_plotly(folder, reports)),
        Forms(digest, slo_markdown(report, digest)),
    )
