"""``reports``: is the report of the last closed week there, of every service and kind?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import every, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.model.duration import DAY
from slo.model.span import Week
from slo.report.runs.due import Due

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.report.kinds import ReportKind

NAME = "reports"
_ANCHOR = "reports"
_GRACE = DAY
"""A report is made on Monday; until Tuesday the one of the week before is fresh."""

_LOOK_BACK = 26


def reports(
    folder: Path, wanted: Sequence[tuple[ReportKind, str]], now: int, too_young: str = ""
) -> Finding:
    """A report of the last week that has been over for a day.

    Args:
        folder: Of reports.
        wanted: Kinds of reports with the services that have them.
        now: Unix milliseconds.
        too_young: Why there can be no report yet; empty where there can be.

    """
    if not wanted:
        return not_checked(NAME, "no service has a budget to report on")
    expected = Week.last_closed(now - _GRACE)
    newest = {one: newest_week(folder, *one, now) for one in wanted}
    if too_young and not any(newest.values()):
        return not_checked(NAME, too_young)
    stale = {one: week for one, week in newest.items() if week is None or week < expected}
    failed = sorted(
        f"the last attempt failed: {log}"
        for kind, service in wanted
        # Those that are hidden are of runs under way.
        for log in kind.folder(folder, service, expected).parent.glob("[0-9]*-W*.log")
    )
    told = [
        f"{service} ({kind.name}): " + (f"the newest is of {week}" if week else "none yet")
        for (kind, service), week in stale.items()
    ]
    of_week = (f"report of {expected}", f"reports of {expected}")
    if stale:
        found = f"{out_of(len(stale), len(wanted), *of_week)} missing"
        # A week that was missed may be made up for; more than that, and nobody runs it.
        late = all(week is not None and week >= expected.previous for week in stale.values())
        finding = attention if late else broken
        to_do = "slo run-due now; slo schedule for a scheduler that does it every Monday"
        return finding(NAME, found, to_do, _ANCHOR, first_of([*told, *failed]))
    if failed:
        found = "reports are fresh, but attempts failed"
        return attention(NAME, found, "read the log, then slo run-due", _ANCHOR, first_of(failed))
    are = every(len(wanted), f"report of {expected} is", f"reports of {expected} are")
    return fine(NAME, f"{are} there")


def newest_week(folder: Path, kind: ReportKind, service: str, now: int) -> Week | None:
    """The newest week of which there is a report of all of it; None where there is none."""
    week = Week.last_closed(now)
    for _ in range(_LOOK_BACK):
        if Due(kind, service, week, kind.folder(folder, service, week)).published:
            return week
        week = week.previous
    return None
