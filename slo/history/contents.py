"""Whether a history holds what an objective reads, said before anything is computed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from slo.errors import NotEnoughData
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.model.samples import History, Series
    from slo.model.selector import Selector
    from slo.model.slo import Slo


def required_series(slo: Slo, history: History) -> tuple[Series, ...]:
    """The series without which an objective cannot be judged: all events, or the gauge.

    Raises:
        NotEnoughData: There are none, or a histogram has no bucket at the promised bound; says
            which names or bounds there are.

    """
    series = series_needed(slo.name, required_selector(slo), history)
    if isinstance(slo.indicator, LatencyBuckets) and not history.select(slo.indicator.numerator):
        raise NotEnoughData(_missing_bound(slo.name, slo.indicator, history))
    return series


def series_needed(name: str, selector: Selector, history: History) -> tuple[Series, ...]:
    """The series of a selector without which an objective or an alert says nothing.

    Raises:
        NotEnoughData: There are none; names who needs them, and says what there is.

    """
    series = history.select(selector)
    if not series:
        raise NotEnoughData(
            f"{name}: the history ({history.source or 'no source'}, {history.span}) holds no "
            f"series of {selector}; {_what_there_is(selector, history)}"
        )
    return series


def what_is_missing(slos: Iterable[Slo], history: History) -> tuple[str, ...]:
    """A message for each objective that the history cannot judge; empty where all is there."""
    missing = []
    for slo in slos:
        try:
            required_series(slo, history)
        except NotEnoughData as error:
            missing.append(str(error))
    return tuple(missing)


def required_selector(slo: Slo) -> Selector:
    """What an objective cannot be judged without: all events, or the gauge."""
    match slo.indicator:
        case EventRatio(total=total) | LatencyBuckets(total=total):
            return total
        case RawRatio(ratio=ratio):
            return ratio
        case TimeSlices(gauge=gauge):
            return gauge


def _what_there_is(selector: Selector, history: History) -> str:
    metrics = sorted({series.metric for series in history.series})
    if selector.metric in metrics:
        return f"it holds {selector.metric} with other labels"
    close = get_close_matches(selector.metric, metrics, n=3)
    return f"the nearest metrics there are {', '.join(close)}" if close else "nor anything like it"


def _missing_bound(name: str, indicator: LatencyBuckets, history: History) -> str:
    bounds = {dict(series.labels).get("le", "") for series in history.select(indicator.bucket)}
    there = ", ".join(sorted(bounds - {""}, key=float)) or "none"
    return (
        f"{name}: {indicator.bucket} has no bucket le={indicator.bound!r}; "
        f"its buckets are {there}, and an objective needs one of these as its bound"
    )
