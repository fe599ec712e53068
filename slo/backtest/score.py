"""How well an alert, a severity or all alerts served, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

import numpy as np

from slo.card import Listed, percent
from slo.model.duration import HOUR, WEEK, rounded_duration
from slo.model.span import Span, to_datetime

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from slo.backtest.detection import Detection
    from slo.model.alert import Episode

NIGHT = (22, 6)
"""Hours of the day at which nights begin and end."""

FLAPPING_WITHIN = HOUR
"""An alert that fires again so soon after it fell silent flaps."""


@dataclass(frozen=True)
class Call:
    """One time that somebody was called: episodes that overlap or touch.

    Attributes:
        span: From the first episode's start to the last one's end, or the history's.
        true: Whether any of them belongs to an incident.

    """

    span: Span
    true: bool


@dataclass(frozen=True)
class Score(Listed):
    """How well an alert, a severity or all alerts together served.

    Precision and recall are the workbook's: the share of episodes that belong to an incident,
    and the share of incidents that an episode belongs to; NaN where there is nothing to divide.
    Times are milliseconds, NaN where there are none.

    Attributes:
        by: The alert's name, a severity, or ``any``.
        episodes: Calls: episodes that overlap or touch are one.
        true_episodes: Those that belong to an incident.
        precision: Their share.
        incidents: What there was to detect.
        detected: How many were.
        recall: Their share.
        detection_median: Until they were.
        detection_p90: Likewise, nine in ten were detected sooner.
        detection_worst: Likewise, the latest.
        reset_median: From an incident's end until the alert was quiet.
        budget_at_detection: Median share of the period's budget that was gone by then.
        budget_worst: The largest share.
        episodes_a_week: Calls a week.
        at_night: Calls that began at night.
        flapping: Calls that began within an hour of the last one's end.
        time_in_alert: Share of the time.

    """

    by: str
    episodes: int
    true_episodes: int
    precision: float
    incidents: int
    detected: int
    recall: float
    detection_median: float
    detection_p90: float
    detection_worst: float
    reset_median: float
    budget_at_detection: float
    budget_worst: float
    episodes_a_week: float
    at_night: int
    flapping: int
    time_in_alert: float

    numbers: ClassVar[tuple[str, ...]] = (
        "called", "a week", "false", "seen", "detected after", "budget spent by then", "at night",
    )  # fmt: skip

    @property
    def row(self) -> Mapping[str, str]:
        """The scores that people ask for first."""
        there = bool(self.incidents)
        return {
            "alert": self.by,
            "called": str(self.episodes),
            "a week": f"{self.episodes_a_week:.2f}",
            "false": str(self.episodes - self.true_episodes),
            "seen": f"{self.detected} of {self.incidents}" if there else "-",
            "detected after": rounded_duration(self.detection_median),
            "budget spent by then": percent(self.budget_at_detection),
            "at night": str(self.at_night),
        }


def calls(episodes: Sequence[Episode], false: Collection[Episode], end: int) -> tuple[Call, ...]:
    """Episodes that overlap or touch, as one: several alerts of a severity call once.

    Args:
        episodes: In the order of their starts.
        false: Those that belong to no incident.
        end: Where episodes end that still fire, in Unix milliseconds.

    """
    found: list[Call] = []
    for episode in episodes:
        until = max(episode.start, end if episode.end is None else episode.end)
        true = episode not in false
        if found and episode.start <= found[-1].span.end:
            last = found[-1]
            found[-1] = Call(Span(last.span.start, max(last.span.end, until)), last.true or true)
        else:
            found.append(Call(Span(episode.start, until), true))
    return tuple(found)


def score(
    by: str,
    found: Sequence[Call],
    detections: Sequence[Detection | None],
    span: Span,
    time_zone: str,
) -> Score:
    """Score calls over a span.

    Args:
        by: The alert's name, a severity, or ``any``.
        found: Calls in the order of time.
        detections: How each incident was seen, None where it was not.
        span: What was judged.
        time_zone: IANA name of the zone whose nights count.

    """
    seen = [one for one in detections if one]
    delays = [float(one.delay) for one in seen]
    spent = [one.budget_spent for one in seen]
    true = sum(call.true for call in found)
    return Score(
        by=by,
        episodes=len(found),
        true_episodes=true,
        precision=_share(true, len(found)),
        incidents=len(detections),
        detected=len(seen),
        recall=_share(len(seen), len(detections)),
        detection_median=_quantile(delays, 0.5),
        detection_p90=_quantile(delays, 0.9),
        detection_worst=max(delays, default=float("nan")),
        reset_median=_quantile([float(one.reset) for one in seen if one.reset is not None], 0.5),
        budget_at_detection=_quantile(spent, 0.5),
        budget_worst=max(spent, default=float("nan")),
        episodes_a_week=_share(len(found) * WEEK, span.length),
        at_night=sum(at_night(call.span.start, time_zone) for call in found),
        flapping=sum(
            later.span.start - earlier.span.end <= FLAPPING_WITHIN
            for earlier, later in pairwise(found)
        ),
        time_in_alert=_share(sum(call.span.length for call in found), span.length),
    )


def at_night(instant: int, time_zone: str) -> bool:
    """Whether an instant in Unix milliseconds falls into a night of an IANA time zone."""
    begins, ends = NIGHT
    hour = to_datetime(instant).astimezone(ZoneInfo(time_zone)).hour
    return hour >= begins or hour < ends


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share)) if values else float("nan")
