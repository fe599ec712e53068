"""Objectives from history: the chance to keep each, and what each nine costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from slo.card import Card, Notes, Shown, Table
from slo.engine.events import event_counts
from slo.history.contents import required_series
from slo.model.duration import DAY, MINUTE, format_duration
from slo.model.objective import Objective, RollingPeriod
from slo.tune.bootstrap import UNKNOWN, Interval, block_indices, proportion_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from slo.card import Tone
    from slo.model.incident import Exclusion
    from slo.model.samples import History, Values
    from slo.model.slo import Slo

COMMON_TARGETS = tuple(
    Decimal(text) for text in ("0.9", "0.95", "0.99", "0.995", "0.999", "0.9995", "0.9999")
)
LIKELY = 0.9
"""A target that is kept with this chance is one to promise."""

_HOPELESS = 0.1
"""A target that is kept no more often is called out."""

LEAST_FAILURES = 10
"""A period with fewer failures allowed tells one target from the next by single ones."""

_MUCH_STRICTER = 0.5
"""A target that allows at most this share of the present one's failures is much stricter."""

_SURE = 0.5
"""A stricter target is one to promise if its chance is no lower even at its lower bound."""

_CHANCES = np.linspace(0.005, 1, 200)

_HISTORIES = 200
_PERIODS = 500


@dataclass(frozen=True)
class Prospect:
    """What a target means for a service.

    Attributes:
        objective: The target.
        chance: To keep it over the next period.
        bounds: Between which bounds the chance lies; NaN where the history is shorter than a
            period.
        kept: Share of the history's whole periods that kept it, a period ending on each day;
            NaN where there is none.
        minutes: Minutes of an outage of everything that a period allows.
        failures: Bad events that a period of mean traffic allows.

    """

    objective: Objective
    chance: float
    bounds: Interval
    kept: float
    minutes: float
    failures: float


@dataclass(frozen=True, eq=False)
class Outlook(Shown):
    """What a service can promise.

    Attributes:
        slo: The objective as it is specified.
        days: Days of history.
        prospects: From the most lenient target to the strictest, the specified one among them.
        achievable: The target that is kept with a chance of nine in ten.
        targets: The curve: shares of good events, falling, float64, shape (n,).
        chances: With which chance the next period keeps each, float64, shape (n,).
        recommended: The strictest of the targets looked at that is; None where none is.
        warnings: What a reader must know.

    """

    slo: Slo
    days: int
    prospects: tuple[Prospect, ...]
    achievable: float
    targets: Values
    chances: Values
    recommended: Objective | None
    warnings: tuple[str, ...]

    @property
    def present(self) -> Prospect:
        """What the specified target means."""
        return next(one for one in self.prospects if one.objective == self.slo.objective)

    @property
    def hopeless(self) -> bool:
        """Whether the specified target is one that nobody keeps."""
        return self.present.chance <= _HOPELESS

    @property
    def whole_periods(self) -> int:
        """How many whole periods the history holds."""
        return self.days // _days(self.slo)

    @property
    def known(self) -> bool:
        """Whether the history holds a period, and the target allows failures enough to judge it."""
        return bool(self.whole_periods) and self.present.failures >= LEAST_FAILURES

    @property
    def stricter(self) -> Prospect | None:
        """A much stricter target that is kept with a chance of nine in ten; None without one."""
        for one in self.prospects:
            share = one.objective.error_budget / self.slo.objective.error_budget
            if one.objective == self.recommended and share <= _MUCH_STRICTER:
                return one
        return None

    @property
    def too_loose(self) -> bool:
        """Whether the history is enough to promise the stricter target.

        Every past period kept it, and even at the lower bound of its chance it is rather kept
        than not: five whole periods at least, as one period says little of the next.
        """
        one = self.stricter
        return one is not None and one.kept == 1 and one.bounds.low >= _SURE

    @property
    def table(self) -> pd.DataFrame:
        """A row a target; shares 0 to 1, minutes and failures a period."""
        import pandas as pd  # noqa: PLC0415  only where people look at a frame

        rows = [
            {
                "target": str(one.objective),
                "chance": one.chance,
                "at least": one.bounds.low,
                "at most": one.bounds.high,
                "kept so far": one.kept,
                "minutes of outage": one.minutes,
                "failures": one.failures,
            }
            for one in self.prospects
        ]
        return pd.DataFrame(rows).set_index("target")

    @property
    def card(self) -> Card:
        """The verdict, a row a target, and what a reader must know."""
        head = (
            "target", "chance", "at least", "at most", "kept so far", "minutes of outage",
            "failures",
        )  # fmt: skip
        rows = tuple(
            (
                str(one.objective),
                *map(_percent, (one.chance, one.bounds.low, one.bounds.high, one.kept)),
                f"{one.minutes:,.0f}",
                f"{one.failures:,.0f}",
            )
            for one in self.prospects
        )
        table = Table(head, rows, numbers=head)
        tone: Tone = "warning" if self.hopeless else "plain"
        return Card(self.slo.title, self.verdict, (table, Notes(self.warnings)), tone)

    @property
    def verdict(self) -> str:
        """The outlook in a sentence or two."""
        now = self.present
        if np.isnan(now.bounds.low) or not now.failures:
            few = "too few" if self.days > 1 else "too little"
            return f"{_length(self.days)} {few} to say what can be promised."
        often = "" if np.isnan(now.kept) else f", and {_percent(now.kept)} of past periods did"
        said = f"{now.objective} is kept with a chance of {_percent(now.chance)}{often}"
        if self.hopeless:
            said += ": a target that nobody keeps"
        if self.recommended is None:
            return f"{said}. None of the targets looked at is kept with a chance of 90 %."
        if self.recommended == now.objective:
            return f"{said}: it can be promised."
        likely = next(one for one in self.prospects if one.objective == self.recommended)
        also = "Even " if likely.objective.ratio > now.objective.ratio else ""
        chance = _percent(likely.chance)
        return f"{said}. {also}{likely.objective} is kept with a chance of {chance}."


def objective_outlook(
    slo: Slo, history: History, exclusions: Iterable[Exclusion] = (), seed: int = 0
) -> Outlook:
    """The chance to keep each target over the next period, by a block bootstrap of days.

    A period is drawn from the history's days in blocks of a week, as bad days come together; its
    error ratio is that of all of its events. The chance's bounds come from histories that are
    drawn likewise, and hold the exact bounds of as few periods as really fit into the history:
    three months without a failure do not prove that none will come.

    Args:
        slo: The objective; its target is one of those that are looked at.
        history: Raw samples.
        exclusions: Days' events within them do not count.
        seed: The same seed gives the same outlook.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    bad, total = _by_day(slo, history, exclusions)
    length = _days(slo)
    ratios = _drawn(bad, total, block_indices(bad.size, length, samples=20 * _PERIODS, seed=seed))
    resampled = block_indices(bad.size, bad.size, samples=_HISTORIES, seed=seed + 1)
    inner = block_indices(bad.size, length, samples=_PERIODS, seed=seed + 2)
    others = np.stack([_drawn(bad[days], total[days], inner) for days in resampled])
    drawn = _Drawn(
        ratios=ratios,
        others=others,
        past=_rolling(bad, total, length),
        whole=bad.size // length,
        period=slo.period.length,
        events=total.sum() * length / bad.size,
    )
    targets = sorted({*COMMON_TARGETS, slo.objective.ratio})
    prospects = tuple(drawn.prospect(Objective(target)) for target in targets)
    likely = [one for one in prospects if one.chance >= LIKELY and one.failures >= LEAST_FAILURES]
    return Outlook(
        slo=slo,
        days=bad.size,
        prospects=prospects,
        achievable=1 - float(np.quantile(ratios, LIKELY)),
        targets=1 - np.quantile(ratios, _CHANCES),
        chances=_CHANCES,
        recommended=likely[-1].objective if likely and drawn.whole else None,
        warnings=_warnings(slo, bad.size, prospects),
    )


def _length(days: int) -> str:
    """How much history there is, as a sentence begins."""
    return f"{days} days of history are" if days > 1 else "A day of history or less is"


def _days(slo: Slo) -> int:
    """Days of a period."""
    return max(1, round(slo.period.length / DAY))


def _by_day(slo: Slo, history: History, exclusions: Iterable[Exclusion]) -> tuple[Values, Values]:
    """Bad and all events of each whole day, without what is excluded."""
    days = max(1, history.span.length // DAY)
    edges = history.span.end - DAY * np.arange(days, -1, -1, dtype=np.int64)
    counts = event_counts(slo.indicator, history)
    bad, total = (np.diff(values) for values in counts.at(edges))
    for one in exclusions:
        span = one.span.overlap(history.span)
        if span is None or not one.touches(slo.service, slo.name):
            continue
        out_bad, out_total = counts.at(np.clip(edges, span.start, span.end))
        bad, total = bad - np.diff(out_bad), total - np.diff(out_total)
    return bad, total


def _drawn(bad: Values, total: Values, days: np.ndarray) -> Values:
    """Error ratios of periods made of days; a period without events is kept."""
    events = total[days].sum(axis=1)
    return np.asarray(bad[days].sum(axis=1) / np.where(events > 0, events, np.inf))


def _rolling(bad: Values, total: Values, length: int) -> Values:
    """Error ratios of the period that ends with each day and lies within the history."""
    sums = [np.convolve(values, np.ones(length), "valid") for values in (bad, total)]
    if bad.size < length:
        return np.empty(0)
    return np.asarray(sums[0] / np.where(sums[1] > 0, sums[1], np.inf))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Error ratios of the next period, by the history and by histories drawn from it."""

    ratios: Values
    others: Values
    past: Values
    whole: int
    period: int
    events: float

    def prospect(self, objective: Objective) -> Prospect:
        budget = float(objective.error_budget)
        chance = float((self.ratios <= budget).mean())
        spread = np.quantile((self.others <= budget).mean(axis=1), (0.05, 0.95))
        exact = proportion_interval(round(chance * self.whole), self.whole)
        drawn = Interval(float(spread[0]), float(spread[1]))
        return Prospect(
            objective=objective,
            chance=chance,
            bounds=drawn.union(exact) if self.whole else UNKNOWN,
            kept=float((self.past <= budget).mean()) if self.past.size else float("nan"),
            minutes=budget * self.period / MINUTE,
            failures=budget * self.events,
        )


def _warnings(slo: Slo, days: int, prospects: tuple[Prospect, ...]) -> tuple[str, ...]:
    told = []
    if days * DAY < slo.period.length:
        told.append(
            f"{_length(days)} shorter than the period of "
            f"{format_duration(slo.period.length)}: chances are guesses"
        )
    present = next(one for one in prospects if one.objective == slo.objective)
    if present.failures < LEAST_FAILURES:
        told.append(
            f"{slo.objective} allows {present.failures:.1f} failures a period: single ones decide"
        )
    if not isinstance(slo.period, RollingPeriod):
        told.append("a calendar period is taken to be as long as its first one")
    return tuple(told)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.0f} %"
