"""Every change that is to be made: printed, hashed, refused where it is unsafe."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from slo.card import Shown
from slo.errors import UnsafePlan
from slo.plan.change import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.card import Card
    from slo.plan.artefact import Artefact
    from slo.plan.change import ChangeKind

_WORDS: dict[ChangeKind, str] = {
    "create": "to create",
    "update": "to update",
    "adopt": "to adopt",
    "delete": "to delete",
    "drift": "drifted",
    "blocked": "blocked",
}


@dataclass(frozen=True)
class Plan(Shown):
    """Every change that is to be made, sorted by path.

    Attributes:
        changes: The differences; empty where everything is as it should be.
        existing: How many artefacts stand there now that slobook answers for.
        target: The server that the plan was made for, and is carried out on; empty for a folder.
        remarks: What its readers should know beside the changes.

    """

    changes: tuple[Change, ...]
    existing: int = 0
    target: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", tuple(sorted(self.changes, key=lambda c: c.path)))

    @property
    def to_do(self) -> tuple[Change, ...]:
        """The changes that applying makes: without those that are left alone."""
        return tuple(change for change in self.changes if change.is_to_do)

    @property
    def left_alone(self) -> tuple[Change, ...]:
        """What differs and stays: drift, and what is blocked."""
        return tuple(change for change in self.changes if not change.is_to_do)

    @property
    def summary(self) -> str:
        """One line: ``2 to create, 1 to update``."""
        counts = Counter(change.kind for change in self.changes)
        parts = [f"{counts[kind]} {words}" for kind, words in _WORDS.items() if counts[kind]]
        return ", ".join(parts) or "no changes"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The changes as JSON has them."""
        names = ("path", "kind", "before", "after", "expected", "note")
        return [{name: getattr(change, name) for name in names} for change in self.changes]

    @property
    def digest(self) -> str:
        """SHA-256 of the whole plan, in hexadecimal: the same plan has the same."""
        everything = [self.target, self.existing, list(self.remarks), self.rows]
        return sha256(json.dumps(everything, ensure_ascii=True).encode()).hexdigest()

    def raise_if_unsafe(self, share: Fraction = Fraction(1, 3), fewest: int = 10) -> None:
        """Refuse to change, replace or delete more than a share of what stands there.

        Args:
            share: How much may change or go.
            fewest: Where fewer artefacts stand, people can read them all, and nothing is refused.

        Raises:
            UnsafePlan: It would; says how many and which.

        """
        touched = [change for change in self.to_do if change.before is not None]
        if self.existing < fewest or len(touched) <= share * self.existing:
            return
        listed = "".join(f"\n  {change}" for change in touched)
        raise UnsafePlan(
            f"{len(touched)} of {self.existing} artefacts would change or go, more than {share} "
            f"of them; look at the plan, and force it if that is meant{listed}"
        )

    def __str__(self) -> str:
        """Texts as unified diffs; what a server keeps field by field."""
        if not self.target:
            return "\n".join([*(change.diff for change in self.changes), self.summary])
        lines = [line for change in self.changes for line in change.lines]
        return "\n".join([*lines, *self.remarks, f"{self.target}: {self.summary}"])

    @property
    def card(self) -> Card:
        """A row a change, and what differs; ``print`` says all of it."""
        from slo.plan.page import plan_card  # noqa: PLC0415  it needs plans itself

        return plan_card(self)


def plan(current: Sequence[Artefact], desired: Sequence[Artefact]) -> Plan:
    """What turns the artefacts that stand there into those that should.

    What people wrote is never deleted, and replaced only where an artefact has the same path.
    """
    now = {artefact.path: artefact for artefact in current}
    wanted = {artefact.path: artefact for artefact in desired}
    changes = [
        Change(path, _kind(now.get(path)), now[path].text if path in now else None, artefact.text)
        for path, artefact in wanted.items()
        if path not in now or now[path].text != artefact.text
    ]
    changes += [
        Change(path, "delete", artefact.text, None)
        for path, artefact in now.items()
        if path not in wanted and artefact.ours
    ]
    answered_for = [a for a in current if a.ours or a.path in wanted]
    return Plan(tuple(changes), len(answered_for))


def _kind(present: Artefact | None) -> ChangeKind:
    if present is None:
        return "create"
    return "update" if present.ours else "adopt"
