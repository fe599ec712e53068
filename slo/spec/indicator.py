"""``SLI``: which samples say how well a service does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.spec import scalars
from slo.spec.faults import Faults
from slo.spec.place import shown
from slo.spec.query import bucket_bounds, counters, gauges, query_place

if TYPE_CHECKING:
    from slo.model.indicator import Comparison, Counted, Indicator
    from slo.model.selector import Matcher, Selector
    from slo.spec.place import Place
    from slo.spec.wire import Metric, Objective, RatioMetric, SliSpec

_COMPARISONS: dict[str, Comparison] = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_WHOLE_BOUND = re.compile(r"(\d+)(\.0+|\(\\\.0\)\?)?", re.ASCII)
"""A whole bound as written by Prometheus 2 (``5``), by 3 (``5.0``), and for both."""
_BOUND = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Promise:
    """What an objective says about how its indicator is read.

    Attributes:
        method: ``budgetingMethod``.
        method_place: Where that stands.
        objective: Holds what a threshold is compared with.
        place: Where that stands.

    """

    method: str
    method_place: Place
    objective: Objective
    place: Place


def indicator_of(sli: SliSpec, place: Place, promise: Promise) -> Indicator:
    """The indicator that an SLI and its objective describe together.

    Raises:
        SpecError: They do not fit each other, or a query cannot be replayed.

    """
    if (sli.ratio_metric is None) == (sli.threshold_metric is None):
        found = "both or neither" if sli.ratio_metric else "neither"
        raise place.refusal(found, "one of ratioMetric and thresholdMetric")
    if sli.threshold_metric is not None:
        return _time_slices(sli.threshold_metric, place / "thresholdMetric", promise)
    ratio = cast("RatioMetric", sli.ratio_metric)
    faults = Faults()
    faults.attempt(_refuse_threshold_fields, promise)
    indicator = faults.attempt(_ratio, ratio, place / "ratioMetric")
    faults.raise_if_any()
    if indicator is None:
        raise faults.error
    return indicator


def _refuse_threshold_fields(promise: Promise) -> None:
    objective = promise.objective
    if promise.method != "Occurrences":
        found = f"{promise.method} with a ratioMetric"
        raise promise.method_place.refusal(found, "Occurrences, or a thresholdMetric")
    fields = {
        "op": objective.op,
        "value": objective.value,
        "timeSliceWindow": objective.time_slice_window,
        "timeSliceTarget": objective.time_slice_target,
    }
    for field, value in fields.items():
        if value is not None:
            found = f"{field} beside a ratioMetric"
            expected = "only the target: a ratio of events is compared with nothing else"
            raise (promise.place / field).refusal(found, expected)


def _ratio(ratio: RatioMetric, place: Place) -> Indicator:
    if ratio.raw is not None:
        return _raw_ratio(ratio, ratio.raw, place)
    if ratio.raw_type is not None:
        raise (place / "rawType").refusal("rawType without raw", "a raw query beside it")
    if ratio.total is None or (ratio.good is None) == (ratio.bad is None):
        given = [f for f in ("good", "bad", "total") if getattr(ratio, f) is not None]
        expected = "total and one of good and bad, or raw and rawType"
        raise place.refusal(" and ".join(given) or "no query", expected)
    if ratio.counter is not True:
        found = "nothing" if ratio.counter is None else "false"
        expected = (
            "true: good, bad and total are counters; give a gauge that is a ratio as raw, and "
            "compare any other gauge with a value by thresholdMetric"
        )
        raise (place / "counter").refusal(found, expected)
    counted: Counted = "good" if ratio.good is not None else "bad"
    metric = cast("Metric", ratio.good if ratio.good is not None else ratio.bad)
    faults = Faults()
    numerator = faults.attempt(counters, metric, place / counted)
    total = faults.attempt(counters, ratio.total, place / "total")
    if numerator is None or total is None:
        raise faults.error
    return _events(counted, numerator, total, place)


def _raw_ratio(ratio: RatioMetric, raw: Metric, place: Place) -> RawRatio:
    beside = [f for f in ("good", "bad", "total") if getattr(ratio, f) is not None]
    if beside:
        raise (place / beside[0]).refusal(f"{beside[0]} beside raw", "raw alone, or no raw")
    if ratio.counter:
        found = "true beside raw"
        raise (place / "counter").refusal(found, "false: a ratio is a gauge")
    if ratio.raw_type is None:
        raise (place / "rawType").refusal("nothing", "'success' or 'failure' beside raw")
    selector, aggregation = gauges(raw, place / "raw")
    if aggregation:
        expected = f"the plain selector {str(selector)!r}: every sample counts alike"
        raise query_place(place / "raw").refusal(shown(raw.metric_source.spec.query), expected)
    return RawRatio("good" if ratio.raw_type == "success" else "bad", selector)


def _time_slices(metric: Metric, place: Place, promise: Promise) -> TimeSlices:
    objective, here = promise.objective, promise.place
    faults = Faults()
    if promise.method != "Timeslices":
        found = f"{promise.method} with a thresholdMetric"
        expected = "Timeslices: a thresholdMetric has no events to count"
        faults.note([promise.method_place.fault(found, expected)])
    comparison = faults.attempt(_comparison, objective, here / "op")
    bound = faults.attempt(_compared_with, objective, here / "value")
    length = faults.attempt(_slice_length, objective, here / "timeSliceWindow")
    faults.attempt(_check_slice_target, objective, here / "timeSliceTarget")
    gauge = faults.attempt(gauges, metric, place)
    faults.raise_if_any()
    if bound is None or length is None or gauge is None or comparison is None:
        raise faults.error
    return TimeSlices(*gauge, comparison, bound, length)


def _given(text: str | None, place: Place, expected: str) -> str:
    if text is None:
        raise place.refusal("nothing", f"{expected} beside a thresholdMetric")
    return text


def _comparison(objective: Objective, place: Place) -> Comparison:
    return _COMPARISONS[_given(objective.op, place, "'lt', 'lte', 'gt' or 'gte'")]


def _compared_with(objective: Objective, place: Place) -> float:
    return float(scalars.number(_given(objective.value, place, "a number"), place))


def _slice_length(objective: Objective, place: Place) -> int:
    """OpenSLO reads a plain number as minutes."""
    text = _given(objective.time_slice_window, place, "a duration such as 1m")
    return scalars.duration(f"{text}m" if text.isdecimal() else text, place)


def _check_slice_target(objective: Objective, place: Place) -> None:
    """A slice is one look at the gauge: good or bad, so any share above 0 of it means the same."""
    text = objective.time_slice_target
    if text is not None and not 0 < scalars.number(text, place) <= 1:
        raise place.refusal(shown(text), "a number above 0 and up to 1")


def _events(counted: Counted, numerator: Selector, total: Selector, place: Place) -> Indicator:
    if numerator == total:
        found = f"the same series as total ({numerator})"
        raise (place / counted).refusal(found, "a part of them")
    bounds = bucket_bounds(numerator)
    whole = total.metric.endswith("_count") or any(m.value == "+Inf" for m in bucket_bounds(total))
    if counted == "good" and numerator.metric.endswith("_bucket") and len(bounds) == 1 and whole:
        bound = _bound(bounds[0], place / counted)
        if bound:
            return LatencyBuckets(numerator.without("le"), bound, total)
    return EventRatio(counted, numerator, total)


def _bound(matcher: Matcher, place: Place) -> str:
    """The bucket's bound as Prometheus 2 prints it; empty where a pattern means several."""
    whole = _WHOLE_BOUND.fullmatch(matcher.value)
    if whole:
        return whole[1]
    if matcher.op == "=~":
        return ""
    if not _BOUND.fullmatch(matcher.value):
        raise query_place(place).refusal(str(matcher), 'a finite bound of a bucket, such as le="5"')
    return matcher.value
