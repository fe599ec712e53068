"""Days that cost more or less than is usual for their weekday, and what moved them.

The cut-off of 3.5 robust spreads is that of B. Iglewicz and D. C. Hoaglin, "How to Detect and
Handle Outliers", 1993.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np

from slo.cost.change import change, typical, usage
from slo.cost.forecast import weekday
from slo.model.duration import WEEK
from slo.model.span import Span

if TYPE_CHECKING:
    from slo.cost.change import Change
    from slo.cost.ledger import Ledger
    from slo.model.samples import Mask

_WEEKS = 5
_LEAST = 0.2
"""A day within a fifth of the usual is none, however steady the days before were."""

_DIGITS = 9
_SPREADS = 3.5
_MAD = 1.4826
"""Of a normal distribution: standard deviations per median absolute deviation."""


@dataclass(frozen=True)
class Anomaly:
    """A day out of the ordinary.

    Attributes:
        day: Its beginning, Unix milliseconds.
        change: From a usual day of this weekday to this day, split.

    """

    day: int
    change: Change


@dataclass(frozen=True)
class Anomalies:
    """What a week holds of them.

    Attributes:
        found: In the order of days.
        judged: Days that could be compared with at least two of their weekday.

    """

    found: tuple[Anomaly, ...]
    judged: int


def anomalies(found: Ledger, week: Span) -> Anomalies:
    """Compare each whole day of a week with its weekday in the five weeks before.

    Usual is the median of the weekday. A day is an anomaly if it is off by more than a fifth and
    by more than 3.5 times the robust spread (median absolute deviation, of logarithms) with
    which days of those weeks differ from the others of their weekday. Fixed items are left out
    of that, and a usual day has those of the day itself: what begins as agreed is no anomaly.
    """
    before = found.whole & found.within(Span(week.start - _WEEKS * WEEK, week.start))
    spread = _spread(found, before)
    judged, odd = 0, []
    for index in np.flatnonzero(found.whole & found.within(week)):
        alike = before & (weekday(found.days) == weekday(found.days[index]))
        if np.count_nonzero(alike) < 2:  # noqa: PLR2004  one is no custom
            continue
        judged += 1
        this = np.arange(found.days.size) == index
        fixed = float(found.fixed[index])
        usual = typical(found, alike)
        moved = change(replace(usual, running=usual.running + fixed), usage(found, this))
        if _is_odd(moved, fixed, spread):
            odd.append(Anomaly(int(found.days[index]), moved))
    return Anomalies(tuple(odd), judged)


def _is_odd(moved: Change, fixed: float, spread: float) -> bool:
    # What a subtraction leaves of nothing is nothing.
    before, after = (round(one - fixed, _DIGITS) for one in (moved.before, moved.after))
    if min(before, after) <= 0:
        return before != after
    off = abs(log(after / before))
    return off > max(log(1 + _LEAST), _SPREADS * spread)


def _spread(found: Ledger, days: Mask) -> float:
    """How far a day usually is from the others of its weekday, as a logarithm."""
    totals, on = found.varying, weekday(found.days)
    off = []
    for index in np.flatnonzero(days):
        others = days & (on == on[index])
        others[index] = False
        if others.any() and totals[index] > 0:
            middle = float(np.median(totals[others]))
            off.append(abs(log(totals[index] / middle)) if middle > 0 else 0.0)
    return _MAD * float(np.median(off)) if off else 0.0
