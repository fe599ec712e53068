"""The numbers of the weekly SLO report. The notebook and the page hold no arithmetic."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest import backtest
from slo.budget import budget_account, budget_status
from slo.engine.events import event_counts
from slo.errors import NotEnoughData
from slo.figures.burn_down import computed as computed_burn_down
from slo.model.duration import DAY, MINUTE
from slo.model.objective import RollingPeriod
from slo.model.samples import History
from slo.model.span import Span
from slo.report.objectives.alert_quality import alert_quality, outcomes_in
from slo.report.objectives.data_quality import data_quality
from slo.report.objectives.verdict import verdict
from slo.report.wording import summary_table
from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest import Backtest, IncidentOutcome
    from slo.budget import BudgetState, BudgetStatus
    from slo.figures.burn_down import BurnDown
    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.model.slo import Slo
    from slo.model.span import Week
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.data_quality import DataQuality

_URGENCY: dict[BudgetState, int] = {
    "exhausted": 0,
    "at risk": 1,
    "insufficient data": 2,
    "kept": 3,
}


@dataclass(frozen=True, eq=False)
class SloWeek:
    """One objective's week.

    Attributes:
        slo: The objective.
        week: What of the week there is history of.
        budget: Its error budget when the week ended.
        before: Its error budget when the week began.
        bad: Bad events of the week.
        total: All events of the week.
        last_bad: Bad events of the week before.
        last_total: All events of the week before.
        daily: Error ratio of each day, NaN without events.
        burn_down: The budget's way through its period, and where it leads.
        result: What the alerts did in this week and the one before.
        alerts: How well all alerts served in the week.
        pages: How well those served that wake somebody.
        last_pages: The same in the week before.
        quality: How far the samples can be trusted.

    """

    slo: Slo
    week: Span
    budget: BudgetStatus
    before: BudgetStatus
    bad: float
    total: float
    last_bad: float
    last_total: float
    daily: tuple[float, ...]
    burn_down: BurnDown
    result: Backtest
    alerts: AlertQuality
    pages: AlertQuality
    last_pages: AlertQuality
    quality: DataQuality

    @property
    def state(self) -> BudgetState:
        """The verdict at the week's end."""
        return self.budget.state

    @property
    def achieved(self) -> float:
        """Share of good events in the week; NaN without events."""
        return 1 - self.bad / self.total if self.total else float("nan")

    @property
    def last_achieved(self) -> float:
        """Share of good events in the week before; NaN without events."""
        return 1 - self.last_bad / self.last_total if self.last_total else float("nan")

    @property
    def change(self) -> float:
        """Budget left now less budget left a week ago, as a share of the period's budget.

        NaN where one of them is unknown, and where a calendar period has begun in between.
        """
        another = self.before.period != self.budget.period
        if another and not isinstance(self.slo.period, RollingPeriod):
            return float("nan")
        if "insufficient data" in (self.before.state, self.budget.state):
            return float("nan")
        return self.budget.remaining - self.before.remaining

    @property
    def spent_in_week(self) -> float:
        """Share of the period's budget that the week's bad events are."""
        return self.bad / self.budget.allowed if self.budget.allowed else float("nan")

    @property
    def events_left(self) -> float:
        """Bad events that the budget still allows; negative when overspent."""
        return self.budget.allowed - self.budget.bad

    @property
    def minutes_left(self) -> float:
        """Minutes of an outage of everything, at mean traffic, that the budget still allows."""
        share = self.budget.remaining * float(self.slo.objective.error_budget)
        return share * self.budget.period.length / MINUTE

    @property
    def outcomes(self) -> tuple[IncidentOutcome, ...]:
        """The incidents of the week that touch the objective, and what became of them."""
        return outcomes_in(self.result, self.week)

    @property
    def false_episodes(self) -> tuple[Episode, ...]:
        """Episodes of the week that belong to no incident."""
        ends = self.result.span.end
        return tuple(
            episode
            for episode in self.result.false_episodes
            if Span(episode.start, ends if episode.end is None else episode.end).overlap(self.week)
        )


@dataclass(frozen=True)
class Provenance:
    """What a report was made of.

    Attributes:
        source: Where the samples come from.
        server_version: The Prometheus that stored them; empty for a simulation.
        history: What the history covers.
        samples: Raw samples of it that the objectives read.
        interval: Milliseconds between evaluations of alerts.
        specification: Fingerprint of the objectives and their alerts, to tell whether two reports
            mean the same.
        slobook: The version that made the report.

    """

    source: str
    server_version: str
    history: Span
    samples: int
    interval: int
    specification: str
    slobook: str = __version__


@dataclass(frozen=True, eq=False)
class WeeklySlo:
    """A service's week.

    Attributes:
        service: The service's name.
        week: The ISO week.
        until: Where the history ends inside of the week, else the week's end.
        slos: Each objective's week, the worst first.
        without_data: Objectives that cannot be judged at all, each with the reason.
        incidents: Labelled incidents of the week.
        provenance: What the report was made of.

    """

    service: str
    week: Week
    until: int
    slos: tuple[SloWeek, ...]
    without_data: tuple[tuple[Slo, str], ...]
    incidents: tuple[Incident, ...]
    provenance: Provenance

    @property
    def count(self) -> int:
        """All objectives, judged or not."""
        return len(self.slos) + len(self.without_data)

    def in_state(self, *states: BudgetState) -> tuple[SloWeek, ...]:
        """Objectives whose budget is in one of some states, the worst first."""
        return tuple(one for one in self.slos if one.state in states)

    @property
    def last_kept(self) -> int:
        """Objectives whose budget held when the week began."""
        return sum(one.before.state in ("kept", "at risk") for one in self.slos)

    @property
    def falls_short(self) -> bool:
        """Whether any budget is spent."""
        return bool(self.in_state("exhausted"))

    @property
    def verdict(self) -> str:
        """What the week means, with the consequence."""
        return verdict(self)

    @property
    def pages(self) -> int:
        """Calls of severity page in the week, over all objectives."""
        return sum(one.pages.calls for one in self.slos)

    @property
    def last_pages(self) -> int:
        """The same in the week before."""
        return sum(one.last_pages.calls for one in self.slos)

    @property
    def detected(self) -> tuple[Incident, ...]:
        """Incidents that any alert of any objective saw."""
        return tuple(i for i in self.touching if any(_saw(one, i) for one in self.slos))

    @property
    def touching(self) -> tuple[Incident, ...]:
        """Incidents of the week that touch any objective of the report."""
        touched = {o.incident for one in self.slos for o in one.outcomes}
        return tuple(incident for incident in self.incidents if incident in touched)

    def _repr_html_(self) -> str:
        return summary_table(self)


def _saw(one: SloWeek, incident: Incident) -> bool:
    return any(o.incident == incident and o.detections for o in one.outcomes)


def weekly_slo(
    slos: Sequence[Slo],
    history: History,
    incidents: Iterable[Incident],
    week: Week,
    interval: int,
) -> WeeklySlo:
    """A week of one service's objectives, judged with what was known at the week's end.

    Args:
        slos: The service's objectives, at least one.
        history: Raw samples; as much of the objectives' periods as there is.
        incidents: Labelled incidents.
        week: The ISO week.
        interval: Milliseconds between evaluations of alerts.

    Raises:
        NotEnoughData: The history holds nothing of the week.
        ValueError: There is no objective.

    """
    if not slos:
        message = "a report needs an objective"
        raise ValueError(message)
    if week.span.overlap(history.span) is None:
        raise NotEnoughData(f"the history ({history.span}) holds nothing of week {week}")
    known = _known_by(history, week.span.end)
    service = slos[0].service
    labelled = tuple(
        one for one in incidents if one.span.start < known.span.end and one.service in ("", service)
    )
    weeks, without = [], []
    for one in slos:
        try:
            weeks.append(_slo_week(one, known, labelled, week, interval))
        except NotEnoughData as error:
            without.append((one, str(error)))
    return WeeklySlo(
        service=service,
        week=week,
        until=known.span.end,
        slos=tuple(sorted(weeks, key=_worst_first)),
        without_data=tuple(without),
        incidents=tuple(i for i in labelled if i.span.overlap(week.span)),
        provenance=_provenance(slos, known, interval),
    )


def _known_by(history: History, end: int) -> History:
    """The history as it was at an instant: a later report of the same week says the same."""
    span = Span(history.span.start, min(history.span.end, end))
    return History(history.series, span, history.server_version, history.source)


def _provenance(slos: Sequence[Slo], history: History, interval: int) -> Provenance:
    selectors = [selector for one in slos for selector in one.indicator.selectors]
    # Where a specification lies on somebody's disk does not change what it means.
    meant = repr([replace(one, file="") for one in slos])
    return Provenance(
        source=history.source,
        server_version=history.server_version,
        history=history.span,
        samples=history.restrict(selectors).sample_count,
        interval=interval,
        specification=hashlib.sha256(meant.encode()).hexdigest()[:12],
    )


def _worst_first(one: SloWeek) -> tuple[int, float, str]:
    remaining = one.budget.remaining
    return (
        _URGENCY[one.state],
        float("inf") if np.isnan(remaining) else remaining,
        one.slo.name,
    )


def _slo_week(
    slo: Slo, history: History, incidents: tuple[Incident, ...], week: Week, interval: int
) -> SloWeek:
    end = history.span.end
    seen = week.span.overlap(history.span) or week.span
    last = week.previous.span
    counts = event_counts(slo.indicator, history)
    (bad, total), (last_bad, last_total) = counts.between(seen), counts.between(last)
    days = [counts.between(Span(t, t + DAY)) for t in range(week.span.start, week.span.end, DAY)]
    # An alert's delay is known only where its evaluation begins before the incident.
    both = Span(max(last.start, min(history.span.start, seen.start)), end)
    result = backtest(slo, history, incidents, interval, both)
    return SloWeek(
        slo=slo,
        week=seen,
        budget=budget_status(slo, history, _last_instant(slo, end)),
        before=budget_status(slo, history, _last_instant(slo, week.span.start)),
        bad=bad,
        total=total,
        last_bad=last_bad,
        last_total=last_total,
        daily=tuple(b / t if t else float("nan") for b, t in days),
        burn_down=computed_burn_down(budget_account(slo, history), _last_instant(slo, end)),
        result=result,
        alerts=alert_quality(result, week.span),
        pages=alert_quality(result, week.span, "page"),
        last_pages=alert_quality(result, last, "page"),
        quality=data_quality(slo, history, week.span),
    )


def _last_instant(slo: Slo, end: int) -> int:
    """The last instant before an end: a calendar period that ends there has not ended yet."""
    return end if isinstance(slo.period, RollingPeriod) else end - 1
