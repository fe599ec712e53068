"""What a search over an objective's history found, and what it recommends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slo.card import Card, Notes, Sentence, Shown, Verbatim
from slo.errors import ConfigError, NotEnoughData, nearest
from slo.tune.contender import CALLED, PRESENT
from slo.tune.summary import contenders_as_rows

if TYPE_CHECKING:
    from slo.model.alert import AlertPolicy
    from slo.model.incident import Incident
    from slo.model.slo import Slo
    from slo.model.span import Span
    from slo.tune.contender import Candidate, Contender
    from slo.tune.goals import Goals


@dataclass(frozen=True)
class Study(Shown):
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
        declined: Why nothing was tuned, so that only standing policies were compared; empty where
            something was.
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
    declined: str
    warnings: tuple[str, ...]

    def contender(self, name: str) -> Contender:
        """The contender of a name.

        Raises:
            ConfigError: There is none.

        """
        for one in self.contenders:
            if one.name == name:
                return one
        known = [one.name for one in self.contenders]
        listed = ", ".join(known)
        raise ConfigError(
            f"there is no contender {name!r}{nearest(name, known)}; there are {listed}"
        )

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

    @property
    def card(self) -> Card:
        """What to do and why, the contenders side by side, and what a reader must know."""
        return Card(
            self.slo.title,
            self.recommendation,
            (
                Sentence(self.reason),
                Verbatim("\n".join(self.changes)),
                contenders_as_rows(self.ranked),
                Notes(self.warnings),
            ),
        )

    @property
    def chosen(self) -> Slo:
        """The objective, guarded by the recommended policy; says why where that is another."""
        if not self.changes:
            return self.slo
        policy = self.recommended.policy
        return replace(self.slo, policy=policy, evidence=self.evidence)
