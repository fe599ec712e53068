"""How much the evaluations' instants matter: Prometheus spreads rule groups over their interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest.replay import backtest
from slo.backtest.result import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest.result import Backtest
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History

_PARTS = 4


@dataclass(frozen=True)
class Sensitivity:
    """What other offsets of the rule group would have made of the same history.

    Attributes:
        offsets: Milliseconds above multiples of the interval, those that were tried.
        episodes: The fewest and the most calls of all alerts together.
        detected: The fewest and the most incidents that were seen.
        false: The fewest and the most episodes that belong to no incident.
        detection_shift: The longest by which an incident's detection moves, in milliseconds.

    """

    offsets: tuple[int, ...]
    episodes: tuple[int, int]
    detected: tuple[int, int]
    false: tuple[int, int]
    detection_shift: int

    @property
    def matters(self) -> bool:
        """Whether another offset would have changed what was seen or called."""
        return any(low != high for low, high in (self.episodes, self.detected, self.false))


def offset_sensitivity(
    result: Backtest,
    history: History,
    incidents: Iterable[Incident] = (),
    exclusions: Iterable[Exclusion] = (),
) -> Sensitivity:
    """Repeat a backtest at other offsets, a quarter of the interval apart.

    Args:
        result: The backtest.
        history: What it was made from.
        incidents: Likewise.
        exclusions: Likewise.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    judged, excluded = tuple(incidents), tuple(exclusions)
    steps = [result.offset + part * result.interval // _PARTS for part in range(1, _PARTS)]
    offsets = [offset % result.interval for offset in steps]
    others = [
        backtest(
            result.slo, history, judged, result.interval, result.span,
            exclusions=excluded, offset=offset,
        )
        for offset in offsets
    ]  # fmt: skip
    every = [result, *others]
    scores = [one.score(ANY) for one in every]
    return Sensitivity(
        offsets=tuple(offsets),
        episodes=_range(score.episodes for score in scores),
        detected=_range(score.detected for score in scores),
        false=_range(len(one.false_episodes) for one in every),
        detection_shift=_shift(every),
    )


def _range(counts: Iterable[int]) -> tuple[int, int]:
    found = sorted(counts)
    return found[0], found[-1]


def _shift(every: list[Backtest]) -> int:
    shifts = [0]
    for outcomes in zip(*(one.outcomes for one in every), strict=True):
        seen = [found.at for outcome in outcomes if (found := outcome.detection(ANY))]
        shifts.append(max(seen) - min(seen) if seen else 0)
    return max(shifts)
