"""The queue of tickets: the most urgent first, and never more than may wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from exporter import metrics

if TYPE_CHECKING:
    from exporter.demo.tickets import Ticket

_ORDER = ("urgent", "high", "normal", "low")
_MOST = 300


class Full(Exception):  # noqa: N818  as asyncio.QueueFull is called
    """No more tickets can wait."""


class WaitingTickets:
    """Tickets that wait for a worker; used from one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Ticket]] = {priority: [] for priority in _ORDER}
        self._there = asyncio.Semaphore(0)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, ticket: Ticket) -> None:
        """Let a ticket wait.

        Raises:
            Full: Too many do.

        """
        if len(self) >= _MOST:
            raise Full(f"{_MOST} tickets wait already")
        priority = ticket.priority if ticket.priority in self._waiting else "normal"
        self._waiting[priority].append(ticket)
        self._there.release()

    async def take(self) -> Ticket:
        """The most urgent ticket, of those the oldest; waits for one."""
        await self._there.acquire()
        return next(tickets for tickets in self._waiting.values() if tickets).pop(0)

    def channels(self) -> Counter[str]:
        """How many wait by channel."""
        return Counter(one.channel for tickets in self._waiting.values() for one in tickets)

    def report(self) -> None:
        """Tell how many wait, and since when."""
        for priority, tickets in self._waiting.items():
            metrics.queue(len(tickets), tickets[0].queued_at if tickets else 0.0, priority)
