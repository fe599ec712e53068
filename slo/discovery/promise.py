"""What may be promised: a target for a candidate, from its history and never a guess."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from slo.budget import AT_RISK_BELOW
from slo.counting import counted
from slo.discovery.candidate import shown_length
from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.alert import workbook_policy
from slo.model.duration import DAY, WEEK
from slo.model.objective import Objective, RollingPeriod
from slo.model.samples import History
from slo.model.slo import Slo
from slo.model.span import Span
from slo.tune.low_traffic import few_events, low_traffic
from slo.tune.outlook import LEAST_FAILURES, LIKELY, objective_outlook

if TYPE_CHECKING:
    from slo.discovery.candidate import Candidate
    from slo.tune.outlook import Outlook, Prospect

USUAL = 30 * DAY
"""What a budget is usually for; a history of so long is no longer young."""

_PERIODS = (USUAL, 14 * DAY, WEEK)

YOUNG = ((DAY, Decimal("0.99")), (WEEK, Decimal("0.995")), (USUAL, Decimal("0.999")))
"""A history shorter than so long supports no more than this: it has not seen the bad days yet."""

_MANY_FAILURES_A_DAY = 1_000
_LOWEST = Decimal("0.5")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, eq=False)
class Promise:
    """An objective that history supports.

    Attributes:
        candidate: What was found.
        slo: The objective, with the workbook's alerts.
        reason: Why this target.
        warnings: What its reader must know, such as alerts that few events set off by chance.
        provisional: Whether the history is shorter than 30 days.
        period_reason: Why the period is not the usual one; empty where it is.

    """

    candidate: Candidate
    slo: Slo
    reason: str
    warnings: tuple[str, ...]
    provisional: bool
    period_reason: str


def promise(candidate: Candidate, history: History) -> Promise | None:
    """The highest usual target that would have been kept with a good chance.

    It is the strictest target whose chance to be kept over the next period is 90 % or more
    (``slo.tune.outlook``), that allows ten failures, and that keeps a quarter of its budget: a
    promise that is at risk on its first day is none. With less than 30 days of history each
    day must have kept it as well, it is no higher than ``YOUNG`` says, and the period is the
    longest of 14 and 7 days that the history covers. None where half of the events are bad or
    more: then they are not what they seem to be.

    Args:
        candidate: What was found.
        history: Raw samples of its indicator; what is before the first sample does not count.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    past = since_first_sample(candidate, history)
    length = past.span.length
    period = RollingPeriod(next((one for one in _PERIODS if one <= length), _PERIODS[-1]))
    outlook = objective_outlook(_guarded(candidate, Decimal("0.99"), period), past)
    provisional = length < USUAL
    likely = [one for one in outlook.prospects if one.chance >= LIKELY]
    spent = _error_ratio(candidate, past) / (1 - AT_RISK_BELOW)
    with_room = [one for one in likely if spent <= float(one.objective.error_budget)]
    kept = [one for one in with_room if not provisional or _kept_every_day(candidate, past, one)]
    enough = [one for one in kept if one.failures >= LEAST_FAILURES]
    ceiling = next((most for limit, most in YOUNG if length < limit), Decimal(1))
    held = [one for one in enough if one.objective.ratio <= ceiling]
    if held:
        target = held[-1].objective.ratio
        reason = _reason(held[-1], outlook, past, provisional=provisional)
    elif kept:
        target = kept[0].objective.ratio
        failures = kept[0].failures
        reason = f"so few events that even {kept[0].objective} allows {failures:.1f} failures"
    else:
        percent = Decimal(math.floor(min(outlook.achievable, 1 - spent) * 100)) * _HUNDREDTH
        target = min(percent, ceiling, Decimal("0.99"))
        reason = "the highest whole percent that is kept with a chance of 90 %, with room"
    if target <= _LOWEST:
        return None
    slo = _guarded(candidate, target, period)
    return Promise(
        candidate, slo, reason, _by_chance(slo, past), provisional, _short(period, length)
    )


def since_first_sample(candidate: Candidate, history: History) -> History:
    """The history from the first sample of a candidate's total on.

    Raises:
        NotEnoughData: There is none.

    """
    series = required_series(_guarded(candidate, Decimal("0.99"), RollingPeriod(USUAL)), history)
    first = min(int(one.times[0]) for one in series if one.times.size)
    start = min(max(history.span.start, first), history.span.end - 1)
    span = Span(start, history.span.end)
    return History(history.series, span, history.server_version, history.source)


def _guarded(candidate: Candidate, target: Decimal, period: RollingPeriod) -> Slo:
    objective = Objective(target)
    return Slo(
        name=candidate.name,
        service=candidate.service,
        indicator=candidate.indicator,
        objective=objective,
        period=period,
        policy=workbook_policy(objective, period),
    )


def _error_ratio(candidate: Candidate, history: History) -> float:
    """Of the whole history; 0 without events."""
    bad, total = event_counts(candidate.indicator, history).between(history.span)
    return bad / total if total else 0.0


def _kept_every_day(candidate: Candidate, history: History, one: Prospect) -> bool:
    """Whether each day's failures were within the budget, or a single one; the first is a part."""
    days = max(1, -(-history.span.length // DAY))
    edges = history.span.end - DAY * np.arange(days, -1, -1, dtype=np.int64)
    bad, total = (np.diff(v) for v in event_counts(candidate.indicator, history).at(edges))
    return bool(np.all(bad <= np.maximum(1, float(one.objective.error_budget) * total)))


def _by_chance(slo: Slo, history: History) -> tuple[str, ...]:
    """The alerts that a healthy service sets off; of many failures none is by chance."""
    _, total = event_counts(slo.indicator, history).between(history.span)
    allowed = float(slo.objective.error_budget) * total * DAY / history.span.length
    if not 0 < allowed < _MANY_FAILURES_A_DAY:
        return ()
    return tuple(
        f"{one.alert.name}: {few_events(one)}"
        for one in low_traffic(slo, history)
        if one.fires_by_chance and one.events > 0
    )


def _short(period: RollingPeriod, length: int) -> str:
    """Why a period is not the usual one."""
    if period.length >= USUAL:
        return ""
    seen = shown_length(length)
    why = (
        f"the longest that {seen} of history cover"
        if length >= period.length
        else f"so that {seen} of history are soon enough for a verdict"
    )
    return f"{period}, {why}; make it 30d when there are 30 days"


def _reason(one: Prospect, outlook: Outlook, history: History, *, provisional: bool) -> str:
    if not provisional:
        chance = f"{100 * one.chance:.0f} %"
        past = counted(outlook.days, "day")
        kept = "" if np.isnan(one.kept) else f"; {100 * one.kept:.0f} % of past periods kept it"
        return f"kept with a chance of {chance}, out of {past} of history{kept}"
    length = history.span.length
    every = "all" if length < DAY else "each day of"
    seen = shown_length(length)
    return f"{every} {seen} of history kept it; provisional until there are 30 days"
