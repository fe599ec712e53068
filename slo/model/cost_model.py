"""What counters cannot say about cost: fixed items, contract prices, what a person costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.card import Card, Shown, Table
from slo.model.duration import DAY
from slo.model.span import to_datetime

if TYPE_CHECKING:
    from slo.model.objective import Period


@dataclass(frozen=True)
class Validity:
    """The UTC days on which something holds: all of them, unless told.

    Attributes:
        start: The first day's beginning, Unix milliseconds; None where it always has held.
        end: The end of the last day; None where it goes on.

    """

    start: int | None = None
    end: int | None = None

    def holds(self, at: int) -> bool:
        """Whether it holds at an instant."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def overlaps(self, other: Validity) -> bool:
        """Whether both hold on some day."""
        begins = max((one.start for one in (self, other) if one.start is not None), default=None)
        ends = min((one.end for one in (self, other) if one.end is not None), default=None)
        return begins is None or ends is None or begins < ends

    def __str__(self) -> str:
        since = "" if self.start is None else f"from {to_datetime(self.start):%Y-%m-%d}"
        until = "" if self.end is None else f"until {to_datetime(self.end - DAY):%Y-%m-%d}"
        return " ".join(part for part in (since, until) if part) or "always"


ALWAYS = Validity()


@dataclass(frozen=True)
class FixedCost:
    """What costs the same every month, however much is used.

    Attributes:
        name: For people. Where a counted service has the same name, its line holds both.
        dollars: US dollars a calendar month; each of its UTC days costs an equal part.
        valid: The days that it is paid for.
        description: What it is, for people.

    """

    name: str
    dollars: float
    valid: Validity = ALWAYS
    description: str = ""


@dataclass(frozen=True)
class CategoryBudget:
    """What language models may cost in a period for tickets of a category.

    Attributes:
        category: Of tickets.
        dollars: US dollars a period.
        period: What they are for.

    """

    category: str
    dollars: float
    period: Period

    @property
    def name(self) -> str:
        """What it is called beside other budgets."""
        return f"category-{self.category}"

    @property
    def title(self) -> str:
        """The same for people."""
        return f"the category {self.category}"


@dataclass(frozen=True)
class ContractPrice:
    """What tokens really cost, where that is not the list price.

    Attributes:
        provider: Who runs the model.
        model: Its name.
        token_type: Which of its tokens.
        dollars: US dollars per million of them.
        valid: The days on which they cost that.

    """

    provider: str
    model: str
    token_type: str
    dollars: float
    valid: Validity = ALWAYS

    @property
    def item(self) -> tuple[str, str, str]:
        """What it is the price of."""
        return self.provider, self.model, self.token_type


@dataclass(frozen=True)
class HumanCost:
    """What a ticket costs that a person handles, in place of what the agent exposes.

    Attributes:
        dollars: US dollars a ticket; None where the agent's own number holds.
        by_category: The same of tickets of some categories.

    """

    dollars: float | None = None
    by_category: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class CostModel(Shown):
    """What somebody configured about a service's cost; nothing, unless told.

    Attributes:
        name: Its name.
        service: The service's name.
        fixed: Items that cost the same every month.
        categories: Budgets of categories of tickets, each category once.
        human_ticket: What a person costs for a ticket.
        prices: Prices in place of list prices; of one item never two on one day.
        display_name: For people.
        owner: Who answers for it.
        file: The specification that it was read from.

    """

    name: str = ""
    service: str = ""
    fixed: tuple[FixedCost, ...] = ()
    categories: tuple[CategoryBudget, ...] = ()
    human_ticket: HumanCost = HumanCost()
    prices: tuple[ContractPrice, ...] = ()
    display_name: str = ""
    owner: str = ""
    file: str = ""

    @property
    def title(self) -> str:
        """The name for people."""
        return self.display_name or self.name

    @property
    def card(self) -> Card:
        """Everything that is configured, a row an item."""
        human = self.human_ticket
        mean = [] if human.dollars is None else [("a ticket", human.dollars)]
        rows = (
            *((x.name, "fixed", _dollars(x.dollars, "a month"), str(x.valid)) for x in self.fixed),
            *(
                (x.title, "budget", _dollars(x.dollars, "a period"), str(x.period))
                for x in self.categories
            ),
            *(
                (of, "by a person", _dollars(x, "a ticket"), "always")
                for of, x in (*mean, *human.by_category)
            ),
            *(
                (" ".join(x.item), "price", _dollars(x.dollars, "a million"), str(x.valid))
                for x in self.prices
            ),
        )
        table = Table(("item", "is", "dollars", "when"), rows, numbers=("dollars",))
        of = f"of {self.service}." if self.service else "nothing is configured."
        return Card(self.title or "Cost model", of, (table,))

    def __str__(self) -> str:
        human = self.human_ticket
        parts = (
            (len(self.fixed), "fixed items"),
            (len(self.categories), "budgets of categories"),
            ((human.dollars is not None) + len(human.by_category), "costs of a person's ticket"),
            (len(self.prices), "prices"),
        )
        return ", ".join(f"{count} {what}" for count, what in parts)


def _dollars(amount: float, each: str) -> str:
    return f"${amount:,.2f} {each}"


NO_COST_MODEL = CostModel()
"""Nothing is configured: cost is what counters say."""
