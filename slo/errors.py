"""Every error that slobook raises on purpose.

    SloError                a mistake of the user's, or something outside that failed
    |- SpecError            a specification that cannot be read; lists every fault of its file
    |- ConfigError          slobook.toml or a command's arguments
    |- HistoryError         history that cannot be fetched, read or written
    |  `- NotEnoughData     history that is too short for the question
    |- WriteError           a file that cannot be written; what stood there stands
    |- SelectorError        PromQL outside of what the engine can replay
    |- PushError            metrics of a run that a Pushgateway did not take
    |- UnsafePlan           a plan that would change or remove most of what stands there
    |- Drift                a file, or something in Grafana, that changed after the plan was made
    |- GrafanaError         a Grafana that cannot be reached, or refuses
    |- DeliveryError        a report that could not be delivered, and whether to try again
    |- AlertmanagerError    an Alertmanager that cannot be reached, refuses, or cannot be understood
    |- Unfinished           a plan that failed halfway; says what is done and what is not
    |- UnderWay             what another run of ours is doing right now
    `- RunError             a notebook, a server or another program that failed

The command prints an ``SloError`` as it is, without a traceback, and exits with 2; with 75, which
says "try again later", where something is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class SloError(Exception):
    """A mistake that the message explains to its reader."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file.

    Attributes:
        file: The file as the user named it.
        line: Line number from 1, or 0 where the file as a whole is meant.
        field: Dotted path of the field, such as ``spec.objectives[0].target``.
        found: What stands there.
        expected: What should.

    """

    file: str
    line: int
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} found {self.found}, expected {self.expected}"


class SpecError(SloError):
    """A specification that cannot be used, with every fault that was found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ConfigError(SloError):
    """Configuration or arguments that do not fit; ``faults`` are those of a file, if it has any."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message)


class HistoryError(SloError):
    """History that cannot be fetched, read or written."""


class NotEnoughData(HistoryError):  # noqa: N818  the field's word is the name
    """History that does not cover what was asked."""


class WriteError(SloError):
    """A file that cannot be written; what stood there is as it was."""


class PushError(SloError):
    """Metrics of a run that a Pushgateway did not take; the run itself is as it is."""


class SelectorError(SloError):
    """PromQL that the engine cannot replay from raw samples."""


class UnsafePlan(SloError):  # noqa: N818  the field's word is the name
    """A plan that would change or remove more than its reader may expect."""


class Drift(SloError):  # noqa: N818  the field's word is the name
    """Something that is no longer as it was when the plan was made."""


class GrafanaError(SloError):
    """A Grafana that cannot be reached, refuses, or is none; ``status`` is HTTP's, or 0."""

    def __init__(self, message: str, status: int = 0, reason: str = "") -> None:
        self.status, self.reason = status, reason
        super().__init__(message)


class DeliveryError(SloError):
    """A report that could not be delivered.

    Attributes:
        again: Whether trying again may help.
        after: Seconds that the other side asks to be left alone before that; 0 if it does not.
        reached: Who got it all the same, of several addressees.

    """

    def __init__(
        self, message: str, *, again: bool = False, after: float = 0.0, reached: Sequence[str] = ()
    ) -> None:
        self.again, self.after, self.reached = again, after, tuple(reached)
        super().__init__(message)


class AlertmanagerError(SloError):
    """An Alertmanager that cannot be reached, refuses, or whose configuration makes no sense."""


class Unfinished(SloError):  # noqa: N818  the field's word is the name
    """A plan that failed halfway, with its changes as texts such as ``create folders/slobook``."""

    def __init__(
        self, cause: SloError, done: Sequence[str], failed: str, not_tried: Sequence[str]
    ) -> None:
        self.cause = cause
        self.done, self.failed, self.not_tried = tuple(done), failed, tuple(not_tried)
        listed = "".join(
            f"\n  {word}: {one}"
            for word, changes in (("done", done), ("failed", [failed]), ("not tried", not_tried))
            for one in changes
        )
        super().__init__(f"{cause}{listed}\nPlan again, and apply that: it does what is left.")


class UnderWay(SloError):  # noqa: N818  it is not an error to wait for
    """What another run is doing right now; trying again later is enough."""


UNDER_WAY = 75
"""Exit code of what found another run at work; EX_TEMPFAIL of sysexits.h."""


class RunError(SloError):
    """A program, a notebook or a server that failed; names what ran and its last words."""

    def __init__(self, what: str, detail: str, log: Path | None = None) -> None:
        self.what, self.detail, self.log = what, detail, log
        super().__init__(f"{what} failed: {detail}" + (f" (log: {log})" if log else ""))


def nearest(asked: str, known: Iterable[str]) -> str:
    """What was probably meant, to go on with after a name: ``, the nearest is 'shop'``, or nothing.

    Capital letters do not count.
    """
    names = {name.lower(): name for name in known}
    close = get_close_matches(asked.lower(), names, n=1)
    return f", the nearest is {names[close[0]]!r}" if close else ""
