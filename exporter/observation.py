"""One call while it lasts, and the innermost one of a task or thread."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token
    from types import TracebackType

CURRENT: ContextVar[Observation | None] = ContextVar("exporter_observation", default=None)
"""The innermost observation of this task or thread."""


class Observation:
    """One call while it lasts.

    Subclasses say what an end means, in ``ended``, ``chunk`` and ``abandoned``, none of which
    raises.

    Attributes:
        outer: The observation within which this one began.

    """

    _token: Token[Observation | None] | None = None

    def __init__(self) -> None:
        self.outer = CURRENT.get()

    def ended(self, result: object, error: BaseException | None) -> None:
        """The call is over, by a result or by an exception."""
        raise NotImplementedError

    def chunk(self, item: object) -> None:
        """A stream yielded something."""

    def abandoned(self) -> None:
        """A finalizer found the stream unfinished: to be recorded later, by somebody else."""
        raise NotImplementedError

    def enter(self) -> None:
        """Become the innermost observation."""
        self._token = CURRENT.set(self)

    def leave(self) -> None:
        """Give way to the observation around this one."""
        if self._token is not None:
            reset(self._token)
            self._token = None


class Unobserved(Observation):
    """Stands for an observation that could not begin, of whatever kind."""

    def ended(self, result: object, error: BaseException | None) -> None:
        """Nothing is known of this call."""

    def abandoned(self) -> None:
        """Nor of this stream."""

    def usage(self, response: object) -> None:
        """Nor what it used."""

    def retried(self, attempts: int = 1) -> None:
        """Nor how often it was tried."""


Seen = TypeVar("Seen", bound=Observation)


def innermost(kind: type[Seen]) -> Seen | None:
    """The innermost observation of a kind that this task or thread is in, if any."""
    seen = CURRENT.get()
    while seen is not None and not isinstance(seen, kind):
        seen = seen.outer
    return seen


class Observed(Generic[Seen]):
    """A block of code that is observed, sync or async: for what cannot be decorated.

    Args:
        begin: Begins the observation when the block is entered. Never raises.

    """

    def __init__(self, begin: Callable[[], Seen]) -> None:
        self._begin = begin

    def __enter__(self) -> Seen:
        self._seen = self._begin()
        self._seen.enter()
        return self._seen

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._seen.leave()
        if isinstance(error, GeneratorExit):
            self._seen.abandoned()
        else:
            self._seen.ended(None, error)

    async def __aenter__(self) -> Seen:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)


def reset(token: Token[Observation | None]) -> None:
    """Give way to what was the innermost observation before."""
    try:  # noqa: SIM105  suppress() takes several times as long
        CURRENT.reset(token)
    except ValueError:
        # A generator may be closed by another task, whose context is not ours.
        pass
