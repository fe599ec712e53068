"""A plan that knows where it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Self

from slo.plan import Change, Plan

_LARGEST_SHARE = Fraction(1, 3)

Advance = Callable[[Change], None]
CarryOut = Callable[[Plan, Advance | None], None]


def _nowhere(_plan: Plan, _advance: Advance | None) -> None:
    raise NotImplementedError


@dataclass(frozen=True)
class ReadyPlan(Plan):
    """A plan of a project: shows itself as a table in a notebook, and is carried out by ``apply``.

    Attributes:
        carry_out: What makes the changes of a plan, and tells of each.

    """

    carry_out: CarryOut = field(default=_nowhere, repr=False, compare=False)

    @classmethod
    def of(cls, plan: Plan, carry_out: CarryOut) -> Self:
        """A plan, and how it is carried out."""
        return cls(plan.changes, plan.existing, plan.target, plan.remarks, carry_out)

    def apply(
        self, share: Fraction | float = _LARGEST_SHARE, advance: Advance | None = None
    ) -> None:
        """Make the changes.

        Args:
            share: How much of what stands there may change or go; 1 for all of it.
            advance: Called after each change that was made, where the target tells of them.

        Raises:
            UnsafePlan: It would change or remove more; nothing has been done.
            Drift: Something changed after the plan was made.
            SloError: It failed; says what is done, failed, and not tried.

        """
        self.raise_if_unsafe(Fraction(share))
        self.carry_out(self, advance)
