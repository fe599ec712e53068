"""What a search over an objective's history found, and what it recommends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.errors import NotEnoughData

if TYPE_CHECKING:
    from slo.model.alert import AlertPolicy
    from slo.model.incident import Incident
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.tune.folds import Fold
    from slo.tune.goals import Goals
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
class Candidate:
    """A policy of the Pareto front: none does better in one respect without costing in another.

    Attributes:
        name: A number, the quietest first.
        policy: The alerts.
        performance: What they would have done over the whole history, the same that chose them.

    """

    name: str
    policy: AlertPolicy
    performance: Performance


@dataclass(frozen=True)
class FoldResult:
    """What was chosen before a stretch, and what it did in it."""

    fold: Fold
    policy: AlertPolicy
    performance: Performance


@dataclass(frozen=True)
class Contender:
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


@dataclass(frozen=True)
class Study:
    """A search's answer.

    Attributes:
        slo: The objective with its present policy.
        goals: What was asked for.
        span: The history.
        interval: Milliseconds between evaluations.
        incidents: What the policies were judged by.
        derived: Whether the incidents come from the history itself, as none was labelled.
        front: Policies none of which is better than another in every respect, the quietest first.
        contenders: The present policy, the workbook's, and the tuned ones.
        recommended: The one to take.
        reason: Why, in a sentence or two.
        changes: What differs from the present policy, a line each.
        evidence: What the recommendation rests on, in a line for the specification.
        warnings: What a reader must know before signing.

    """

    slo: Slo
    goals: Goals
    span: Span
    interval: int
    incidents: tuple[Incident, ...]
    derived: bool
    front: tuple[Candidate, ...]
    contenders: tuple[Contender, ...]
    recommended: Contender
    reason: str
    changes: tuple[str, ...]
    evidence: str
    warnings: tuple[str, ...]

    def contender(self, name: str) -> Contender:
        """The contender of a name.

        Raises:
            KeyError: There is none.

        """
        for one in self.contenders:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def present(self) -> Contender:
        """The policy as it is specified."""
        return self.contender(PRESENT)

    @property
    def ranked(self) -> tuple[Contender, ...]:
        """The contenders, the recommended one first."""
        return (
            self.recommended,
            *(one for one in self.contenders if one is not self.recommended),
        )

    def pick(self, pages_a_week: float) -> AlertPolicy:
        """The policy of the front that sees most, soonest, with so few pages a week.

        In sample: the weeks that judge it have chosen it.

        Raises:
            NotEnoughData: No candidate calls so seldom.

        """
        quiet = [c for c in self.front if c.performance.pages_a_week <= pages_a_week]
        if not quiet:
            raise NotEnoughData(f"no candidate pages at most {pages_a_week:g} times a week")
        best = min(
            quiet,
            key=lambda c: (
                len(c.performance.missed) + len(c.performance.unpaged),
                c.performance.spent_median,
            ),
        )
        return best.policy

    @property
    def recommendation(self) -> str:
        """What to do, in a sentence."""
        if not self.changes:
            return "Keep the present alerts."
        return f"Take {CALLED[self.recommended.name]}."

    def _repr_html_(self) -> str:
        from slo.tune.summary import study_html  # noqa: PLC0415  loads pandas

        return study_html(self)

    @property
    def chosen(self) -> Slo:
        """The objective, guarded by the recommended policy; says why where that is another."""
        if not self.changes:
            return self.slo
        policy = self.recommended.policy
        return replace(self.slo, policy=policy, evidence=self.evidence)
