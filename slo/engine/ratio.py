"""Error ratios over windows, exactly what Prometheus says for ``slo.promql.error_ratio``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.engine.over_time import mean_over_time
from slo.engine.rate import rate_shares
from slo.engine.semantics import Semantics, semantics_of
from slo.engine.slices import kept_slices
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.indicator import Indicator
    from slo.model.samples import History, Mask, Times, Values


@dataclass(frozen=True, eq=False)
class ErrorRatios:
    """Error ratios over several windows at the same instants.

    Attributes:
        windows: Milliseconds, each once.
        times: int64 Unix milliseconds, shape (E,).
        values: float64 in 0 to 1, shape (W, E); NaN where absent, and where Prometheus says NaN
            (windows in which nothing happened).
        present: bool, shape (W, E).

    """

    windows: tuple[int, ...]
    times: Times
    values: Values
    present: Mask

    def over(self, window: int) -> Points:
        """The ratios over one of the windows.

        Raises:
            ValueError: It is not among the windows.

        """
        row = self.windows.index(window)
        return Points(self.times, self.values[row], self.present[row])


def error_ratios(
    indicator: Indicator,
    history: History,
    windows: Sequence[int],
    at: Times,
    semantics: Semantics | None = None,
) -> ErrorRatios:
    """Replay an indicator's error ratio over windows (milliseconds) at instants.

    Args:
        indicator: What is bad, and out of what.
        history: Raw samples; without series of the indicator every value is absent.
        windows: Milliseconds.
        at: int64 Unix milliseconds in rising order, shape (E,).
        semantics: A version's arithmetic; that of the history's server if none is given.

    """
    spoken = semantics or semantics_of(history.server_version)
    match indicator:
        case EventRatio() | LatencyBuckets():
            numerator, total = (history.select(one) for one in indicator.selectors)
            values, present = rate_shares(numerator, total, windows, at, spoken)
            good = indicator.counted == "good"
        case RawRatio():
            series = history.select(indicator.ratio)
            values, present = mean_over_time(series, windows, at, spoken)
            good = indicator.counted == "good"
        case TimeSlices():
            slices = kept_slices(indicator, history, windows, at, spoken)
            values, present = mean_over_time(slices, windows, at, spoken)
            good = True
    return ErrorRatios(tuple(windows), at, 1 - values if good else values, present)
