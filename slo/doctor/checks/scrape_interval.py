"""``scrape-interval``: are there enough samples in the shortest window of each objective?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import counted, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.model.duration import SECOND, format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

NAME = "scrape-interval"
_ANCHOR = "metrics-are-missing"
_ENOUGH = 4
"""One scrape may fail, and rate() still sees what happened in the window."""

_FEWEST = 2
"""With fewer samples rate() has no result, and the alert is silent."""


def scrape_interval(asked: Prometheus, windows: Sequence[tuple[Selector, int]]) -> Finding:
    """At least four samples a series in every window.

    Args:
        asked: The server.
        windows: Series, each with the shortest window in which an alert looks at them, in ms.

    Raises:
        HistoryError: The server does not answer.

    """
    seen = []
    for selector, window in dict.fromkeys(windows):
        over = format_duration(window)
        rows = asked.values(f"quantile(0.5, count_over_time({selector}[{over}]))")
        seen += [(number, window, f"{selector} in {over}: {number:g}") for _, number in rows]
    if not seen:
        return not_checked(NAME, "there are no samples to count now", "slo doctor --only metrics")
    few = sorted(one for one in seen if one[0] < _ENOUGH)
    if not few:
        least = counted(round(min(seen)[0]), "sample")
        return fine(NAME, f"at least {least} a series in the shortest windows")
    shortest = min(window for _, window, _ in few)
    needed = format_duration(shortest // _ENOUGH // SECOND * SECOND)
    to_do = f"set scrape_interval to {needed} or less; wait, if the service has just started"
    hold = out_of(len(few), len(seen), "shortest window", "shortest windows", ("holds", "hold"))
    found = f"{hold} fewer than {_ENOUGH} samples a series"
    finding = broken if few[0][0] < _FEWEST else attention
    return finding(NAME, found, to_do, _ANCHOR, first_of([text for _, _, text in few]))
