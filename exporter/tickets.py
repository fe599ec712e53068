"""Tickets while they are processed: how long that takes, how it ends, and what it costs."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from exporter.bound import adder, finisher
from exporter.failures import CANCELLED, error_type
from exporter.instruments import LaterError
from exporter.observing import CURRENT, Observation, Unobserved
from exporter.settings import TICKET_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from exporter.recorder import Recorder

_OUTCOMES = frozenset(TICKET_OUTCOMES)
_SAYS_OUTCOME = ("outcome", "status")


class TicketObservation(Observation):
    """One ticket while it is processed.

    Attributes:
        outcome: How it ends, where that is known before its function returns.

    """

    outcome: str | None = None
    _costs: list[float] | None = None

    def __init__(self, tracker: TicketTracker, ticket: object) -> None:
        self.outer = CURRENT.get()
        self._tracker = tracker
        self._ticket = ticket
        tracker.one_more(1)
        self._begun = perf_counter()

    def ended(self, result: object, error: BaseException | None) -> None:
        """Count the ticket by its outcome."""
        elapsed = perf_counter() - self._begun
        recorder = self._tracker.recorder
        if error is None:
            outcome = self.outcome or self._said(result)
        else:
            outcome = "cancelled" if isinstance(error, CANCELLED) else "error"
        try:
            self._record(outcome, elapsed, error)
        except LaterError:
            recorder.put_off(partial(self._record, outcome, elapsed, error))
        except Exception as fault:  # noqa: BLE001  never the application's
            recorder.faults.note("ticket", fault)
        if recorder.pending:
            recorder.settle()

    def abandoned(self) -> None:
        """Put off: see :meth:`Observation.abandoned`."""
        elapsed = perf_counter() - self._begun
        self._tracker.recorder.put_off(partial(self._cancelled, elapsed))

    def escalated(self, category: object, reason: object) -> None:
        """The ticket goes to a person; counted here, and not again when it ends."""
        if self.outcome != "escalated":
            self.outcome = "escalated"
            if category is None:
                category = _field(self._ticket, "category")
            self._tracker.recorder.count("tickets_escalated_total", 1, category, reason)

    def cost(self, usd: float) -> None:
        """A call of a language model that the ticket took cost so many US dollars."""
        # Calls of several threads may be the first at the same time.
        self.__dict__.setdefault("_costs", []).append(usd)

    def _cancelled(self, elapsed: float) -> None:
        self._record("cancelled", elapsed, None)

    def _said(self, result: object) -> str:
        try:
            return self._tracker.outcome_of(result)
        except Exception as fault:  # noqa: BLE001  a function of the application's may fail
            self._tracker.recorder.faults.note("ticket", fault)
            return outcome_said(result)

    def _record(self, outcome: str, elapsed: float, error: BaseException | None) -> None:
        tracker, ticket = self._tracker, self._ticket
        category, channel = _labels(ticket)
        try:
            finish = tracker.finish[category, channel, outcome]
        except (KeyError, TypeError):
            finish = tracker.bind(category, channel, outcome)
        finish(elapsed)
        record = tracker.recorder
        if self._costs is not None:
            record.time("ticket_llm_cost_usd", sum(self._costs), category)
        if outcome == "resolved":
            created = _field(ticket, "created_at")
            if created is not None and (at := _seconds(created)) is not None:
                took = max(time() - at, 0.0)
                record.time("ticket_resolution_duration_seconds", took, category, "agent")
        elif outcome == "escalated" and self.outcome is None:
            reason = _field(ticket, "escalation_reason")
            record.count("tickets_escalated_total", 1, category, reason)
        elif error is not None and outcome == "error":
            record.count("errors_total", 1, "agent", error_type(error))


class TicketTracker:
    """Begins observations of tickets.

    Args:
        recorder: Where they are recorded.
        outcome_of: How a ticket ended, from what its function returned.

    """

    def __init__(self, recorder: Recorder, outcome_of: Callable[[Any], str] | None = None) -> None:
        self.recorder = recorder
        self.outcome_of = outcome_of or outcome_said
        self._in_progress = recorder.instruments.child("tickets_in_progress")
        self.one_more = adder(self._in_progress)
        self.finish: dict[tuple[object, object, str], Callable[[float], None]] = {}

    def begin(self, ticket: object) -> TicketObservation:
        """A ticket is picked up."""
        queued = _field(ticket, "queued_at")
        if queued is not None and (at := _seconds(queued)) is not None:
            waited = max(time() - at, 0.0)
            self.recorder.time("queue_wait_duration_seconds", waited, _field(ticket, "priority"))
        return TicketObservation(self, ticket)

    def beginning(self, place: int, name: str) -> Callable[[Any, Any], Observation]:
        """What begins an observation of the ticket among a call's arguments."""

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Observation:
            try:
                return self.begin(args[place] if len(args) > place else kwargs.get(name))
            except Exception as fault:  # noqa: BLE001  never the application's
                self.recorder.faults.note("ticket", fault)
                return Unobserved()

        return begin

    def bind(self, category: object, channel: object, outcome: str) -> Callable[[float], None]:
        """What writes that a ticket of some labels is over, after so many seconds."""
        child = self.recorder.instruments.child
        labels = (category, channel, outcome)
        counter = child("tickets_processed_total", *labels)
        histogram = child("ticket_processing_duration_seconds", category, outcome)
        finish = finisher(self._in_progress, counter, histogram, self.recorder.tracing)
        if self.recorder.instruments.remembers("tickets_processed_total", *labels):
            self.finish[labels] = finish
        return finish


class OpenTicket:
    """A ticket as a context, sync or async, for code that cannot be decorated."""

    def __init__(self, tracker: TicketTracker, ticket: object) -> None:
        self._tracker, self._ticket = tracker, ticket

    def __enter__(self) -> TicketObservation:
        self._seen = self._tracker.begin(self._ticket)
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
            self._seen.ended(self._seen.outcome, error)

    async def __aenter__(self) -> TicketObservation:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)


def ticket_argument(function: Callable[..., Any]) -> tuple[int, str]:
    """Place and name of the ticket among arguments: that of this name, or the first."""
    while isinstance(function, classmethod | staticmethod | partial):
        function = function.func if isinstance(function, partial) else function.__func__
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    first = 1 if names[:1] in (["self"], ["cls"]) else 0
    place = names.index("ticket") if "ticket" in names else first
    return place, names[place] if place < len(names) else "ticket"


def outcome_said(result: object) -> str:
    """How a ticket ended, as what its function returned says; ``resolved`` if it says nothing.

    Understood are one of ``resolved``, ``escalated``, ``error`` and ``cancelled``, and a dictionary
    or an object with such an ``outcome`` or ``status``, also as a member of an enum.
    """
    if type(result) is str:
        return result if result in _OUTCOMES else "resolved"
    said = result.value if isinstance(result, Enum) else result
    if type(said) is str:
        return said if said in _OUTCOMES else "resolved"
    for name in _SAYS_OUTCOME:
        said = _field(result, name)
        said = said.value if isinstance(said, Enum) else said
        if isinstance(said, str) and said in _OUTCOMES:
            return said
    return "resolved"


def _field(source: object, name: str) -> Any:
    if type(source) is dict:
        return source.get(name)
    try:
        return getattr(source, name, None)
    except Exception:  # noqa: BLE001  a property of the application's may fail
        return None


def _labels(ticket: object) -> tuple[Any, Any]:
    """A ticket's category and channel; None for what it has not."""
    if type(ticket) is not dict:
        try:
            return getattr(ticket, "category", None), getattr(ticket, "channel", None)
        except Exception:  # noqa: BLE001  a property of the application's may fail
            return _field(ticket, "category"), _field(ticket, "channel")
    return ticket.get("category"), ticket.get("channel")


def _seconds(at: object) -> float | None:
    """An instant as Unix seconds; a time without a zone is UTC."""
    if isinstance(at, datetime):
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return float(at) if isinstance(at, int | float) else None
