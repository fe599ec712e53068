"""What was found: candidates for objectives, each with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from slo.model.duration import DAY, HOUR, MINUTE, format_duration

if TYPE_CHECKING:
    from slo.discovery.services import Owner
    from slo.model.indicator import Indicator
    from slo.model.samples import Values
    from slo.model.span import Span

_FEW_A_DAY = 100
_LEAST_A_DAY = 100 / 30
"""Below that not even a target of 90 % over 30 days allows ten failures."""


class Certainty(IntEnum):
    """How sure it is that a candidate says what its name promises."""

    SURE = 0
    LIKELY = 1
    PERHAPS = 2

    @property
    def word(self) -> str:
        """As people read it."""
        return self.name.lower()


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a server says of a candidate's events.

    Attributes:
        over: Milliseconds that were looked at, without what is before the first sample.
        total: Events of each day, the last day last; NaN where there are no samples.
        bad: Those of them that were bad, likewise; NaN where nothing says so.
        series: How many series there are of the total, or of the gauge.
        labels: The labels that were used.
        remark: What else was seen, such as how full a queue was.

    """

    over: int
    total: Values
    bad: Values
    series: int
    labels: tuple[str, ...]
    remark: str = ""

    @property
    def events_a_day(self) -> float:
        """Mean events of 24 hours."""
        return float(np.nansum(self.total)) * DAY / self.over if self.over else 0.0

    @property
    def error_share(self) -> float:
        """Share of bad events; NaN where it is unknown."""
        known = ~np.isnan(self.bad)
        events = float(np.nansum(self.total[known]))
        return float(self.bad[known].sum()) / events if events > 0 else float("nan")

    @property
    def looked_at(self) -> str:
        """How long was looked at, for people."""
        return shown_length(self.over)


@dataclass(frozen=True, eq=False)
class Candidate:
    """An objective that could be promised.

    Attributes:
        owner: The service.
        name: The objective's name; unique in its service.
        indicator: What would be measured.
        metric: Where it was found.
        by: What it was recognised by, for people.
        bad: What a bad event is, in a few words.
        certainty: How sure.
        infrastructure: Whether it is of monitoring or of the cluster, and not of a service.
        evidence: What the server says of it.

    """

    owner: Owner
    name: str
    indicator: Indicator
    metric: str
    by: str
    bad: str
    certainty: Certainty
    infrastructure: bool
    evidence: Evidence

    @property
    def service(self) -> str:
        """The service's name."""
        return self.owner.name

    @property
    def question(self) -> str:
        """What of its service it promises, whichever metric counts it: ``availability``."""
        return self.name.partition("--")[0]

    @property
    def rare(self) -> bool:
        """Whether there are too few events for any promise of a share."""
        return self.evidence.events_a_day < _LEAST_A_DAY

    @property
    def traffic(self) -> str:
        """How much there is, and what a promise makes of little."""
        events = self.evidence.events_a_day
        return shown_count(events) + (" (few)" if events < _FEW_A_DAY else "")

    @property
    def order(self) -> tuple[int, float]:
        """The surest first, then the busiest."""
        return self.certainty, -self.evidence.events_a_day


@dataclass(frozen=True, eq=False)
class Discovery:
    """What a server holds that objectives can be made of.

    Attributes:
        url: The server's address, without credentials.
        version: Its version; empty where it does not tell.
        span: What was looked at.
        metrics: How many metrics it has.
        candidates: Those of a service together, the surest first.
        agent: The labels that the metrics of our own exporter have; None where there are none.
        notes: What its reader must know: what was left out, and what the server does not tell.

    """

    url: str
    version: str
    span: Span
    metrics: int
    candidates: tuple[Candidate, ...]
    agent: dict[str, str] | None = None
    notes: tuple[str, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """Services with candidates, the best ones first, infrastructure last."""
        best: dict[str, tuple[bool, int, float]] = {}
        for one in self.candidates:
            key = (one.infrastructure, *one.order)
            best[one.service] = min(best.get(one.service, key), key)
        return tuple(sorted(best, key=lambda name: (best[name], name)))

    def of(self, service: str) -> tuple[Candidate, ...]:
        """The candidates of a service."""
        return tuple(one for one in self.candidates if one.service == service)


def shown_length(milliseconds: float) -> str:
    """How long something is, for people: ``15 days``, ``3h``, ``20m``."""
    if milliseconds >= 2 * DAY:
        return f"{milliseconds / DAY:.0f} days"
    grain = HOUR if milliseconds >= 2 * HOUR else MINUTE
    return format_duration(max(grain, round(milliseconds / grain) * grain))


def shown_count(events: float) -> str:
    """A number of events; with a tenth where there are hardly any."""
    return f"{events:,.0f}" if events >= 10 else f"{events:.1f}"  # noqa: PLR2004  as people do


def unit_of(histogram: str) -> str:
    """The unit of a histogram's bounds."""
    return "ms" if histogram.endswith(("milliseconds", "_ms", "upstream_rq_time")) else "s"
