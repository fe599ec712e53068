"""Calls of language models: how long they take, how they end, and what tokens they cost."""

from __future__ import annotations

from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING

from exporter.bound import adder, finisher, timer
from exporter.failures import CANCELLED, error_type
from exporter.instruments import LaterError
from exporter.labels import OTHER
from exporter.observation import CURRENT, Observation
from exporter.rate_card import DAY_SECONDS
from exporter.stream_usage import StreamedUsage
from exporter.tickets import TicketObservation
from exporter.tiers import BATCH, STANDARD, tier_named
from exporter.usage import BadUsageError, TokenUsage, usage_of

if TYPE_CHECKING:
    from exporter.prices import PriceBook
    from exporter.rate_card import RateCard
    from exporter.recorder import Recorder

_OUTCOMES = ("success", "error", "cancelled")
_TOKEN_TYPES = ("input", "cache_read", "cache_write", "output")


class BoundModel:
    """The children of one provider and model, bound once, at 0 from then on.

    Args:
        recorder: Where they are recorded.
        provider: Such as ``anthropic``.
        model: As labels name it.
        operation: Such as ``chat``.
        feature: What the tokens are spent on.

    """

    def __init__(
        self, recorder: Recorder, provider: str, model: object, operation: str, feature: str
    ) -> None:
        child = recorder.instruments.child
        self.provider, self.model = provider, model
        labels = (provider, model)
        progress = child("llm_requests_in_progress", *labels)
        self.one_more = adder(progress)
        self.finish = {
            outcome: finisher(
                progress,
                child("llm_requests_total", *labels, operation, outcome),
                child("llm_request_duration_seconds", *labels, outcome),
                recorder.tracing,
            )
            for outcome in _OUTCOMES
        }
        waited = child("llm_time_to_first_chunk_seconds", *labels)
        self.first_chunk = timer(waited, recorder.tracing)
        self.tokens = [adder(child("llm_tokens_total", *labels, kind)) for kind in _TOKEN_TYPES]
        self.costs = [adder(child("llm_cost_usd_total", *labels, kind)) for kind in _TOKEN_TYPES]
        self.feature_cost = adder(child("llm_feature_cost_usd_total", *labels, feature))
        self.reasoning = adder(child("llm_reasoning_tokens_total", *labels))
        self.cards: dict[tuple[object, str], RateCard] = {}
        self.cards_until = 0.0


class LLMObservation(Observation):
    """One call of a language model.

    Attributes:
        accounted: Whether its tokens are counted by a call within it, or were reported.

    """

    accounted = False
    _streamed: StreamedUsage | None = None
    _told: object = None

    def __init__(self, tracker: LLMTracker, bound: BoundModel) -> None:
        self.outer = CURRENT.get()
        self._tracker = tracker
        self._bound = bound
        bound.one_more(1)
        self._begun = perf_counter()

    def usage(self, response: object) -> None:
        """Tell what was used, for code that returns something else than the response."""
        self._told = response

    def retried(self, attempts: int = 1) -> None:
        """Tell of attempts beyond the first."""
        bound = self._bound
        self._tracker.recorder.count("llm_retries_total", attempts, bound.provider, bound.model)

    def chunk(self, item: object) -> None:
        """The first chunk ends a wait; any may tell of tokens."""
        try:
            if self._streamed is None:
                self._streamed = StreamedUsage()
                waited = perf_counter() - self._begun
                self._bound.first_chunk(waited)
            self._streamed.add(item)
        except Exception as fault:  # noqa: BLE001  never the application's
            self._tracker.recorder.faults.note("stream", fault)

    def ended(self, result: object, error: BaseException | None) -> None:
        """Count the call by its outcome, and what it used."""
        elapsed = perf_counter() - self._begun
        recorder, bound = self._tracker.recorder, self._bound
        try:
            if error is None:
                outcome = "success"
            else:
                outcome = "cancelled" if isinstance(error, CANCELLED) else "error"
            bound.finish[outcome](elapsed)
            if outcome == "error" and error is not None:
                self._count_error(error)
            if not self.accounted:
                self._account(result, outcome)
        except Exception as fault:  # noqa: BLE001  never the application's
            recorder.faults.note("llm", fault)
        if recorder.pending:
            recorder.settle()

    def abandoned(self) -> None:
        """Put off: see :meth:`Observation.abandoned`."""
        elapsed = perf_counter() - self._begun
        self._tracker.recorder.put_off(partial(self._cancelled, elapsed))

    def _cancelled(self, elapsed: float) -> None:
        self._bound.finish["cancelled"](elapsed)
        if not self.accounted:
            self._account(None, "cancelled")

    def _count_error(self, error: BaseException) -> None:
        kind = error_type(error)
        bound, count = self._bound, self._tracker.recorder.count
        count("llm_errors_total", 1, bound.provider, bound.model, kind)
        count("errors_total", 1, "llm", kind)

    def _account(self, result: object, outcome: str) -> None:
        """Count tokens and dollars, and tell the observations around this one."""
        try:
            usage, model = self._used(result)
        except BadUsageError:
            self._unpriced("bad_usage")
            return
        if usage is None:
            # A call that failed before it began costs nothing; a stream that did begin does.
            if outcome == "success" or self._streamed is not None:
                self._unpriced("no_usage")
            return
        bound = self._bound
        for add, tokens in zip(bound.tokens, usage.billed, strict=True):
            if tokens:
                add(tokens)
        if usage.reasoning:
            bound.reasoning(usage.reasoning)
        spent = self._spend(usage, model)
        if self.outer is not None:
            self._tell_outer(spent)

    def _spend(self, usage: TokenUsage, model: object) -> float | None:
        """Count the dollars of a call; returns their sum, or None where its price is not known."""
        tier, usual = usage.tier, self._tracker.tier
        # Answers to a batch may name the tier of any call.
        card = self._card(model, usual if tier is None or usual == BATCH else tier)
        if card is None:
            return None
        bound, spent = self._bound, 0.0
        for add, dollars in zip(bound.costs, card.costs(usage), strict=True):
            if dollars:
                add(dollars)
                spent += dollars
        bound.feature_cost(spent)
        return spent

    def _used(self, result: object) -> tuple[TokenUsage | None, object]:
        source = self._told if self._told is not None else result
        usage = usage_of(source)
        if usage is None and self._streamed is not None:
            return self._streamed.total(), self._streamed.model
        if usage is None:
            return None, None
        own = source if type(source) is dict else getattr(source, "__dict__", None)
        return usage, own.get("model") if own else getattr(source, "model", None)

    def _card(self, model: object, tier: str) -> RateCard | None:
        bound, now = self._bound, time()
        if now >= bound.cards_until:
            bound.cards = {}
            bound.cards_until = (now // DAY_SECONDS + 1) * DAY_SECONDS
        try:
            return bound.cards[model, tier]
        except (KeyError, TypeError):
            card = self._tracker.card(bound, model, int(now // DAY_SECONDS), tier)
        if card is None:
            self._unpriced("unknown_model")
        elif not card.tier_known:
            self._unpriced("no_tier_price")
        elif len(bound.cards) < _CARDS and isinstance(model, str | None):
            bound.cards[model, tier] = card
        return card

    def _unpriced(self, reason: str) -> None:
        recorder = self._tracker.recorder
        recorder.count("llm_unpriced_requests_total", 1, self._bound.provider, reason)

    def _tell_outer(self, spent: float | None) -> None:
        outer = self.outer
        while outer is not None:
            if isinstance(outer, LLMObservation):
                outer.accounted = True
            elif isinstance(outer, TicketObservation):
                if spent is not None:
                    outer.cost(spent)
                return
            outer = outer.outer


_CARDS = 100


class LLMTracker:
    """Begins observations of calls.

    Args:
        recorder: Where they are recorded.
        prices: What tokens cost.
        provider: Such as ``anthropic``.
        operation: Such as ``chat`` or ``embeddings``.
        feature: What the tokens are spent on.
        tier: In which calls are served whose answers do not tell; those of a batch are, whatever
            they tell.

    """

    def __init__(
        self,
        recorder: Recorder,
        prices: PriceBook,
        provider: str,
        operation: str,
        feature: str,
        *,
        tier: object,
    ) -> None:
        self.recorder, self.tier = recorder, tier_named(tier) or STANDARD
        self._prices, self._provider = prices, provider
        self._operation, self._feature = operation, feature
        self._models: dict[str, BoundModel] = {}

    def model(self, name: object) -> BoundModel:
        """The bound children of a model; those of one that is folded are not kept."""
        name = OTHER if name is None else name
        try:
            return self._models[name]  # type: ignore[index]
        except (KeyError, TypeError):
            made = BoundModel(self.recorder, self._provider, name, self._operation, self._feature)
        remembers = self.recorder.instruments.remembers
        if remembers("llm_requests_in_progress", self._provider, name):
            self._models[str(name)] = made
            self._warm(made)
        return made

    def begin(self, model: object) -> LLMObservation:
        """A call begins; one whose model cannot be told is of some other model.

        Raises:
            LaterError: This is a finalizer in the middle of something.

        """
        try:
            bound = self.model(model)
        except LaterError:
            raise
        except Exception as fault:  # noqa: BLE001  never the application's
            self.recorder.faults.note("llm", fault)
            bound = self.model(OTHER)
        return LLMObservation(self, bound)

    def card(self, bound: BoundModel, model: object, day: int, tier: str) -> RateCard | None:
        """What an answer's model costs, or, where nobody knows it, the one that was asked."""
        names = dict.fromkeys(name for name in (model, bound.model) if isinstance(name, str))
        for name in names:
            card = self._prices.card(bound.provider, name, day, tier)
            if card is not None:
                return card
        return None

    def _warm(self, bound: BoundModel) -> None:
        """Find the price before the first call must wait for it, and show it."""
        try:
            card = self.card(bound, None, int(time() // DAY_SECONDS), self.tier)
            if card is None:
                return
            rates = card.rates
            dollars = (rates.input, rates.cache_read, rates.cache_write, rates.output)
            for kind, one in zip(_TOKEN_TYPES, dollars, strict=True):
                name = "llm_price_usd_per_million_tokens"
                self.recorder.level(name, round(one * 1e6, 9), bound.provider, bound.model, kind)
        except Exception as fault:  # noqa: BLE001  never the application's
            self.recorder.faults.note("price", fault)
