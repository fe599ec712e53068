"""How well a policy served during some stretch, measured by the goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slo.backtest import ANY
from slo.model.duration import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slo.backtest import Backtest, Detection
    from slo.model.incident import Incident
    from slo.model.span import Span
    from slo.tune.evidence import Evidence
    from slo.tune.goals import Goals


@dataclass(frozen=True)
class Sighting:
    """An incident that had to be seen, and how it was.

    Attributes:
        incident: The incident.
        urgent: Whether it had to be paged.
        page: How the pages saw it; None where they did not.
        seen: How any alert saw it; None where none did.

    """

    incident: Incident
    urgent: bool
    page: Detection | None
    seen: Detection | None

    @property
    def timely(self) -> Detection | None:
        """The detection that counts: by a page if it was urgent and paged at all."""
        return (self.page if self.urgent else None) or self.seen


@dataclass(frozen=True)
class Performance:
    """What a policy did during some stretch.

    Attributes:
        judged: Milliseconds that were judged.
        sightings: The incidents that had to be seen.
        pages: When calls to somebody's pager began, Unix milliseconds, rising; alerts that fire
            together are one call.
        false_pages: Those of them that belong to no incident.
        tickets: When tickets were opened.
        false_tickets: Those of them that belong to no incident.

    """

    judged: int
    sightings: tuple[Sighting, ...]
    pages: tuple[int, ...]
    false_pages: tuple[int, ...]
    tickets: tuple[int, ...]
    false_tickets: tuple[int, ...]

    @property
    def required(self) -> int:
        """How many incidents had to be seen."""
        return len(self.sightings)

    @property
    def caught(self) -> int:
        """How many of them were."""
        return sum(1 for one in self.sightings if one.seen)

    @property
    def missed(self) -> tuple[Incident, ...]:
        """Incidents that had to be seen and were not."""
        return tuple(one.incident for one in self.sightings if not one.seen)

    @property
    def unpaged(self) -> tuple[Incident, ...]:
        """Urgent incidents that only a ticket told of."""
        return tuple(o.incident for o in self.sightings if o.urgent and o.seen and not o.page)

    @property
    def recall(self) -> float:
        """Share of required incidents that were seen; NaN where none was required."""
        return self.caught / self.required if self.required else float("nan")

    @property
    def pages_a_week(self) -> float:
        """Calls a week; NaN where nothing was judged."""
        return len(self.pages) * WEEK / self.judged if self.judged else float("nan")

    @property
    def false_pages_a_week(self) -> float:
        """Calls a week that belong to no incident; NaN where nothing was judged."""
        return len(self.false_pages) * WEEK / self.judged if self.judged else float("nan")

    @property
    def tickets_a_week(self) -> float:
        """Tickets a week; NaN where nothing was judged."""
        return len(self.tickets) * WEEK / self.judged if self.judged else float("nan")

    @property
    def precision(self) -> float:
        """Share of pages that belong to an incident; NaN without pages."""
        return 1 - len(self.false_pages) / len(self.pages) if self.pages else float("nan")

    @property
    def detection_median(self) -> float:
        """Median milliseconds until required incidents were seen; NaN where none was."""
        return _median([float(one.delay) for one in self._timely])

    @property
    def spent_median(self) -> float:
        """Median share of the budget spent at detection; NaN where nothing was seen."""
        return _median([one.budget_spent for one in self._timely])

    @property
    def spent_worst(self) -> float:
        """The largest share of the budget spent at detection; NaN where nothing was seen."""
        return max((one.budget_spent for one in self._timely), default=float("nan"))

    def late(self, limit: float) -> tuple[Incident, ...]:
        """Incidents seen after more than a share of the budget was spent."""
        return tuple(
            one.incident for one in self.sightings if one.timely and one.timely.budget_spent > limit
        )

    @property
    def _timely(self) -> list[Detection]:
        return [one.timely for one in self.sightings if one.timely]


def performance(result: Backtest, past: Evidence, during: Iterable[Span]) -> Performance:
    """What a backtested policy did during some stretches of it.

    An incident, a page and a ticket belong to the stretch in which they begin.
    """
    stretches = tuple(during)

    def within(at: int) -> bool:
        return any(one.start <= at < one.end for one in stretches)

    outcome = {one.incident: one for one in result.outcomes}
    sightings = tuple(
        Sighting(one, bool(urgent), outcome[one].detection("page"), outcome[one].detection(ANY))
        for one, urgent, required in zip(past.incidents, past.urgent, past.required, strict=True)
        if required and within(one.span.start)
    )
    pages, tickets = (
        [call for call in result.calls(severity) if within(call.span.start)]
        for severity in ("page", "ticket")
    )
    return Performance(
        judged=sum(one.length for one in stretches),
        sightings=sightings,
        pages=tuple(call.span.start for call in pages),
        false_pages=tuple(call.span.start for call in pages if not call.true),
        tickets=tuple(call.span.start for call in tickets),
        false_tickets=tuple(call.span.start for call in tickets if not call.true),
    )


def together(parts: Sequence[Performance]) -> Performance:
    """What was done during all of several stretches that follow each other."""
    return Performance(
        judged=sum(part.judged for part in parts),
        sightings=tuple(one for part in parts for one in part.sightings),
        pages=tuple(at for part in parts for at in part.pages),
        false_pages=tuple(at for part in parts for at in part.false_pages),
        tickets=tuple(at for part in parts for at in part.tickets),
        false_tickets=tuple(at for part in parts for at in part.false_tickets),
    )


Preference = tuple[float, ...]

_WORTH_A_CHANGE = 0.75
"""Equal in all that counts, a policy must see incidents at so much less of the budget spent."""


def preference(done: Performance, goals: Goals) -> Preference:
    """What a performance costs, the weightiest first; the lesser is the better.

    Incidents missed; pages and tickets above their limits; urgent incidents that only a ticket
    told of; incidents seen late and false pages, which weigh the same; incidents seen late; false
    tickets; the budget spent at the median detection.
    """
    median = 0.0 if np.isnan(done.spent_median) else done.spent_median
    return (*_counts(done, goals), median)


def worth_a_change(done: Performance, present: Performance, goals: Goals) -> bool:
    """Whether a performance is better than the present policy's in a way that people notice."""
    ours, theirs = _counts(done, goals), _counts(present, goals)
    if ours != theirs:
        return ours < theirs
    return bool(done.spent_median < _WORTH_A_CHANGE * present.spent_median)


def _counts(done: Performance, goals: Goals) -> tuple[float, ...]:
    weeks = done.judged / WEEK
    late = len(done.late(goals.detect_before))
    return (
        float(len(done.missed)),
        _above(len(done.pages), goals.pages_a_week * weeks),
        _above(len(done.tickets), goals.tickets_a_week * weeks),
        float(len(done.unpaged)),
        float(late + len(done.false_pages)),
        float(late),
        float(len(done.false_tickets)),
    )


def _above(count: int, limit: float) -> float:
    return max(0.0, count - limit)


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else float("nan")
