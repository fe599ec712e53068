"""What alerts are to achieve, in an SRE's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.card import Card, Shown
from slo.errors import ConfigError
from slo.model.duration import HOUR, format_duration

if TYPE_CHECKING:
    from slo.model.objective import Objective, Period


@dataclass(frozen=True)
class Goals(Shown):
    """Goals, the weightiest first, and how far chosen numbers keep from what was seen.

    Attributes:
        catch: Share of a period's error budget; every incident that spends as much is to be seen.
        page_within: Milliseconds; who spends that share within them is to be paged.
        pages_a_week: At most so many pages, true and false.
        detect_before: Share of the budget that may be gone when an incident is seen.
        tickets_a_week: At most so many tickets.
        margin: Error ratios so many times as high, or as low, as those seen must change nothing:
            history does not repeat itself to the digit.

    Raises:
        ConfigError: A goal that nothing can meet.

    """

    catch: float = 0.05
    page_within: int = 6 * HOUR
    pages_a_week: float = 2.0
    detect_before: float = 0.02
    tickets_a_week: float = 5.0
    margin: float = 1.2

    def __post_init__(self) -> None:
        for name in ("catch", "detect_before"):
            share = getattr(self, name)
            if not 0 < share <= 1:
                raise ConfigError(
                    f"{name} is a share of the budget above 0 and up to 1, not {share:g}"
                )
        for name in ("pages_a_week", "tickets_a_week"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"{name} is 0 or more, not {getattr(self, name):g}")
        if not self.margin >= 1:
            raise ConfigError(f"the margin is 1 or more, not {self.margin:g}")
        if not self.page_within > 0:
            raise ConfigError("page_within is a length of time above 0")

    @property
    def card(self) -> Card:
        """What is asked for, in a sentence."""
        return Card("Goals", f"{self}.")

    def urgent_burn_rate(self, objective: Objective, period: Period) -> float:
        """The burn rate from which somebody is to be woken.

        It spends ``catch`` within ``page_within``: 6 for 5 % of 30 days in six hours, as the
        workbook's slower page. An objective that leaves little room above it, such as 90 % with
        a highest burn rate of 10, is given the geometric middle of what can burn.
        """
        burn = self.catch * period.length / self.page_within
        return float(min(burn, float(objective.highest_burn_rate) ** 0.5))

    def __str__(self) -> str:
        return (
            f"catch every incident that spends {100 * self.catch:.3g} % of the budget, by a page "
            f"where it does within {format_duration(self.page_within)}; at most "
            f"{_counted(self.pages_a_week, 'page')} and "
            f"{_counted(self.tickets_a_week, 'ticket')} a week; detect "
            f"before {100 * self.detect_before:.3g} % is spent"
        )


def _counted(count: float, noun: str) -> str:
    return f"{count:g} {noun}" if count == 1 else f"{count:g} {noun}s"
