"""Tickets while they are processed: how long that takes, how it ends, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from exporter.bound import adder, finisher
from exporter.failures import CANCELLED, error_type
from exporter.instruments import LaterError
from exporter.labels import OTHER
from exporter.observation import CURRENT, Observation, Unobserved
from exporter.settings import TICKET_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from exporter.recorder import Recorder

_OUTCOMES = frozenset(TICKET_OUTCOMES)
_LONGEST = max(map(len, TICKET_OUTCOMES))
_SAYS_OUTCOME = ("outcome", "status")


class TicketObservation(Observation):
    """One ticket while it is processed.

    Attributes:
        outcome: How it ends, where that is known before its function returns.

    """

    outcome: str | None = None
    _costs: list[float] | None = None
    _ended = _handed_over = False

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
            outcome = self.outcome or self._tracker.outcome_of(result)
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
        if not self._handed_over:
            self._handed_over = True
            self.outcome = "escalated"
            if category is None:
                category = _field(self._ticket, "category")
            self._tracker.recorder.count("tickets_escalated_total", 1, category, reason)

    def cost(self, usd: float) -> None:
        """A call of a language model that the ticket took cost so many US dollars."""
        # Tasks that outlive the ticket keep it, and go on calling models.
        if not self._ended:
            # Calls of several threads may be the first at the same time.
            self.__dict__.setdefault("_costs", []).append(usd)

    def _cancelled(self, elapsed: float) -> None:
        self._record("cancelled", elapsed, None)

    def _record(self, outcome: str, elapsed: float, error: BaseException | None) -> None:
        tracker, ticket = self._tracker, self._ticket
        category, channel, created = _facts(ticket)
        try:
            finish = tracker.finish[category, channel, outcome]
        except (KeyError, TypeError):
            finish = tracker.bind(category, channel, outcome)
        self._ended = True
        finish(elapsed)
        record = tracker.recorder
        if self._costs is not None:
            record.time("ticket_llm_cost_usd", sum(self._costs), category)
        if outcome == "resolved":
            if created is not None and (at := _seconds(created)) is not None:
                took = max(time() - at, 0.0)
                record.time("ticket_resolution_duration_seconds", took, category, "agent")
        elif outcome == "escalated" and not self._handed_over:
            reason = _field(ticket, "escalation_reason")
            record.count("tickets_escalated_total", 1, category, reason)
        elif error is not None and outcome == "error":
            record.count("errors_total", 1, "agent", error_type(error))


class TicketTracker:
    """Begins observations of tickets.

    Args:
        recorder: Where they are recorded.
        outcome_of: How a ticket ended, from what its function returned; may fail.

    """

    def __init__(self, recorder: Recorder, outcome_of: Callable[[Any], str] | None = None) -> None:
        self.recorder = recorder
        self.outcome_of = outcome_said if outcome_of is None else _careful(outcome_of, recorder)
        self._in_progress = recorder.instruments.child("tickets_in_progress")
        self.one_more = adder(self._in_progress)
        self.finish: dict[tuple[object, object, str], Callable[[float], None]] = {}

    def begin(self, ticket: object) -> TicketObservation:
        """A ticket is picked up."""
        queued = _field(ticket, "queued_at")
        if queued is not None:
            self._waited(ticket, queued)
        return TicketObservation(self, ticket)

    def beginning(self, ticket_of: Callable[[Any, Any], object]) -> Callable[..., Observation]:
        """What begins an observation of the ticket that is found among a call's arguments."""

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Observation:
            try:
                return self.begin(ticket_of(args, kwargs))
            except Exception as fault:  # noqa: BLE001  never the application's
                self.recorder.faults.note("ticket", fault)
                return Unobserved()

        return begin

    def _waited(self, ticket: object, queued: object) -> None:
        at = _seconds(queued)
        if at is not None:
            waited = max(time() - at, 0.0)
            self.recorder.time("queue_wait_duration_seconds", waited, _field(ticket, "priority"))

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


def _careful(outcome_of: Callable[[Any], str], recorder: Recorder) -> Callable[[Any], str]:
    """The same, for a function of the application's; where it fails, nobody knows the outcome."""

    def said(result: object) -> str:
        try:
            return outcome_of(result)
        except Exception as fault:  # noqa: BLE001  never the application's
            recorder.faults.note("ticket", fault)
            return OTHER

    return said


def outcome_said(result: object) -> str:
    """How a ticket ended, as what its function returned says; ``resolved`` if it says nothing.

    Understood are one of ``resolved``, ``escalated``, ``error`` and ``cancelled``, and a dictionary
    or an object with such an ``outcome`` or ``status``, also as a member of an enum.
    """
    if type(result) is str:
        return result if result in _OUTCOMES else _outcome(result) or "resolved"
    said = result.value if isinstance(result, Enum) else result
    if isinstance(said, str):
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


def _facts(ticket: object) -> tuple[Any, Any, Any]:
    """A ticket's category, its channel, and when it was created; None for what it has not."""
    if type(ticket) is not dict:
        try:
            return (
                getattr(ticket, "category", None),
                getattr(ticket, "channel", None),
                getattr(ticket, "created_at", None),
            )
        except Exception:  # noqa: BLE001  a property of the application's may fail
            names = ("category", "channel", "created_at")
            category, channel, created = (_field(ticket, name) for name in names)
            return category, channel, created
    return ticket.get("category"), ticket.get("channel"), ticket.get("created_at")


def _seconds(at: object) -> float | None:
    """An instant as Unix seconds; a time without a zone is UTC."""
    try:
        if isinstance(at, datetime):
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        return float(at) if isinstance(at, int | float) else None
    except Exception:  # noqa: BLE001  a number beyond all, or a time zone of the application's
        return None
