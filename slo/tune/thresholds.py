"""A threshold and a ``for`` chosen from history, for an alert on a plain measure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest.alerts import replay_alerts
from slo.card import NONE, Card, Sentence, Shown, Table
from slo.counting import counted
from slo.engine.sweep import judged, levels, sweep
from slo.model.duration import MINUTE, WEEK, format_duration, rounded_duration
from slo.model.incident import GroundTruth
from slo.tune.bootstrap import Interval, proportion_interval, rate_interval
from slo.tune.design import LEAST_INCIDENTS
from slo.tune.folds import cuts, walk_forward
from slo.tune.goals import Goals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest.alerts import AlertReplay
    from slo.engine.sweep import Sweep
    from slo.model.incident import Incident
    from slo.model.samples import History, Mask, Values
    from slo.model.span import Span
    from slo.model.threshold_alert import ThresholdAlert
    from slo.tune.folds import Fold

_HOLDS = tuple(minutes * MINUTE for minutes in (0, 1, 2, 5, 10, 15, 30, 60))
_CANDIDATES = 400
_DIGITS = 2
_WORTH_A_CHANGE = 0.75


@dataclass(frozen=True)
class Served:
    """What an alert did in some stretches.

    Attributes:
        judged: Milliseconds.
        incidents: What there was to see, in the order of time.
        delays: Milliseconds until each was seen; None where it was not.
        calls: How often it called.
        false: How often no incident was the reason.

    """

    judged: int
    incidents: tuple[Incident, ...]
    delays: tuple[int | None, ...]
    calls: int
    false: int

    @property
    def caught(self) -> int:
        """How many incidents were seen."""
        return sum(delay is not None for delay in self.delays)

    @property
    def calls_a_week(self) -> float:
        """Calls a week; NaN where nothing was judged."""
        return self.calls * WEEK / self.judged if self.judged else float("nan")

    @property
    def median_delay(self) -> float:
        """Median milliseconds until incidents were seen; NaN where none was."""
        seen = [delay for delay in self.delays if delay is not None]
        return float(np.median(seen)) if seen else float("nan")

    @property
    def figures(self) -> dict[str, str]:
        """What people compare, by its name."""
        return {
            "incidents seen": f"{self.caught} of {len(self.incidents)}",
            "calls": str(self.calls),
            "calls a week": NONE if math.isnan(self.calls_a_week) else f"{self.calls_a_week:.2f}",
            "false calls": str(self.false),
            "seen after (median)": rounded_duration(self.median_delay),
        }

    @property
    def recall_bounds(self) -> Interval:
        """Exact bounds of the share that is seen."""
        return proportion_interval(self.caught, len(self.incidents))

    @property
    def calls_bounds(self) -> Interval:
        """Exact bounds of the calls a week."""
        return rate_interval(self.calls, self.judged / WEEK)


@dataclass(frozen=True)
class ThresholdStudy(Shown):
    """What a search over an alert's history found.

    Attributes:
        present: The alert as it is.
        recommended: The one to take: with another threshold and ``for``, or the present one.
        unseen: What ``present`` and the tuned alert did in weeks that had not chosen them, the
            tuned one chosen anew before each stretch; empty where the history is too short.
        whole: What ``present`` and ``recommended`` did over all of the history.
        reason: Why, in a sentence.

    """

    present: ThresholdAlert
    recommended: ThresholdAlert
    unseen: tuple[Served, ...]
    whole: tuple[Served, Served]
    reason: str

    @property
    def changed(self) -> bool:
        """Whether a change is recommended."""
        return self.recommended != self.present

    @property
    def recommendation(self) -> str:
        """What to do, in a sentence."""
        return f"Take {self.recommended}." if self.changed else "Keep the present alert."

    @property
    def card(self) -> Card:
        """What to do and why, and what both did: in weeks that chose neither, and over all."""
        compared = [_compared("out of sample", "tuned", self.unseen)] if self.unseen else []
        compared.append(_compared("in sample", "recommended", self.whole))
        told = (Sentence(f"It is {self.present}."), Sentence(self.reason))
        return Card(self.present.name, self.recommendation, (*told, *compared))


def _compared(sample: str, other: str, done: Sequence[Served]) -> Table:
    """A row a figure: what the present alert did, and another."""
    before, after = (one.figures for one in done)
    rows = tuple((name, before[name], after[name]) for name in before)
    return Table((sample, "present", other), rows, numbers=("present", other))


def tune_threshold(
    alert: ThresholdAlert,
    history: History,
    truth: GroundTruth | Iterable[Incident],
    goals: Goals | None = None,
    interval: int = MINUTE,
) -> ThresholdStudy:
    """Find the threshold and ``for`` that would have served best, judged by weeks unseen.

    First calls within the limit of the alert's severity, then incidents seen, false calls, how
    soon incidents were seen, calls. A threshold is charged with what it calls when it lies
    ``goals.margin`` times nearer to the measure's median, and credited with what it sees that
    much further away. The measure and its windows stay.

    Args:
        alert: The alert as it is.
        history: Raw samples.
        truth: What there was to see, and what is not judged; incidents alone do.
        goals: Limits and margin; what budgets have to do with does not count here.
        interval: Milliseconds between evaluations.

    Raises:
        NotEnoughData: The history holds no series that the alert cannot do without.

    """
    judged_by = truth if isinstance(truth, GroundTruth) else GroundTruth(tuple(truth))
    asked = goals or Goals()
    past = replay_alerts(
        [alert], history, judged_by.incidents, interval, exclusions=judged_by.exclusions
    )
    folds = walk_forward(past.span, alert.long)
    search = _search(past, alert, asked, cuts(folds, past.span))
    present_whole = _served(past, alert, (past.span,))
    lacking = _shortage(search.incidents, folds)
    if lacking:
        return ThresholdStudy(alert, alert, (), (present_whole, present_whole), lacking)
    tests = tuple(fold.test for fold in folds)
    chosen = [search.best(fold.training) for fold in folds]
    before = _served(past, alert, tests)
    after = _together(
        [_served(past, one, (test,)) for one, test in zip(chosen, tests, strict=True)]
    )
    tuned = search.best(past.span)
    best = tuned if _better(after, before, search.a_week) else alert
    decided = "no better" if best is alert else "better"
    said = (
        f"In weeks that had not chosen it, a tuned threshold served {decided}: it {_told(after)}; "
        f"the present one {_told(before)}."
    )
    whole = (present_whole, _served(past, best, (past.span,)))
    return ThresholdStudy(alert, best, (before, after), whole, said)


@dataclass(frozen=True, eq=False)
class _Search:
    """Every threshold and hold, swept once."""

    alert: ThresholdAlert
    thresholds: Values
    quiet: Sweep
    seeing: Sweep
    begins: Values
    cuts: Sequence[int]
    incidents: tuple[Incident, ...]
    interval: int
    a_week: float

    def best(self, training: Span) -> ThresholdAlert:
        """The alert that served best in a training."""
        stretches: Mask = np.asarray(self.cuts, dtype=np.int64) < training.end
        needed = np.array([one.span.end <= training.end for one in self.incidents], np.bool_)
        calls = self.quiet.episodes[0][..., stretches].sum(axis=-1).ravel()
        false = self.quiet.false[0][..., stretches].sum(axis=-1).ravel()
        seen = self.seeing.detected[0][..., needed].reshape(calls.size, -1)
        delays = np.maximum(seen - self.begins[needed], 0.0) * self.interval
        caught = seen >= 0
        mean = np.where(caught, delays, 0.0).sum(axis=1) / np.maximum(caught.sum(axis=1), 1)
        over = np.maximum(calls - self.a_week * training.length / WEEK, 0.0)
        missed = (~caught).sum(axis=1)
        best = np.lexsort([calls, np.round(mean / MINUTE), false, missed, over])[0]
        factor, hold = divmod(int(best), len(_HOLDS))
        return replace(self.alert, threshold=float(self.thresholds[factor]), hold=_HOLDS[hold])


def _search(
    past: AlertReplay, alert: ThresholdAlert, goals: Goals, borders: Sequence[int]
) -> _Search:
    over = alert.comparison in {">", ">="}
    sign = 1.0 if over else -1.0
    level = _levels(past, alert, sign)
    times = past.values[alert.measure, alert.long].times
    incidents = tuple(
        one for one in past.incidents if not any(one.span.overlap(x.span) for x in past.exclusions)
    )
    by = judged(
        (one.span for one in incidents),
        (one.span for one in past.exclusions),
        cuts=borders,
        pairs=[(alert.long, alert.short)],
        holds=_HOLDS,
        beginning=past.beginning,
    )
    rows = levels(level[None, :], int(times[0]), past.interval, past.span.end)
    tried = sign * _candidates(level, alert.threshold * sign)
    healthy = float(np.median(level[np.isfinite(level)])) if np.isfinite(level).any() else 0.0
    distance = sign * tried - healthy
    inclusive = alert.comparison in {">=", "<="}

    def swept(at: Values) -> Sweep:
        # The sweep asks for more than a threshold: just below it that is as much, too.
        exact = np.nextafter(at, -np.inf) if inclusive else at
        return sweep(rows, by, exact, _HOLDS)

    starts = np.array([one.span.start for one in incidents], dtype=np.int64)
    return _Search(
        alert=alert,
        thresholds=tried,
        quiet=swept(healthy + distance / goals.margin),
        seeing=swept(healthy + distance * goals.margin),
        begins=(starts - times[0]) / past.interval,
        cuts=borders,
        incidents=incidents,
        interval=past.interval,
        a_week=goals.pages_a_week if alert.severity == "page" else goals.tickets_a_week,
    )


def _levels(past: AlertReplay, alert: ThresholdAlert, sign: float) -> Values:
    """What a threshold is held against: the least extreme of the windows, absent as -infinity."""
    found = None
    for window in alert.windows:
        points = past.values[alert.measure, window]
        there = points.present & ~np.isnan(points.values)
        if alert.minimum_events:
            events = past.events[alert.counted_events, window]
            there &= events.present & (events.values >= alert.minimum_events)
        level = np.where(there, sign * points.values, -np.inf)
        found = level if found is None else np.minimum(found, level)
    return np.asarray(found, dtype=np.float64)


def _candidates(level: Values, present: float) -> Values:
    """Levels with no more digits than a person would write, and the present threshold."""
    finite = level[np.isfinite(level)]
    if not finite.size:
        return np.array([present])
    spread = np.concatenate(
        [np.quantile(finite, np.linspace(0.5, 1, _CANDIDATES)), np.linspace(*_ends(finite), 200)]
    )
    return np.unique([*(float(f"{value:.{_DIGITS}g}") for value in spread), present])


def _ends(finite: Values) -> tuple[float, float]:
    return float(np.median(finite)), float(finite.max())


def _served(past: AlertReplay, alert: ThresholdAlert, during: Sequence[Span]) -> Served:
    result = past.backtest((alert,))

    def within(instant: int) -> bool:
        return any(one.start <= instant < one.end for one in during)

    calls = [call for call in result.calls() if within(call.span.start)]
    outcomes = [one for one in result.outcomes if within(one.incident.span.start)]
    seen = [one.detection(alert.name) for one in outcomes]
    return Served(
        judged=sum(one.length for one in during),
        incidents=tuple(one.incident for one in outcomes),
        delays=tuple(one.delay if one else None for one in seen),
        calls=len(calls),
        false=sum(not call.true for call in calls),
    )


def _together(parts: Sequence[Served]) -> Served:
    return Served(
        judged=sum(part.judged for part in parts),
        incidents=tuple(one for part in parts for one in part.incidents),
        delays=tuple(delay for part in parts for delay in part.delays),
        calls=sum(part.calls for part in parts),
        false=sum(part.false for part in parts),
    )


def _better(after: Served, before: Served, a_week: float) -> bool:
    """Whether a change is one that people notice."""

    def costs(done: Served) -> tuple[float, ...]:
        over = max(0.0, done.calls - a_week * done.judged / WEEK)
        return over, float(len(done.incidents) - done.caught), float(done.false)

    if costs(after) != costs(before):
        return costs(after) < costs(before)
    return bool(after.median_delay < _WORTH_A_CHANGE * before.median_delay)


def _shortage(incidents: Sequence[Incident], folds: Sequence[Fold]) -> str:
    if not folds:
        return "the history is too short to hold weeks back: nothing is out of sample"
    if len(incidents) < LEAST_INCIDENTS:
        some = counted(len(incidents), "incident")
        return f"{some} to choose from; it takes {LEAST_INCIDENTS}"
    return ""


def _told(done: Served) -> str:
    soon = ""
    if done.caught:
        delay = MINUTE * round(done.median_delay / MINUTE)
        soon = f" after {format_duration(delay) if delay else '0m'} (median)"
    return (
        f"saw {done.caught} of {counted(len(done.incidents), 'incident')}{soon} with "
        f"{counted(done.calls, 'call')}, "
        f"{done.false or 'none'} false"
    )
