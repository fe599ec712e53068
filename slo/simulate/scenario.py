"""What a simulation shall go through: how long, with which pods, and what goes wrong when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from slo.model.duration import DAY, HOUR, MINUTE, SECOND, WEEK
from slo.model.span import Span, to_milliseconds

IncidentKind = Literal[
    "provider-outage",
    "slow-model",
    "bad-deployment",
    "bad-prompt",
    "queue-backlog",
    "cost-runaway",
    "error-leak",
    "pool-exhaustion",
    "retry-storm",
    "crash-loop",
    "memory-leak",
    "disk-full",
]


@dataclass(frozen=True)
class PlannedIncident:
    """Something that will go wrong.

    Attributes:
        kind: What; ``slo.simulate.conditions`` says what it does.
        start: Milliseconds after the scenario's start.
        duration: Milliseconds; a backlog harms users longer, until it is worked off.
        severity: 0 to 1. Of an outage, a deployment and a leak the share of calls, of requests
            or (at its end) of tickets that fail; of a backlog and a prompt the share of
            workers and of resolutions lost; of a pool, memory and a disk how full they become;
            of slowness, cost and repeated calls how far it goes to the worst.

    """

    kind: IncidentKind
    start: int
    duration: int
    severity: float

    def __post_init__(self) -> None:
        if self.kind not in get_args(IncidentKind):
            raise ValueError(f"{self.kind!r} is none of {', '.join(get_args(IncidentKind))}")
        if self.start < 0 or self.duration <= 0 or not 0 < self.severity <= 1:
            raise ValueError(f"{self} needs a start, a duration and a severity up to 1")

    @property
    def end(self) -> int:
        """Milliseconds after the scenario's start."""
        return self.start + self.duration


@dataclass(frozen=True)
class Gap:
    """Scrapes that are missing.

    Attributes:
        start: Milliseconds after the scenario's start.
        duration: Milliseconds.
        pod: The number of the pod that could not be reached, so that ``up`` is 0; None where
            Prometheus itself was away, so that there is nothing at all.

    """

    start: int
    duration: int
    pod: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A stretch of the agent's life.

    Attributes:
        start: Unix milliseconds.
        length: Milliseconds.
        seed: The same scenario with the same seed gives the same history.
        scrape_interval: Milliseconds between two scrapes of a pod.
        pods: How many pods always run.
        staging_pods: How many run beside them in an environment of their own, where a fiftieth
            of the tickets are tried and nothing goes wrong.
        traffic: What the number of tickets is multiplied by.
        surges: When one more pod runs, relative to the start.
        deployments: When a new version is rolled out, relative to the start.
        incidents: What goes wrong.
        gaps: What Prometheus misses.

    """

    start: int
    length: int
    seed: int = 7
    scrape_interval: int = 30 * SECOND
    pods: int = 2
    staging_pods: int = 0
    traffic: float = 1.0
    surges: tuple[Span, ...] = ()
    deployments: tuple[int, ...] = ()
    incidents: tuple[PlannedIncident, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        fits = 0 < self.scrape_interval <= self.length and self.traffic > 0
        if not fits or self.pods < 1 or min(self.seed, self.staging_pods) < 0:
            raise ValueError(
                "a scenario needs at least one scrape, one pod, some traffic and a seed of 0 or "
                f"more, not {self.length} ms at {self.scrape_interval} ms, {self.pods} pods, "
                f"{self.staging_pods} for staging, {self.traffic:g} times the traffic, "
                f"seed {self.seed}"
            )

    @property
    def span(self) -> Span:
        """The stretch of time that is simulated."""
        return Span(self.start, self.start + self.length)


def default_scenario(
    weeks: int = 6, seed: int = 7, start: datetime = datetime(2026, 10, 5, tzinfo=UTC)
) -> Scenario:
    """Weeks with two deployments each, busy Mondays and Tuesdays, and every kind of incident.

    Incidents are counted back from the end, so that the last week always has some to report;
    after six weeks they repeat.

    Args:
        weeks: How many.
        seed: For all that is left to chance.
        start: The first moment; with a zone. Believable weeks begin on a Monday.

    """
    mondays = range(0, weeks * WEEK, WEEK)
    middle = weeks // 2 * WEEK
    return Scenario(
        start=to_milliseconds(start),
        length=weeks * WEEK,
        seed=seed,
        surges=tuple(
            Span(monday + day * DAY + 8 * HOUR, monday + day * DAY + 20 * HOUR)
            for monday in mondays
            for day in (0, 1)
        ),
        deployments=tuple(
            monday + moment for monday in mondays for moment in (_TUESDAY, 3 * DAY + 15 * HOUR)
        ),
        incidents=tuple(
            PlannedIncident(kind, monday + moment, duration, severity)
            for monday in mondays
            for kind, moment, duration, severity in _WEEKS[(weeks - 1 - monday // WEEK) % 6]
        ),
        gaps=(
            Gap(middle + 2 * DAY + 4 * HOUR, 40 * MINUTE, pod=1),
            Gap(middle + 6 * DAY + 2 * HOUR, 4 * MINUTE),
        ),
    )


_TUESDAY = DAY + 10 * HOUR
"""The regular deployment; bad ones are of these, and are rolled back at their end."""

_Plan = tuple[IncidentKind, int, int, float]

_WEEKS: tuple[tuple[_Plan, ...], ...] = (
    (
        ("provider-outage", DAY + 14 * HOUR + 20 * MINUTE, 55 * MINUTE, 0.35),
        ("slow-model", 3 * DAY + 9 * HOUR + 40 * MINUTE, 4 * HOUR, 0.3),
    ),
    (
        ("error-leak", 12 * HOUR, 4 * DAY, 0.018),
        ("cost-runaway", 2 * DAY, 36 * HOUR, 0.7),
    ),
    (
        ("bad-deployment", _TUESDAY, 40 * MINUTE, 0.06),
        ("queue-backlog", 3 * DAY + 12 * HOUR, 2 * HOUR, 0.9),
    ),
    (
        ("provider-outage", 3 * DAY + 16 * HOUR, 3 * HOUR, 0.9),
        # Small enough to stay unseen: what an alert should not be judged by alone.
        ("provider-outage", 5 * DAY + 3 * HOUR + 10 * MINUTE, 12 * MINUTE, 0.1),
    ),
    (("bad-prompt", _TUESDAY, 32 * HOUR, 0.45),),
    (
        ("slow-model", 2 * DAY + 11 * HOUR, 70 * MINUTE, 0.9),
        ("bad-deployment", 3 * DAY + 15 * HOUR, 12 * MINUTE, 0.02),
    ),
)
"""What goes wrong in a week, from its Monday 00:00 on: first of the last week, then of the week
before it, and so on. Each is a kind, a start, a duration and a severity."""
