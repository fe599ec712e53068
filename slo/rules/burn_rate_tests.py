"""Unit tests for ``promtool test rules``: each alert once firing, and just below each window.

The samples are made from the indicator's own selectors, so a rule that asks for the wrong series,
compares with the wrong number or forgets a window fails its test.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import SECOND
from slo.model.indicator import EventRatio, LatencyBuckets, RawRatio, TimeSlices
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.rules.burn_rate_scenarios import firing, long_below, quiet_time, short_below
from slo.rules.example_series import example_labels, series_text
from slo.rules.phases import Phase, counter_values, gauge_values
from slo.rules.promtool_case import INTERVALS, TestCase, Tested, TestFile, test_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.model.alert import BurnRateAlert
    from slo.model.slo import Slo
    from slo.rules.burn_rate_scenarios import Scenario


def burn_rate_tests(slos: Sequence[Slo]) -> tuple[TestFile, ...]:
    """Tests of every alert on the burn rates of some objectives, by interval of evaluation.

    promtool evaluates every rule of the file at every interval, so that the interval is as long
    as the alert's long window permits, and there are only as many samples as windows need.
    """
    by_interval: dict[int, list[Tested]] = {}
    for slo in slos:
        for alert in slo.policy.alerts:
            interval = _interval(slo, alert)
            rule = names.alert_name(slo.name, alert.name)
            by_interval.setdefault(interval, []).append((rule, _cases(slo, alert, interval)))
    return test_files(by_interval)


def _interval(slo: Slo, alert: BurnRateAlert) -> int:
    """The longest with which the long window still remembers what the short one has forgotten."""
    short_enough = [i for i in INTERVALS if 2 * i <= alert.long] or [SECOND]
    remembered = (i for i in short_enough if 2 * quiet_time(slo, alert, i) <= alert.long)
    return next(remembered, short_enough[0])


def _cases(slo: Slo, alert: BurnRateAlert, interval: int) -> tuple[TestCase, ...]:
    scenarios = (
        firing(slo, alert, interval),
        long_below(slo, alert, interval),
        short_below(slo, alert, interval),
    )
    cases = (_case(slo, alert, scenario) for scenario in scenarios if scenario)
    return tuple(case for case in cases if case)


def _case(slo: Slo, alert: BurnRateAlert, scenario: Scenario) -> TestCase | None:
    series = _series(slo, scenario)
    if series is None:
        return None
    rule = names.alert_name(slo.name, alert.name)
    return TestCase(
        f"{rule} {scenario.claim}",
        scenario.step,
        series,
        f"count({_alert_series(slo, alert, scenario)})",
        scenario.at,
        scenario.fires,
    )


def _alert_series(slo: Slo, alert: BurnRateAlert, scenario: Scenario) -> Selector:
    """Where the alert must be silent, it must not even be pending."""
    labels = {
        METRIC_NAME: "ALERTS",
        "alertname": names.alert_name(slo.name, alert.name),
        **({"alertstate": "firing"} if scenario.fires else {}),
        names.SERVICE_LABEL: slo.service,
        names.SLO_LABEL: slo.name,
        names.SEVERITY_LABEL: alert.severity,
    }
    return Selector(tuple(Matcher(name, "=", value) for name, value in labels.items()))


def _series(slo: Slo, scenario: Scenario) -> tuple[tuple[str, str], ...] | None:
    match slo.indicator:
        case EventRatio() | LatencyBuckets() as events:
            return _event_series(events, scenario.phases)
        case RawRatio() as raw:
            bad = raw.counted == "bad"
            values = gauge_values(scenario.phases, lambda share: share if bad else 1 - share)
            return _one_series(raw.ratio, values)
        case TimeSlices() as slices:
            return _one_series(slices.gauge, gauge_values(scenario.phases, _level(slices)))


def _one_series(selector: Selector, values: str) -> tuple[tuple[str, str], ...] | None:
    labels = example_labels([selector])
    return None if labels is None else ((series_text(labels), values),)


def _level(slices: TimeSlices) -> Callable[[float], float]:
    """Keeps the promise in good phases, and breaks it in bad ones."""
    distance = max(1.0, abs(slices.bound) / 10)
    sign = 1 if slices.comparison in {"<", "<="} else -1
    return lambda bad: slices.bound + sign * (distance if bad else -distance)


def _event_series(
    events: EventRatio | LatencyBuckets, phases: Sequence[Phase]
) -> tuple[tuple[str, str], ...] | None:
    """Counted events, and the others where the total does not hold them already."""
    numerator, total = events.numerator, events.total
    both = example_labels([numerator, total])
    counted = both or example_labels([numerator])
    others = example_labels([total], [numerator])
    if counted is None or others is None:
        return None
    scale = _scale(phases)

    def of_counted(bad: float) -> int:
        share = round(bad * scale)
        return share if events.counted == "bad" else scale - share

    def of_others(bad: float) -> int:
        return scale - of_counted(bad) if both else scale

    return (
        (series_text(counted), counter_values(phases, of_counted)),
        (series_text(others), counter_values(phases, of_others)),
    )


def _scale(phases: Sequence[Phase]) -> int:
    """Events a step: enough that a hundredth of the rarest is still a hundred of them."""
    shares = [share for p in phases for share in (p.bad, 1 - p.bad) if share > 0]
    digits = math.ceil(4 - math.log10(min(shares)))
    return int(10 ** min(max(3, digits), 11))
