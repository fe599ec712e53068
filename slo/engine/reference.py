"""The oracle: the engine's questions answered slowly and obviously, a float at a time.

Plain Python over lists, written after Prometheus' own sources (promql/functions.go,
promql/engine.go, rules/alerting.go). Tests hold the kernels against it, bit for bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slo.engine.semantics import LOOKBACK
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.samples import is_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.engine.semantics import Semantics
    from slo.model.indicator import Indicator
    from slo.model.samples import History, Series

Sample = tuple[int, float]


def error_ratio(
    indicator: Indicator, history: History, window: int, at: int, semantics: Semantics
) -> float | None:
    """An indicator's error ratio over a window at an instant; None where absent."""
    match indicator:
        case EventRatio() | LatencyBuckets():
            numerator = _sum_of_rates(history.select(indicator.numerator), window, at, semantics)
            total = _sum_of_rates(history.select(indicator.total), window, at, semantics)
            if total is None:
                return None
            share = _divided(0 * total if numerator is None else numerator, total)
            return share if indicator.counted == "bad" else 1 - share
        case RawRatio():
            series = [_samples(one) for one in history.select(indicator.ratio)]
            mean = _mean_over_time(series, window, at, semantics)
            return mean if mean is None or indicator.counted == "bad" else 1 - mean
        case TimeSlices():
            mean = _mean_over_time(_slices(indicator, history, window, at, semantics), window, at,
                                   semantics)  # fmt: skip
            return None if mean is None else 1 - mean


def rate(series: Series, window: int, at: int, semantics: Semantics) -> float | None:
    """``rate(series[window])`` at an instant; None with fewer than two samples."""
    inside = _within(_samples(series), window, at, semantics)
    if len(inside) < 2:  # noqa: PLR2004  a rate needs two samples
        return None
    (first_time, first), (last_time, last) = inside[0], inside[-1]
    gained = last - first
    before = first
    for _, value in inside[1:]:
        if value < before:
            gained += before
        before = value
    to_start = (first_time - (at - window)) / 1000
    to_end = (at - last_time) / 1000
    sampled = (last_time - first_time) / 1000
    average = sampled / (len(inside) - 1)
    threshold = average * 1.1
    if not semantics.clamp_first and to_start >= threshold:
        to_start = average / 2
    if gained > 0 and first >= 0:
        to_start = min(to_start, sampled * (first / gained))
    if semantics.clamp_first and to_start >= threshold:
        to_start = average / 2
    if to_end >= threshold:
        to_end = average / 2
    factor = (sampled + to_start + to_end) / sampled
    # Go's Duration.Seconds rounds whole seconds and the rest apart.
    seconds = window // 1000 + window % 1000 * 1_000_000 / 1e9
    return gained * (factor / seconds)


def firing(holds: Sequence[bool], times: Sequence[int], hold: int, keep_firing: int) -> list[bool]:
    """At which evaluations an alert fires, an evaluation after the other."""
    active_at: int | None = None
    fires, keeping_since = False, None
    states = []
    for holding, time in zip(holds, times, strict=True):
        if holding:
            keeping_since = None
            active_at = time if active_at is None else active_at
            fires = fires or time - active_at >= hold
        elif fires and keep_firing > 0:
            keeping_since = time if keeping_since is None else keeping_since
            if time - keeping_since >= keep_firing:
                active_at, fires, keeping_since = None, False, None
        else:
            active_at, fires = None, False
        states.append(fires)
    return states


def _samples(series: Series) -> list[Sample]:
    stale = is_stale(series.values).tolist()
    pairs = zip(series.times.tolist(), series.values.tolist(), stale, strict=True)
    return [(time, value) for time, value, marker in pairs if not marker]


def _within(samples: Iterable[Sample], window: int, at: int, semantics: Semantics) -> list[Sample]:
    start = at - window
    if semantics.left_open:
        return [(time, value) for time, value in samples if start < time <= at]
    return [(time, value) for time, value in samples if start <= time <= at]


def _sum_of_rates(
    series: Iterable[Series], window: int, at: int, semantics: Semantics
) -> float | None:
    rates = (rate(one, window, at, semantics) for one in series)
    return _added([one for one in rates if one is not None], semantics)


def _added(values: Sequence[float], semantics: Semantics) -> float | None:
    """``sum()``; None of nothing."""
    if not values:
        return None
    if semantics.compensated_sum:
        return _neumaier(values)
    total = values[0]
    for value in values[1:]:
        total += value
    return total


def _neumaier(values: Iterable[float]) -> float:
    """Prometheus' kahanSumInc over all values."""
    running, carry = 0.0, 0.0
    for value in values:
        added = running + value
        if math.isinf(added):
            carry = 0.0
        elif abs(running) >= abs(value):
            carry += (running - added) + value
        else:
            carry += (value - added) + running
        running = added
    return running if math.isinf(running) else running + carry


def _divided(part: float, whole: float) -> float:
    """A division as floats do it, where Python would raise."""
    if whole == 0:
        signed = math.copysign(1, part) * math.copysign(1, whole)
        return math.nan if part == 0 or math.isnan(part) else signed * math.inf
    return part / whole


def _mean_over_time(
    series: Iterable[Sequence[Sample]], window: int, at: int, semantics: Semantics
) -> float | None:
    inside = [found for one in series if (found := _within(one, window, at, semantics))]
    total = _added([_neumaier(value for _, value in one) for one in inside], semantics)
    return None if total is None else total / sum(len(one) for one in inside)


def _slices(
    indicator: TimeSlices, history: History, window: int, at: int, semantics: Semantics
) -> list[list[Sample]]:
    """Each series' slices, or those of their aggregate: 1 kept, 0 broken."""
    step = indicator.slice_length
    instants = range(-(-(at - window) // step) * step, at + 1, step)
    series = history.select(indicator.gauge)
    kept: dict[int, list[Sample]] = {}
    for instant in instants:
        seen = [
            (index, value)
            for index, one in enumerate(series)
            if (value := _looked_up(one, instant, semantics)) is not None
        ]
        if indicator.aggregation and seen:
            values = [value for _, value in seen]
            seen = [(0, _aggregated(indicator.aggregation, values, semantics))]
        for index, value in seen:
            kept.setdefault(index, []).append((instant, float(_keeps(indicator, value))))
    return list(kept.values())


def _looked_up(series: Series, at: int, semantics: Semantics) -> float | None:
    latest = None
    stale = is_stale(series.values).tolist()
    for time, value, marker in zip(
        series.times.tolist(), series.values.tolist(), stale, strict=True
    ):
        recent = at - time < LOOKBACK if semantics.left_open else at - time <= LOOKBACK
        if time <= at:
            latest = value if recent and not marker else None
    return latest


def _aggregated(aggregation: str, values: Sequence[float], semantics: Semantics) -> float:
    if aggregation == "max":
        return max(values)
    if aggregation == "min":
        return min(values)
    if aggregation == "sum":
        return _added(values, semantics) or 0.0
    if semantics.mean_of_sum:
        return _neumaier(values) / len(values)
    mean = 0.0
    for count, value in enumerate(values, start=1):
        mean += value / count - mean / count
    return mean


def _keeps(indicator: TimeSlices, value: float) -> bool:
    match indicator.comparison:
        case "<":
            return value < indicator.bound
        case "<=":
            return value <= indicator.bound
        case ">":
            return value > indicator.bound
        case ">=":
            return value >= indicator.bound
