"""What a cost report leaves in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.report.cost_page import cost_page
from slo.report.cost_result import cost_result_of
from slo.report.kinds import RESULT, WEEKLY_COST

if TYPE_CHECKING:
    from slo.report.weekly_cost import WeeklyCost


def write_weekly_cost(report: WeeklyCost, folder: str | Path) -> Path:
    """Write a report's numbers and its page into a folder, made if need be.

    Each file is written whole or not at all, the page last. The same report gives the same bytes.

    Returns:
        The page's path.

    Raises:
        HistoryError: A file cannot be written.

    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with replacing(target / RESULT) as file:
        text = json.dumps(cost_result_of(report), indent=2, allow_nan=False)
        file.write_text(text + "\n", encoding="utf-8")
    with replacing(target / WEEKLY_COST.page) as file:
        file.write_text(cost_page(report), encoding="utf-8")
    return target / WEEKLY_COST.page
