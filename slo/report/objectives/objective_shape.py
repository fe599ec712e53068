"""The shape of one objective's week in ``result.json``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from slo.report.result_types import Count, Instant, Number, Share, SpanResult, shape

State = Literal["exhausted", "at risk", "kept", "insufficient data"]


@shape
class CrossingResult(TypedDict):
    """When an error budget is likely spent, or back, by simulated futures."""

    earliest: Instant | None
    """One of twenty futures has it by then; null where fewer have it at all."""
    likely: Instant | None
    """Half of the futures have it by then; null where fewer have it at all."""
    latest: Instant | None
    """Nineteen of twenty futures have it by then; null where fewer have it at all."""
    chance: Share
    """Share of futures in which it happens before the projection ends, 0 to 1."""


@shape
class ProjectionResult(TypedDict):
    """Where an error budget leads."""

    until: Instant
    """The end of what is looked at, ISO 8601 in UTC."""
    learnt_from_days: Count
    """Days that are covered well enough to learn from."""
    exhausted: CrossingResult | None
    """When the budget is spent; null where it is spent already, or nothing is known."""
    recovered: CrossingResult | None
    """When a spent budget is back; null where it is not spent, or nothing is known."""


@shape
class ConsequenceResult(TypedDict):
    """What the error budget policy asks for."""

    action: str
    """What is to be done, in words; empty with insufficient data."""
    until: CrossingResult | None
    """When a spent budget is back; null where it is not spent, or nothing is known."""
    incidents: list[str | None]
    """Names of incidents of the week that spent more than the policy lets pass."""
    for_incidents: str
    """What is to be done about each of them; empty where there is none."""


@shape
class SpendingResult(TypedDict):
    """What one incident, or no incident, spent in the week."""

    incident: str | None
    """Name of the incident; null for everything outside of any."""
    bad_events: Number
    """Bad events of the week; each counts once, for the incident that began first."""
    share_of_week: Share | None
    """Share of the week's bad events, 0 to 1; null where there were none."""
    share_of_budget: Number | None
    """Share of the period's budget; above 1 where it is more than all of it."""
    share_of_budget_in_period: Number | None
    """Share of the period's budget that the whole incident spent, also before the week."""


@shape
class CorrectionResult(TypedDict):
    """What an exclusion takes out of the period and the week."""

    name: str
    """The exclusion's name."""
    bad_events: Number
    """Bad events that do not count because of it."""
    total_events: Number
    """All events that do not count because of it."""


@shape
class UncorrectedResult(TypedDict):
    """An objective's numbers as if nothing were excluded."""

    state: State
    """How the error budget stands at the week's end."""
    achieved_in_week: Share | None
    """Share of good events in the week, 0 to 1."""
    achieved_in_period: Share | None
    """Share of good events in the period, 0 to 1."""
    bad_events: Number
    """Bad events of the week."""
    total_events: Number
    """All events of the week."""
    budget_remaining: float | None
    """Share of the period's budget that is left; below 0 where it is overspent."""


@shape
class CorrectionsResult(TypedDict):
    """An objective's exclusions, and its numbers without them."""

    exclusions: list[CorrectionResult]
    """In the order of time; an event that two of them take out is the first one's."""
    uncorrected: UncorrectedResult
    """The numbers with everything counted."""


@shape
class AlertsResult(TypedDict):
    """How well alerts served in a week; alerts of one severity that overlap are one call."""

    pages: Count
    """Calls of severity page."""
    tickets: Count
    """Calls of severity ticket."""
    calls: Count
    """Calls of any severity."""
    true_calls: Count
    """Calls that belong to an incident."""
    precision: Share | None
    """Share of calls that belong to an incident, 0 to 1; null without calls."""
    incidents: Count
    """Incidents that had to be seen."""
    detected: Count
    """Incidents that were seen."""
    recall: Share | None
    """Share of incidents that were seen, 0 to 1; null without incidents."""
    median_detection_seconds: float | None
    """Median seconds from an incident's start to its first call; null where none was seen."""
    missed: list[str]
    """Names of the incidents that were not seen."""
    excluded_episodes: Count
    """Episodes that an exclusion touches: they count for nothing."""


@shape
class EpisodeResult(TypedDict):
    """A stretch during which one alert fired without a break."""

    alert: str
    """The alert's name."""
    severity: Literal["page", "ticket"]
    """Whether it wakes somebody."""
    start: Instant
    """When it began to fire, ISO 8601 in UTC; may lie before the week."""
    end: Instant | None
    """When it ceased to fire, ISO 8601 in UTC; null where it still fired at the end."""
    peak_error_ratio: Number | None
    """The highest error ratio over the alert's long window while it fired."""


@shape
class IncidentResult(TypedDict):
    """A labelled incident of the week that touches the objective."""

    name: str
    """Its name."""
    kind: str
    """What kind of incident it is, as it was labelled."""
    start: Instant
    """When it began, ISO 8601 in UTC; may lie before the week."""
    end: Instant
    """When it ended, ISO 8601 in UTC."""
    budget_spent: float | None
    """Share of a period's budget at mean traffic that it spent."""
    detection_seconds: float | None
    """Seconds from its start to the first alert; null where no alert saw it."""
    budget_spent_at_detection: float | None
    """Share of a period's budget at mean traffic that it had spent by then."""


@shape
class DataResult(TypedDict):
    """How far the week's samples can be trusted."""

    coverage_of_week: Share
    """Share of the week in which there are samples, 0 to 1."""
    coverage_of_period: Share
    """Share of the period so far in which there are samples that count, 0 to 1."""
    gaps: list[SpanResult]
    """Stretches of the week without samples, of more than five minutes."""
    resets: Count
    """How often a counter fell in the week, over all series."""
    series: Count
    """Series with a sample in the week."""
    samples: Count
    """Samples in the week."""


@shape
class ObjectiveResult(TypedDict):
    """An objective's week; what is excluded counts for nothing."""

    name: str
    """The objective's name."""
    objective: Share
    """Share of events that is promised to be good, 0 to 1."""
    period: SpanResult
    """What the error budget is for, at the week's end."""
    state: State
    """How the error budget stands at the week's end."""
    achieved_in_week: Share | None
    """Share of good events in the week, 0 to 1; null without events."""
    achieved_last_week: Share | None
    """The same of the week before."""
    achieved_in_period: Share | None
    """The same of the period."""
    bad_events: Number
    """Bad events of the week; counters' raw increments, of time slices their number."""
    bad_events_last_week: Number
    """Bad events of the week before."""
    total_events: Number
    """All events of the week."""
    total_events_last_week: Number
    """All events of the week before."""
    state_last_week: State
    """How the error budget stood when the week began."""
    budget_remaining: float | None
    """Share of the period's budget that is left, 1 or less; below 0 where it is overspent."""
    budget_remaining_last_week: float | None
    """The same when the week began."""
    budget_change: float | None
    """The one less the other; null where they cannot be compared."""
    budget_spent_in_week: Number | None
    """Share of the period's budget that the week's bad events are."""
    budget_spent_last_week: Number | None
    """Share of the budget as it stood then that those of the week before are."""
    bad_events_in_period: Number
    """Bad events of the period."""
    bad_events_allowed: Number | None
    """Bad events that the period's budget allows."""
    bad_events_left: float | None
    """Bad events that it still allows; below 0 where it is overspent."""
    outage_minutes_left: float | None
    """Minutes of an outage of everything, at mean traffic, that it still allows."""
    exhausted_at: Instant | None
    """When the budget is spent if every week is as this one; null where it is not by then."""
    recovered_at: Instant | None
    """When a spent budget is back if every week is as this one; null where it is not by then."""
    projection: ProjectionResult
    """Where the budget leads, by simulated futures."""
    consequence: ConsequenceResult
    """What the error budget policy asks for."""
    spending: list[SpendingResult]
    """Where the week's bad events came from, the largest first; outside of any incident last."""
    corrections: CorrectionsResult | None
    """What is excluded, and the numbers without; null where nothing is."""
    daily_error_ratios: list[Share | None]
    """Share of bad events of each day of the week from Monday, 0 to 1; null without events."""
    alerts: AlertsResult
    """How well the objective's alerts served in the week."""
    alerts_last_week: AlertsResult
    """The same of the week before."""
    episodes: list[EpisodeResult]
    """When each alert fired in the week."""
    incidents: list[IncidentResult]
    """The week's incidents that touch the objective."""
    data: DataResult
    """How far the samples can be trusted."""


@shape
class ObjectiveWithoutData(TypedDict):
    """An objective that cannot be judged at all."""

    name: str
    """The objective's name."""
    objective: Share
    """Share of events that is promised to be good, 0 to 1."""
    state: Literal["insufficient data"]
    """It cannot be judged."""
    reason: str
    """Why, in words."""
