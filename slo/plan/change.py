"""One difference between what stands there and what should."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from slo.plan.structure import Difference, differences

ChangeKind = Literal["create", "update", "adopt", "delete", "drift", "blocked"]
"""What is to be done.

Adopting replaces what people wrote by what slobook writes under the same path. Drift is what people
changed in something that slobook wrote, and blocked what may not or cannot be changed: both are
told, and left alone.
"""

LEFT_ALONE: tuple[ChangeKind, ...] = ("drift", "blocked")


@dataclass(frozen=True, order=True)
class Change:
    """One difference between what stands there and what should.

    Attributes:
        path: The artefact's.
        kind: What will be done.
        before: The text that stands there; None where there is none.
        after: The text that should; None where none should.
        expected: The version of what stands there, from a server that counts versions; 0 where
            nothing stands. Applying refuses where it has grown.
        note: What people should know: who changed it last and when, or why it is left alone.

    """

    path: str
    kind: ChangeKind
    before: str | None
    after: str | None
    expected: int | None = None
    note: str = ""

    @property
    def is_to_do(self) -> bool:
        """Whether applying the plan does something about it."""
        return self.kind not in LEFT_ALONE

    @property
    def diff(self) -> str:
        """The change of a text as a unified diff."""
        lines = unified_diff(
            (self.before or "").splitlines(),
            (self.after or "").splitlines(),
            "/dev/null" if self.before is None else f"a/{self.path}",
            "/dev/null" if self.after is None else f"b/{self.path}",
            lineterm="",
        )
        return "\n".join(lines)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The change of a JSON object field by field; none where it comes or goes as a whole."""
        if self.before is None or self.after is None:
            return ()
        return differences(json.loads(self.before), json.loads(self.after))

    @property
    def title(self) -> str:
        """What people call the JSON object: its title; empty where it has none."""
        value: Any = json.loads(self.after or self.before or "{}")
        return str(value.get("title", "")) if isinstance(value, dict) else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The change of a JSON object as people read it, the kind and path first."""
        named = self.title and not self.path.endswith(self.title)
        title = f' "{self.title}"' if named else ""
        note = (f"    {self.note}",) if self.note else ()
        return (f"{self}{title}", *note, *(f"    {one}" for one in self.differences))

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
