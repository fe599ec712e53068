"""Tickets: what is read of them, how they end, what they cost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from time import time
from types import SimpleNamespace

import pytest

from tests.exposed import faults, samples, seen, total

ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 100, "completion_tokens": 10}}


@dataclass
class Ticket:
    category: str = "billing"
    channel: str = "email"
    priority: str = "high"
    created_at: object = None
    queued_at: object = None
    escalation_reason: str | None = None


class Outcome(Enum):
    ESCALATED = "escalated"
    SHOUTED = "ESCALATED"


# Which argument is the ticket


@pytest.mark.parametrize(
    "ticket", [Ticket(), Ticket().__dict__, SimpleNamespace(**Ticket().__dict__)], ids=type
)
def test_a_ticket_is_an_object_or_a_dictionary(metrics, ticket):
    metrics.track_ticket_processing(lambda ticket: None)(ticket)
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "resolved"): 1}
    timed = seen(metrics, "ticket_processing_duration_seconds_count")
    assert timed == {("billing", "resolved"): 1}
    assert samples(metrics, "tickets_in_progress") == {(): 0}


class Worker:
    def method(self, ticket):
        pass

    def late(self, tools, *, ticket=None):
        pass

    @classmethod
    def of_class(cls, ticket):
        pass

    @staticmethod
    def static(ticket):
        pass


def both(tools, ticket):
    pass


CALLS = {
    "first": (lambda one: None, [Ticket()], {}),
    "by name": (both, ["tools", Ticket()], {}),
    "named": (both, [], {"ticket": Ticket(), "tools": None}),
    "only named": (lambda *, ticket: None, [], {"ticket": Ticket()}),
    "among others": (lambda **fields: None, [], {"ticket": Ticket()}),
    "any": (lambda *args: None, [Ticket()], {}),
    "partial": (partial(both, "tools"), [Ticket()], {}),
    "partial by name": (partial(both, tools="tools"), [], {"ticket": Ticket()}),
    "bound method": (Worker().method, [Ticket()], {}),
    "callable": (type("Call", (), {"__call__": lambda self, ticket: None})(), [Ticket()], {}),
}


@pytest.mark.parametrize("kind", CALLS)
def test_the_ticket_is_found_among_the_arguments(metrics, kind):
    function, args, kwargs = CALLS[kind]
    metrics.track_ticket_processing(function)(*args, **kwargs)
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "resolved"): 1}


def test_the_ticket_is_found_in_methods(metrics):
    track = metrics.track_ticket_processing

    class Tracked:
        method = track(Worker.__dict__["method"])
        late = track(Worker.__dict__["late"])
        of_class = track(Worker.__dict__["of_class"])
        static = track(Worker.__dict__["static"])

    tracked = Tracked()
    tracked.method(Ticket())
    tracked.late("tools", ticket=Ticket())
    tracked.of_class(Ticket())
    tracked.static(Ticket())
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "resolved"): 4}


def test_a_function_without_a_ticket_is_counted_all_the_same(metrics):
    metrics.track_ticket_processing(lambda: None)()
    assert seen(metrics, "tickets_processed_total") == {("other", "other", "resolved"): 1}


# How a ticket ended


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (None, "resolved"),
        ("resolved", "resolved"),
        ("Your parcel is on its way", "resolved"),
        ("escalated", "escalated"),
        ("Escalated", "escalated"),
        (Outcome.ESCALATED, "escalated"),
        (Outcome.SHOUTED, "escalated"),
        ({"status": "escalated"}, "escalated"),
        ({"status": "ok", "outcome": "error"}, "error"),
        (SimpleNamespace(outcome=Outcome.ESCALATED), "escalated"),
        (SimpleNamespace(status=404), "resolved"),
        (False, "resolved"),
    ],
)
def test_what_a_function_returns_says_how_a_ticket_ended(metrics, result, outcome):
    assert metrics.track_ticket_processing(lambda ticket: result)(Ticket()) is result
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", outcome): 1}
    escalated = {("billing", "other"): 1} if outcome == "escalated" else {}
    assert seen(metrics, "tickets_escalated_total") == escalated


@pytest.mark.parametrize(
    ("error", "outcome"), [(TimeoutError(), "error"), (asyncio.CancelledError(), "cancelled")]
)
def test_an_exception_is_an_error_and_a_cancellation_is_not(metrics, error, outcome):
    def process(ticket):
        raise error

    with pytest.raises(type(error)):
        metrics.track_ticket_processing(process)(Ticket())
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", outcome): 1}
    errors = {("agent", "timeout"): 1} if outcome == "error" else {}
    assert seen(metrics, "errors_total") == errors
    assert samples(metrics, "tickets_in_progress") == {(): 0}


def test_an_outcome_of_ones_own(metrics):
    track = metrics.track_ticket_processing(outcome=lambda result: result[1])
    assert track(lambda ticket: ("text", "escalated"))(Ticket()) == ("text", "escalated")
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "escalated"): 1}


@pytest.mark.parametrize("outcome", [lambda result: 1 / 0, lambda result: "sold"])
def test_a_ticket_whose_outcome_cannot_be_told_is_counted_all_the_same(any_metrics, outcome):
    track = any_metrics.track_ticket_processing(outcome=outcome)
    assert track(lambda ticket: "text")(Ticket()) == "text"
    assert seen(any_metrics, "tickets_processed_total") == {("billing", "email", "other"): 1}
    assert samples(any_metrics, "tickets_in_progress") == {(): 0}


# Escalation


def test_an_escalation_is_counted_once_with_its_reason(metrics):
    @metrics.track_ticket_processing
    def process(ticket):
        metrics.ticket_escalated("policy")
        metrics.ticket_escalated("sentiment")
        return "escalated"

    process(Ticket())
    assert seen(metrics, "tickets_escalated_total") == {("billing", "policy"): 1}
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "escalated"): 1}


def test_a_ticket_tells_the_reason_itself(metrics):
    ticket = Ticket(escalation_reason="low_confidence")
    metrics.track_ticket_processing(lambda ticket: "escalated")(ticket)
    assert seen(metrics, "tickets_escalated_total") == {("billing", "low_confidence"): 1}


def test_an_escalation_within_a_call_of_a_model_is_the_tickets(metrics):
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    def call():
        metrics.ticket_escalated("llm_failure")
        return ANSWER

    metrics.track_ticket_processing(lambda ticket: call())(Ticket())
    assert seen(metrics, "tickets_processed_total") == {("billing", "email", "escalated"): 1}


# Contexts


def test_a_context_is_a_ticket(metrics):
    with metrics.ticket(Ticket()):
        assert samples(metrics, "tickets_in_progress") == {(): 1}
    with metrics.ticket(Ticket()) as ticket:
        ticket.outcome = "escalated"
    with pytest.raises(KeyError), metrics.ticket():
        raise KeyError

    async def use():
        async with metrics.ticket(Ticket(category="refund")):
            metrics.ticket_escalated("policy")

    asyncio.run(use())
    assert seen(metrics, "tickets_processed_total") == {
        ("billing", "email", "resolved"): 1,
        ("billing", "email", "escalated"): 1,
        ("refund", "email", "escalated"): 1,
        ("other", "other", "error"): 1,
    }
    assert seen(metrics, "tickets_escalated_total") == {
        ("billing", "other"): 1,
        ("refund", "policy"): 1,
    }
    assert samples(metrics, "tickets_in_progress") == {(): 0}


# Times


@pytest.mark.parametrize(
    "moment",
    [
        lambda at: at,
        int,
        lambda at: datetime.fromtimestamp(at, UTC),
        lambda at: datetime.fromtimestamp(at, UTC).replace(tzinfo=None),
    ],
    ids=["seconds", "whole seconds", "datetime", "datetime without a zone"],
)
def test_a_ticket_waited_and_was_resolved_since(metrics, moment):
    ticket = Ticket(created_at=moment(time() - 7_000), queued_at=moment(time() - 20))
    metrics.track_ticket_processing(lambda ticket: None)(ticket)
    waited = seen(metrics, "queue_wait_duration_seconds_sum")
    assert waited == {("high",): pytest.approx(20, abs=5)}
    took = seen(metrics, "ticket_resolution_duration_seconds_sum")
    assert took == {("billing", "agent"): pytest.approx(7_000, abs=5)}


def test_times_to_come_are_none(metrics):
    ticket = Ticket(created_at=time() + 900, queued_at=datetime.now(UTC) + timedelta(hours=1))
    metrics.track_ticket_processing(lambda ticket: None)(ticket)
    assert total(metrics, "queue_wait_duration_seconds_sum") == 0
    assert total(metrics, "ticket_resolution_duration_seconds_count") == 1


@pytest.mark.parametrize(
    "moment",
    ["yesterday", True, ..., 10**400, float("nan"), datetime.max.replace(tzinfo=UTC), b"1"],
    ids=lambda one: repr(one)[:12],
)
def test_times_that_cannot_be_leave_the_ticket_counted(any_metrics, moment):
    ticket = Ticket(created_at=moment, queued_at=moment)
    any_metrics.track_ticket_processing(lambda ticket: None)(ticket)
    with any_metrics.ticket(ticket):
        pass
    assert seen(any_metrics, "tickets_processed_total") == {("billing", "email", "resolved"): 2}
    assert samples(any_metrics, "tickets_in_progress") == {(): 0}


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError(name)


def test_a_ticket_that_fails_whatever_it_is_asked(any_metrics):
    answer = object()
    assert any_metrics.track_ticket_processing(lambda ticket: answer)(Hostile()) is answer
    with any_metrics.ticket(Hostile()):
        pass
    assert seen(any_metrics, "tickets_processed_total") == {("other", "other", "resolved"): 2}
    assert samples(any_metrics, "tickets_in_progress") == {(): 0}


# Cost


def test_a_ticket_whose_calls_have_no_price_does_not_cost_nothing(metrics):
    call = metrics.track_llm_call(provider="openai", model="x")(lambda: {**ANSWER, "model": "x"})
    metrics.track_ticket_processing(lambda ticket: call() and "resolved")(Ticket())
    assert seen(metrics, "llm_unpriced_requests_total") == {("openai", "unknown_model"): 1}
    assert total(metrics, "ticket_llm_cost_usd_count") == 0


def test_calls_of_a_task_that_outlives_its_ticket_are_not_kept(metrics):
    """A worker that is started by the first ticket that needs it."""
    call = metrics.track_llm_call(provider="openai", model="gpt-4o")(lambda: ANSWER)
    open_tickets = []

    async def worker(wanted):
        while await wanted.get():
            call()

    async def use():
        wanted = asyncio.Queue()
        with metrics.ticket(Ticket()) as ticket:
            open_tickets.append(ticket)
            task = asyncio.create_task(worker(wanted))
        for more in (*[True] * 1_000, False):
            wanted.put_nowait(more)
        await task

    asyncio.run(use())
    assert total(metrics, "llm_requests_total") == 1_000
    assert total(metrics, "ticket_llm_cost_usd_count") == 0
    assert not open_tickets[0]._costs


def test_one_fault_is_one_fault(any_metrics):
    any_metrics.track_ticket_processing(outcome=lambda result: 1 / 0)(lambda ticket: None)(Ticket())
    assert faults(any_metrics) == {"ticket": 1}
