"""A report that is made in a blink by the real publishing, and a runner of such reports.

``attempt <folder> <parent> <seconds>`` makes one, ``run <reports> <seconds>`` all that are due.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

from slo.errors import UnderWay
from slo.model.duration import DAY, WEEK
from slo.model.span import Span, Week, format_instant
from slo.report.kinds import RESULT, WEEKLY_SLO
from slo.report.published import NOTEBOOK
from slo.report.runs.due import Due, due_in
from slo.report.runs.lifeline import end_with
from slo.report.runs.publishing import live_log_of, publishing

NOW = Week(2026, 47).span.end + 1
SERVICES = ("checkout", "search")
FILES = (WEEKLY_SLO.page, NOTEBOOK, RESULT)


def due(reports: Path, weeks: int = 2) -> tuple[Due, ...]:
    history = Span(NOW - 20 * WEEK, NOW)
    return due_in(reports, [(WEEKLY_SLO, one) for one in SERVICES], weeks, history=history, now=NOW)


def result(week: Week, lacking: int = 0) -> dict[str, object]:
    """Of a week, or of one that lacked some milliseconds when it was reported."""
    until = format_instant(week.span.end - lacking).replace(" UTC", "Z").replace(" ", "T")
    return {"week": str(week), "until": until, "verdict": "All kept.", "falls_short": False}


def earlier(week: Week) -> dict[str, object]:
    """What a report said before the week was over."""
    return result(week, lacking=2 * DAY)


def report_early(folder: Path) -> None:
    """A report that a run replaces, as its week was not over."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(json.dumps(earlier(Week.parse(folder.name))))


def attempt(folder: Path, seconds: float) -> None:
    """Write a page of many pieces, slowly enough to be caught at each."""
    week = Week.parse(folder.name)
    with publishing(folder) as staging:
        live_log_of(folder).write_text("under way")
        for name in FILES:
            with (staging / name).open("w") as file:
                file.write(json.dumps(result(week))[:10])
                file.flush()
                sleep(seconds / len(FILES))
                file.write(json.dumps(result(week))[10:])
        made = {"papermill": {"end_time": datetime.now(UTC).isoformat(), "duration": seconds}}
        (staging / NOTEBOOK).write_text(json.dumps({"metadata": made}))
    live_log_of(folder).unlink(missing_ok=True)


def command(seconds: float):
    def of(one: Due) -> list[str]:
        arguments = ["attempt", str(one.folder), str(os.getpid()), str(seconds)]
        return [sys.executable, __file__, *arguments]

    return of


if __name__ == "__main__":
    # Imported where they are used: an attempt is a process, and shall begin at once.
    if sys.argv[1] == "attempt":
        end_with(int(sys.argv[3]))
        try:
            attempt(Path(sys.argv[2]), float(sys.argv[4]))
        except UnderWay as error:
            from slo.report.runs.run_due import UNDER_WAY

            sys.stderr.write(f"{error}\n")
            sys.exit(UNDER_WAY)
    else:
        from slo.report.runs.run_due import Attempts, run_due

        run_due(due(Path(sys.argv[2])), command(float(sys.argv[3])), Attempts(waits=()), print)
