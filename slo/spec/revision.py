"""A specification with chosen values in it, checked before a byte is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.card import Card, Shown, Verbatim
from slo.errors import ConfigError
from slo.model.service_alert import ServiceAlert
from slo.model.slo import Slo
from slo.spec.document import read_text
from slo.spec.edit import edited
from slo.spec.edit_alert import edited_alert
from slo.spec.reading import read_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.spec.reading import Specs

Change = tuple[Slo | ServiceAlert, Slo | ServiceAlert]
"""Something as it was read, and as it is wanted."""

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Revision(Shown):
    """A file's text before and after.

    Attributes:
        file: The specification.
        before: Its text.
        after: What it shall be.

    """

    file: Path
    before: str
    after: str

    @property
    def diff(self) -> str:
        """What changes, for a reviewer; empty where nothing does."""
        lines = unified_diff(
            self.before.splitlines(), self.after.splitlines(), str(self.file), str(self.file),
            lineterm="",
        )  # fmt: skip
        return "\n".join(lines)

    @property
    def card(self) -> Card:
        """The diff; ``write()`` makes it so."""
        said = "" if self.diff else "nothing changes."
        return Card(str(self.file), said, (Verbatim(self.diff),))

    @property
    def line(self) -> int:
        """Number of the first line that changes, from 1; 0 where none does."""
        lines = zip_longest(self.before.splitlines(), self.after.splitlines())
        return next((n for n, (old, new) in enumerate(lines, start=1) if old != new), 0)

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            ConfigError: It was changed since it was read.
            WriteError: It cannot be written.

        """
        if self.before == self.after:
            return
        if read_text(self.file) != self.before:
            raise ConfigError(f"{self.file} was changed since it was read; nothing is written")
        mark = _MARK if self.file.read_bytes().startswith(_MARK) else b""
        with replacing(self.file) as unfinished:
            unfinished.write_bytes(mark + self.after.encode())


@dataclass(frozen=True)
class Revisions(Shown):
    """What several objectives' changes make of their files, each file once."""

    files: tuple[Revision, ...]

    @property
    def diff(self) -> str:
        """What changes, for a reviewer; empty where nothing does."""
        return "\n".join(one.diff for one in self.files)

    @property
    def card(self) -> Card:
        """The diff; ``write()`` makes it so."""
        changed = [str(one.file) for one in self.files if one.diff]
        said = ", ".join(changed) or "nothing changes"
        return Card("Specifications", f"{said}.", (Verbatim(self.diff),))

    def write(self) -> tuple[str, ...]:
        """Write every file, each whole or not at all; returns their names.

        Raises:
            ConfigError: One was changed since it was read.
            WriteError: One cannot be written.

        """
        for one in self.files:
            one.write()
        return tuple(str(one.file) for one in self.files)


def revised(paths: Sequence[Path], present: Slo, wanted: Slo) -> Revision:
    """What a file would hold if an objective were as it is wanted; see ``all_revised``."""
    return all_revised(paths, [(present, wanted)]).files[0]


def all_revised(paths: Sequence[Path], changes: Sequence[Change]) -> Revisions:
    """What files would hold if objectives, and alerts on thresholds, were as they are wanted.

    The texts are read again as every specification is: they mean what is wanted, and for every
    other objective what they meant before, or there is no revision.

    Args:
        paths: Every specification of the project: objects refer to each other across files.
        changes: Objectives as they were read, each with how it is wanted: with another target,
            policy or evidence; and alerts with another threshold, ``for`` or ``keepFiringFor``.

    Raises:
        ConfigError: A file was changed since it was read, or cannot be edited; says why.
        SpecError: The result would not be a specification.

    """
    meant = read_specs(paths)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for present, wanted in changes:
        if present not in (*meant.slos, *meant.alerts):
            raise ConfigError(
                f"{present.file}: {present.name} was changed since it was read; nothing is written"
            )
        if present.file not in before:
            before[present.file] = after[present.file] = read_text(Path(present.file))
        after[present.file] = _edited(after[present.file], present, wanted)
        then = read_specs(paths, after)
        meant = _with(meant, present, wanted)
        if _comparable(then) != _comparable(meant):
            raise ConfigError(
                f"{present.file}: {present.name} is written in a way that cannot be edited without "
                "touching what else stands there; nothing is written"
            )
    return Revisions(tuple(Revision(Path(f), before[f], after[f]) for f in before))


def _edited(text: str, present: Slo | ServiceAlert, wanted: Slo | ServiceAlert) -> str:
    match present, wanted:
        case Slo(), Slo():
            return edited(text, present, wanted)
        case ServiceAlert(), ServiceAlert():
            return edited_alert(text, present, wanted)
    message = f"{present.name} cannot become something else"
    raise TypeError(message)


def _with(specs: Specs, present: Slo | ServiceAlert, wanted: Slo | ServiceAlert) -> Specs:
    if isinstance(wanted, Slo):
        return replace(specs, slos=tuple(wanted if s == present else s for s in specs.slos))
    return replace(specs, alerts=tuple(wanted if a == present else a for a in specs.alerts))


def _comparable(specs: Specs) -> Specs:
    """The same with alerts in the order of their names, as their order has no meaning."""

    def ordered(one: Slo) -> Slo:
        alerts = tuple(sorted(one.policy.alerts, key=lambda alert: alert.name))
        return one.with_policy(replace(one.policy, alerts=alerts))

    return replace(specs, slos=tuple(ordered(one) for one in specs.slos))
