"""What a cost report leaves in its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slo.report.cost.page import cost_page
from slo.report.cost.result import cost_result_of
from slo.report.kinds import WEEKLY_COST
from slo.report.leaving import leave
from slo.webpage.plotly_file import shared_plotly

if TYPE_CHECKING:
    from pathlib import Path

    from slo.report.cost.weekly_cost import WeeklyCost


def write_weekly_cost(
    report: WeeklyCost, folder: str | Path, reports: str | Path | None = None
) -> Path:
    """Write a report's numbers and its page into a folder, made if need be.

    Each file is written whole or not at all, the page last. The same report gives the same bytes.

    Args:
        report: What to write.
        folder: Where to.
        reports: The folder of all reports, whose pages share one file of plotly.js; a page that
            does not lie below it has the file beside it.

    Returns:
        The page's path.

    Raises:
        HistoryError: A file cannot be written.

    """
    return leave(
        folder,
        WEEKLY_COST,
        json.dumps(cost_result_of(report), indent=2, allow_nan=False),
        cost_page(report, shared_plotly(folder, reports)),
    )
