"""A stand-in for ``anthropic.AsyncAnthropic``: the part of it that the agent uses."""

from __future__ import annotations

import asyncio
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

from exporter.demo.stand_in import ANSWER, as_object, tokens_of, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from exporter.demo.stand_in import Conditions

_CACHE_SECONDS = 300.0


class AsyncAnthropic:
    """The client; see ``messages``."""

    def __init__(self, conditions: Conditions) -> None:
        self.messages = _Messages(conditions)


class _Messages:
    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._cached_until: dict[str, float] = {}
        self._numbers = count(1)

    async def create(
        self,
        *,
        model: str,
        max_tokens: int,
        messages: list[dict[str, str]],
        system: str = "",
        stream: bool = False,
    ) -> Any:
        """An answer, or a stream of events."""
        prompt = sum(tokens_of(one["content"]) for one in messages)
        usage = self._prompt_usage(model, prompt, tokens_of(system))
        answer = ANSWER[: max_tokens * 4]
        message: dict[str, Any] = {
            "id": f"msg_{next(self._numbers):06}",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        self._conditions.may_fail()
        if stream:
            return self._events(message, answer)
        pieces = list(words(answer))
        await asyncio.sleep(self._conditions.first_wait())
        await asyncio.sleep(sum(self._conditions.next_wait() for _ in pieces))
        usage["output_tokens"] = tokens_of(answer)
        whole = {"content": [{"type": "text", "text": answer}], "stop_reason": "end_turn"}
        self._enter(model, usage)
        return as_object(message | whole)

    async def _events(self, message: dict[str, Any], answer: str) -> AsyncIterator[Any]:
        """The events of a stream; what a message used so far is told first, and last."""
        conditions, usage = self._conditions, message["usage"]
        await asyncio.sleep(conditions.first_wait())
        self._enter(message["model"], usage)
        yield as_object({"type": "message_start", "message": message})
        block = {"type": "text", "text": ""}
        yield as_object({"type": "content_block_start", "index": 0, "content_block": block})
        for piece in words(answer):
            await asyncio.sleep(conditions.next_wait())
            delta = {"type": "text_delta", "text": piece}
            yield as_object({"type": "content_block_delta", "index": 0, "delta": delta})
        yield as_object({"type": "content_block_stop", "index": 0})
        output = tokens_of(answer)
        more = output - usage["output_tokens"]
        conditions.ledger.enter("anthropic", message["model"], output=more)
        yield as_object(
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": output},
            }
        )
        yield as_object({"type": "message_stop"})

    def _prompt_usage(self, model: str, prompt: int, system: int) -> dict[str, Any]:
        """What a prompt uses: what comes before the customer's words is cached for a while."""
        cached = monotonic() < self._cached_until.get(model, 0.0)
        self._cached_until[model] = monotonic() + _CACHE_SECONDS
        return {
            "input_tokens": prompt,
            "cache_creation_input_tokens": 0 if cached else system,
            "cache_read_input_tokens": system if cached else 0,
            "output_tokens": 1,
        }

    def _enter(self, model: str, usage: dict[str, int]) -> None:
        self._conditions.ledger.enter(
            "anthropic",
            model,
            input=usage["input_tokens"],
            cache_read=usage["cache_read_input_tokens"],
            cache_write=usage["cache_creation_input_tokens"],
            output=usage["output_tokens"],
        )
