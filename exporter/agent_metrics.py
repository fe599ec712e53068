"""What an agent's developer talks to: everything that can happen, in one place."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from prometheus_client import REGISTRY, CollectorRegistry

from exporter.arguments import argument, named_or_first
from exporter.derived import DerivedGauges
from exporter.events import Events
from exporter.faults import Faults
from exporter.instruments import Instruments
from exporter.labels import OTHER, LabelGuard
from exporter.llm import LLMObservation, LLMTracker
from exporter.observation import Observation, Observed, Unobserved, innermost
from exporter.observing import observe
from exporter.price_file import read_price_file
from exporter.prices import PriceBook
from exporter.recorder import Recorder
from exporter.responses import ResponseObservation
from exporter.settings import TICKET_OUTCOMES, Settings
from exporter.tickets import TicketTracker
from exporter.traces import tracing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from exporter.observing import Function
    from exporter.tickets import TicketObservation

_SCORES = ("1", "2", "3", "4", "5")
_LOOKUPS = ("hit", "miss", "error")
_KEPT = "support_agent_metrics"
_CALLERS = 1_000
"""Ways to call models that are remembered: some programs make names as they go."""


class Metrics(Events):
    """The metrics of an AI support agent in one registry.

    Recording never raises: what is wrong is counted in
    ``support_agent_metrics_internal_errors_total`` and logged at most once a minute.

    Args:
        registry: Where they are created; usually the default one of prometheus_client.
        settings: Known labels, limits, prices and what is deployed.

    Attributes:
        registry: The registry.
        recorder: Where everything is recorded.

    Raises:
        ValueError: The registry has such metrics already.
        PriceFileError: The settings name a price file that cannot be understood.

    """

    def __init__(
        self, registry: CollectorRegistry = REGISTRY, settings: Settings | None = None
    ) -> None:
        if metrics_of(registry) is not None:
            raise ValueError(
                "this registry has the metrics of an agent already: use those, or another registry"
            )
        settings = settings or Settings()
        own = read_price_file(settings.price_file) if settings.price_file else None
        self.registry = registry
        self._prices = PriceBook(own)
        guard = LabelGuard(settings.domains)
        self._instruments = Instruments(registry, guard, settings.max_series)
        faults = Faults(self._instruments.metric("metrics_internal_errors_total"))
        super().__init__(Recorder(self._instruments, faults, tracing()))
        self._tickets = TicketTracker(self.recorder)
        self._callers: dict[tuple[str, str, str, str], LLMTracker] = {}
        self._begin_at_zero(settings)
        self._expose(settings, own.as_of if own else None)
        derived = [self.metric("tickets_processed_total"), self.metric("csat_responses_total")]
        registry.register(DerivedGauges(derived, self.recorder.settle))
        setattr(registry, _KEPT, self)

    def metric(self, name: str) -> Any:
        """A metric of prometheus_client itself, by its name without ``support_agent_``.

        Raises:
            KeyError: There is none of this name.

        """
        return self._instruments.metric(name)

    # Decorators and contexts

    @overload
    def track_ticket_processing(self, function: Function) -> Function: ...

    @overload
    def track_ticket_processing(
        self, *, outcome: Callable[[Any], str] | None = None
    ) -> Callable[[Function], Function]: ...

    def track_ticket_processing(
        self,
        function: Function | None = None,
        *,
        outcome: Callable[[Any], str] | None = None,
    ) -> Any:
        """Decorate what processes a ticket, its argument ``ticket`` or its first one.

        The ticket's ``category``, ``channel``, ``priority``, ``created_at`` and ``queued_at`` are
        read where it has them, as an object or a dictionary.

        Args:
            function: The function, where the decorator is used without parentheses.
            outcome: How a ticket ended, from what the function returned; without it,
                :func:`exporter.tickets.outcome_said`.

        """
        tracker = TicketTracker(self.recorder, outcome) if outcome else self._tickets

        def decorated(function: Function) -> Function:
            begin = tracker.beginning(named_or_first(function, "ticket"))
            return observe(function, begin)

        return decorated if function is None else decorated(function)

    def track_llm_call(
        self,
        *,
        provider: str,
        model: str | Enum | Callable[..., str] | None = None,
        operation: str = "chat",
        feature: str = "other",
        tier: str = "standard",
    ) -> Callable[[Function], Function]:
        """Decorate what calls a language model and returns, streams or yields its answer.

        Args:
            provider: Such as ``anthropic`` or ``openai``, as genai-prices spells it.
            model: The model, or a function that finds it in the call's arguments; without it, the
                argument ``model``.
            operation: Such as ``chat`` or ``embeddings``.
            feature: What the tokens are spent on.
            tier: In which calls are served whose answers do not tell: ``standard``, ``batch``,
                ``flex``, ``priority``, ``fast``, ``ultrafast`` or ``scale``. Calls of a batch are
                of it whatever they tell.

        """
        tracker = self._llm(provider, operation, feature, tier)
        if model is not None and not callable(model):
            model = str(_plain(model))
            self.recorder.run("llm", partial(_prepare, tracker, model))

        def decorated(function: Function) -> Function:
            asked = argument(function, "model")

            def named(args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
                return _plain(model(*args, **kwargs) if callable(model) else asked(args, kwargs))

            def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Observation:
                try:
                    return tracker.begin(model if type(model) is str else named(args, kwargs))
                except Exception as fault:  # noqa: BLE001  never the application's
                    return self._unnamed(tracker, fault)

            return observe(function, begin)

        return decorated

    @overload
    def track_response(self, function: Function) -> Function: ...

    @overload
    def track_response(self, *, channel: str = "chat") -> Callable[[Function], Function]: ...

    def track_response(self, function: Function | None = None, *, channel: str = "chat") -> Any:
        """Decorate what answers a customer: timed to the first chunk, or to its end."""

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Observation:
            del args, kwargs
            return ResponseObservation(self.recorder, channel)

        def decorated(function: Function) -> Function:
            return observe(function, begin)

        return decorated if function is None else decorated(function)

    def ticket(self, ticket: object = None) -> Observed[TicketObservation]:
        """A ticket that is processed in a ``with`` or ``async with`` block."""
        return Observed(partial(self._tickets.begin, ticket))

    def llm_call(
        self,
        *,
        provider: str,
        model: str,
        operation: str = "chat",
        feature: str = "other",
        tier: str = "standard",
    ) -> Observed[LLMObservation | Unobserved]:
        """A call in a ``with`` or ``async with`` block; tell the answer by its ``usage()``."""
        tracker = self._llm(provider, operation, feature, tier)
        return Observed(partial(self._call, tracker, model))

    def response(self, *, channel: str = "chat") -> Observed[ResponseObservation]:
        """An answer to a customer in a ``with`` or ``async with`` block."""
        return Observed(partial(ResponseObservation, self.recorder, channel))

    def report_usage(self, response: object) -> None:
        """Tell what the call that is being tracked used, where its function returns less."""
        seen = innermost(LLMObservation)
        if seen is not None:
            seen.usage(response)

    def _llm(self, provider: str, operation: str, feature: str, tier: str) -> LLMTracker:
        key = (provider, operation, feature, tier)
        try:
            return self._callers[key]
        except Exception:  # noqa: BLE001  not met before, or not even a name
            tracker = LLMTracker(self.recorder, self._prices, *key[:3], tier=tier)
        if len(self._callers) < _CALLERS:
            with suppress(Exception):
                self._callers[key] = tracker
        return tracker

    def _call(self, tracker: LLMTracker, model: object) -> LLMObservation | Unobserved:
        try:
            return tracker.begin(model)
        except Exception as fault:  # noqa: BLE001  never the application's
            return self._unnamed(tracker, fault)

    def _unnamed(self, tracker: LLMTracker, fault: Exception) -> LLMObservation | Unobserved:
        """A call whose model could not be told is a call all the same."""
        self.recorder.faults.note("llm", fault)
        try:
            return tracker.begin(None)
        except Exception:  # noqa: BLE001  never the application's
            return Unobserved()

    def _begin_at_zero(self, settings: Settings) -> None:
        """What has few label values begins at 0, so that its first event is an increase."""
        child = self._instruments.child
        for category in (*settings.categories, OTHER):
            for channel in (*settings.channels, OTHER):
                for outcome in TICKET_OUTCOMES:
                    child("tickets_processed_total", category, channel, outcome)
            for reason in (*settings.escalation_reasons, OTHER):
                child("tickets_escalated_total", category, reason)
            child("tickets_reopened_total", category)
        for channel in settings.channels:
            for score in _SCORES:
                child("csat_responses_total", channel, score)
        for outcome in _LOOKUPS:
            child("knowledge_base_lookups_total", outcome)

    def _expose(self, settings: Settings, prices_as_of: date | None) -> None:
        """Show what is deployed, and how old the prices are."""
        release, level = settings.release, self.recorder.level
        named = (release.version, release.commit, release.environment, release.python_version)
        level("build_info", 1, *named)
        if release.deployed_at is not None:
            level("deployment_timestamp_seconds", release.deployed_at, release.version)
        if prices_as_of is not None:
            at = datetime(*prices_as_of.timetuple()[:3], tzinfo=UTC).timestamp()
            level("llm_price_data_timestamp_seconds", at, "file")


def metrics_of(registry: CollectorRegistry) -> Metrics | None:
    """The metrics of an agent that a registry has: it keeps them when modules are imported anew."""
    return getattr(registry, _KEPT, None)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _prepare(tracker: LLMTracker, model: str) -> None:
    """Everything about a model begins at 0, and its price is known, before the first call."""
    tracker.model(model)
