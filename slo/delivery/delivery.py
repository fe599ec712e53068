"""Where reports are taken: a way, a name, and which reports are wanted there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from slo.delivery.parcel import Parcel


@dataclass(frozen=True)
class Sending:
    """A report on its way to one delivery.

    Attributes:
        delivery: The delivery's name.
        parcel: The report.
        number: How often somebody wanted it there; tries of the same sending have the same.
        reached: Who has got it already, of several addressees.

    """

    delivery: str
    parcel: Parcel
    number: int = 1
    reached: frozenset[str] = frozenset()

    @property
    def identity(self) -> str:
        """What tells it from all others of a project; the same when it is tried again."""
        return f"{self.delivery}/{self.parcel.place}/{self.number}"


class Way(Protocol):
    """How reports get somewhere."""

    def send(self, sending: Sending) -> str:
        """Take a report there, once; says in a few words where it is now.

        Raises:
            DeliveryError: It did not get there, or it is not known whether it did.
            ConfigError: A variable with a secret is not set.

        """

    def test(self, words: str) -> str:
        """Send something that nobody takes for a report; says in a few words what was done.

        Args:
            words: What it is to say, where people read it.

        Raises:
            DeliveryError: It did not get there.
            ConfigError: A variable with a secret is not set.

        """


@dataclass(frozen=True)
class Delivery:
    """A way and what is taken by it.

    Attributes:
        name: What people and records call it.
        way: How reports get there.
        reports: Names of kinds of reports; all if empty.
        services: Whose reports; every service's if empty.
        when: Whether only reports are wanted that say that something fell short.

    """

    name: str
    way: Way
    reports: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    when: Literal["always", "falls short"] = "always"

    def wants(self, parcel: Parcel) -> bool:
        """Whether a report is to be taken there."""
        return (
            (not self.reports or parcel.kind.name in self.reports)
            and (not self.services or parcel.service in self.services)
            and (self.when == "always" or parcel.published.falls_short)
        )
