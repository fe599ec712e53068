"""What an incident was to an objective, and to its neighbours: who noticed, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.backtest import replay
from slo.budget import budget_account
from slo.card import Card, Sentence, Shown, Table
from slo.errors import ConfigError, NotEnoughData, nearest
from slo.figures.incident_course import around, computed, figure
from slo.model.duration import MINUTE, format_duration
from slo.workbench.numbers import NOTHING, as_duration, as_share
from slo.workbench.policy_trial import policy_past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.backtest import Detection, IncidentOutcome
    from slo.card import Part
    from slo.engine.events import EventCounts
    from slo.figures.episodes import Row
    from slo.figures.theme import Figure
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.project import Project
    from slo.workbench.policy_trial import PolicyTrial


_ALERTS = ("alert", "fired after", "budget spent by then", "quiet after")
_OTHERS = ("other objective", "bad events", "budget spent", "fired")


@dataclass(frozen=True)
class Beside:
    """Another objective of the service while the incident lasted.

    Attributes:
        name: The objective's.
        error_ratio: Share of bad events; NaN where nothing happened, or is known.
        budget_spent: Share of its period's budget.
        fired: Its alerts that fired from the incident's start on, as far as is looked at.

    """

    name: str
    error_ratio: float
    budget_spent: float
    fired: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class IncidentStory(Shown):
    """An incident, looked at from one objective.

    Attributes:
        outcome: The incident, what it cost the objective, and who noticed.
        error_ratio: Share of bad events while it lasted.
        trial: The objective's alerts over the whole history.
        counts: The objective's events.
        beside: The service's other objectives.
        before: The incident before it; None if it is the first one.
        after: The one after it.

    """

    outcome: IncidentOutcome
    error_ratio: float
    trial: PolicyTrial
    counts: EventCounts
    beside: tuple[Beside, ...]
    before: Incident | None
    after: Incident | None

    @property
    def incident(self) -> Incident:
        """What it is about."""
        return self.outcome.incident

    def drawn(self, shown: Span | None = None) -> tuple[tuple[Row, ...], Figure]:
        """The rows of its timeline, and its figure."""
        past = self.trial.past
        found = computed(self.incident, self.trial.result, past.bad_share, self.counts, shown)
        return found.course.timeline.rows, figure(found)

    @property
    def card(self) -> Card:
        """What it cost, which alert noticed when, and what else was wrong."""
        one, slo = self.incident, self.trial.slo
        lasted = f"{one.span}, {as_duration(one.span.length)}."
        cost = (
            f"It cost {slo.title} {as_share(self.outcome.budget_spent)} of its error budget; "
            f"{as_share(self.error_ratio)} of the events were bad."
        )
        alerts = tuple(
            (alert.name, *_detected(self.outcome.detection(alert.name)))
            for alert in slo.policy.alerts
        )
        said = f"{one.kind}, {lasted}" + (f" {one.notes}." if one.notes else "")
        parts: list[Part] = [Sentence(cost), Table(_ALERTS, alerts, numbers=_ALERTS[1:])]
        if self.beside:
            others = tuple(
                (
                    other.name, as_share(other.error_ratio), as_share(other.budget_spent),
                    ", ".join(other.fired) or NOTHING,
                )
                for other in self.beside
            )  # fmt: skip
            parts.append(Table(_OTHERS, others, numbers=_OTHERS[1:3]))
        return Card(one.name, said, (*parts, Sentence(self.neighbours)))

    @property
    def neighbours(self) -> str:
        """The incidents before and after it, in a sentence."""
        span, told = self.incident.span, []
        if self.before:
            told.append(_apart(self.before, span.start - self.before.span.end, "before it"))
        if self.after:
            told.append(_apart(self.after, self.after.span.start - span.end, "after it"))
        return f"{'; '.join(told)}." if told else "It is the only incident of this history."


def incident_story(project: Project, slo: Slo, history: History, name: str = "") -> IncidentStory:
    """Look at an incident from an objective with at least one alert.

    Args:
        project: Whose incidents they are.
        slo: The objective.
        history: Raw samples; of the service's other objectives too, so that they can be looked at.
        name: The incident's; the newest one that touches the objective if empty.

    Raises:
        ConfigError: No such incident touches the objective, or it has no alert.
        SpecError: A file of incidents or exclusions has faults.
        NotEnoughData: The history holds no series of the indicator's total.

    """
    if not slo.policy.alerts:
        raise ConfigError(f"{slo.name} has no alert; give it one under alertPolicies")
    past = policy_past(project, slo, history)
    known = past.replayed.judged_incidents
    trial = past.tried(slo)
    place = _place(known, name, slo)
    outcome = next(o for o in trial.result.outcomes if o.incident == known[place])
    bad, total = past.replayed.counts.between(outcome.incident.span)
    return IncidentStory(
        outcome=outcome,
        error_ratio=bad / total if total else float("nan"),
        trial=trial,
        counts=budget_account(slo, history).counts,
        beside=tuple(
            _beside(other, outcome.incident, history, project.interval)
            for other in project.of_service(slo.service)
            if other.name != slo.name
        ),
        before=known[place - 1] if place else None,
        after=known[place + 1] if place + 1 < len(known) else None,
    )


def _place(known: Sequence[Incident], name: str, slo: Slo) -> int:
    names = [one.name for one in known]
    if not names:
        raise ConfigError(
            f"no incident in this history touches {slo.name}, and no stretch of it burned enough "
            "of the budget to count as one: label what you had, or look from another objective"
        )
    if name and name not in names:
        raise ConfigError(
            f"no incident {name!r} touches {slo.name}{nearest(name, names)}; those that do: "
            + ", ".join(names)
        )
    return names.index(name) if name else len(names) - 1


def _beside(slo: Slo, incident: Incident, history: History, interval: int) -> Beside:
    span = around(incident.span).overlap(history.span) or history.span
    try:
        past = replay(slo, history, [incident], interval, span=span)
    except NotEnoughData:
        return Beside(slo.name, float("nan"), float("nan"), ())
    bad, total = past.counts.between(incident.span)
    allowed = past.allowed(slo)
    fired = (e.alert for e in past.backtest(slo).episodes if _since(e.end, incident.span))
    return Beside(
        slo.name,
        bad / total if total else float("nan"),
        bad / allowed if allowed else float("nan"),
        tuple(dict.fromkeys(fired)),
    )


def _since(end: int | None, span: Span) -> bool:
    return end is None or end > span.start


def _detected(found: Detection | None) -> tuple[str, str, str]:
    if found is None:
        return "did not fire", NOTHING, NOTHING
    quiet = "still firing" if found.reset is None else as_duration(found.reset)
    return as_duration(found.delay), as_share(found.budget_spent), quiet


def _apart(other: Incident, gap: int, where: str) -> str:
    if gap <= 0:
        return f"{other.name} overlaps it"
    whole = max(MINUTE, MINUTE * round(gap / MINUTE))
    return f"{other.name} is {format_duration(whole)} {where}"
