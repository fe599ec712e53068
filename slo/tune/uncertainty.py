"""Between which bounds the numbers of a performance lie, from how they went day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import DAY, WEEK
from slo.tune.bootstrap import (
    Interval,
    median_interval,
    proportion_interval,
    rate_interval,
    ratio_interval,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.samples import Values
    from slo.model.span import Span
    from slo.tune.performance import Performance


@dataclass(frozen=True)
class Uncertainty:
    """Intervals of a performance's numbers, at the level of ``slo.tune.bootstrap.LEVEL``.

    Counts hold the exact interval, too: a bootstrap of none says none for ever.

    Attributes:
        recall: Share of required incidents that are seen.
        pages_a_week: Calls a week.
        false_pages_a_week: Calls a week that belong to no incident.
        tickets_a_week: Tickets a week.
        spent_median: Median share of the budget that is spent at detection.
        detection_median: Median milliseconds until detection.

    """

    recall: Interval
    pages_a_week: Interval
    false_pages_a_week: Interval
    tickets_a_week: Interval
    spent_median: Interval
    detection_median: Interval


def uncertainty(done: Performance, during: Span) -> Uncertainty:
    """Resample the days of a performance in blocks of a week.

    Args:
        done: What was done.
        during: The stretch that it was done in, in one piece.

    """
    days = max(1, round(during.length / DAY))

    def by_day(instants: Sequence[int]) -> Values:
        day = (np.array(instants, dtype=np.int64) - during.start) // DAY
        return np.bincount(day.clip(0, days - 1), minlength=days).astype(np.float64)

    def weekly(instants: Sequence[int]) -> Interval:
        exact = rate_interval(len(instants), during.length / WEEK)
        return ratio_interval(by_day(instants), np.full(days, DAY / WEEK)).union(exact)

    required = [one.incident.span.start for one in done.sightings]
    caught = [one.incident.span.start for one in done.sightings if one.seen]
    timely = [one.timely for one in done.sightings if one.timely]
    at = (np.array(caught, dtype=np.int64) - during.start) // DAY
    return Uncertainty(
        recall=ratio_interval(by_day(caught), by_day(required)).union(
            proportion_interval(len(caught), len(required))
        ),
        pages_a_week=weekly(done.pages),
        false_pages_a_week=weekly(done.false_pages),
        tickets_a_week=weekly(done.tickets),
        spent_median=median_interval(np.array([one.budget_spent for one in timely]), at),
        detection_median=median_interval(np.array([float(one.delay) for one in timely]), at),
    )
