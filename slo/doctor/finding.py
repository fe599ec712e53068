"""What a check found, and what is to be done about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

State = Literal["fine", "attention", "broken", "not checked"]
STATES: tuple[State, ...] = ("fine", "not checked", "attention", "broken")
"""From what may be left to what may not."""


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        check: The check's name.
        state: ``fine``; ``attention`` for what is going to hurt; ``broken`` for what hurts now, so
            that somebody is not told or a number is wrong; ``not checked`` where the configuration
            does not say enough, or what it rests on is broken.
        found: One line.
        details: What belongs to it, a line each: names that are missing, for instance.
        to_do: What to do: a command, a setting. Empty where nothing is.
        read: The command that prints more: what it means, where to look, what to do.

    """

    check: str
    state: State
    found: str
    details: tuple[str, ...] = ()
    to_do: str = ""
    read: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return {**vars(self), "details": list(self.details)}


@dataclass(frozen=True)
class Diagnosis:
    """Every finding, in the order of the checks.

    Attributes:
        findings: One a check.

    """

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing that was checked asks for anything."""
        return not any(one.state in ("attention", "broken") for one in self.findings)

    @property
    def counts(self) -> dict[State, int]:
        """How many findings of each state there are."""
        counted = Counter(one.state for one in self.findings)
        return {state: counted[state] for state in STATES}

    @property
    def to_do(self) -> tuple[Finding, ...]:
        """What asks for something, the worst last: next to the prompt of a terminal."""
        asking = [one for one in self.findings if one.state in ("attention", "broken")]
        return tuple(sorted(asking, key=lambda one: STATES.index(one.state)))


def fine(check: str, found: str, details: Sequence[str] = ()) -> Finding:
    """All is as it should be."""
    return Finding(check, "fine", found, tuple(details))


def attention(
    check: str, found: str, to_do: str, anchor: str = "", details: Sequence[str] = ()
) -> Finding:
    """What is going to hurt; ``anchor`` is the guide's heading that says more."""
    return Finding(check, "attention", found, tuple(details), to_do, _more(anchor))


def broken(
    check: str, found: str, to_do: str, anchor: str = "", details: Sequence[str] = ()
) -> Finding:
    """What hurts now."""
    return Finding(check, "broken", found, tuple(details), to_do, _more(anchor))


def not_checked(check: str, reason: str, to_do: str = "") -> Finding:
    """What nobody looked at, and why."""
    return Finding(check, "not checked", reason, to_do=to_do)


def _more(anchor: str) -> str:
    return f"slo doctor --explain {anchor}" if anchor else ""


def first_of(names: Sequence[str], most: int = 10) -> tuple[str, ...]:
    """Names as details: the first of them, and how many more there are."""
    rest = len(names) - most
    return (*names[:most], f"and {rest} more") if rest > 0 else tuple(names)
