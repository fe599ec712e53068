"""One objective's week in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest import backtest
from slo.budget import budget_account
from slo.figures.burn_down import computed as computed_burn_down
from slo.model.duration import DAY, MINUTE
from slo.model.objective import RollingPeriod
from slo.model.span import Span
from slo.report.objectives.alert_quality import alert_quality, outcomes_in
from slo.report.objectives.consequence import consequence
from slo.report.objectives.corrections import corrections
from slo.report.objectives.data_quality import data_quality
from slo.report.objectives.spending import spendings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.backtest import Backtest, IncidentOutcome
    from slo.budget import BudgetState, BudgetStatus
    from slo.figures.burn_down import BurnDown
    from slo.model.alert import Episode
    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.model.incident import Exclusion, Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Week
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.consequence import Consequence
    from slo.report.objectives.corrections import Corrections
    from slo.report.objectives.data_quality import DataQuality
    from slo.report.objectives.spending import Spending
    from slo.tune.projection import Projection


@dataclass(frozen=True, eq=False)
class SloWeek:
    """One objective's week. What somebody excluded counts for nothing, as in backtests.

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
        spendings: Where the week's bad events came from.
        corrections: What was excluded, and the numbers with it; None where nothing was.
        consequence: What the error budget policy asks for.
        result: What the alerts did in this week and the one before.
        alerts: How well all alerts served in the week.
        pages: How well those served that wake somebody.
        tickets: How well those served that wait for the morning.
        last_alerts: How well all alerts served in the week before.
        last_pages: Likewise those that wake somebody.
        last_tickets: Likewise those that wait.
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
    spendings: tuple[Spending, ...]
    corrections: Corrections | None
    consequence: Consequence
    result: Backtest
    alerts: AlertQuality
    pages: AlertQuality
    tickets: AlertQuality
    last_alerts: AlertQuality
    last_pages: AlertQuality
    last_tickets: AlertQuality
    quality: DataQuality

    @property
    def state(self) -> BudgetState:
        """The verdict at the week's end."""
        return self.budget.state

    @property
    def projection(self) -> Projection:
        """Where the budget leads, with an interval."""
        return self.burn_down.projection

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
    def spent_last_week(self) -> float:
        """Share of the budget as it stood then that the bad events of the week before are."""
        return self.last_bad / self.before.allowed if self.before.allowed else float("nan")

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


def slo_week(
    slo: Slo,
    history: History,
    incidents: Sequence[Incident],
    week: Week,
    interval: int,
    *,
    exclusions: Sequence[Exclusion],
    policy: ErrorBudgetPolicy,
) -> SloWeek:
    """A week of one objective, judged with what a history knows.

    Args:
        slo: The objective.
        history: Raw samples; its span ends no later than the week.
        incidents: Labelled incidents.
        week: The ISO week.
        interval: Milliseconds between evaluations of alerts.
        exclusions: What counts for nothing, where it concerns the objective.
        policy: What is to be done about the budget.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    end = history.span.end
    seen = week.span.overlap(history.span) or week.span
    last = week.previous.span
    everything = budget_account(slo, history)
    account = everything.excluding(exclusions)
    counts, at = account.counts, _last_instant(slo, end)
    (bad, total), (last_bad, last_total) = counts.between(seen), counts.between(last)
    days = [counts.between(Span(t, t + DAY)) for t in range(week.span.start, week.span.end, DAY)]
    # An alert's delay is known only where its evaluation begins before the incident.
    both = Span(max(last.start, min(history.span.start, seen.start)), end)
    result = backtest(slo, history, incidents, interval, both, exclusions=exclusions)
    budget, burn_down = account.status(at), computed_burn_down(account, at)
    touching = [one for one in incidents if one.touches(slo.service, slo.name)]
    spent = spendings(account, budget, seen, touching)
    return SloWeek(
        slo=slo,
        week=seen,
        budget=budget,
        before=account.status(_last_instant(slo, week.span.start)),
        bad=bad,
        total=total,
        last_bad=last_bad,
        last_total=last_total,
        daily=tuple(b / t if t else float("nan") for b, t in days),
        burn_down=burn_down,
        spendings=spent,
        corrections=corrections(everything, at, seen, exclusions),
        consequence=consequence(policy, budget, burn_down.projection, spent),
        result=result,
        alerts=alert_quality(result, week.span),
        pages=alert_quality(result, week.span, "page"),
        tickets=alert_quality(result, week.span, "ticket"),
        last_alerts=alert_quality(result, last),
        last_pages=alert_quality(result, last, "page"),
        last_tickets=alert_quality(result, last, "ticket"),
        quality=data_quality(slo, history, week.span),
    )


def _last_instant(slo: Slo, end: int) -> int:
    """The last instant before an end: a calendar period that ends there has not ended yet."""
    return end if isinstance(slo.period, RollingPeriod) else end - 1
