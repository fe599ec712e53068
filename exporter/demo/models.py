"""The agent's calls of language models: tracked, tried again, or handed to another model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from exporter import metrics, track_llm_call
from exporter.demo.stand_in import ProviderError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from exporter.demo.anthropic_client import AsyncAnthropic
    from exporter.demo.openai_client import OpenAI
    from exporter.demo.tally import Tally

CLAUDE = "claude-sonnet-4"
SECOND_LOOK = "claude-haiku-4-5"
GPT = "gpt-4o-mini"
REASONING = "o4-mini"
EMBEDDING = "text-embedding-3-small"
HOUSE = "support-7b"

_RULES = (
    "You are the support agent of a shop for outdoor gear. Answer in the customer's language, "
    "kindly and in at most four sentences. Promise nothing that the order does not say. "
) * 12
_LABELS = "Name the one category that the message belongs to. " * 20
_TRIES = 2


@dataclass
class Breaker:
    """A circuit breaker: after so many failures in a row nobody is asked for a while.

    Attributes:
        provider: Whom it guards.
        most: Failures in a row that open it.
        seconds: How long it stays open.

    """

    provider: str
    most: int = 5
    seconds: float = 10.0
    _failures: int = 0
    _until: float = field(default=0.0, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether nobody is to be asked now."""
        open_ = monotonic() < self._until
        metrics.circuit_breaker(self.provider, is_open=open_)
        return open_

    def answered(self) -> None:
        """A call went well."""
        self._failures = 0

    def failed(self) -> None:
        """A call failed."""
        self._failures += 1
        if self._failures >= self.most:
            self._failures, self._until = 0, monotonic() + self.seconds


class Models:
    """What the agent asks of models.

    Args:
        claude: Anthropic's client.
        openai: OpenAI's client.
        tally: What the demonstration itself counts.

    """

    def __init__(self, claude: AsyncAnthropic, openai: OpenAI, tally: Tally) -> None:
        self._claude, self._openai, self._tally = claude, openai, tally
        self._breaker = Breaker("anthropic")

    @track_llm_call(provider="openai", model=GPT, feature="triage")
    def classify(self, text: str) -> Any:
        """Which category a message belongs to: a plain function of a plain client."""
        return self._openai.chat.completions.create(
            model=GPT,
            messages=[{"role": "system", "content": _LABELS}, {"role": "user", "content": text}],
            max_completion_tokens=3,
        )

    @track_llm_call(provider="openai", model=EMBEDDING, operation="embeddings", feature="search")
    def embed(self, text: str) -> Any:
        """A vector to search the knowledge base by."""
        return self._openai.embeddings.create(model=EMBEDDING, input=text)

    @track_llm_call(provider="anthropic", model=SECOND_LOOK, feature="review")
    async def review(self, answer: str) -> Any:
        """Whether an answer promises too much: a coroutine, tried again within one call."""
        for left in reversed(range(_TRIES)):
            try:
                return await self._claude.messages.create(
                    model=SECOND_LOOK,
                    max_tokens=12,
                    system=_RULES,
                    messages=[{"role": "user", "content": answer}],
                )
            except ProviderError:
                if not left:
                    raise
                metrics.llm_retried("anthropic", SECOND_LOOK)
                self._tally.add("llm_retries")
                await asyncio.sleep(0.2)
        raise AssertionError("the last attempt returns or raises")

    @track_llm_call(provider="openai", model=lambda _self, _text, model: model, feature="reasoning")
    def think(self, text: str, model: str) -> Any:
        """A second opinion on what is difficult; the model is found among the arguments."""
        return self._openai.chat.completions.create(
            model=model, messages=[{"role": "user", "content": text}]
        )

    async def answer(self, text: str) -> AsyncIterator[str]:
        """An answer in pieces: Claude's, or GPT's where Claude does not begin to answer."""
        reason, begun = "circuit_open", False
        if not self._breaker.is_open:
            try:
                async for event in self._claude_events(text):
                    if event.type == "content_block_delta":
                        begun = True
                        yield event.delta.text
            except ProviderError:
                self._breaker.failed()
                reason = "error"
                if begun:
                    raise
            else:
                self._breaker.answered()
                return
        metrics.llm_fell_back(CLAUDE, GPT, reason)
        self._tally.add("llm_fallbacks")
        completion = await asyncio.to_thread(self._gpt, text)
        yield completion.choices[0].message.content

    @track_llm_call(provider="anthropic", model=CLAUDE, feature="answer")
    async def _claude_events(self, text: str) -> AsyncIterator[Any]:
        """An async generator: the first event is timed, tokens are counted at the end."""
        events = await self._claude.messages.create(
            model=CLAUDE,
            max_tokens=400,
            system=_RULES,
            messages=[{"role": "user", "content": text}],
            stream=True,
        )
        async for event in events:
            yield event

    @track_llm_call(provider="openai", model=GPT, feature="answer")
    def _gpt(self, text: str) -> Any:
        return self._openai.chat.completions.create(
            model=GPT,
            messages=[{"role": "system", "content": _RULES}, {"role": "user", "content": text}],
        )

    @track_llm_call(provider="openai", model=GPT, feature="ask")
    def ask(self, text: str) -> Iterator[Any]:
        """The client's own stream, returned as it is: it is followed to its end."""
        chunks: Iterator[Any] = self._openai.chat.completions.create(
            model=GPT, messages=[{"role": "user", "content": text}], stream=True
        )
        return chunks

    def mail(self, text: str) -> str:
        """An answer to mail, which can wait: at a batch's price, in a context."""
        with metrics.llm_call(provider="openai", model=GPT, feature="mail", tier="batch") as call:
            completion = self._openai.chat.completions.create(
                model=GPT, messages=[{"role": "user", "content": text}], service_tier="batch"
            )
            call.usage(completion)
        return str(completion.choices[0].message.content)

    @track_llm_call(provider="inhouse", model=HOUSE, feature="summary")
    def summary(self, text: str) -> str:
        """A model of one's own, which nobody sells: its tokens count, its price is unknown."""
        answer = {"model": HOUSE, "usage": {"input_tokens": len(text), "output_tokens": 20}}
        metrics.report_usage(answer)
        self._tally.add("unpriced_calls")
        return text[:80]
