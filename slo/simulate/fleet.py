"""The pods: when each runs, restarts and is scraped, which version it runs, what it serves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import SECOND
from slo.simulate.conditions import KINDS
from slo.simulate.traffic import scrape_grid

if TYPE_CHECKING:
    from slo.model.samples import Mask, Times, Values
    from slo.simulate.conditions import Conditions
    from slo.simulate.scenario import Scenario

_ROLL_OUT_STEP = 90 * SECOND
"""Pods of a deployment restart one after the other."""

_MISSED_SCRAPES = 0.001
_LATE_SCRAPES, _LATEST = 0.2, 25
"""Share of scrapes that come a little late, and by how many milliseconds at most."""

_FIRST_MINOR_VERSION = 20

PRODUCTION, STAGING = "support", "support-staging"
"""The namespaces of two environments."""


@dataclass(frozen=True)
class Release:
    """A version that is rolled out: the first pod restarts at ``at`` (ms after the start)."""

    at: int
    version: str

    @property
    def commit(self) -> str:
        """A hash as short as people write it."""
        return hashlib.blake2b(self.version.encode(), digest_size=4).hexdigest()[:7]


@dataclass(frozen=True, eq=False)
class Pod:
    """One pod over the scrape intervals of the scenario; arrays have the shape (n,).

    Attributes:
        name: Such as ``agent-0``.
        namespace: The environment.
        times: When each scrape happens or would happen, int64 Unix milliseconds.
        share: Its share of the traffic; 0 while it does not run.
        attempted: Where Prometheus tried to scrape it.
        scraped: Where that succeeded.
        restarted: Where the pod began anew, with counters at 0.
        release: Number of the release that it runs.
        crashing: Where it crashes again and again: scraped in vain, and without traffic.

    """

    name: str
    namespace: str
    times: Times
    share: Values
    attempted: Mask
    scraped: Mask
    restarted: Mask
    release: Times
    crashing: Mask


def releases(scenario: Scenario) -> tuple[Release, ...]:
    """What is rolled out, in the order of time; a bad version's end brings back the one before."""
    bad = [one for one in scenario.incidents if KINDS[one.kind].deployed]
    forward = {0, *scenario.deployments, *(one.start for one in bad)}
    back = {one.end for one in bad if one.end < scenario.length} - forward
    minor, previous, found = _FIRST_MINOR_VERSION, "", list[Release]()
    for at in sorted(forward | back):
        if at in back:
            version = previous
        else:
            previous = found[-1].version if found else ""
            version = f"1.{minor}.0"
            minor += 1
        found.append(Release(at, version))
    return tuple(found)


def fleet(scenario: Scenario, now: Conditions, rng: np.random.Generator) -> tuple[Pod, ...]:
    """The pods that always run, and one more where the scenario has surges."""
    since = scrape_grid(scenario) - scenario.start
    surge = np.zeros(since.size, dtype=bool)
    for span in scenario.surges:
        surge |= (since >= span.start) & (since < span.end)
    always = np.ones(since.size, dtype=bool)
    running = [always] * scenario.pods + ([surge] if scenario.surges else [])
    never = np.zeros(since.size, dtype=bool)
    # The last pod that runs never crashes: somebody must serve.
    crashing = [now.crashing > 0 if scenario.pods > 1 else never] + [never] * (len(running) - 1)
    serving = [runs & ~crashes for runs, crashes in zip(running, crashing, strict=True)]
    count = np.sum(serving, axis=0)
    return tuple(
        _pod(scenario, _Place(number, PRODUCTION, runs, crashes, serves / count), rng)
        for number, (runs, crashes, serves) in enumerate(
            zip(running, crashing, serving, strict=True)
        )
    )


def staging_fleet(scenario: Scenario, rng: np.random.Generator) -> tuple[Pod, ...]:
    """The pods of the other environment, which always run."""
    count = scrape_grid(scenario).size
    always, never = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    share = np.full(count, 1 / max(scenario.staging_pods, 1))
    return tuple(
        _pod(scenario, _Place(number, STAGING, always, never, share), rng)
        for number in range(scenario.staging_pods)
    )


@dataclass(frozen=True, eq=False)
class _Place:
    """Where and when a pod runs, and what it serves."""

    number: int
    namespace: str
    runs: Mask
    crashes: Mask
    share: Values


def _pod(scenario: Scenario, place: _Place, rng: np.random.Generator) -> Pod:
    grid = scrape_grid(scenario)
    since = grid - scenario.start
    number, runs = place.number, place.runs
    deployed = np.array([one.at for one in releases(scenario)])
    deployed[1:] += number * _ROLL_OUT_STEP
    release = np.searchsorted(deployed, since, side="right") - 1
    rolled_out = np.diff(release, prepend=release[0]) != 0
    appeared = runs & ~np.r_[False, runs[:-1]]
    recovered = ~place.crashes & np.r_[False, place.crashes[:-1]]
    attempted, reachable = runs.copy(), ~rolled_out & ~place.crashes
    for gap in scenario.gaps:
        during = (since >= gap.start) & (since < gap.start + gap.duration)
        if gap.pod is None:
            attempted &= ~during
        elif gap.pod == number and place.namespace == PRODUCTION:
            reachable &= ~during
    reachable &= rng.random(since.size) >= _MISSED_SCRAPES
    return Pod(
        name=f"agent-{number}",
        namespace=place.namespace,
        times=grid + _lateness(scenario, since.size, rng),
        share=place.share,
        attempted=attempted,
        scraped=attempted & reachable,
        restarted=runs & (rolled_out | appeared | recovered),
        release=release,
        crashing=place.crashes,
    )


def _lateness(scenario: Scenario, count: int, rng: np.random.Generator) -> Times:
    """Prometheus spreads its targets over the interval, and some scrapes begin a little late."""
    latest = min(_LATEST, scenario.scrape_interval // 4)
    offset = rng.integers(0, scenario.scrape_interval - latest)
    late = rng.random(count) < _LATE_SCRAPES
    return offset + np.where(late, rng.integers(0, latest + 1, count), 0)
