"""The numbers of the weekly SLO report. The notebook and the page hold no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from slo.card import Card, Shown
from slo.errors import NotEnoughData
from slo.model.error_budget_policy import default_policy
from slo.model.samples import History
from slo.model.span import Span
from slo.report.objectives.alert_quality import outcomes_in, service_alert_quality
from slo.report.objectives.provenance import provenance
from slo.report.objectives.slo_week import slo_week
from slo.report.objectives.summary import summary_card
from slo.report.objectives.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.budget import BudgetState
    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.model.incident import Exclusion, Incident
    from slo.model.slo import Slo
    from slo.model.span import Week
    from slo.report.objectives.alert_quality import AlertQuality
    from slo.report.objectives.provenance import Provenance
    from slo.report.objectives.slo_week import SloWeek
    from slo.report.objectives.suggestions import SuggestedChange, Unchanged

_URGENCY: dict[BudgetState, int] = {
    "exhausted": 0,
    "at risk": 1,
    "insufficient data": 2,
    "kept": 3,
}


@dataclass(frozen=True, eq=False)
class WeeklySlo(Shown):
    """A service's week.

    Attributes:
        service: The service's name.
        week: The ISO week.
        until: Where the history ends inside of the week, else the week's end.
        slos: Each objective's week, the worst first.
        without_data: Objectives that cannot be judged at all, each with the reason.
        incidents: Labelled incidents of the week.
        exclusions: What of the week or of a period that is judged counts for nothing.
        policy: What the service's people do about its error budgets.
        provenance: What the report was made of.
        suggestions: What to change, what brings most first.
        unchanged: Objectives about which nothing is suggested, with the reasons.

    """

    service: str
    week: Week
    until: int
    slos: tuple[SloWeek, ...]
    without_data: tuple[tuple[Slo, str], ...]
    incidents: tuple[Incident, ...]
    exclusions: tuple[Exclusion, ...]
    policy: ErrorBudgetPolicy
    provenance: Provenance
    suggestions: tuple[SuggestedChange, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()

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
        return verdict(self.service, self.count, self.slos)

    @property
    def pages(self) -> int:
        """Calls of severity page in the week, over all objectives."""
        return sum(one.pages.calls for one in self.slos)

    @property
    def last_pages(self) -> int:
        """The same in the week before."""
        return sum(one.last_pages.calls for one in self.slos)

    @property
    def tickets(self) -> int:
        """Calls of severity ticket in the week, over all objectives."""
        return sum(one.tickets.calls for one in self.slos)

    @property
    def last_tickets(self) -> int:
        """The same in the week before."""
        return sum(one.last_tickets.calls for one in self.slos)

    @cached_property
    def alerts(self) -> AlertQuality:
        """How well the alerts of all objectives served in the week, each incident counted once."""
        return service_alert_quality([one.result for one in self.slos], self.week.span)

    @cached_property
    def last_alerts(self) -> AlertQuality:
        """The same in the week before."""
        return service_alert_quality([one.result for one in self.slos], self.week.previous.span)

    @property
    def detected(self) -> tuple[Incident, ...]:
        """Incidents that any alert of any objective saw."""
        return tuple(i for i in self.touching if i not in self.alerts.missed)

    @property
    def touching(self) -> tuple[Incident, ...]:
        """Incidents of the week that touch any objective of the report, and are judged."""
        touched = {o.incident for one in self.slos for o in outcomes_in(one.result, self.week.span)}
        return tuple(incident for incident in self.incidents if incident in touched)

    @property
    def card(self) -> Card:
        """The verdict, and a row for each objective."""
        blind = [one for one, _ in self.without_data]
        shown = summary_card(str(self.week), self.verdict, self.slos, blind)
        return replace(shown, tone="bad" if self.falls_short else "plain")


def weekly_slo(
    slos: Sequence[Slo],
    history: History,
    incidents: Iterable[Incident],
    week: Week,
    interval: int,
    *,
    exclusions: Iterable[Exclusion] = (),
    policy: ErrorBudgetPolicy | None = None,
) -> WeeklySlo:
    """A week of one service's objectives, judged with what was known at the week's end.

    Args:
        slos: The service's objectives, at least one.
        history: Raw samples; as much of the objectives' periods as there is.
        incidents: Labelled incidents.
        week: The ISO week.
        interval: Milliseconds between evaluations of alerts.
        exclusions: What counts for nothing: events, episodes and incidents that they touch.
        policy: What the service's people do about error budgets; the SRE workbook's example if
            not given.

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
    agreed = policy or default_policy(service)
    labelled = tuple(
        one for one in incidents if one.span.start < known.span.end and one.service in ("", service)
    )
    excluded = tuple(exclusions)
    weeks, without = [], []
    for one in slos:
        try:
            found = slo_week(
                one, known, labelled, week, interval, exclusions=excluded, policy=agreed
            )
        except NotEnoughData as error:
            without.append((one, str(error)))
        else:
            weeks.append(found)
    corrected = [one.corrections.corrections for one in weeks if one.corrections]
    named = {correction.exclusion for several in corrected for correction in several}
    return WeeklySlo(
        service=service,
        week=week,
        until=known.span.end,
        slos=tuple(sorted(weeks, key=_worst_first)),
        without_data=tuple(without),
        incidents=tuple(i for i in labelled if i.span.overlap(week.span)),
        exclusions=tuple(sorted(named, key=lambda one: (one.span, one.name))),
        policy=agreed,
        provenance=provenance(slos, agreed, known, interval),
    )


def _known_by(history: History, end: int) -> History:
    """The history as it was at an instant: a later report of the same week says the same."""
    span = Span(history.span.start, min(history.span.end, end))
    return History(history.series, span, history.server_version, history.source)


def _worst_first(one: SloWeek) -> tuple[int, float, str]:
    remaining = one.budget.remaining
    return (
        _URGENCY[one.state],
        float("inf") if np.isnan(remaining) else remaining,
        one.slo.name,
    )
