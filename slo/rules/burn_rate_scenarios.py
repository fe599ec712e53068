"""What happens to a service in the test of an alert: phases of errors, and what must follow.

Shares of bad events lie 1 % above or below the threshold. Where time slices are counted, which are
good or bad as a whole, they lie one slice above or below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.duration import DAY, MINUTE, SECOND, format_duration
from slo.model.indicator import TimeSlices
from slo.rules.phases import Phase
from slo.rules.promtool_case import MOST_SAMPLES, STEPS

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert
    from slo.model.slo import Slo

_MARGIN = 0.01
_LOOKBACK = 4 * MINUTE
"""A gauge's sample is seen for five minutes."""
_ROUNDING = 1e-9
_FEWEST_SLICES = 1_000
_FOREVER = 1_000 * 365 * DAY


@dataclass(frozen=True)
class Scenario:
    """What happens, and whether the alert fires at the end of it.

    Attributes:
        claim: Follows the alert's name in the test's.
        step: Milliseconds between samples.
        phases: From the first sample on.
        at: When the alert is looked at, in milliseconds from the first sample.
        fires: Whether it must fire then.

    """

    claim: str
    step: int
    phases: tuple[Phase, ...]
    at: int
    fires: bool


def is_testable(slo: Slo) -> bool:
    """Whether promtool can evaluate the error ratios of an objective's alerts."""
    longest = max(slo.policy.windows, default=0)
    return _most_slices(slo, longest) >= _FEWEST_SLICES


def firing(slo: Slo, alert: BurnRateAlert, interval: int) -> Scenario:
    """Both windows are just above the threshold, for as long as the alert asks."""
    step, claim = _step(slo, alert, interval), "fires just above its threshold"
    if isinstance(slo.indicator, TimeSlices):
        length = slo.indicator.slice_length
        waiting = _aligned(alert.hold + interval, interval, length) if alert.hold else 0
        at = interval + _aligned(alert.long, interval, length) + waiting
        at = min(at, _room(slo, interval))
        # One more than fits: a window that is closed on both sides holds a slice more.
        holds = min(alert.long, at) // length + 1
        slices = math.floor(alert.threshold(slo.objective) * holds + _ROUNDING) + 1
        bad = min(slices * length + waiting, at)
        return Scenario(claim, step, _outage_at_end(at, bad, step), at, fires=True)
    # A quiet time before shows a window that is too long.
    at = interval + _aligned(alert.long, interval, step) + _aligned(alert.hold, interval, step)
    phases = (Phase(0.0, interval // step), Phase(_above(slo, alert), (at - interval) // step))
    return Scenario(claim, step, phases, at, fires=True)


def long_below(slo: Slo, alert: BurnRateAlert, interval: int) -> Scenario:
    """The long window is just below the threshold, the short one above it."""
    threshold, step = alert.threshold(slo.objective), _step(slo, alert, interval)
    claim = f"is silent just below its threshold over {format_duration(alert.long)}"
    if isinstance(slo.indicator, TimeSlices):
        length = slo.indicator.slice_length
        at = min(_aligned(alert.long, interval, length), _room(slo, interval))
        slices = math.ceil(threshold * (min(alert.long, at) // length) - _ROUNDING) - 1
        return Scenario(claim, step, _outage_at_end(at, slices * length, step), at, fires=False)
    at = _aligned(alert.long, interval, step)
    steps, late = alert.long // step, alert.short // step + 2
    below = threshold * (1 - _MARGIN)
    if alert.short < alert.long and late < steps:
        # A burst at the end that is as high as it may be shows a window that is too short.
        for burst in (min(2 * threshold, (1 + threshold) / 2), _above(slo, alert)):
            early = (below * steps - burst * late) / (steps - late)
            if early >= 0:
                phases = (Phase(early, at // step - late), Phase(burst, late))
                return Scenario(claim, step, phases, at, fires=False)
    return Scenario(claim, step, (Phase(below, at // step),), at, fires=False)


def short_below(slo: Slo, alert: BurnRateAlert, interval: int) -> Scenario | None:
    """An outage of everything is over: the long window remembers it, the short one does not.

    None where there is no short window, or where the long one would have forgotten too.
    """
    if alert.short == alert.long:
        return None
    threshold, step = alert.threshold(slo.objective), _step(slo, alert, interval)
    sliced = isinstance(slo.indicator, TimeSlices)
    length = _sample_grid(slo, step)
    quiet = quiet_time(slo, alert, interval)
    outage = min(_aligned(alert.long, interval, length), _room(slo, interval) - quiet)
    rest = 0.0 if sliced else threshold * (1 - _MARGIN)
    window = min(alert.long, outage + quiet)
    remembered = (max(window - quiet, 0) + rest * min(quiet, window)) / window
    if outage <= 0 or remembered < threshold * (1 + _MARGIN):
        return None
    phases = (Phase(1.0, outage // step), Phase(rest, quiet // step))
    claim = f"ends once it is just below its threshold over {format_duration(alert.short)}"
    return Scenario(claim, step, phases, outage + quiet, fires=False)


def quiet_time(slo: Slo, alert: BurnRateAlert, interval: int) -> int:
    """How long after an outage the alert must be over, by its short window."""
    length = _sample_grid(slo, _step(slo, alert, interval))
    quiet = _aligned(alert.short + 2 * length, interval, length)
    return quiet + _aligned(alert.keep_firing, interval, length)


def _sample_grid(slo: Slo, step: int) -> int:
    return slo.indicator.slice_length if isinstance(slo.indicator, TimeSlices) else step


def _room(slo: Slo, interval: int) -> int:
    """How much time a test may last before promtool holds too many slices of a long window."""
    if not isinstance(slo.indicator, TimeSlices):
        return _FOREVER
    length = slo.indicator.slice_length
    grain = math.lcm(interval, length)
    return _most_slices(slo, max(slo.policy.windows)) * length // grain * grain


def _most_slices(slo: Slo, window: int) -> int:
    """How many slices of a window may hold samples.

    For every slice promtool counts the number that the gauge is compared with, and for those with
    a sample the sample and the result too.
    """
    if not isinstance(slo.indicator, TimeSlices):
        return MOST_SAMPLES
    return (MOST_SAMPLES - window // slo.indicator.slice_length) // 2


def _above(slo: Slo, alert: BurnRateAlert) -> float:
    threshold = alert.threshold(slo.objective)
    return threshold + min(threshold * _MARGIN, (1 - threshold) / 2)


def _outage_at_end(at: int, bad: int, step: int) -> tuple[Phase, ...]:
    steps = bad // step
    return (Phase(0.0, at // step - steps), Phase(1.0, steps))


def _step(slo: Slo, alert: BurnRateAlert, interval: int) -> int:
    """Milliseconds between samples.

    Few, but enough that what versions of Prometheus do differently at a window's ends stays below
    half the margin, and that both windows begin and end at samples.
    """
    if isinstance(slo.indicator, TimeSlices):
        return slice_step(slo.indicator.slice_length)
    finest = min(alert.short // 4, alert.long // 240)
    wanted = math.gcd(interval, alert.long, alert.short)
    return max((s for s in STEPS if s <= finest and wanted % s == 0), default=SECOND)


def slice_step(length: int) -> int:
    """Milliseconds between samples of a gauge that is looked at once a slice."""
    pieces = math.ceil(length / _LOOKBACK)
    while length % pieces:
        pieces += 1
    return length // pieces


def _aligned(duration: int, interval: int, step: int) -> int:
    """The first instant after a duration that is both evaluated and sampled."""
    grain = math.lcm(interval, step)
    return math.ceil(duration / grain) * grain
