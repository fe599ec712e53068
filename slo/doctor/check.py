"""Checks, and carrying them out: side by side, each with its time, none in the way of another."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from slo.doctor.expected import EXPECTED
from slo.doctor.finding import Diagnosis, Finding, broken, not_checked
from slo.errors import ConfigError, SloError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EXTRAS = {"grafana_client": "grafana", "niquests": "grafana"}
"""The extra that each library comes with that a check may lack."""


class NotConfigured(Exception):  # noqa: N818  a fact rather than a mistake
    """What a check needs is not configured; the message says what would make it be."""


@dataclass(frozen=True)
class Check:
    """One line of the checklist.

    Attributes:
        name: As people ask for it.
        area: What people look after together.
        examine: Finds the answer. It may raise ``NotConfigured``, or what the library raises.
        after: Checks that this one cannot be trusted without, when it fails.
        anchor: The guide's heading for what makes it fail.
        seconds: Until it is given up.
        to_do: What to do where nothing could be looked at.

    """

    name: str
    area: str
    examine: Callable[[], Finding]
    after: tuple[str, ...] = ()
    anchor: str = ""
    seconds: float = 45.0
    to_do: str = ""

    @property
    def expected(self) -> str:
        """What it would be content with."""
        return EXPECTED.get(self.name, "")


def diagnosed(
    checks: Sequence[Check], advance: Callable[[int, int], None] | None = None
) -> Diagnosis:
    """Carry out checks at once; a finding for each, in their order, whatever happens in one.

    A check that fails where one that it rests on is broken says so, rather than the same again.

    Args:
        checks: What is to be found out.
        advance: Called with the checks that are done, and all of them.

    """
    answers: SimpleQueue[tuple[int, Finding | Exception]] = SimpleQueue()
    begun = monotonic()
    for number, check in enumerate(checks):
        # A daemon, as nothing ends a thread that hangs: the command is not held up by it.
        Thread(target=_examine, args=(check, number, answers), daemon=True).start()
    found: dict[int, Finding | Exception] = {}
    while waiting := [number for number in range(len(checks)) if number not in found]:
        left = min(checks[number].seconds for number in waiting) - (monotonic() - begun)
        try:
            number, answer = answers.get(timeout=max(left, 0))
            found.setdefault(number, answer)
        except Empty:
            late = [n for n in waiting if checks[n].seconds <= monotonic() - begun]
            found |= {n: TimeoutError(f"{checks[n].seconds:g}") for n in late}
        if advance:
            advance(len(found), len(checks))
    return Diagnosis(_told(checks, [found[number] for number in range(len(checks))]))


def chosen(checks: Sequence[Check], names: Sequence[str]) -> tuple[Check, ...]:
    """The checks of some names, in the order of the checklist; all where none is named.

    Raises:
        ConfigError: There is no such check.

    """
    known = [check.name for check in checks]
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(
            f"--only: found {unknown[0]!r}, expected one of the checks: {', '.join(known)}"
        )
    return tuple(check for check in checks if check.name in names or not names)


def _examine(
    check: Check, number: int, answers: SimpleQueue[tuple[int, Finding | Exception]]
) -> None:
    try:
        answers.put((number, check.examine()))
    except Exception as error:  # noqa: BLE001  whatever it is, the other checks go on
        answers.put((number, error))


def _told(checks: Sequence[Check], answers: Sequence[Finding | Exception]) -> tuple[Finding, ...]:
    """Errors as findings; those that only repeat what another check has found say which."""
    own = [
        one if isinstance(one, Finding) else _failure(check, one)
        for check, one in zip(checks, answers, strict=True)
    ]
    failed = {check.name for check, one in zip(checks, own, strict=True) if one.state == "broken"}
    told = []
    for check, answer, finding in zip(checks, answers, own, strict=True):
        causes = [name for name in check.after if name in failed]
        if causes and isinstance(answer, Exception) and finding.state == "broken":
            reason = f"nothing can be told as long as {causes[0]!r} is broken"
            finding = not_checked(check.name, reason)  # noqa: PLW2901  the same one, understood
        told.append(finding)
    return tuple(told)


def _failure(check: Check, error: Exception) -> Finding:
    if isinstance(error, NotConfigured):
        return not_checked(check.name, str(error))
    if isinstance(error, ModuleNotFoundError) and (error.name or "") in _EXTRAS:
        extra = _EXTRAS[str(error.name)]
        return not_checked(
            check.name, f"{error.name} is not installed", f"pip install 'slobook[{extra}]'"
        )
    if isinstance(error, TimeoutError):
        found = f"no answer within {check.seconds:g} s"
        return broken(check.name, found, f"slo doctor --only {check.name}", check.anchor)
    if isinstance(error, SloError):
        first, *rest = str(error).splitlines() or [type(error).__name__]
        to_do = check.to_do or f"mend what it names, then slo doctor --only {check.name}"
        return broken(check.name, first, to_do, check.anchor, rest)
    # An answer that nobody foresaw, or a mistake of ours: neither may pass for "fine".
    found = f"the check failed: {type(error).__name__}: {error}"
    return broken(check.name, found, "is it the right server? else report it", check.anchor)
