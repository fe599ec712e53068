"""``clock``: do Prometheus' clock and this machine's agree?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.doctor.finding import Finding, attention, broken, fine

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.doctor.prometheus import Prometheus

NAME = "clock"
_ANCHOR = "prometheus-history"
_NOTABLE, _WRONG = 5.0, 60.0
"""Seconds: at an interval's length what is asked of "now" is not there yet, or is the last one."""


def clock(asked: Prometheus, here: Callable[[], float]) -> Finding:
    """Clocks that agree, as far as the answer's way lets it be seen.

    Args:
        asked: The server.
        here: This machine's clock, in Unix seconds.

    Raises:
        HistoryError: The server does not answer.

    """
    before = here()
    there = asked.now()
    after = here()
    uncertain = (after - before) / 2
    off = there - (before + after) / 2
    certain = max(abs(off) - uncertain, 0.0)
    ahead = "ahead of" if off > 0 else "behind"
    if certain <= _NOTABLE:
        return fine(NAME, f"Prometheus and this machine agree within {abs(off) + uncertain:.1f} s")
    finding = broken if certain > _WRONG else attention
    return finding(
        NAME,
        f"Prometheus' clock is {abs(off):.0f} s {ahead} this machine's",
        "run NTP on both (chronyc tracking, timedatectl)",
        _ANCHOR,
    )
