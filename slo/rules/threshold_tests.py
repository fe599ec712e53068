"""Unit tests for alerts on thresholds: each fires, is silent just short of it, and recovers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.engine.alert import FIRING, INACTIVE
from slo.model import names
from slo.model.duration import MINUTE, SECOND
from slo.model.expression import Expression, Latest
from slo.model.selector import METRIC_NAME, Matcher, Selector
from slo.rules.example_series import series_text
from slo.rules.phases import Phase, counter_values, gauge_values
from slo.rules.promtool_case import (
    INTERVALS,
    MOST_SAMPLES,
    STEPS,
    TestCase,
    Tested,
    TestFile,
    test_files,
)
from slo.rules.threshold import identity_of
from slo.rules.threshold_levels import Bench, Levels, levels
from slo.rules.threshold_series import Stretch, examples, measure_leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.service_alert import ServiceAlert
    from slo.model.threshold_alert import ThresholdAlert
    from slo.rules.threshold_series import Example

_LOOKBACK = 5 * MINUTE
_FINEST, _COARSEST = 60, 5
"""Samples in the longest window, and in the shortest, at least."""

_FEW = 0.5
_FAR = 100


def threshold_tests(alerts: Sequence[ServiceAlert]) -> tuple[TestFile, ...]:
    """Tests of every alert, by interval of evaluation."""
    by_interval: dict[int, list[Tested]] = {}
    for one in alerts:
        interval, rule = _interval(one.alert), names.threshold_alert_name(one.name)
        by_interval.setdefault(interval, []).append((rule, _cases(one, interval)))
    return test_files(by_interval)


def _interval(alert: ThresholdAlert) -> int:
    """Milliseconds between evaluations: few, and yet the short window forgets before the long."""
    longest, memory = max(_reach(alert)), _memory(alert)
    for interval in INTERVALS:
        forgets = memory + 2 * interval + alert.keep_firing
        if 2 * interval <= longest and (memory == longest or 2 * forgets <= longest):
            return interval
    return SECOND


def _cases(one: ServiceAlert, interval: int) -> tuple[TestCase, ...]:
    """Three tests of an alert, four where it asks for a minimum of events.

    The engine has tried each: what it does not bear out is not written, and there are none.
    """
    alert, made = one.alert, examples(one.alert)
    step = _step(alert, interval)
    longest = max(_reach(alert))
    if not made or longest // step * len(made) > MOST_SAMPLES:
        return ()
    bench = Bench(alert, _busy(alert, made), step, interval)
    settled = _aligned(longest, bench) + _aligned(alert.hold + interval, bench) + interval
    steps = settled // step
    found = levels(bench, steps)
    if found is None:
        return ()
    calm = _aligned(_memory(alert) + alert.keep_firing + 2 * max(step, interval), bench) // step
    beyond, short_of = Stretch(found.beyond, steps), Stretch(found.short_of, steps)
    far, limit = _far(bench, found, steps), f"{alert.comparison} {alert.threshold:g}"
    trials = [
        Trial(f"fires just beyond {limit}", bench, (beyond,), FIRING),
        Trial(f"is silent just short of {limit}", bench, (short_of,), INACTIVE),
        Trial("recovers", bench, (far, Stretch(found.short_of, calm)), INACTIVE),
    ]
    if alert.minimum_events:
        trials.append(_with_few_events(bench, beyond))
    if any(one.bench.state(one.stretches) != one.state for one in trials):
        return ()
    return tuple(_case(one, trial) for trial in trials)


@dataclass(frozen=True)
class Trial:
    """What an alert's series do, and its state at the end of it."""

    claim: str
    bench: Bench
    stretches: tuple[Stretch, ...]
    state: int


def _far(bench: Bench, found: Levels, steps: int) -> Stretch:
    """Much further beyond the threshold, which a window that is too long would remember."""
    if found.beyond is None or found.short_of is None:
        return Stretch(found.beyond, steps)
    far = _rounded(found.beyond + _FAR * (found.beyond - found.short_of))
    return Stretch(max(far, 0.0) if bench.series[0].kind == "counter" else far, steps)


def _with_few_events(bench: Bench, beyond: Stretch) -> Trial:
    few = _scaled(bench, _FEW * _share_of_minimum(bench, beyond))
    level = beyond.level
    if level is not None:
        level = _rounded(level * few.series[0].level / bench.series[0].level)
    claim = f"is silent with fewer than {bench.alert.minimum_events:g} events"
    return Trial(claim, few, (Stretch(level, beyond.steps),), INACTIVE)


def _own_reach(alert: ThresholdAlert) -> list[int]:
    """What the expression itself looks back over, in milliseconds."""
    read = measure_leaves(alert.measure)
    reach = (_LOOKBACK if isinstance(leaf, Latest) else leaf.window for leaf in read)
    return [one for one in reach if one]


def _windows(alert: ThresholdAlert) -> tuple[int, ...]:
    """The alert's windows, where the expression asks for them."""
    measure = alert.measure
    return () if isinstance(measure, Expression) and not measure.is_windowed else alert.windows


def _reach(alert: ThresholdAlert) -> list[int]:
    """Every stretch that the alert looks back over, in milliseconds."""
    return [*_own_reach(alert), *_windows(alert)]


def _memory(alert: ThresholdAlert) -> int:
    """How long a trouble that is over is seen: by the shortest of windows that must all agree."""
    return max([*_own_reach(alert), *_windows(alert)[-1:]])


def _step(alert: ThresholdAlert, interval: int) -> int:
    reach = _reach(alert)
    finest = min(min(reach) // _COARSEST, max(max(reach) // _FINEST, MINUTE))
    grain = math.gcd(interval, *reach)
    return max((s for s in STEPS if s <= finest and grain % s == 0), default=SECOND)


def _aligned(duration: int, bench: Bench) -> int:
    grain = math.lcm(bench.interval, bench.step)
    return math.ceil(duration / grain) * grain


def _busy(alert: ThresholdAlert, made: tuple[Example, ...]) -> tuple[Example, ...]:
    """Counters so fast that every window holds twice the events that are asked for."""
    return tuple(
        replace(one, level=max(one.level, math.ceil(2 * alert.minimum_events)))
        if one.kind == "counter"
        else one
        for one in made
    )


def _share_of_minimum(bench: Bench, beyond: Stretch) -> float:
    """The events that are asked for, over those that the shortest window holds."""
    alert, past = bench.alert, bench.history([beyond])
    counted = [s for s in past.series if alert.counted_events.matches(s.labels)]
    grown = sum(float(s.values[-1]) for s in counted) / beyond.steps
    return alert.minimum_events / (grown * (alert.short / bench.step))


def _scaled(bench: Bench, share: float) -> Bench:
    series = tuple(
        replace(one, level=_rounded(one.level * share)) if one.kind == "counter" else one
        for one in bench.series
    )
    return replace(bench, series=series)


def _rounded(level: float) -> float:
    return float(f"{level:.5g}")


def _case(one: ServiceAlert, trial: Trial) -> TestCase:
    rule, fires = names.threshold_alert_name(one.name), trial.state == FIRING
    labels = {
        METRIC_NAME: "ALERTS",
        "alertname": rule,
        **({"alertstate": "firing"} if fires else {}),
        **identity_of(one),
    }
    asked = Selector(tuple(Matcher(name, "=", value) for name, value in labels.items()))
    series = trial.bench.series
    return TestCase(
        name=f"{rule} {trial.claim}",
        step=trial.bench.step,
        series=tuple((series_text(s.labels), _text(s, trial.stretches)) for s in series),
        expr=f"count({asked})",
        at=sum(stretch.steps for stretch in trial.stretches) * trial.bench.step,
        fires=fires,
    )


def _text(example: Example, stretches: Sequence[Stretch]) -> str:
    if not example.leads:
        steps = sum(stretch.steps for stretch in stretches)
        return _steady(example, [Phase(example.level, steps)])
    missing = [stretch for stretch in stretches if stretch.level is None]
    there = [Phase(s.level, s.steps) for s in stretches if s.level is not None]
    if not missing:
        return _steady(example, there)
    # What is missing stands first, with the sample at the start.
    gap = f"_x{missing[0].steps + 1}"
    if not there:
        return gap
    later = Phase(there[0].bad, there[0].steps - 1)
    return f"{gap} {_steady(example, [later])}"


def _steady(example: Example, phases: Sequence[Phase]) -> str:
    write = counter_values if example.kind == "counter" else gauge_values
    return write(phases, lambda level: level)
