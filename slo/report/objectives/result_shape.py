"""The shape of the SLO report's ``result.json``.

Its schema is published: within a version fields are added, never changed or removed.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from slo.report.objectives.objective_shape import (
    AlertsResult,
    ObjectiveResult,
    ObjectiveWithoutData,
)
from slo.report.result_types import Count, Instant, IsoWeek, SpanResult, shape


@shape
class ExclusionResult(TypedDict):
    """What somebody excluded."""

    name: str
    """Its name."""
    start: Instant
    """When it begins, ISO 8601 in UTC."""
    end: Instant
    """When it ends, ISO 8601 in UTC."""
    author: str
    """Who excluded it."""
    reason: str
    """Why."""
    slos: list[str]
    """Names of the objectives that it concerns; all of the service's where empty."""


@shape
class StepResult(TypedDict):
    """A step of an error budget policy."""

    budget_left_below: float
    """Holds below this share of the budget."""
    action: str
    """What is done then."""


@shape
class PolicyResult(TypedDict):
    """The service's error budget policy."""

    name: str
    """Its name; empty for the SRE workbook's example."""
    kept: str
    """What is done while the budget lasts."""
    steps: list[StepResult]
    """What is done below shares of the budget."""
    spent: str
    """What is done when nothing is left."""
    incident_above: float | None
    """Share of the budget above which one incident has a consequence of its own."""
    incident: str
    """That consequence; empty where there is none."""


@shape
class FigureResult(TypedDict):
    """A figure as it is, and as it would be."""

    what: str
    """Its name."""
    unit: Literal["share", "a week", "seconds", "events"]
    """A share of 0 to 1, a number a week, seconds, or events."""
    present: float | None
    """As it is, in its unit."""
    present_interval: list[float] | None
    """Low and high, between which it lies with 90 %; null where nothing bounds it."""
    suggested: float | None
    """As it would be, in its unit."""
    suggested_interval: list[float] | None
    """The same of what it would be."""


@shape
class SuggestionResult(TypedDict):
    """Something to change about an objective or its alerts."""

    title: str
    """What, in the imperative."""
    kind: Literal["alerts", "objective", "traffic"]
    """What is to be changed: alerts, the target, or how events are counted."""
    objective: str
    """The objective's name."""
    evidence: str
    """Why, in a sentence or two."""
    present: str
    """What is there now."""
    suggested: str
    """What should be."""
    changes: list[str]
    """What differs, a line each."""
    figures: list[FigureResult]
    """What it brings."""
    notes: list[str]
    """What a reader must know first."""
    command: str
    """Shows more."""
    save: str | None
    """The command that makes the change; null where people have to edit."""


@shape
class UnchangedResult(TypedDict):
    """An objective about which nothing is suggested."""

    objective: str
    """The objective's name."""
    reasons: list[str]
    """Why, in sentences."""


@shape
class ProvenanceResult(TypedDict):
    """What the report was made of."""

    source: str
    """Where the samples come from."""
    prometheus_version: str
    """The Prometheus that stored them; empty for a simulation."""
    history: SpanResult
    """What the history covers."""
    samples: Count
    """Raw samples that the objectives read."""
    evaluation_interval_seconds: float
    """Seconds between evaluations of alerts."""
    specification: str
    """Fingerprint of objectives, alerts and policy: reports with the same mean the same."""
    slobook: str
    """The version that made the report."""


@shape
class WeeklySloResult(TypedDict):
    """A service's week of objectives. Within a version fields are added, never changed."""

    schema: Literal["slobook/weekly-slo/1"]
    """The version of this shape."""
    service: str
    """The service's name."""
    week: IsoWeek
    """The ISO week, in UTC."""
    window: SpanResult
    """The week."""
    until: Instant
    """Where the history ends inside of the week, else the week's end."""
    verdict: str
    """What the week means, in a sentence or two."""
    falls_short: bool
    """Whether any budget is spent."""
    objectives: Count
    """All objectives, judged or not."""
    objectives_kept: Count
    """Objectives whose budget is not spent; at risk among them."""
    objectives_kept_last_week: Count
    """The same when the week began."""
    pages: Count
    """Calls of severity page in the week, over all objectives."""
    pages_last_week: Count
    """The same of the week before."""
    tickets: Count
    """Calls of severity ticket in the week, over all objectives."""
    tickets_last_week: Count
    """The same of the week before."""
    alerts: AlertsResult
    """How well all alerts served together; each incident counts once."""
    alerts_last_week: AlertsResult
    """The same of the week before."""
    policy: PolicyResult
    """What the service's people do about error budgets."""
    exclusions: list[ExclusionResult]
    """What of the week or of a period counts for nothing."""
    slos: list[ObjectiveResult | ObjectiveWithoutData]
    """Each objective, the worst first; those without data last."""
    incidents: list[str]
    """Names of the week's labelled incidents."""
    suggestions: list[SuggestionResult]
    """What to change, what brings most first."""
    unchanged: list[UnchangedResult]
    """Objectives about which nothing is suggested."""
    provenance: ProvenanceResult
    """What the report was made of."""
