"""What Prometheus remembers of one pod: series with gaps and resets, from what happened in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slo.model.samples import Mask, Series, Times, Values
from slo.model.selector import METRIC_NAME, labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.simulate.distribution import Distribution
    from slo.simulate.fleet import Pod

JOB = "support-agent"
PORT = 8000

Counts = npt.NDArray[np.int64]
"""How often something happened in each scrape interval, shape (n,)."""


@dataclass(frozen=True, eq=False)
class Target:
    """Collects the series of one pod.

    Attributes:
        pod: The pod.
        seconds: The scrape interval.
        series: What was collected so far.

    """

    pod: Pod
    seconds: float
    series: list[Series] = field(default_factory=list)

    def counter(
        self,
        name: str,
        labels: Mapping[str, str],
        increments: npt.NDArray[np.number],
        unit: float = 1.0,
    ) -> None:
        """Add a counter that begins at 0 with every process; ``unit`` is what one counts."""
        since_restart = np.empty(increments.shape, increments.dtype)
        for process in self._processes:
            np.cumsum(increments[process], out=since_restart[process])
        self._add(name, labels, self._times, since_restart[self.pod.scraped] * unit)

    def histogram(
        self, name: str, labels: Mapping[str, str], bounds: tuple[float, ...], counts: Counts
    ) -> None:
        """Add the buckets and the count of a histogram, from counts of shape (n, buckets)."""
        # One row a bucket: what is counted of it later lies together.
        cumulative = np.cumsum(np.ascontiguousarray(counts.T), axis=0)
        for bound, increments in zip((*bounds, np.inf), cumulative, strict=True):
            self.counter(f"{name}_bucket", {**labels, "le": _le(bound)}, increments)
        self.counter(f"{name}_count", labels, cumulative[-1])

    def observed(
        self,
        name: str,
        labels: Mapping[str, str],
        distribution: Distribution,
        counts: Counts,
        rng: np.random.Generator,
    ) -> None:
        """Add a histogram with its sum, from counts of shape (n, buckets)."""
        self.histogram(name, labels, distribution.bounds, counts)
        self.counter(f"{name}_sum", labels, distribution.sums(counts, rng))

    def held(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Add a gauge that configuration sets."""
        self._add(name, labels, self._times, np.full(self._times.size, float(value)))

    def gauge(self, name: str, labels: Mapping[str, str], values: npt.NDArray[np.generic]) -> None:
        """Add a gauge, from its value at each scrape."""
        self._add(name, labels, self._times, values[self.pod.scraped].astype(np.float64))

    def constant(self, name: str, labels: Mapping[str, str], value: float, where: Mask) -> None:
        """Add a gauge that keeps its value where it exists at all."""
        times = self.pod.times[where & self.pod.scraped]
        if times.size:
            self._add(name, labels, times, np.full(times.size, value))

    def started(self) -> None:
        """Add when the process began, in Unix seconds."""
        begun = np.empty(self.pod.times.size)
        for process in self._processes:
            begun[process] = self.pod.times[process.start] / 1000 if process.stop else 0.0
        self.gauge("process_start_time_seconds", {}, begun)

    def up(self) -> None:
        """Add Prometheus' own note of each scrape that it tried."""
        tried = self.pod.attempted
        self._add("up", {}, self.pod.times[tried], self.pod.scraped[tried].astype(np.float64))

    @cached_property
    def _times(self) -> Times:
        return self.pod.times[self.pod.scraped]

    @cached_property
    def _processes(self) -> list[slice]:
        """The scrape intervals from one restart to the next."""
        edges = [0, *np.flatnonzero(self.pod.restarted).tolist(), self.pod.restarted.size]
        return [slice(first, last) for first, last in pairwise(edges)]

    def _add(self, name: str, labels: Mapping[str, str], times: Times, values: Values) -> None:
        target = {
            "instance": f"{self.pod.name}:{PORT}",
            "job": JOB,
            "namespace": self.pod.namespace,
            "pod": self.pod.name,
        }
        self.series.append(
            Series(labels_of({METRIC_NAME: name, **labels, **target}), times, values)
        )


def _le(bound: float) -> str:
    """A bucket's bound as the Python client exposes it: ``5.0``, ``+Inf``."""
    return "+Inf" if np.isinf(bound) else repr(float(bound))
