"""The numbers of the weekly SLO report. The notebook and the page hold no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slo.backtest import ANY, backtest
from slo.budget import budget_status
from slo.engine.coverage import gaps
from slo.engine.events import event_counts
from slo.errors import NotEnoughData
from slo.figures.burn_down import computed as computed_burn_down
from slo.history.contents import required_series
from slo.model.duration import DAY
from slo.model.span import Span, format_instant
from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest import Backtest
    from slo.budget import BudgetStatus
    from slo.figures.burn_down import BurnDown
    from slo.model.incident import Incident
    from slo.model.objective import Slo
    from slo.model.samples import History
    from slo.model.span import Week

_URGENCY = {"exhausted": 0, "at risk": 1, "insufficient data": 2, "kept": 3}


@dataclass(frozen=True)
class SloWeek:
    """One objective's week.

    Attributes:
        slo: The objective.
        budget: Its error budget when the week ended.
        before: Its error budget when the week began.
        bad: Bad events of the week.
        total: All events of the week.
        last_bad: Bad events of the week before.
        last_total: All events of the week before.
        daily: Error ratio of each day, NaN without events.
        result: What the alerts did in the week.
        burn_down: The budget's way down through its period.
        gaps: Stretches of the week without samples.

    """

    slo: Slo
    budget: BudgetStatus
    before: BudgetStatus
    bad: float
    total: float
    last_bad: float
    last_total: float
    daily: tuple[float, ...]
    result: Backtest
    burn_down: BurnDown
    gaps: tuple[Span, ...]

    @property
    def achieved(self) -> float:
        """Share of good events in the week; NaN without events."""
        return 1 - self.bad / self.total if self.total else float("nan")

    @property
    def last_achieved(self) -> float:
        """Share of good events in the week before; NaN without events."""
        return 1 - self.last_bad / self.last_total if self.last_total else float("nan")

    @property
    def spent_in_week(self) -> float:
        """Share of the period's budget that the week spent."""
        return self.bad / self.budget.allowed if self.budget.allowed else float("nan")

    @property
    def events_left(self) -> float:
        """Bad events that the budget still allows; negative when overspent."""
        return self.budget.allowed - self.budget.bad

    @property
    def minutes_left(self) -> float:
        """Minutes of an outage of everything, at the period's mean traffic, that are left."""
        minutes = self.slo.period.length / 60_000
        share = self.budget.remaining * float(self.slo.objective.error_budget)
        return share * minutes


@dataclass(frozen=True)
class WeeklySlo:
    """A service's week.

    Attributes:
        service: The service's name.
        week: The ISO week.
        slos: Each objective's week, the worst first.
        without_data: Why objectives are missing from ``slos``, a message each.
        incidents: Labelled incidents of the week.
        source: Where the samples come from.
        server_version: The Prometheus that stored them; empty for a simulation.
        span: What the history covers.
        samples: Raw samples in it.

    """

    service: str
    week: Week
    slos: tuple[SloWeek, ...]
    without_data: tuple[str, ...]
    incidents: tuple[Incident, ...]
    source: str
    server_version: str
    span: Span
    samples: int

    @property
    def exhausted(self) -> tuple[SloWeek, ...]:
        """Objectives whose budget is spent."""
        return tuple(one for one in self.slos if one.budget.state == "exhausted")

    @property
    def falls_short(self) -> bool:
        """Whether any budget is spent."""
        return bool(self.exhausted)

    @property
    def verdict(self) -> str:
        """One sentence, with the consequence."""
        count, spent = len(self.slos) + len(self.without_data), self.exhausted
        if not self.slos:
            return f"Insufficient data: no objective of {self.service} could be judged."
        if spent:
            names = " and ".join([", ".join(o.slo.title for o in spent[:-1]), spent[-1].slo.title])
            have = "has" if len(spent) == 1 else "have"
            return (
                f"{names.removeprefix(' and ')} {have} spent the error budget: put reliability "
                "before features until it is back."
            )
        risky = [one.slo.title for one in self.slos if one.budget.state == "at risk"]
        unknown = count - len([one for one in self.slos if one.budget.state != "insufficient data"])
        if risky:
            return f"All budgets hold, but {', '.join(risky)} has little left: release with care."
        if unknown:
            return f"{count - unknown} of {count} objectives kept; {unknown} with too little data."
        return f"All {count} objectives are kept: release as planned."

    @property
    def pages(self) -> int:
        """Calls of severity page in the week, over all objectives."""
        return sum(s.episodes for one in self.slos for s in one.result.results if s.by == "page")

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{one.slo.name}</td><td>{one.slo.objective}</td><td>{one.achieved:.4%}</td>"
            f"<td>{one.budget.remaining:.1%}</td><td>{one.budget.state}</td></tr>"
            for one in self.slos
        )
        head = "<tr><th>objective</th><th>promised</th><th>achieved</th><th>budget left</th>"
        table = f"<table>{head}<th>state</th></tr>{rows}</table>"
        return f"<p><b>{self.week}</b>: {self.verdict}</p>{table}"


def weekly_slo(
    slos: Sequence[Slo],
    history: History,
    incidents: Iterable[Incident],
    week: Week,
    interval: int,
) -> WeeklySlo:
    """A week of one service's objectives, judged at the week's end.

    Args:
        slos: The service's objectives, at least one.
        history: Raw samples; as much of the objectives' periods as there is.
        incidents: Labelled incidents.
        week: The ISO week.
        interval: Milliseconds between evaluations of alerts.

    Raises:
        ValueError: There is no objective.

    """
    if not slos:
        message = "a report needs an objective"
        raise ValueError(message)
    labelled = tuple(incidents)
    weeks, without = [], []
    for one in slos:
        try:
            weeks.append(_slo_week(one, history, labelled, week, interval))
        except NotEnoughData as error:
            without.append(str(error))
    return WeeklySlo(
        service=slos[0].service,
        week=week,
        slos=tuple(sorted(weeks, key=_worst_first)),
        without_data=tuple(without),
        incidents=tuple(i for i in labelled if i.span.overlap(week.span)),
        source=history.source,
        server_version=history.server_version,
        span=history.span,
        samples=history.sample_count,
    )


def _worst_first(one: SloWeek) -> tuple[int, float, str]:
    remaining = one.budget.remaining
    return (
        _URGENCY[one.budget.state],
        float("inf") if np.isnan(remaining) else remaining,
        one.slo.name,
    )


def _slo_week(
    slo: Slo, history: History, incidents: tuple[Incident, ...], week: Week, interval: int
) -> SloWeek:
    series = required_series(slo, history)
    counts = event_counts(slo.indicator, history)
    bad, total = counts.between(week.span)
    last_bad, last_total = counts.between(week.previous.span)
    days = [counts.between(Span(t, t + DAY)) for t in range(week.span.start, week.span.end, DAY)]
    return SloWeek(
        slo=slo,
        budget=budget_status(slo, history, week.span.end),
        before=budget_status(slo, history, week.span.start),
        bad=bad,
        total=total,
        last_bad=last_bad,
        last_total=last_total,
        daily=tuple(b / t if t else float("nan") for b, t in days),
        result=backtest(slo, history, incidents, interval, week.span),
        burn_down=computed_burn_down(slo, history, week.span.end),
        gaps=gaps(series, week.span),
    )


def result_of(report: WeeklySlo) -> dict[str, Any]:
    """The report's numbers as JSON holds them: instants in ISO 8601, shares 0 to 1."""
    return {
        "schema": 1,
        "service": report.service,
        "week": str(report.week),
        "window": [format_instant(report.week.span.start), format_instant(report.week.span.end)],
        "verdict": report.verdict,
        "falls_short": report.falls_short,
        "slos": [_slo_result(one) for one in report.slos],
        "without_data": list(report.without_data),
        "incidents": [i.name for i in report.incidents],
        "provenance": {
            "source": report.source,
            "prometheus_version": report.server_version,
            "history": [format_instant(report.span.start), format_instant(report.span.end)],
            "samples": report.samples,
            "slobook": __version__,
        },
    }


def _slo_result(one: SloWeek) -> dict[str, Any]:
    together = one.result.score(ANY)
    exhausted_at = one.burn_down.exhausted_at
    return {
        "name": one.slo.name,
        "objective": float(one.slo.objective.ratio),
        "state": one.budget.state,
        "achieved_in_week": _number(one.achieved),
        "achieved_in_period": _number(one.budget.achieved),
        "bad_events": one.bad,
        "total_events": one.total,
        "budget_remaining": _number(one.budget.remaining),
        "budget_remaining_before": _number(one.before.remaining),
        "budget_spent_in_week": _number(one.spent_in_week),
        "bad_events_left": _number(one.events_left),
        "outage_minutes_left": _number(one.minutes_left),
        "exhausted_at": format_instant(exhausted_at) if exhausted_at else None,
        "coverage": one.budget.coverage,
        "episodes": together.episodes,
        "precision": _number(together.precision),
        "recall": _number(together.recall),
        "missed": [incident.name for incident in one.result.missed],
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
