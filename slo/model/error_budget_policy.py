"""What a service's people agreed to do about an error budget, depending on what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from slo.card import Card, Shown, Table
from slo.counting import counted

UNTIL = "${until}"
"""In the action for a spent budget: until when, with the interval."""


@dataclass(frozen=True)
class PolicyStep:
    """What is done while less than a share of the budget is left."""

    below: Decimal
    action: str


@dataclass(frozen=True)
class ErrorBudgetPolicy(Shown):
    """Actions by what is left of an objective's error budget.

    Attributes:
        service: Whose objectives it is for.
        kept: What is done above every step.
        steps: By share of the budget that is left, from the lowest up.
        spent: What is done when nothing is left; ``${until}`` stands for the day on which some
            will be again.
        incident_above: An incident that spends more than this share of a period's budget has a
            consequence of its own; None where none has.
        incident: That consequence.
        name: As it is written; empty for the default.
        file: The specification that it was read from; empty for the default.

    """

    service: str
    kept: str
    steps: tuple[PolicyStep, ...]
    spent: str
    incident_above: Decimal | None = None
    incident: str = ""
    name: str = ""
    file: str = ""

    @property
    def card(self) -> Card:
        """What is done, from a budget that is kept to one that is spent."""
        steps = [(f"less than {100 * one.below:g} % is left", one.action) for one in self.steps]
        rows = [("the budget is kept", self.kept), *steps[::-1], ("nothing is left", self.spent)]
        if self.incident_above is not None:
            rows.append((f"an incident spends {100 * self.incident_above:g} %", self.incident))
        table = Table(("when", "what is done"), tuple(rows))
        return Card("Error budget policy", f"of {self.service}.", (table,))

    def __str__(self) -> str:
        steps = counted(len(self.steps), "step")
        if self.incident_above is None:
            return f"error budget policy of {steps}"
        share = f"{(100 * self.incident_above).normalize():f}"
        return f"error budget policy of {steps}, incidents above {share} % of a budget"

    def action(self, remaining: float) -> str:
        """What is to be done with a share of the budget left; negative when overspent."""
        if remaining <= 0:
            return self.spent
        found = (step.action for step in self.steps if remaining < float(step.below))
        return next(found, self.kept)


def default_policy(service: str) -> ErrorBudgetPolicy:
    """The example of the SRE workbook: freeze, and a postmortem for a fifth of the budget.

    https://sre.google/workbook/error-budget-policy/
    """
    return ErrorBudgetPolicy(
        service=service,
        kept="Release as planned.",
        steps=(PolicyStep(Decimal("0.25"), "Release with care."),),
        spent=f"Freeze releases {UNTIL}, other than urgent fixes and security.",
        incident_above=Decimal("0.2"),
        incident="Write a postmortem with at least one action of the highest priority.",
    )
