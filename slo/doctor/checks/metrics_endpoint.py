"""``metrics-endpoint``: does the service answer Prometheus' scrapes, in full and in time?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slo.counting import out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked
from slo.doctor.targets import jobs_of, targets_of, title_of
from slo.model.selector import Matcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Selector

NAME = "metrics-endpoint"
_ANCHOR = "metrics-endpoint"
_TARGETS = ("target", "targets")
_SLOW = 0.5
"""The share of the timeout above which scrapes are about to fail."""


def metrics_endpoint(asked: Prometheus, selectors: Sequence[Selector]) -> Finding:
    """Every target of the jobs that indicators are made of is up, quick and complete.

    Args:
        asked: The server.
        selectors: The series that objectives cannot be judged without.

    Raises:
        HistoryError: The server does not answer.

    """
    jobs = jobs_of(asked, selectors)
    if not jobs:
        reason = "no indicator had series with a label 'job' in the last day"
        return not_checked(NAME, reason, "slo doctor --only metrics")
    targets = targets_of(asked, jobs)
    if not targets:
        reason = "this Prometheus scrapes none of the jobs itself: they are pushed or federated"
        return not_checked(NAME, f"{reason} ({', '.join(map(title_of, jobs))})")
    down = [
        f"{title_of(one.job)}, {one.instance}: {one.last_error}" for one in targets if not one.up
    ]
    gone = [title_of(job) for job in jobs if job not in {one.job for one in targets}]
    if down:
        found = f"{out_of(len(down), len(targets), *_TARGETS, ('does', 'do'))} not answer"
        to_do = "curl the address that stands there from Prometheus' network; look at the pod's log"
        return broken(NAME, found, to_do, _ANCHOR, first_of(down))
    incomplete = asked.values(_incomplete([name for name, _ in jobs]))
    if incomplete:
        told = [
            f"{labels.get('instance', 'somebody')}: a collector fails" for labels, _ in incomplete
        ]
        found = (
            f"{out_of(len(told), len(targets), *_TARGETS, ('lacks', 'lack'))} a part of the answer"
        )
        to_do = "look for the collector's error in the service's log"
        return attention(NAME, found, to_do, _ANCHOR, first_of(told))
    slow = [
        f"{one.instance}: {one.seconds:.1f} s of {one.timeout:g} s"
        for one in targets
        if one.timeout and one.seconds > _SLOW * one.timeout
    ]
    if slow:
        need = out_of(len(slow), len(targets), *_TARGETS, ("needs", "need"))
        found = f"{need} more than half of the scrape's timeout"
        return attention(NAME, found, "expose fewer series, or give it more CPU", _ANCHOR, slow)
    longest = max(one.seconds for one in targets)
    remarks = [f"not scraped by this Prometheus any more: {one}" for one in gone]
    return fine(
        NAME,
        f"{out_of(len(targets), len(targets), *_TARGETS)} up; the slowest needs {longest:.2f} s",
        remarks,
    )


def _incomplete(jobs: Sequence[str]) -> str:
    """Scrapes that say of themselves that they lack something; the exporter's name ends so."""
    either = "|".join(re.sub(r"([.+*?()|\[\]{}^$\\])", r"\\\1", job) for job in dict.fromkeys(jobs))
    of_jobs = Matcher("job", "=~", either)
    return f'{{__name__=~".*metrics_scrape_incomplete",{of_jobs}}} > 0'
