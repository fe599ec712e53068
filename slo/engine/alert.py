"""The alert state machine: from values to episodes, as Prometheus' rules/alerting.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.model.alert import Episode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.engine.ratio import ErrorRatios
    from slo.model.alert import BurnRateAlert
    from slo.model.indicator import Comparison
    from slo.model.objective import Objective
    from slo.model.samples import Mask, Points, Times, Values
    from slo.model.threshold_alert import Alert, ThresholdAlert

COMPARED: dict[Comparison, Callable[[Values, float], Mask]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}

INACTIVE, PENDING, FIRING = 0, 1, 2


def condition(alert: BurnRateAlert, objective: Objective, ratios: ErrorRatios) -> Mask:
    """Where every window's error ratio exceeds the threshold; absent and NaN never do."""
    threshold = alert.threshold(objective)
    holds = np.ones(ratios.times.size, dtype=np.bool_)
    for window in alert.windows:
        points = ratios.over(window)
        with np.errstate(invalid="ignore"):
            holds &= points.present & (points.values > threshold)
    return holds


def states(
    holds: Mask, times: Times, hold: int, keep_firing: int
) -> tuple[npt.NDArray[np.int8], Times]:
    """Each evaluation's state (0 inactive, 1 pending, 2 firing) and since when it is active.

    Args:
        holds: Whether the condition holds, shape (n,).
        times: The evaluations, int64 milliseconds, shape (n,).
        hold: Prometheus' ``for`` in milliseconds: the condition holds at every evaluation so long.
        keep_firing: ``keep_firing_for`` in milliseconds: the alert goes on so long after it.

    Returns:
        int8 states and int64 instants at which the condition began (0 where inactive).

    """
    state = np.zeros(times.size, dtype=np.int8)
    since = np.zeros(times.size, dtype=np.int64)
    for first, stop in _runs(holds):
        state[first:stop] = np.where(times[first:stop] - times[first] >= hold, FIRING, PENDING)
        since[first:stop] = times[first]
    if keep_firing > 0:
        _keep_firing(state, since, holds, times, keep_firing)
    return state, since


def _runs(holds: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    return [(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]


def _keep_firing(
    state: npt.NDArray[np.int8], since: Times, holds: Mask, times: Times, keep_firing: int
) -> None:
    for _, stop in _runs(holds):
        if state[stop - 1] != FIRING:
            continue
        at = stop
        while at < times.size and not holds[at] and times[at] - times[stop] < keep_firing:
            state[at], since[at] = FIRING, since[stop - 1]
            at += 1
        # A condition that returns while the alert still fires does not wait for `for` again.
        while at > stop and at < times.size and holds[at]:
            state[at], since[at] = FIRING, since[stop - 1]
            at += 1


def episodes(
    alert: BurnRateAlert, objective: Objective, ratios: ErrorRatios
) -> tuple[Episode, ...]:
    """The stretches during which an alert on burn rates fired, in the order of time."""
    return fired(alert, condition(alert, objective, ratios), ratios.over(alert.long), np.fmax)


def threshold_condition(
    alert: ThresholdAlert, values: Sequence[Points], events: Sequence[Points] = ()
) -> Mask:
    """Where the measure lies beyond the threshold over every window.

    Args:
        alert: The alert.
        values: Its measure over each of its windows, shape (E,) each; absent and NaN are never
            beyond anything.
        events: Events within each window, where the alert asks for a minimum of them.

    """
    holds = np.ones(values[0].times.size, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        for points in values:
            beyond = COMPARED[alert.comparison](points.values, alert.threshold)
            holds &= points.present & beyond
        for points in events:
            holds &= points.present & (points.values >= alert.minimum_events)
    return holds


def threshold_episodes(
    alert: ThresholdAlert, values: Sequence[Points], events: Sequence[Points] = ()
) -> tuple[Episode, ...]:
    """The stretches during which an alert on a threshold fired; arguments as above."""
    further = np.fmax if alert.comparison in {">", ">="} else np.fmin
    return fired(alert, threshold_condition(alert, values, events), values[0], further)


def fired(alert: Alert, holds: Mask, seen: Points, further: np.ufunc) -> tuple[Episode, ...]:
    """The stretches during which an alert fired, in the order of time.

    Args:
        alert: The alert.
        holds: Where its condition holds, shape (E,).
        seen: What it looks at, over its longest window.
        further: ``np.fmax`` or ``np.fmin``: which of two values is the worse one.

    """
    times = seen.times
    state, since = states(holds, times, alert.hold, alert.keep_firing)
    found = []
    for first, stop in _runs(state == FIRING):
        there = seen.values[first:stop][seen.present[first:stop]]
        found.append(
            Episode(
                alert=alert.name,
                severity=alert.severity,
                active=int(since[first]),
                start=int(times[first]),
                end=int(times[stop]) if stop < times.size else None,
                peak=float(further.reduce(there)) if there.size else float("nan"),
            )
        )
    return tuple(found)
