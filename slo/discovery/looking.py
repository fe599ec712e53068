"""Asks a server what its counters did on each of the last days, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.history.queries import QueryRefused
from slo.model.duration import DAY, HOUR, MINUTE, SECOND, format_duration
from slo.model.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from slo.history.queries import Queries
    from slo.model.samples import Series, Values
    from slo.model.selector import Selector

MOST_DAYS = 14
"""Of which evidence is asked for: enough to see a week twice, and bearable for the server."""

_MOST_ROWS = 5_000


@dataclass(frozen=True, eq=False)
class Amount:
    """How much a group of counters grew.

    Attributes:
        labels: What the group has in common.
        days: Its growth on each day, the last day last; NaN where it has no samples.

    """

    labels: dict[str, str]
    days: Values


@dataclass(frozen=True)
class Looking:
    """What a server is asked about counters.

    Attributes:
        queries: Asks it.
        end: Up to when, in Unix milliseconds.
        days: How many days back.

    """

    queries: Queries
    end: int
    days: int

    def growth(self, counter: Selector, by: Collection[str]) -> tuple[list[Amount], int]:
        """How much counters grew, by some labels, and how many milliseconds a column is.

        A day a column; where that is more than the server answers, the last hour alone.

        Raises:
            QueryRefused: Not even that; the message is the server's.
            HistoryError: The server cannot be reached.

        """
        group = f"sum by ({', '.join(by)})"
        try:
            rows = self.each_day(f"{group} (increase({counter}[1d]))")
        except QueryRefused:
            rows = self.queries.at(f"{group} (increase({counter}[1h]))", self.end)
            return [Amount(_plain(one), one.values) for one in rows[:_MOST_ROWS]], HOUR
        return [Amount(_plain(one), self._columns(one)) for one in rows[:_MOST_ROWS]], DAY

    def each_day(self, expression: str) -> tuple[Series, ...]:
        """What an expression is at the end of each of the days."""
        first = self.end - (self.days - 1) * DAY
        return self.queries.over(expression, Grid(first, self.end, DAY))

    def now(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """What an expression is now, by labels."""
        rows = self.queries.at(expression, self.end)
        return [(_plain(one), float(one.values[0])) for one in rows[:_MOST_ROWS]]

    def series(self, selector: Selector, by: Collection[str]) -> list[tuple[dict[str, str], float]]:
        """How many series there are of each owner, with samples in the last hour."""
        return self.now(f"count by ({', '.join(by)}) (last_over_time({selector}[1h]))")

    def covered(
        self, selector: Selector, by: Collection[str]
    ) -> list[tuple[dict[str, str], float]]:
        """How many milliseconds of the last two days have samples.

        To five minutes, and to five seconds where it is less than an hour: what a day brings is
        told from it.
        """
        roughly, closely = (
            {tuple(sorted(labels.items())): length for labels, length in rows}
            for rows in (
                self._covered(selector, by, "2d", 5 * MINUTE),
                self._covered(selector, by, "1h", 5 * SECOND),
            )
        )
        long = {labels: length for labels, length in roughly.items() if length >= HOUR}
        return [(dict(labels), length) for labels, length in {**roughly, **closely, **long}.items()]

    def _covered(
        self, selector: Selector, by: Collection[str], within: str, step: int
    ) -> list[tuple[dict[str, str], float]]:
        there = f"count by ({', '.join(by)}) ({selector})"
        asked = f"count_over_time(({there})[{within}:{format_duration(step)}])"
        return [(labels, number * step) for labels, number in self.now(asked)]

    def daily(self, rows: Sequence[Series]) -> list[Amount]:
        """Answers of ``each_day``, by day."""
        return [Amount(_plain(one), self._columns(one)) for one in rows]

    def _columns(self, series: Series) -> Values:
        columns = np.full(self.days, np.nan)
        first = self.end - (self.days - 1) * DAY
        columns[(series.times - first) // DAY] = series.values
        return columns


def total_of(amounts: Sequence[Amount]) -> Values:
    """Several groups together; NaN where none has samples."""
    stacked = np.stack([one.days for one in amounts])
    together = np.nansum(stacked, axis=0)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, together)


def _plain(series: Series) -> dict[str, str]:
    return dict(series.labels)
