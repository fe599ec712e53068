"""The simulated AI support agent: what its pods expose over a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from slo.model.incident import Incident
from slo.model.samples import History, Series
from slo.model.span import Span
from slo.simulate.aftermath import follow_up
from slo.simulate.calls import call_models
from slo.simulate.charges import charge
from slo.simulate.cluster import Watched, observe_cluster, observe_pods
from slo.simulate.conditions import KINDS, conditions, healthy
from slo.simulate.effort import take
from slo.simulate.fleet import PRODUCTION, STAGING, fleet, releases, staging_fleet
from slo.simulate.requests import serve_requests
from slo.simulate.target import JOB, Target
from slo.simulate.tickets import work_on_tickets
from slo.simulate.traffic import expected_tickets, scrape_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.model.samples import Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.fleet import Release
    from slo.simulate.scenario import PlannedIncident, Scenario
    from slo.simulate.target import Counts

_NAMESPACE = "support_agent_"
_ENVIRONMENTS = {PRODUCTION: "production", STAGING: "staging"}
_TRIED_IN_STAGING = 0.02
_STAGING, _CLUSTER = 1_000, 2_000
"""Numbers of parts of the simulation that have chances of their own."""

_NOTICED_WAIT = 5.0
"""Seconds in the queue from which on a backlog harms users: the promised response time."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a scenario turned into.

    Attributes:
        history: The samples that Prometheus would remember.
        incidents: What really went wrong, in the order of time.

    """

    history: History
    incidents: tuple[Incident, ...]


def simulate(scenario: Scenario, advance: Callable[[int, int], None] | None = None) -> Simulation:
    """Let the agent live through a scenario.

    The same scenario gives the same samples, to the bit.

    Args:
        scenario: What shall happen.
        advance: Called with the number of pods that are done, and of all.

    """
    expected = expected_tickets(scenario, _chance(scenario, 0))
    now = conditions(scenario)
    pods = fleet(scenario, now, _chance(scenario, 1))
    staged = staging_fleet(scenario, _chance(scenario, _STAGING))
    rolled_out, seconds = releases(scenario), scenario.scrape_interval / 1000
    series, waits, watched = list[Series](), np.zeros(expected.size), list[Watched]()
    for number, pod in enumerate(pods):
        target = Target(pod, seconds)
        lived = _live(target, expected * pod.share, now, _chance(scenario, 2 + number))
        _expose_release(target, rolled_out, scenario.start)
        series += target.series
        waits = np.maximum(waits, lived.wait)
        watched.append(Watched(pod, lived.requests / seconds))
        if advance:
            advance(number + 1, len(pods) + len(staged))
    usual, tried_out = healthy(scenario), list[Watched]()
    for number, pod in enumerate(staged):
        target = Target(pod, seconds)
        tried = expected * pod.share * _TRIED_IN_STAGING
        lived = _live(target, tried, usual, _chance(scenario, _STAGING + 1 + number))
        _expose_release(target, rolled_out, scenario.start)
        series += target.series
        tried_out.append(Watched(pod, lived.requests / seconds))
        if advance:
            advance(len(pods) + number + 1, len(pods) + len(staged))
    every = scenario.scrape_interval
    series += observe_cluster(watched, now, every, _chance(scenario, _CLUSTER))
    series += observe_pods(tried_out, usual, every, _chance(scenario, _CLUSTER + 1))
    source = f"simulation of the AI support agent, seed {scenario.seed}"
    history = History(tuple(series), scenario.span, source=source)
    return Simulation(history, _labelled(scenario, waits))


def _chance(scenario: Scenario, part: int) -> np.random.Generator:
    """Every part has chances of its own, so that a change to one leaves the others as they were."""
    return np.random.default_rng([scenario.seed, part])


@dataclass(frozen=True, eq=False)
class _Lived:
    """What one pod did, arrays of shape (n,): seconds that tickets wait, requests served."""

    wait: Values
    requests: Counts


def _live(target: Target, expected: Values, now: Conditions, rng: np.random.Generator) -> _Lived:
    """Everything that one pod does."""
    work = work_on_tickets(target, expected, now, rng)
    answered = call_models(target, work.finished, now, rng)
    requests = serve_requests(target, work, now, rng)
    follow_up(target, work, now, rng)
    take(target, work, requests, now, rng)
    charge(target, work, answered, rng)
    target.started()
    target.up()
    return _Lived(work.wait, requests)


def _expose_release(target: Target, rolled_out: tuple[Release, ...], start: int) -> None:
    """One series for each version, however often it was rolled out."""
    ran = target.pod.release
    numbered = sorted(enumerate(rolled_out), key=lambda pair: pair[1].version)
    for version, same in groupby(numbered, key=lambda pair: pair[1].version):
        numbers = [number for number, _ in same]
        first = rolled_out[numbers[0]]
        where = np.isin(ran, numbers)
        labels = {
            "version": version,
            "commit": first.commit,
            "environment": _ENVIRONMENTS[target.pod.namespace],
            "python_version": "3.11",
        }
        target.constant(f"{_NAMESPACE}build_info", labels, 1.0, where)
        name = f"{_NAMESPACE}deployment_timestamp_seconds"
        target.constant(name, {"version": version}, float((start + first.at) // 1000), where)


def _labelled(scenario: Scenario, waits: Values) -> tuple[Incident, ...]:
    """The incidents as somebody would have written them down, numbered by kind."""
    planned = [one for one in scenario.incidents if one.start < scenario.length]
    seen: dict[str, int] = {}
    incidents = []
    for one in sorted(planned, key=lambda one: one.start):
        seen[one.kind] = seen.get(one.kind, 0) + 1
        incidents.append(
            Incident(
                name=f"{one.kind}-{seen[one.kind]}",
                span=Span(scenario.start + one.start, _last_harm(one, scenario, waits)),
                kind=one.kind,
                service=JOB,
                slos=KINDS[one.kind].slos,
                source="simulation",
                notes=KINDS[one.kind].notes(one),
            )
        )
    return tuple(incidents)


def _last_harm(one: PlannedIncident, scenario: Scenario, waits: Values) -> int:
    """Unix milliseconds: the planned end, or when the backlog that it left is worked off."""
    end = min(scenario.start + one.end, scenario.span.end)
    grid = scrape_grid(scenario)
    if one.kind == "queue-backlog":
        short = np.flatnonzero((grid >= end) & (waits < _NOTICED_WAIT))
        end = int(grid[short[0]]) if short.size else scenario.span.end
    return end
