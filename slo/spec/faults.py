"""Collecting every fault before giving up."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from slo.errors import Fault, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

P = ParamSpec("P")
T = TypeVar("T")


class Faults:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def attempt(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The result of a step, or None after its faults were noted."""
        try:
            return step(*args, **kwargs)
        except SpecError as error:
            self.note(error.faults)
            return None

    def note(self, faults: Iterable[Fault]) -> None:
        """Add faults; the same one counts once, however many objects share it."""
        self._found.update(dict.fromkeys(faults))

    @property
    def error(self) -> SpecError:
        """All of them as one error.

        It may hold none: a step that depends on something broken fails without a fault of its own.
        """
        return SpecError(tuple(self._found))

    def raise_if_any(self) -> None:
        """Raise them.

        Raises:
            SpecError: There are any.

        """
        if self._found:
            raise self.error


def nearest(wrong: str, known: Iterable[str], otherwise: str) -> str:
    """What was probably meant: ``'objectives'``, or else the choice."""
    names = sorted(known)
    close = get_close_matches(wrong, names, n=1)
    if close:
        return repr(close[0])
    return f"{otherwise} {', '.join(names)}" if names else "none"
