"""``history``: does Prometheus keep samples for as long as the longest period?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, attention, broken, fine, first_of
from slo.history.connection import NotTold
from slo.model.duration import DAY, SECOND, WEEK, format_duration, parse_duration
from slo.model.span import format_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

NAME = "history"
_ANCHOR = "prometheus-history"
_POINTS = 400
_FLAG = "--storage.tsdb.retention.time"


def history(asked: Prometheus, selectors: Sequence[Selector], longest: int) -> Finding:
    """Samples of each indicator from a whole period ago, or a retention that will keep them.

    Args:
        asked: The server.
        selectors: The series that objectives cannot be judged without.
        longest: The longest period, in milliseconds.

    Raises:
        HistoryError: The server does not answer.

    """
    kept, limits = _retention(asked)
    now = asked.now()
    oldest = {str(one): _oldest(asked, one, now, longest) for one in selectors}
    there = {name: age for name, age in oldest.items() if age is not None}
    period = format_duration(longest)
    flag = f"; samples are kept for {limits} ({_FLAG})" if limits else ""
    wanted = f"set {_FLAG}={format_duration(longest + 2 * WEEK)}, and keep room on the disk"
    if kept and kept < longest:
        found = f"samples go after {limits}, before the longest period ({period}) is over"
        return broken(NAME, found, wanted, _ANCHOR)
    if not there:
        found = "no indicator has any samples in the longest period"
        return broken(NAME, found, "slo doctor --only metrics", "metrics-are-missing")
    young = [
        f"{name}: since {format_instant(round((now - age) * 1000))} at the latest"
        for name, age in there.items()
        if age < longest / SECOND
    ]
    if kept and kept < longest + WEEK:
        found = (
            f"samples go after {limits}: the report of a week also looks at the period ({period}) "
            "before it"
        )
        return attention(NAME, found, wanted, _ANCHOR)
    if young:
        days = min(there.values()) * SECOND / DAY
        age = f"{days:.1f} days" if days >= 1 else "less than a day"
        return attention(
            NAME,
            f"the youngest indicator has {age} of samples, the longest period is {period}{flag}",
            "wait: nothing is wrong, there just is no more yet"
            if kept
            else f"wait, if it is new; else {wanted}",
            _ANCHOR,
            first_of(young),
        )
    return fine(NAME, f"every indicator has samples from {period} ago{flag}")


def _retention(asked: Prometheus) -> tuple[int, str]:
    """For how many milliseconds samples are kept, and in the server's words; 0 where not told."""
    try:
        told = str(asked.told("status/runtimeinfo").get("storageRetention", ""))
    except NotTold:
        return 0, ""
    for part in re.split(r"\s+or\s+", told):
        try:
            return parse_duration(part), told
        except ValueError:
            continue
    return 0, told


def _oldest(asked: Prometheus, selector: Selector, now: float, longest: int) -> float | None:
    """The age of the oldest samples in a period, in seconds; the period's where they are older."""
    length = longest / SECOND
    step = max(round(length / _POINTS), 60)
    steps = int(length // step)
    at = asked.instants(f"count({selector})", now - steps * step, now, step)
    if not at:
        return None
    # What is there at the first instant was there before it, for all that can be seen.
    return length if now - at[0] >= steps * step - step / 2 else now - at[0]
