"""Alerts on burn rates: conditions, policies, the workbook's numbers, and what an alert did."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from slo.card import Card, Listed, Shown, listing
from slo.counting import counted
from slo.model.duration import DAY, HOUR, MINUTE, format_duration, rounded_duration
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.model.objective import Objective, Period

Severity = Literal["page", "ticket"]
"""A page wakes somebody; a ticket waits for working hours."""

SEVERITIES: tuple[Severity, ...] = ("page", "ticket")


@dataclass(frozen=True)
class BurnRateAlert(Listed):
    """Fires while the error budget burns at least ``factor`` times too fast over both windows.

    Attributes:
        name: Unique in its objective, such as ``page-1h``.
        severity: Page or ticket.
        long: The long window in milliseconds: how much budget must be gone.
        short: The short window in milliseconds: it must still be burning. Equal to ``long``
            for an alert on a single window.
        factor: The burn rate; 1 spends the budget exactly by the end of the period.
        hold: Prometheus' ``for``, in milliseconds.
        keep_firing: Prometheus' ``keep_firing_for``, in milliseconds.

    """

    name: str
    severity: Severity
    long: int
    short: int
    factor: float
    hold: int = 0
    keep_firing: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.short <= self.long:
            message = (
                f"the short window ({format_duration(max(self.short, 0))}) of {self.name} must be "
                f"positive and no longer than the long one ({format_duration(self.long)})"
            )
            raise ValueError(message)
        if not self.factor > 0:
            message = f"the burn rate of {self.name} must be positive, not {self.factor}"
            raise ValueError(message)

    numbers: ClassVar[tuple[str, ...]] = ("burn rate",)

    @property
    def row(self) -> Mapping[str, str]:
        """When it fires, for a table of alerts."""
        return {
            "alert": self.name,
            "severity": self.severity,
            "burn rate": f"{self.factor:g}x",
            "over": " and ".join(map(format_duration, self.windows)),
            "for": format_duration(self.hold) if self.hold else "",
        }

    @property
    def windows(self) -> tuple[int, ...]:
        """The windows that the alert compares, longest first, each once."""
        return (self.long,) if self.short == self.long else (self.long, self.short)

    def threshold(self, objective: Objective) -> float:
        """The error ratio that must be exceeded.

        The product of two floats, as Prometheus computes it from the rule's text.
        """
        return self.factor * float(objective.error_budget)

    def can_fire(self, objective: Objective) -> bool:
        """Whether an outage of everything exceeds the threshold."""
        return self.threshold(objective) < 1

    def budget_share(self, period: Period) -> float:
        """The share of the period's budget that is gone when it fires at exactly its factor."""
        return self.factor * self.long / period.length

    def __str__(self) -> str:
        hold = f" for {format_duration(self.hold)}" if self.hold else ""
        windows = "/".join(format_duration(window) for window in self.windows)
        return f"{self.severity} at {self.factor:g}x over {windows}{hold}"


@dataclass(frozen=True)
class AlertPolicy(Shown):
    """The alerts that guard an objective, any number of them.

    Attributes:
        alerts: Each with a name of its own.

    """

    alerts: tuple[BurnRateAlert, ...]

    def __post_init__(self) -> None:
        names = [alert.name for alert in self.alerts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"two alerts of one policy are named {', '.join(twice)}"
            raise ValueError(message)

    @property
    def card(self) -> Card:
        """A row an alert."""
        return Card("Alert policy", f"{self.counts}.", (listing(self.alerts),))

    @property
    def counts(self) -> str:
        """How many alerts of each severity there are: ``2 pages, 1 ticket``."""
        of = [alert.severity for alert in self.alerts]
        return ", ".join(counted(of.count(one), one) for one in self.severities) or "no alerts"

    @property
    def windows(self) -> tuple[int, ...]:
        """Every window that any alert compares, shortest first."""
        return tuple(sorted({window for alert in self.alerts for window in alert.windows}))

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities in use, the most urgent first."""
        used = {alert.severity for alert in self.alerts}
        return tuple(severity for severity in SEVERITIES if severity in used)


@dataclass(frozen=True)
class Tier:
    """One line of the workbook's table: a share of the budget, spent within a long window."""

    severity: Severity
    budget_share: Decimal
    long: int
    short: int


WORKBOOK_TIERS = (
    Tier("page", Decimal("0.02"), HOUR, 5 * MINUTE),
    Tier("page", Decimal("0.05"), 6 * HOUR, 30 * MINUTE),
    Tier("ticket", Decimal("0.1"), DAY, 2 * HOUR),
    Tier("ticket", Decimal("0.1"), 3 * DAY, 6 * HOUR),
)
"""Table 5-8 of https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate)."""


def workbook_policy(objective: Objective, period: Period) -> AlertPolicy:
    """The workbook's recommended alerts for a period of any length: 14.4, 6, 3 and 1 for 30 days.

    See ``tiered_policy`` for what is left out.
    """
    return tiered_policy(WORKBOOK_TIERS, objective, period)


def tiered_policy(tiers: Iterable[Tier], objective: Objective, period: Period) -> AlertPolicy:
    """An alert a tier, for a period of any length.

    The factor is ``budget share * period / long window``. It is at least 1, as below that the
    budget lasts; over short periods the slow tiers would be. Tiers that cannot fire, because an
    outage of everything burns slower than their factor, and tiers whose window is longer than
    the period, are left out.
    """
    alerts = []
    for tier in tiers:
        factor = max(1.0, float(tier.budget_share * period.length / tier.long))
        name = f"{tier.severity}-{format_duration(tier.long)}"
        alert = BurnRateAlert(name, tier.severity, tier.long, tier.short, factor)
        if tier.long <= period.length and alert.can_fire(objective):
            alerts.append(alert)
    return AlertPolicy(tuple(alerts))


@dataclass(frozen=True)
class Episode(Listed):
    """One stretch during which an alert fired without a break.

    Attributes:
        alert: The alert's name.
        severity: Page or ticket.
        active: The instant at which the condition began to hold, in Unix milliseconds.
        start: The first evaluation at which the alert fired.
        end: The first evaluation at which it no longer fired; None while it still fires at the
            end of the history.
        peak: The highest error ratio over the long window while it fired; for an alert on a
            threshold the value furthest beyond it.

    """

    alert: str
    severity: Severity
    active: int
    start: int
    end: int | None
    peak: float

    numbers: ClassVar[tuple[str, ...]] = ("began (UTC)", "lasted", "peak")

    @property
    def row(self) -> Mapping[str, str]:
        """Which alert fired, when and for how long."""
        lasted = "still fires" if self.end is None else rounded_duration(self.end - self.start)
        return {
            "alert": self.alert,
            "severity": self.severity,
            "began (UTC)": f"{to_datetime(self.start):%Y-%m-%d %H:%M}",
            "lasted": lasted,
            "peak": f"{self.peak:.4g}",
        }
