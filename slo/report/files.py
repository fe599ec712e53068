"""What a report leaves in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.report.kinds import RESULT, WEEKLY_SLO
from slo.report.page import page
from slo.report.result import result_of

if TYPE_CHECKING:
    from slo.report.weekly_slo import WeeklySlo


def write_weekly_slo(report: WeeklySlo, folder: str | Path) -> Path:
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
        file.write_text(json.dumps(result_of(report), indent=2) + "\n", encoding="utf-8")
    with replacing(target / WEEKLY_SLO.page) as file:
        file.write_text(page(report), encoding="utf-8")
    return target / WEEKLY_SLO.page
