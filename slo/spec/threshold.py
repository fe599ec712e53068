"""``kind: ThresholdAlert`` to the model's nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.duration import MINUTE, format_duration
from slo.model.service_alert import ServiceAlert
from slo.model.threshold_alert import ThresholdAlert
from slo.spec import own_wire, scalars
from slo.spec.alerting import severity_of
from slo.spec.faults import Faults
from slo.spec.openslo import check_service, one_line
from slo.spec.place import shown
from slo.spec.query import counters_in, expression_in

if TYPE_CHECKING:
    from slo.model.expression import Expression
    from slo.model.indicator import Comparison
    from slo.model.selector import Selector
    from slo.spec.objects import Objects
    from slo.spec.place import Place

_LOOKBACK = 5 * MINUTE
"""So long Prometheus sees a sample without a window."""

_COMPARISONS: dict[str, Comparison] = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def service_alert_of(
    written: own_wire.ThresholdAlertObject, root: Place, objects: Objects
) -> ServiceAlert:
    """An alert on a threshold with what is said about it.

    Raises:
        SpecError: With everything that does not fit.

    """
    spec, place, faults = written.spec, root / "spec", Faults()
    faults.attempt(check_service, spec.service, place / "service", objects)
    signal = spec.signal or written.metadata.name
    faults.attempt(scalars.name, signal, place / "signal")
    severity = faults.attempt(severity_of, spec.severity, place / "severity")
    threshold = faults.attempt(scalars.number, spec.threshold, place / "threshold")
    measure = faults.attempt(expression_in, spec.expression, place / "expression")
    windows = measure and faults.attempt(_windows, spec.windows, measure, place / "windows")
    hold = faults.attempt(scalars.duration_or_zero, spec.hold or "0m", place / "for")
    keep = spec.keep_firing_for or "0m"
    keep_firing = faults.attempt(scalars.duration_or_zero, keep, place / "keepFiringFor")
    minimum = faults.attempt(_minimum, spec.minimum_events, measure, place / "minimumEvents")
    faults.raise_if_any()
    if not (severity and measure and windows and minimum) or threshold is None:
        raise faults.error
    return ServiceAlert(
        service=spec.service,
        alert=ThresholdAlert(
            name=written.metadata.name,
            severity=severity,
            measure=measure,
            comparison=_COMPARISONS[spec.op],
            threshold=float(threshold),
            windows=windows,
            hold=hold or 0,
            keep_firing=keep_firing or 0,
            minimum_events=minimum[0],
            events=minimum[1],
        ),
        signal=signal,
        unit=spec.unit or "",
        display_name=written.metadata.display_name or "",
        summary=one_line(spec.summary),
        description=one_line(spec.description),
        action=one_line(spec.action),
        owner=spec.owner or "",
        runbook=spec.runbook or "",
        dashboard=spec.dashboard or "",
        file=root.file,
    )


def _windows(written: list[str] | None, measure: Expression, place: Place) -> tuple[int, ...]:
    """Those that are written; where the expression names its own, the longest of these."""
    if not measure.is_windowed:
        if written:
            expected = "none: the expression holds no $window that would stand for them"
            raise place.refusal(shown(", ".join(written)), expected)
        return (max(measure.own_windows, default=_LOOKBACK),)
    if not written:
        raise place.refusal("nothing", "a list of durations: the expression holds $window")
    windows = tuple(scalars.duration(text, place / index) for index, text in enumerate(written))
    if len({*windows}) < len(windows):
        twice = ", ".join(format_duration(window) for window in windows)
        raise place.refusal(twice, "each window once")
    return windows


def _minimum(
    written: own_wire.MinimumEvents | None, measure: Expression | None, place: Place
) -> tuple[float, Selector | None]:
    if written is None:
        return 0, None
    if measure and not measure.is_windowed:
        expected = "$window in the expression: events are counted over the alert's windows"
        raise place.refusal("a minimum of events", expected)
    count = scalars.positive(written.count, place / "count")
    return float(count), counters_in(written.of, place / "of")
