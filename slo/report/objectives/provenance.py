"""What a report was made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.model.samples import History
    from slo.model.slo import Slo
    from slo.model.span import Span


@dataclass(frozen=True)
class Provenance:
    """What a report was made of.

    Attributes:
        source: Where the samples come from.
        server_version: The Prometheus that stored them; empty for a simulation.
        history: What the history covers.
        samples: Raw samples of it that the objectives read.
        interval: Milliseconds between evaluations of alerts.
        specification: Fingerprint of the objectives, their alerts and the error budget policy, to
            tell whether two reports mean the same.
        slobook: The version that made the report.

    """

    source: str
    server_version: str
    history: Span
    samples: int
    interval: int
    specification: str
    slobook: str = __version__


def provenance(
    slos: Sequence[Slo], policy: ErrorBudgetPolicy, history: History, interval: int
) -> Provenance:
    """Say what a report of some objectives is made of."""
    selectors = [selector for one in slos for selector in one.indicator.selectors]
    # Where a specification lies on somebody's disk does not change what it means.
    meant = repr([*(replace(one, file="") for one in slos), replace(policy, file="")])
    return Provenance(
        source=history.source,
        server_version=history.server_version,
        history=history.span,
        samples=history.restrict(selectors).sample_count,
        interval=interval,
        specification=hashlib.sha256(meant.encode()).hexdigest()[:12],
    )
