"""Measures over windows, exactly what Prometheus says for ``slo.promql_expression.measured``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.engine.addition import RunningSum
from slo.engine.expression import computed
from slo.engine.over_time import extreme_over_time, mean_over_time
from slo.engine.rate import increase, rate, rate_shares
from slo.engine.semantics import semantics_of
from slo.model.expression import Expression
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.model.samples import Points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.engine.semantics import Semantics
    from slo.model.measure import Measure
    from slo.model.samples import History, Times
    from slo.model.selector import Selector


def measured(
    measure: Measure,
    history: History,
    window: int,
    at: Times,
    semantics: Semantics | None = None,
) -> Points:
    """A measure over a window at instants.

    Args:
        measure: What is looked at.
        history: Raw samples; without series of the measure every value is absent.
        window: Milliseconds.
        at: int64 Unix milliseconds in rising order, shape (E,).
        semantics: A version's arithmetic; that of the history's server if none is given.

    """
    spoken = semantics or semantics_of(history.server_version)
    match measure:
        case Expression():
            return computed(measure.root, history, window, at, spoken)
        case CounterRate():
            rates = (rate(one, window, at, spoken) for one in history.select(measure.counter))
            return _summed(rates, at, spoken)
        case CounterShare():
            part, whole = history.select(measure.part), history.select(measure.whole)
            values, present = rate_shares(part, whole, (window,), at, spoken)
        case GaugeLevel(statistic="avg"):
            series = history.select(measure.gauge)
            values, present = mean_over_time(series, (window,), at, spoken)
        case GaugeLevel():
            series = history.select(measure.gauge)
            return extreme_over_time(series, measure.statistic, window, at, spoken)
    return Points(at, values[0], present[0])


def events_within(
    whole: Selector, history: History, window: int, at: Times, semantics: Semantics | None = None
) -> Points:
    """``sum(increase(whole[w]))`` at instants: what a minimum of events is held against."""
    spoken = semantics or semantics_of(history.server_version)
    grown = (increase(one, window, at, spoken) for one in history.select(whole))
    return _summed(grown, at, spoken)


def _summed(parts: Iterable[Points], at: Times, semantics: Semantics) -> Points:
    """``sum()`` of series in the order of their labels."""
    total = RunningSum(at.size, semantics)
    for points in parts:
        total.add(points.values, points.present)
    return Points(at, total.values, total.present)
