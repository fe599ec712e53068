"""Which reports of closed weeks there should be, and which of them there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.span import Span, Week, format_instant
from slo.report.published import Published, read_published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.report.kinds import ReportKind


@dataclass(frozen=True)
class Due:
    """A report that there should be, as its week is over.

    Attributes:
        kind: Which report.
        service: Of which service.
        week: Of which closed week.
        folder: Where it is published.
        missing: Why it cannot be made; empty where it can.

    """

    kind: ReportKind
    service: str
    week: Week
    folder: Path
    missing: str = ""

    @property
    def published(self) -> Published | None:
        """The complete report of the whole week, if there is one."""
        found = read_published(self.folder, self.kind)
        return found if found and found.until >= self.week.span.end else None

    def __str__(self) -> str:
        return f"{self.service} {self.week} ({self.kind.name})"


def due_in(
    reports: Path,
    wanted: Sequence[tuple[ReportKind, str]],
    weeks: int,
    *,
    history: Span,
    now: int,
) -> tuple[Due, ...]:
    """Every report of the last closed weeks, the oldest week first.

    Weeks before the history began are nobody's fault, and left out. Weeks after its end that are
    over are in it, with the reason why they cannot be made.

    Args:
        reports: The folder of reports.
        wanted: Which reports of which services.
        weeks: How many weeks, back from the last that the history holds the end of.
        history: From when to when there may be history.
        now: Unix milliseconds.

    """
    last = Week.last_closed(min(now, history.end))
    judged = [last]
    while len(judged) < weeks:
        judged.insert(0, judged[0].previous)
    able = [week for week in judged if week.span.overlap(history)]
    reason = (
        f"the history ends at {format_instant(history.end)}, before the week does; "
        "'slo snapshot' fetches more"
    )
    unable = _weeks_after(last, Week.last_closed(now))[-weeks:]
    return tuple(
        Due(kind, service, week, kind.folder(reports, service, week), why)
        for week, why in [*((week, "") for week in able), *((week, reason) for week in unable)]
        for kind, service in wanted
    )


def _weeks_after(first: Week, last: Week) -> list[Week]:
    weeks: list[Week] = []
    week = last
    while week > first:
        weeks.insert(0, week)
        week = week.previous
    return weeks
