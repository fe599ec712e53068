"""What a Prometheus scrapes to get a service's metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.errors import HistoryError
from slo.model.duration import SECOND, parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

Job = tuple[str, str]
"""A job, and its namespace where there is one: an environment is a namespace."""


@dataclass(frozen=True)
class Target:
    """Something that is scraped.

    Attributes:
        job: Whose it is.
        instance: Which one.
        up: Whether the last scrape succeeded.
        last_error: Why it did not.
        seconds: How long the last scrape took.
        timeout: After how many seconds a scrape is given up; 0 where that is not told.

    """

    job: Job
    instance: str
    up: bool
    last_error: str
    seconds: float
    timeout: float


def title_of(job: Job) -> str:
    """A job for people."""
    name, namespace = job
    return f"{name} in {namespace}" if namespace else name


def jobs_of(prometheus: Prometheus, selectors: Iterable[Selector]) -> tuple[Job, ...]:
    """The jobs whose series some selectors have found in the last day, also of a target that died.

    Raises:
        HistoryError: The server cannot be asked.

    """
    found: set[Job] = set()
    for selector in dict.fromkeys(selectors):
        asked = f"count by (job, namespace) (present_over_time({selector}[1d]))"
        rows = prometheus.values(asked)
        found |= {(labels.get("job", ""), labels.get("namespace", "")) for labels, _ in rows}
    return tuple(sorted(job for job in found if job[0]))


def targets_of(prometheus: Prometheus, jobs: Iterable[Job]) -> tuple[Target, ...]:
    """The targets of some jobs, by their jobs and instances.

    Raises:
        HistoryError: The server cannot be asked.

    """
    wanted = set(jobs)
    try:
        active = prometheus.told("targets", state="active")["activeTargets"]
    except KeyError:
        raise HistoryError(f"{prometheus.url} tells of no targets") from None
    found = [
        Target(
            job=(one["labels"].get("job", ""), one["labels"].get("namespace", "")),
            instance=one["labels"].get("instance", one.get("scrapeUrl", "")),
            up=one["health"] == "up",
            last_error=one.get("lastError", ""),
            seconds=float(one.get("lastScrapeDuration", 0)),
            timeout=_seconds(one.get("scrapeTimeout", "")),
        )
        for one in active
    ]
    wished = [one for one in found if one.job in wanted]
    return tuple(sorted(wished, key=lambda one: (one.job, one.instance)))


def _seconds(text: str) -> float:
    try:
        return parse_duration(text) / SECOND
    except ValueError:
        return 0.0
