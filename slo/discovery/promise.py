"""What may be promised: a target for a candidate, from its history and never a guess."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.alert import workbook_policy
from slo.model.duration import DAY, WEEK, format_duration
from slo.model.objective import Objective, RollingPeriod
from slo.model.samples import History
from slo.model.slo import Slo
from slo.model.span import Span
from slo.tune.low_traffic import few_events, low_traffic
from slo.tune.outlook import LEAST_FAILURES, LIKELY, objective_outlook

if TYPE_CHECKING:
    from slo.discovery.candidate import Candidate
    from slo.tune.outlook import Outlook, Prospect

PERIOD = RollingPeriod(30 * DAY)
"""What a budget is for."""

YOUNG = ((DAY, Decimal("0.99")), (WEEK, Decimal("0.995")), (PERIOD.length, Decimal("0.999")))
"""A history shorter than so long supports no more than this: it has not seen the bad days yet."""

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
        provisional: Whether the history is shorter than a period.

    """

    candidate: Candidate
    slo: Slo
    reason: str
    warnings: tuple[str, ...]
    provisional: bool


def promise(candidate: Candidate, history: History) -> Promise | None:
    """The highest usual target that would have been kept with a good chance.

    With a period of history or more it is the strictest target whose chance to be kept over the
    next period is 90 % or more (``slo.tune.outlook``) and that allows ten failures. With less
    also every whole day so far must have kept it, and it is no higher than ``YOUNG`` says. None
    where half of the events are bad or more: then they are not what they seem to be.

    Args:
        candidate: What was found.
        history: Raw samples of its indicator; what is before the first sample does not count.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    past = since_first_sample(candidate, history)
    outlook = objective_outlook(_guarded(candidate, Decimal("0.99")), past)
    provisional = past.span.length < PERIOD.length
    likely = [one for one in outlook.prospects if one.chance >= LIKELY]
    kept = [one for one in likely if not provisional or _kept_every_day(candidate, past, one)]
    enough = [one for one in kept if one.failures >= LEAST_FAILURES]
    ceiling = next((most for length, most in YOUNG if past.span.length < length), Decimal(1))
    held = [one for one in enough if one.objective.ratio <= ceiling]
    if held:
        target = held[-1].objective.ratio
        reason = _reason(held[-1], outlook, past, provisional=provisional)
    elif kept:
        target = kept[0].objective.ratio
        failures = kept[0].failures
        reason = f"so few events that even {kept[0].objective} allows {failures:.1f} failures"
    else:
        percent = Decimal(math.floor(outlook.achievable * 100)) * _HUNDREDTH
        target = min(percent, ceiling, Decimal("0.99"))
        reason = "the highest whole percent that is kept with a chance of 90 %"
    if target <= _LOWEST:
        return None
    slo = _guarded(candidate, target)
    told = low_traffic(slo, past)
    chances = [
        f"{one.alert.name}: {few_events(one)}"
        for one in told
        if one.fires_by_chance and one.events > 0
    ]
    return Promise(candidate, slo, reason, tuple(chances), provisional)


def since_first_sample(candidate: Candidate, history: History) -> History:
    """The history from the first sample of a candidate's total on.

    Raises:
        NotEnoughData: There is none.

    """
    series = required_series(_guarded(candidate, Decimal("0.99")), history)
    first = min(int(one.times[0]) for one in series if one.times.size)
    start = min(max(history.span.start, first), history.span.end - 1)
    span = Span(start, history.span.end)
    return History(history.series, span, history.server_version, history.source)


def _guarded(candidate: Candidate, target: Decimal) -> Slo:
    objective = Objective(target)
    return Slo(
        name=candidate.name,
        service=candidate.service,
        indicator=candidate.indicator,
        objective=objective,
        period=PERIOD,
        policy=workbook_policy(objective, PERIOD),
    )


def _kept_every_day(candidate: Candidate, history: History, one: Prospect) -> bool:
    """Whether each day's failures were within the budget, or a single one; the first is a part."""
    days = max(1, -(-history.span.length // DAY))
    edges = history.span.end - DAY * np.arange(days, -1, -1, dtype=np.int64)
    bad, total = (np.diff(v) for v in event_counts(candidate.indicator, history).at(edges))
    return bool(np.all(bad <= np.maximum(1, float(one.objective.error_budget) * total)))


def _reason(one: Prospect, outlook: Outlook, history: History, *, provisional: bool) -> str:
    if not provisional:
        chance = f"{100 * one.chance:.0f} %"
        kept = "" if np.isnan(one.kept) else f"; {100 * one.kept:.0f} % of past periods kept it"
        return f"kept with a chance of {chance}, out of {outlook.days} days of history{kept}"
    seen = shown_length(history.span)
    return f"every day of {seen} of history kept it, which is less than a period: provisional"


def shown_length(span: Span) -> str:
    """How long a span is, for people: ``15 days``, ``3h10m``."""
    if span.length >= 2 * DAY:
        return f"{span.length / DAY:.0f} days"
    return format_duration(max(60_000, round(span.length / 60_000) * 60_000))
