"""Tickets while they are processed: how long that takes, how it ends, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from exporter.failures import CANCELLED, error_type
from exporter.instruments import LaterError
from exporter.labels import OTHER
from exporter.observing import Observation
from exporter.settings import TICKET_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from exporter.recorder import Recorder

_OUTCOMES = frozenset(TICKET_OUTCOMES)
_LONGEST = max(map(len, TICKET_OUTCOMES))
_SAYS_OUTCOME = ("outcome", "status")


class TicketObservation(Observation):
    """One ticket while it is processed.

    Attributes:
        outcome: How it ends, where that is known before its function returns.
        costs: US dollars of the calls of language models that it took; None once it has ended.

    """

    __slots__ = ("_begun", "_handed_over", "_ticket", "_tracker", "costs", "outcome")

    def __init__(self, tracker: TicketTracker, ticket: object) -> None:
        super().__init__()
        self._tracker = tracker
        self._ticket = ticket
        self.outcome: str | None = None
        self.costs: list[float] | None = []
        self._handed_over = False
        tracker.in_progress.inc()
        self._begun = perf_counter()

    def ended(self, result: object, error: BaseException | None) -> None:
        """Count the ticket by its outcome."""
        tracker = self._tracker
        try:
            elapsed = perf_counter() - self._begun
            tracker.in_progress.dec()
            if error is None:
                outcome = self.outcome or self._said(result)
            else:
                outcome = "cancelled" if isinstance(error, CANCELLED) else "error"
            self._record(outcome, elapsed, error)
        except LaterError:
            tracker.recorder.put_off(partial(self._record, outcome, elapsed, error))
        except Exception as fault:  # noqa: BLE001  never the application's
            tracker.recorder.faults.note("ticket", fault)
        if tracker.recorder.pending:
            tracker.recorder.settle()

    def abandoned(self) -> None:
        """Put off: see :meth:`Observation.abandoned`."""
        elapsed = perf_counter() - self._begun
        self._tracker.recorder.put_off(partial(self._cancelled, elapsed))

    def escalated(self, category: object, reason: object) -> None:
        """The ticket goes to a person; counted here, and not again when it ends."""
        if not self._handed_over:
            self._handed_over = True
            self.outcome = "escalated"
            if category is None:
                category = _field(self._ticket, "category")
            self._tracker.recorder.count("tickets_escalated_total", 1, category, reason)

    def _said(self, result: object) -> str:
        tracker = self._tracker
        try:
            return tracker.outcome_of(result)
        except Exception as fault:  # noqa: BLE001  never the application's
            tracker.recorder.faults.note("ticket", fault)
            return OTHER

    def _cancelled(self, elapsed: float) -> None:
        self._tracker.in_progress.dec()
        self._record("cancelled", elapsed, None)

    def _record(self, outcome: str, elapsed: float, error: BaseException | None) -> None:
        tracker, ticket = self._tracker, self._ticket
        category, channel = _field(ticket, "category"), _field(ticket, "channel")
        try:
            count, observe = tracker.bound[category, channel, outcome]
        except (KeyError, TypeError):
            count, observe = tracker.bind(category, channel, outcome)
        count()
        observe(elapsed)
        # Tasks that outlive the ticket keep it, and go on calling models.
        costs, self.costs = self.costs, None
        if costs:
            tracker.recorder.time("ticket_llm_cost_usd", sum(costs), category)
        if error is not None and outcome == "error":
            kind = error_type(error)
            tracker.recorder.count("errors_total", 1, "agent", kind)
        if outcome == "escalated" and not self._handed_over:
            reason = _field(ticket, "escalation_reason")
            tracker.recorder.count("tickets_escalated_total", 1, category, reason)
        if outcome == "resolved" and (created := _instant(ticket, "created_at")) is not None:
            took = max(time() - created, 0.0)
            tracker.recorder.time("ticket_resolution_duration_seconds", took, category, "agent")


class TicketTracker:
    """Begins observations of tickets.

    Args:
        recorder: Where they are recorded.
        outcome_of: How a ticket ended, from what its function returned.

    """

    def __init__(self, recorder: Recorder, outcome_of: Callable[[Any], str] | None = None) -> None:
        self.recorder = recorder
        self.outcome_of = outcome_of or outcome_said
        self.in_progress = recorder.instruments.child("tickets_in_progress")
        self.bound: dict[
            tuple[object, object, str], tuple[Callable[[], None], Callable[[float], None]]
        ] = {}

    def begin(self, ticket: object) -> TicketObservation:
        """A ticket is picked up."""
        seen = TicketObservation(self, ticket)
        queued = _instant(ticket, "queued_at")
        if queued is not None:
            waited = max(time() - queued, 0.0)
            priority = _field(ticket, "priority")
            self.recorder.time("queue_wait_duration_seconds", waited, priority)
        return seen

    def bind(
        self, category: object, channel: object, outcome: str
    ) -> tuple[Callable[[], None], Callable[[float], None]]:
        """What counts and times the tickets of some labels."""
        child = self.recorder.instruments.child
        labels = (category, channel, outcome)
        counter = child("tickets_processed_total", *labels)
        histogram = child("ticket_processing_duration_seconds", category, outcome)
        observe = histogram.observe
        if self.recorder.exemplar:
            observe = partial(self.recorder.observe, histogram)
        bound = (counter.inc, observe)
        if self.recorder.instruments.remembers("tickets_processed_total", *labels):
            self.bound[labels] = bound
        return bound


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


def outcome_said(result: object) -> str:
    """How a ticket ended, as what its function returned says; ``resolved`` if it says nothing.

    Understood are one of ``resolved``, ``escalated``, ``error`` and ``cancelled``, and a dictionary
    or an object with such an ``outcome`` or ``status``, also as a member of an enum.
    """
    said = result.value if isinstance(result, Enum) else result
    if type(said) is str:
        return _outcome(said) or "resolved"
    for name in _SAYS_OUTCOME:
        said = _field(result, name)
        said = said.value if isinstance(said, Enum) else said
        if isinstance(said, str) and (outcome := _outcome(said)):
            return outcome
    return "resolved"


def _outcome(said: str) -> str | None:
    """The outcome that a word is, capitals or not; what is said may be a long answer."""
    small = said.lower() if len(said) <= _LONGEST else ""
    return small if small in _OUTCOMES else None


def _field(source: object, name: str) -> Any:
    if type(source) is dict:
        return source.get(name)
    try:
        return getattr(source, name, None)
    except Exception:  # noqa: BLE001  a property of the application's may fail
        return None


def _instant(ticket: object, name: str) -> float | None:
    """A field of a ticket as Unix seconds; a time without a zone is UTC."""
    value = _field(ticket, name)
    if value is None:
        return None
    try:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        return float(value) if isinstance(value, int | float) else None
    except Exception:  # noqa: BLE001  a number beyond all, or a time zone of the application's
        return None
