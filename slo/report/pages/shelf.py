"""What the index tells of published reports, of what lies in their folders alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slo.report.pages.trend import Bars, Line, bars, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.model.span import Week
    from slo.report.kinds import ReportKind
    from slo.report.published import Published

_MOST_WEEKS = 52
_LOOKS = {"overspent": "exhausted", "within budget": "kept"}
"""The style sheet's names where budgets of money have other words than error budgets."""


@dataclass(frozen=True)
class Entry:
    """A week's report.

    Attributes:
        week: Its week.
        link: To its page, from the index.
        published: What it says.
        pdf: To its page as PDF; empty where there is none.

    """

    week: Week
    link: str
    published: Published
    pdf: str = ""

    @property
    def state(self) -> str:
        """The state that the report gives, else the worst of any objective."""
        told = self.published.result.get("state")
        if isinstance(told, str):
            return told
        states = {one.get("state") for one in self._listed("slos")}
        for state in ("exhausted", "at risk", "insufficient data", "kept"):
            if state in states:
                return state
        return "exhausted" if self.published.falls_short else "kept"

    @property
    def look(self) -> str:
        """The state's name in the style sheet."""
        return _LOOKS.get(self.state, self.state).replace(" ", "-")

    @property
    def kept(self) -> str:
        """How many objectives have budget left, of all; empty where there are none."""
        every = self._listed("slos")
        kept = sum(one.get("state") in ("kept", "at risk") for one in every)
        return f"{kept} of {len(every)}" if every else ""

    @property
    def least(self) -> float:
        """The smallest share of any error budget that is left; NaN where none is known."""
        known = [one.get("budget_remaining") for one in self._listed("slos")]
        return min((float(one) for one in known if one is not None), default=math.nan)

    @property
    def pages(self) -> int | None:
        """Calls of severity page; None where the report does not tell."""
        pages = self.published.result.get("pages")
        return pages if isinstance(pages, int) else None

    @property
    def spent(self) -> float:
        """Dollars of the week; NaN where the report does not tell."""
        return _number(self.published.result.get("this_week"), "usd")

    @property
    def allowed(self) -> float:
        """Dollars that the budgets allow in a week, each its share of its period; else NaN."""
        shares = [
            _number(one, "usd") * 7 / days
            for one in self._listed("budgets")
            if (days := _days(one.get("period")))
        ]
        return math.fsum(shares) if shares else math.nan

    @property
    def left(self) -> float:
        """The smallest share of any budget of money that is left; NaN where none is known."""
        known = [_number(one, "remaining") for one in self._listed("budgets")]
        return min((one for one in known if math.isfinite(one)), default=math.nan)

    def _listed(self, name: str) -> list[dict[str, Any]]:
        found = self.published.result.get(name)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


@dataclass(frozen=True)
class Shelf:
    """All reports of a kind of a service, the newest first."""

    service: str
    kind: ReportKind
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """What no other shelf is called."""
        return f"{self.service} · {self.kind.title}"

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The last weeks, the oldest first, also those without a report; a year at most."""
        oldest, newest = self.entries[-1].week, self.entries[0].week
        found = [newest]
        while found[-1] != oldest and len(found) < _MOST_WEEKS:
            found.append(found[-1].previous)
        return tuple(reversed(found))

    @property
    def least(self) -> Line:
        """How the smallest error budget went, week by week."""
        return line(self._through(lambda entry: entry.least))

    @property
    def spending(self) -> Bars:
        """What was spent, and what the budgets allow, week by week."""
        spent = self._through(lambda entry: entry.spent)
        return bars(spent, self._through(lambda entry: entry.allowed))

    def _through(self, number: Callable[[Entry], float]) -> Sequence[float]:
        by_week = {entry.week: number(entry) for entry in self.entries}
        return [by_week.get(week, math.nan) for week in self.weeks]

    def of(self, week: Week) -> Entry | None:
        """The report of a week."""
        return next((entry for entry in self.entries if entry.week == week), None)


def _number(holder: object, name: str) -> float:
    value = holder.get(name) if isinstance(holder, dict) else None
    return float(value) if isinstance(value, int | float) else math.nan


def _days(period: object) -> float:
    """How long a period is; 0 where it cannot be read."""
    try:
        start, end = (datetime.fromisoformat(period[edge]) for edge in ("start", "end"))  # type: ignore[index]
    except (LookupError, TypeError, ValueError):
        return 0.0
    return (end - start).total_seconds() / 86400
