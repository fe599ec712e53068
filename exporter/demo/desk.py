"""The service desk: workers that take tickets from the queue, and people who take over."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from exporter import metrics
from exporter.demo.tickets import Customer
from exporter.demo.waiting import WaitingTickets

if TYPE_CHECKING:
    from exporter.demo.agent import Agent, Decision
    from exporter.demo.tally import Tally
    from exporter.demo.tickets import Ticket

PEOPLE_HURRY = 600.0
"""People work so many times faster than they say, so that something is seen of it."""


class Desk:
    """Workers over the queue, in one event loop.

    Args:
        agent: Does what a worker does with a ticket.
        tally: What the demonstration itself counts.
        seed: Of what customers do.
        workers: How many tickets are worked on at once.

    """

    def __init__(self, agent: Agent, tally: Tally, seed: int, workers: int) -> None:
        self._agent, self._tally, self._seed, self._size = agent, tally, seed, workers
        self._queue = WaitingTickets()
        self._open: dict[int, str] = {}
        self._afterwards: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        """Tickets that wait, are worked on, or are with people."""
        return len(self._queue) + len(self._open) + len(self._afterwards)

    @property
    def waiting(self) -> int:
        """Tickets that wait."""
        return len(self._queue)

    def accept(self, ticket: Ticket) -> None:
        """Take a ticket into the queue.

        Raises:
            Full: Too many wait.

        """
        self._queue.put(ticket)
        metrics.ticket_received(ticket.category, ticket.channel, ticket.priority)
        self._tally.add("received")

    async def work(self) -> None:
        """Work until cancelled; what is begun is then dropped."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(self._size):
                workers.create_task(self._worker())

    def report(self) -> None:
        """Tell how full the queue is, what workers do, and who is in conversation."""
        self._queue.report()
        metrics.workers(len(self._open), self._size - len(self._open))
        here = Counter(self._open.values()) + self._queue.channels()
        for channel in ("chat", "phone"):
            metrics.conversations_open(here[channel], channel)

    async def _worker(self) -> None:
        while True:
            ticket = await self._queue.take()
            self._open[ticket.number] = ticket.channel
            try:
                await self._handle(ticket, Customer.of(ticket, self._seed))
            finally:
                del self._open[ticket.number]

    async def _handle(self, ticket: Ticket, customer: Customer) -> None:
        work = asyncio.create_task(self._decided(ticket, customer))
        chats = ticket.channel in {"chat", "phone"}
        _, unfinished = await asyncio.wait({work}, timeout=customer.patience if chats else None)
        if unfinished:
            # The customer has closed the window: nobody is there to be answered.
            work.cancel()
        (done,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(done, asyncio.CancelledError):
            self._tally.add("cancelled")
        elif isinstance(done, BaseException):
            self._tally.add("error")
        else:
            self._tally.add(done.outcome)
            afterwards = asyncio.create_task(self._follow_up(ticket, customer, done))
            self._afterwards.add(afterwards)
            afterwards.add_done_callback(self._afterwards.discard)

    async def _decided(self, ticket: Ticket, customer: Customer) -> Decision:
        if ticket.channel == "email":
            return await asyncio.to_thread(self._agent.answer_mail, ticket, customer)
        return await self._agent.resolve(ticket, customer)

    async def _follow_up(self, ticket: Ticket, customer: Customer, decision: Decision) -> None:
        """A person takes over what is escalated; customers rate, and some come back."""
        if decision.outcome == "escalated":
            self._agent.models.summary(ticket.text)
            await asyncio.sleep(customer.human_seconds / PEOPLE_HURRY)
            metrics.human_handling(customer.human_seconds, ticket.category)
            metrics.ticket_closed(customer.human_seconds, ticket.category)
            self._tally.add("closed_by_people")
        elif customer.returns:
            metrics.ticket_reopened(ticket.category)
            self._tally.add("reopened")
        if customer.score is not None:
            metrics.rated(customer.score, ticket.channel)
            self._tally.add("rated")
