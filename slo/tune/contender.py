"""Policies that may be recommended, and what each did: the nouns of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from slo.card import Listed, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.alert import AlertPolicy
    from slo.tune.folds import Fold
    from slo.tune.performance import Performance
    from slo.tune.uncertainty import Uncertainty

PRESENT, WORKBOOK, QUICK, QUIET = "present", "workbook", "quick", "quiet"
"""Contenders: two that stand, and two that are tuned, with the aims of the search."""

CALLED = {
    PRESENT: "the present policy",
    WORKBOOK: "the workbook's policy",
    QUICK: "the quickest policy within the limits",
    QUIET: "the quietest policy that keeps the goals",
}


@dataclass(frozen=True)
class Candidate(Listed):
    """A policy of the Pareto front: none does better in one respect without costing in another.

    Attributes:
        name: A number, the quietest first.
        policy: The alerts.
        performance: What they would have done over the whole history, the same that chose them.

    """

    name: str
    policy: AlertPolicy
    performance: Performance

    numbers: ClassVar[tuple[str, ...]] = ("seen", "pages a week", "false pages a week", "spent")

    @property
    def row(self) -> Mapping[str, str]:
        """The alerts, and what they did."""
        return {"candidate": self.name, **_row(self.policy, self.performance)}


@dataclass(frozen=True)
class FoldResult:
    """What was chosen before a stretch, and what it did in it."""

    fold: Fold
    policy: AlertPolicy
    performance: Performance


@dataclass(frozen=True)
class Contender(Listed):
    """A policy that may be recommended.

    Attributes:
        name: ``present``, ``workbook``, ``quick`` or ``quiet``.
        policy: The alerts; the tuned ones are chosen from all of the history.
        unseen: What it did in weeks that had not chosen it: for a tuned one, each week is judged
            by what was chosen before it.
        bounds: Between which bounds the numbers of ``unseen`` lie; None where nothing was unseen.
        whole: What ``policy`` would have done over all of the history; in sample if tuned.
        folds: The walk-forward validation of a tuned one.

    """

    name: str
    policy: AlertPolicy
    unseen: Performance
    bounds: Uncertainty | None
    whole: Performance
    folds: tuple[FoldResult, ...] = ()

    @property
    def judged(self) -> Performance:
        """What it did out of sample, or over the whole history where nothing is."""
        return self.unseen if self.bounds else self.whole

    numbers: ClassVar[tuple[str, ...]] = Candidate.numbers

    @property
    def row(self) -> Mapping[str, str]:
        """The alerts, and what they did."""
        return {"contender": self.name, **_row(self.policy, self.judged)}


def _row(policy: AlertPolicy, done: Performance) -> dict[str, str]:
    return {
        "alerts": "; ".join(str(alert) for alert in policy.alerts),
        "seen": f"{done.caught} of {done.required}",
        "pages a week": f"{done.pages_a_week:.2f}",
        "false pages a week": f"{done.false_pages_a_week:.2f}",
        "spent": percent(done.spent_median),
    }
