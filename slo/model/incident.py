"""What really went wrong, to judge alerts by, and what is not to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from slo.card import Card, Listed, Shown, listing
from slo.counting import counted
from slo.model.duration import rounded_duration
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.span import Span


@dataclass(frozen=True)
class Incident(Listed):
    """A stretch during which a service harmed its users.

    Attributes:
        name: Unique among the incidents of a history.
        span: From the first harm to the last.
        kind: What went wrong, such as ``provider-outage``.
        service: The service's name; empty for every service.
        slos: The objectives that it touched, and the signals of alerts on thresholds; empty for
            all of the service's.
        source: Who says so: a simulation, a file, a paging system.
        notes: Anything else, for people.

    """

    name: str
    span: Span
    kind: str
    service: str = ""
    slos: tuple[str, ...] = ()
    source: str = ""
    notes: str = ""

    numbers: ClassVar[tuple[str, ...]] = ("begins (UTC)", "lasts")

    @property
    def row(self) -> Mapping[str, str]:
        """What went wrong and when, for a table of incidents."""
        return {
            "incident": self.name,
            "service": self.service,
            **_when(self.span),
            "kind": self.kind,
            "touches": ", ".join(self.slos),
            "source": self.source,
            "notes": self.notes,
        }

    def touches(self, service: str, slo_name: str) -> bool:
        """Whether an objective, or an alert on a signal of that name, should have noticed."""
        return self.service in ("", service) and (not self.slos or slo_name in self.slos)


@dataclass(frozen=True)
class Exclusion(Listed):
    """A stretch that somebody decided not to judge by: maintenance, a correction.

    Attributes:
        name: Unique among the exclusions of a project.
        span: From its first millisecond to its end.
        author: Who decided it.
        reason: Why.
        service: The service's name; empty for every service.
        slos: The objectives that it concerns; empty for all of the service's.

    """

    name: str
    span: Span
    author: str
    reason: str
    service: str = ""
    slos: tuple[str, ...] = ()

    numbers: ClassVar[tuple[str, ...]] = ("begins (UTC)", "lasts")

    @property
    def row(self) -> Mapping[str, str]:
        """What is left out, by whom and why, for a table of exclusions."""
        return {
            "exclusion": self.name,
            "service": self.service,
            **_when(self.span),
            "author": self.author,
            "reason": self.reason,
            "concerns": ", ".join(self.slos),
        }

    def touches(self, service: str, slo_name: str) -> bool:
        """Whether it concerns an objective."""
        return self.service in ("", service) and (not self.slos or slo_name in self.slos)


@dataclass(frozen=True)
class GroundTruth(Shown):
    """What alerts are judged by.

    Attributes:
        incidents: What really went wrong.
        exclusions: What is not judged.
        derived: Whether the incidents come from the history itself, as nobody labelled any.

    """

    incidents: tuple[Incident, ...]
    exclusions: tuple[Exclusion, ...] = ()
    derived: bool = False

    @property
    def card(self) -> Card:
        """The incidents and the exclusions."""
        of = "derived from the history, as nobody labelled any" if self.derived else "labelled"
        incidents, exclusions = counted(len(self.incidents), "incident"), self.exclusions
        left_out = [listing(exclusions, "Not judged")] if exclusions else []
        shown = (listing(self.incidents, "Incidents"), *left_out)
        return Card("What alerts are judged by", f"{incidents}, {of}.", shown)


def _when(span: Span) -> dict[str, str]:
    begins = f"{to_datetime(span.start):%Y-%m-%d %H:%M}"
    return {"begins (UTC)": begins, "lasts": rounded_duration(span.length)}
