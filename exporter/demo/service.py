"""The whole service: stand-ins, agent and desk, in an event loop of a thread of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any

from exporter import metrics
from exporter.demo.agent import Agent
from exporter.demo.anthropic_client import AsyncAnthropic
from exporter.demo.database import Database
from exporter.demo.desk import Desk
from exporter.demo.models import GPT, Models
from exporter.demo.openai_client import OpenAI
from exporter.demo.stand_in import Conditions, Ledger
from exporter.demo.tally import Tally
from exporter.demo.tickets import Ticket

if TYPE_CHECKING:
    from exporter.demo.incident import Incident

_TOKENS_A_DAY = {"anthropic": 20_000_000, "openai": 10_000_000}
_DOLLARS_A_DAY = 25.0
_DOLLARS_A_TICKET_BY_PEOPLE = 8.0
_DOLLARS_AN_HOUR = {"compute": 0.60, "database": 0.25, "vector_store": 0.10}


class Service:
    """Accepts tickets from other threads and works on them.

    Args:
        seed: Of what customers and providers do.
        workers: How many tickets are worked on at once.
        incident: What goes wrong.

    Attributes:
        agent: Answers quick questions at once.
        tally: What was done.
        ledger: What the providers say that they will be paid for.
        incident: What goes wrong.

    """

    def __init__(self, seed: int, workers: int, incident: Incident) -> None:
        self.tally, self.ledger, self.incident = Tally(), Ledger(), incident
        luck = Random(seed)  # noqa: S311  a demonstration, no secret
        self._claude_is_down = partial(incident.is_on, "provider")
        claude = AsyncAnthropic(Conditions(luck, self.ledger, self._claude_is_down))
        self._openai = OpenAI(Conditions(luck, self.ledger))
        self._database = Database(partial(incident.is_on, "queue"))
        self.agent = Agent(Models(claude, self._openai, self.tally), self._database, self.tally)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(2 * workers))
        self._desk = Desk(self.agent, self.tally, seed, workers)
        self._thread = Thread(target=self._run, name="service")
        self._stopping, self._accepted = asyncio.Event(), 0

    def start(self) -> None:
        """Begin to work."""
        metrics.cost_budget(_DOLLARS_A_DAY, "day")
        metrics.human_ticket_cost(_DOLLARS_A_TICKET_BY_PEOPLE)
        self._thread.start()

    def stop(self) -> None:
        """Drop what is being worked on, and end."""
        self._database.end_waits()
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._database.close()

    def submit(self, form: dict[str, Any]) -> int:
        """Take a ticket from a form; returns its number.

        Raises:
            ValueError: A field of the form is not what it should be.
            Full: Too many tickets wait.

        """

        async def accepted() -> int:
            ticket = Ticket.accepted(self._accepted + 1, form)
            self._desk.accept(ticket)
            self._accepted += 1
            return ticket.number

        return asyncio.run_coroutine_threadsafe(accepted(), self._loop).result()

    def did(self) -> dict[str, Any]:
        """What was done, as the demonstration itself has counted it."""
        return {
            "pending": self._desk.pending,
            "waiting": self._desk.waiting,
            "incident": self.incident.kind if self.incident.active else "none",
            "counts": self.tally(),
            "tokens": self.ledger.rows(),
        }

    @property
    def spent(self) -> float:
        """Dollars for models, as the exporter has counted them."""
        (family,) = metrics.metric("llm_cost_usd_total").collect()
        return float(sum(one.value for one in family.samples if one.name.endswith("_total")))

    def _run(self) -> None:
        # The runner cancels what is left at the end, and waits for the threads of its executor.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._desk.work()),
                group.create_task(self._watch()),
                group.create_task(self._check_health()),
            ]
            await self._stopping.wait()
            for task in tasks:
                task.cancel()

    async def _watch(self) -> None:
        """Tell once a second how things stand."""
        while True:
            self._desk.report()
            self._database.report()
            for provider, tokens in _TOKENS_A_DAY.items():
                left = max(tokens - self.ledger.total(provider), 0)
                metrics.token_budget(provider, tokens, "day", remaining=left)
            metrics.rate_limit_remaining(
                "openai", GPT, requests=self._openai.requests_left, tokens=self._openai.tokens_left
            )
            for name, dollars in _DOLLARS_AN_HOUR.items():
                metrics.service_cost(name, dollars / 3600)
            await asyncio.sleep(1)

    async def _check_health(self) -> None:
        """Ask all that the agent stands on how it does."""
        while True:
            metrics.dependency("anthropic", up=not self._claude_is_down())
            metrics.dependency("database", up=await asyncio.to_thread(self._database.is_up))
            await asyncio.sleep(5)
