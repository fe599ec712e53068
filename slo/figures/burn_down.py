"""What is left of the error budget through its period, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.budget import budget_account
from slo.figures.reduce import date, dates, drawn, reduced
from slo.figures.theme import BLUE, GREY, VERMILION, Figure, neutral
from slo.model.duration import WEEK
from slo.model.objective import RollingPeriod
from slo.model.samples import Points
from slo.model.span import Span
from slo.tune.projection import projection

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from slo.budget import BudgetAccount, BudgetStatus
    from slo.engine.events import EventCounts
    from slo.model.incident import Exclusion
    from slo.model.samples import History, Times, Values
    from slo.model.slo import Slo
    from slo.tune.projection import Crossing, Projection

_STEPS = 361
"""One in two hours over a month."""

_LOWEST = -0.6
"""A budget that may be overspent by more is drawn down to here."""

_MARGIN = 0.06


@dataclass(frozen=True, eq=False)
class BurnDown:
    """A budget's way through its period, and beyond.

    Attributes:
        remaining: Share of the budget that is left, at instants of the period up to now.
        projected: The same from now on, if every week were as the last one. Bad events leave a
            rolling period again, so its budget can also grow.
        exhausted_at: When that line runs out, in Unix milliseconds; None where it does not, or
            where the budget is spent already.
        recovered_at: When that line of a spent budget is above zero again; None where it is not.
        projection: Where all of the history leads, with an interval.

    """

    remaining: Points
    projected: Points
    exhausted_at: int | None
    recovered_at: int | None
    projection: Projection


def computed(account: BudgetAccount, at: int) -> BurnDown:
    """A budget's way up to an instant, and its projections.

    They reach to the end of a calendar period, and one period ahead of a rolling one.

    Args:
        account: The objective's events.
        at: The instant, in Unix milliseconds.

    """
    status, ahead = account.status(at), projection(account, at)
    projected = _projected(status, account, ahead.horizon)
    return BurnDown(
        remaining=account.burn_down(at),
        projected=projected,
        exhausted_at=_crossing(projected) if status.remaining > 0 else None,
        recovered_at=_crossing(projected) if status.remaining <= 0 else None,
        projection=ahead,
    )


def _projected(status: BudgetStatus, account: BudgetAccount, end: int) -> Points:
    counts, period, at = account.counts, status.slo.period, status.at
    times = np.linspace(at, end, _STEPS).astype(np.int64)
    seen = Span(max(account.known.start, at - WEEK), at)
    bad_pace, total_pace = (count / max(seen.length, 1) for count in counts.between(seen))
    bad = status.bad + bad_pace * (times - at)
    allowed: Values | float = status.allowed
    if isinstance(period, RollingPeriod):
        left_bad, left_total = _left(counts, times - period.length)
        bad = bad - left_bad
        total = status.total + total_pace * (times - at) - left_total
        allowed = float(status.slo.objective.error_budget) * total
    with np.errstate(divide="ignore", invalid="ignore"):
        remaining = np.asarray(1 - bad / allowed, dtype=np.float64)
    return Points(times, remaining, np.isfinite(remaining))


def _left(counts: EventCounts, starts: Times) -> tuple[Values, Values]:
    """Bad and all events that a rolling period no longer holds as its start moves on."""
    bad, total = counts.at(starts)
    return bad - bad[0], total - total[0]


def _crossing(projected: Points) -> int | None:
    """Where a line first changes its sign, between two points on their straight connection."""
    values = np.where(projected.present, projected.values, 0.0)
    if not projected.present.all():
        return None
    changes = np.flatnonzero((values[1:] > 0) != (values[0] > 0))
    if not changes.size:
        return None
    after = int(changes[0]) + 1
    low, high = values[after - 1], values[after]
    start, end = projected.times[after - 1], projected.times[after]
    return int(start + round(float((end - start) * (low / (low - high)))))


def burn_down(
    slo: Slo, history: History, at: int | None = None, exclusions: Iterable[Exclusion] = ()
) -> Figure:
    """Draw what is left of the budget, and where it leads.

    Args:
        slo: The objective.
        history: Raw samples, as much of the period as there is.
        at: Now, in Unix milliseconds; the history's end if not given.
        exclusions: Stretches in which nothing counts.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    account = budget_account(slo, history, exclusions)
    return figure(computed(account, history.span.end if at is None else at))


def figure(found: BurnDown) -> Figure:
    """Draw a budget's way."""
    line, ahead, band = reduced(found.remaining), reduced(found.projected), found.projection
    made = Figure()
    made.add_scatter(
        x=dates(line.times), y=_shown(drawn(line)), name="budget left",
        line={"color": BLUE, "width": 2}, fill="tozeroy", fillcolor="rgba(0,114,178,0.12)",
        hovertemplate="%{y:.1%}",
    )  # fmt: skip
    if band.known:
        made.add_scatter(
            x=dates(band.times), y=_shown(band.high), mode="lines", line={"width": 0},
            showlegend=False, hoverinfo="skip",
        )  # fmt: skip
        made.add_scatter(
            x=dates(band.times), y=_shown(band.low), mode="lines", line={"width": 0},
            fill="tonexty", fillcolor="rgba(128,128,128,0.28)",
            name="in nine of ten cases", hoverinfo="skip",
        )  # fmt: skip
        made.add_scatter(
            x=dates(band.times), y=_shown(band.likely), name="likely", mode="lines",
            line={"color": GREY, "width": 2}, hovertemplate="%{y:.1%}",
        )  # fmt: skip
    made.add_scatter(
        x=dates(ahead.times), y=_shown(drawn(ahead)), name="if every week were as the last",
        line={"color": GREY, "dash": "dot", "width": 2}, hovertemplate="%{y:.1%}",
    )  # fmt: skip
    made.add_hline(y=0, line={"color": VERMILION, "dash": "dash", "width": 1.5})
    _mark(made, _likely(band.exhausted, found.exhausted_at), "spent")
    _mark(made, _likely(band.recovered, found.recovered_at), "back")
    made.update_yaxes(tickformat=".0%", title="error budget left", range=_range(found))
    return neutral(made, height=300)


def _shown(values: Values) -> npt.NDArray[np.float32]:
    """Seven digits: twice as many as anybody is shown, in half the room."""
    return values.astype(np.float32)


def _range(found: BurnDown) -> list[float]:
    """What is drawn of the axis: the way so far as a whole, of the ways ahead what matters."""
    past = found.remaining.values[found.remaining.present]
    ahead = np.concatenate((found.projected.values[found.projected.present], found.projection.low))
    low = min(0.0, float(past.min(initial=0.0)), max(float(ahead.min(initial=0.0)), _LOWEST))
    return [low - _MARGIN, 1 + _MARGIN]


def _likely(crossing: Crossing | None, otherwise: int | None) -> int | None:
    return crossing.likely if crossing else otherwise


def _mark(made: Figure, instant: int | None, word: str) -> None:
    if instant is not None:
        made.add_scatter(
            x=[date(instant)], y=[0.0], mode="markers+text", showlegend=False, hoverinfo="skip",
            marker={"color": VERMILION, "size": 9, "symbol": "diamond"},
            text=[f"{word} {date(instant):%d %b}"], textposition="top left",
        )  # fmt: skip
