"""What a cost report leaves in its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slo.report.cost.page import cost_page
from slo.report.cost.result import cost_result_of
from slo.report.forms.cost_digest import cost_digest
from slo.report.forms.cost_markdown import cost_markdown
from slo.report.forms.writing import Forms
from slo.report.kinds import WEEKLY_COST
from slo.report.leaving import leave
from slo.webpage.plotly_file import shared_plotly

if TYPE_CHECKING:
    from pathlib import Path

    from slo.report.cost.weekly_cost import WeeklyCost


def write_weekly_cost(
    report: WeeklyCost,
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
    digest = cost_digest(report, address)
    return leave(
        folder,
        WEEKLY_COST,
        json.dumps(cost_result_of(report), indent=2, allow_nan=False),
        cost_page(report, shared_plotly(folder, reports)),
        Forms(digest, cost_markdown(report, digest)),
    )
