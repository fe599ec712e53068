"""What happens once and is told in a line: events, levels, and what is configured."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from exporter.failures import error_type
from exporter.labels import OTHER
from exporter.observation import innermost
from exporter.tickets import TicketObservation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exporter.recorder import Recorder

_CLASS = 100


class Events:
    """Methods for what is not a call of a function; none of them raises.

    Args:
        recorder: Where everything is recorded.

    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    # Tickets

    def ticket_received(
        self, category: object = None, channel: object = None, priority: object = "normal"
    ) -> None:
        """A ticket was accepted into the queue."""
        self.recorder.count("tickets_received_total", 1, category, channel, priority)

    def ticket_escalated(self, reason: object, category: object = None) -> None:
        """A ticket goes to a person; the one that is being processed ends as escalated by that."""
        seen = innermost(TicketObservation)
        if seen is None:
            self.recorder.count("tickets_escalated_total", 1, category, reason)
        else:
            seen.escalated(category, reason)

    def ticket_reopened(self, category: object = None) -> None:
        """A customer opened a ticket again."""
        self.recorder.count("tickets_reopened_total", 1, category)

    def ticket_closed(self, seconds: float, category: object = None) -> None:
        """A person closed an escalated ticket, so many seconds after it was created."""
        name = "ticket_resolution_duration_seconds"
        self.recorder.time(name, seconds, category, "human")

    def human_handling(self, seconds: float, category: object = None) -> None:
        """A person worked on an escalated ticket for so many seconds."""
        self.recorder.count("human_handling_seconds_total", seconds, category)

    def rated(self, score: int, channel: object = None) -> None:
        """A customer rated an answer, from 1 to 5."""
        self.recorder.count("csat_responses_total", 1, channel, score)

    def response_sent(self, seconds: float, channel: object = "chat") -> None:
        """A customer saw the first words of an answer, so many seconds after writing."""
        self.recorder.time("response_duration_seconds", seconds, channel)

    def conversations_open(self, count: int, channel: object = "chat") -> None:
        """So many conversations are open now."""
        self.recorder.level("active_conversations", count, channel)

    # Queue and workers

    def queue(self, depth: int, oldest: float = 0.0, priority: object = "normal") -> None:
        """So many tickets wait, the oldest since ``oldest`` (Unix seconds; 0 for none)."""
        self.recorder.level("queue_depth", depth, priority)
        self.recorder.level("queue_oldest_ticket_timestamp_seconds", oldest, priority)

    def queue_wait(self, seconds: float, priority: object = "normal") -> None:
        """A ticket was picked up after so many seconds."""
        self.recorder.time("queue_wait_duration_seconds", seconds, priority)

    def workers(self, busy: int, idle: int) -> None:
        """So many workers are busy and idle."""
        self.recorder.level("workers", busy, "busy")
        self.recorder.level("workers", idle, "idle")

    # Language models, beside their calls

    def llm_retried(self, provider: str, model: str, attempts: int = 1) -> None:
        """A call took so many attempts beyond the first."""
        self.recorder.count("llm_retries_total", attempts, provider, model)

    def llm_fell_back(self, from_model: str, to_model: str, reason: object = "error") -> None:
        """Another model was asked instead."""
        self.recorder.count("llm_fallbacks_total", 1, from_model, to_model, reason)

    def circuit_breaker(self, provider: str, *, is_open: bool) -> None:
        """Calls to a provider are tried, or not."""
        self.recorder.level("llm_circuit_breaker_open", 1.0 if is_open else 0.0, provider)

    def rate_limit_remaining(
        self, provider: str, model: str, *, requests: float | None, tokens: float | None = None
    ) -> None:
        """What the provider said in the last answer is left of its quota."""
        for kind, left in (("requests", requests), ("tokens", tokens)):
            if left is not None:
                self.recorder.level("llm_ratelimit_remaining", left, provider, model, kind)

    def cost_budget(self, usd: float, period: object = "month") -> None:
        """The budget of dollars for language models."""
        self.recorder.level("llm_budget_usd", usd, period)

    def token_budget(
        self, provider: str, tokens: float, period: object = "day", remaining: float | None = None
    ) -> None:
        """The budget of tokens, and what whoever keeps it for all replicas says is left."""
        self.recorder.level("llm_token_budget_tokens", tokens, provider, period)
        if remaining is not None:
            name = "llm_token_budget_remaining_tokens"
            self.recorder.level(name, remaining, provider, period)

    # Tools, knowledge, money

    def tool_called(self, tool: str, outcome: object = "success") -> None:
        """The agent called a tool: success or error."""
        self.recorder.count("tool_calls_total", 1, tool, outcome)

    def knowledge_base_lookup(self, outcome: object) -> None:
        """A search of the knowledge base: hit, miss or error."""
        self.recorder.count("knowledge_base_lookups_total", 1, outcome)

    def service_cost(self, service: str, usd: float) -> None:
        """A service other than language models cost so many dollars more."""
        self.recorder.count("service_cost_usd_total", usd, service)

    def human_ticket_cost(self, usd: float) -> None:
        """What a ticket costs that a person handles."""
        self.recorder.level("human_ticket_cost_usd", usd)

    # What the agent stands on

    def http_request(self, method: object, route: str, status: int, seconds: float) -> None:
        """A request was answered; the route is a template, never a path."""
        code_class = f"{status // _CLASS}xx" if isinstance(status, int) else None
        self.recorder.count("http_requests_total", 1, method, route, code_class)
        self.recorder.time("http_request_duration_seconds", seconds, route)

    @contextmanager
    def database_query(self, operation: str, pool: str = "primary") -> Iterator[None]:
        """A query that is made in a ``with`` block."""
        begun = perf_counter()
        try:
            yield
        except Exception as error:
            kind = error_type(error)
            # Drivers have names of their own for what is wrong with a query.
            kind = "query" if kind == OTHER else kind
            self.recorder.count("db_errors_total", 1, pool, kind)
            self.recorder.count("errors_total", 1, "database", kind)
            raise
        finally:
            took = perf_counter() - begun
            self.recorder.time("db_query_duration_seconds", took, operation)

    def database_pool(
        self, *, in_use: int, idle: int, limit: int, waiting: int = 0, pool: str = "primary"
    ) -> None:
        """How a pool of connections does."""
        self.recorder.level("db_pool_connections", in_use, pool, "in_use")
        self.recorder.level("db_pool_connections", idle, pool, "idle")
        self.recorder.level("db_pool_max_connections", limit, pool)
        self.recorder.level("db_pool_waiting_requests", waiting, pool)

    def database_error(self, error: object = "pool_timeout", pool: str = "primary") -> None:
        """A query failed, or no connection could be had: a kind, or the exception."""
        kind = error_type(error) if isinstance(error, BaseException) else error
        self.recorder.count("db_errors_total", 1, pool, kind)

    def dependency(self, name: str, *, up: bool) -> None:
        """The last health check of a dependency passed, or not."""
        self.recorder.level("dependency_up", 1.0 if up else 0.0, name)

    def failed(self, component: object, error: BaseException) -> None:
        """Something failed that nothing else counts."""
        self.recorder.count("errors_total", 1, component, error_type(error))
