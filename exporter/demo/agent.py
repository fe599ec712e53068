"""The agent: what is done with one ticket, from pick-up to decision."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from exporter import metrics, track_response, track_ticket_processing
from exporter.demo.database import PoolTimeoutError
from exporter.demo.models import REASONING
from exporter.demo.stand_in import ProviderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exporter.demo.database import Database
    from exporter.demo.models import Models
    from exporter.demo.tally import Tally
    from exporter.demo.tickets import Customer, Ticket

_LOST_PARCELS = 150
"""Orders up to this number nobody can track."""


@dataclass(frozen=True)
class Decision:
    """How the agent leaves a ticket; the decorator reads ``outcome``.

    Attributes:
        outcome: ``resolved`` or ``escalated``.
        reason: Why it is escalated, None where it is not.

    """

    outcome: str
    reason: str | None = None


@dataclass(frozen=True)
class Agent:
    """Answers tickets by models, tools and a knowledge base.

    Attributes:
        models: Language models.
        database: Orders and articles.
        tally: What the demonstration itself counts.

    """

    models: Models
    database: Database
    tally: Tally

    @track_ticket_processing
    async def resolve(self, ticket: Ticket, customer: Customer) -> Decision:
        """Answer a ticket, or hand it to a person: one to four calls of models.

        Raises:
            PoolTimeoutError: The database is overwhelmed.

        """
        if customer.wants_person:
            return self._escalated("customer_request")
        await asyncio.to_thread(self.models.classify, ticket.text)
        state = await asyncio.to_thread(self._look_up_order, ticket)
        articles = await asyncio.to_thread(self._search, ticket.text)
        prompt = f"{ticket.text}\nThe order is {state}.\nArticles: {', '.join(articles)}"
        try:
            answer = await self._answered(ticket, prompt)
            if customer.is_hard:
                await self.models.review(answer)
                await asyncio.to_thread(self.models.think, answer, REASONING)
        except ProviderError:
            return self._escalated("llm_failure")
        return Decision("resolved") if customer.is_easy else self._escalated("low_confidence")

    def answer_mail(self, ticket: Ticket, customer: Customer) -> Decision:
        """The same for mail, by contexts, as in code that cannot be decorated."""
        mail = {
            "category": ticket.category,
            "channel": ticket.channel,
            "created_at": ticket.created_at,
        }
        with metrics.ticket(mail) as seen:
            metrics.queue_wait(time() - ticket.queued_at, ticket.priority)
            try:
                self.models.mail(ticket.text)
            except ProviderError:
                metrics.ticket_escalated("llm_failure")
                return Decision("escalated", "llm_failure")
            metrics.response_sent(time() - ticket.created_at, "email")
            if customer.is_easy:
                seen.outcome = "resolved"
                return Decision("resolved")
            metrics.ticket_escalated("sentiment")
            return Decision("escalated", "sentiment")

    @track_response(channel="api")
    def ask(self, text: str) -> Iterator[str]:
        """A quick question, answered while its sender waits: the first words are timed."""
        for chunk in self.models.ask(text):
            if chunk.choices and (delta := getattr(chunk.choices[0].delta, "content", None)):
                yield delta

    def ask_whole(self, text: str) -> str:
        """The same in one piece."""
        with metrics.response(channel="api"):
            return "".join(
                chunk.choices[0].delta.content
                for chunk in self.models.ask(text)
                if chunk.choices and hasattr(chunk.choices[0].delta, "content")
            )

    async def _answered(self, ticket: Ticket, prompt: str) -> str:
        """The answer, sent as it is written; the wait began when the customer wrote."""
        pieces: list[str] = []
        async for piece in self.models.answer(prompt):
            if not pieces:
                metrics.response_sent(time() - ticket.created_at, ticket.channel)
                self.tally.add("responses")
            pieces.append(piece)
        return "".join(pieces)

    def _escalated(self, reason: str) -> Decision:
        metrics.ticket_escalated(reason)
        return Decision("escalated", reason)

    def _look_up_order(self, ticket: Ticket) -> str:
        """A tool of the agent's: what is known of the order that a customer names."""
        named = re.search(r"order is (\d+)", ticket.text)
        if named is None:
            return "unknown"
        try:
            state = self.database.order(int(named[1]))
        except PoolTimeoutError as error:
            metrics.tool_called("look_up_order", "error")
            metrics.failed("tool", error)
            self.tally.add("tool_errors")
            raise
        metrics.tool_called("look_up_order")
        self.tally.add("tool_calls")
        if state == "on its way":
            self._track_parcel(int(named[1]))
        return state or "unknown"

    def _track_parcel(self, number: int) -> None:
        """Another tool, whose failures the agent can live with."""
        outcome = "error" if number <= _LOST_PARCELS else "success"
        metrics.tool_called("track_parcel", outcome)
        self.tally.add("tool_errors" if outcome == "error" else "tool_calls")

    def _search(self, text: str) -> list[str]:
        """Articles that help, by words; their vectors are asked for, as a real agent would."""
        try:
            self.models.embed(text)
        except ProviderError as error:
            metrics.failed("knowledge_base", error)
        return self.database.articles(text)
