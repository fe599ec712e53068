"""A stand-in for ``openai.OpenAI``: the part of it that the agent uses."""

from __future__ import annotations

import time
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from exporter.demo.stand_in import ANSWER, as_object, tokens_of, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exporter.demo.stand_in import Conditions

_QUOTA = 200_000
_CACHED_PREFIX = 128
"""Tokens of which a cached prompt's length is a multiple."""


class OpenAI:
    """The client: ``chat.completions`` and ``embeddings``.

    Attributes:
        tokens_left: Of the quota, as the last answer's header ``x-ratelimit-remaining-tokens``.
        requests_left: The same for ``x-ratelimit-remaining-requests``.

    """

    def __init__(self, conditions: Conditions) -> None:
        self.chat = SimpleNamespace(completions=_Completions(self, conditions))
        self.embeddings = _Embeddings(self, conditions)
        self.tokens_left, self.requests_left = _QUOTA, _QUOTA // 100
        self._minute = 0

    def spend(self, tokens: int) -> None:
        """Take an answer's tokens off the quota of this minute."""
        minute = int(time.time() // 60)
        if minute != self._minute:
            self.tokens_left, self.requests_left, self._minute = _QUOTA, _QUOTA // 100, minute
        self.tokens_left = max(self.tokens_left - tokens, 0)
        self.requests_left = max(self.requests_left - 1, 0)


class _Completions:
    def __init__(self, client: OpenAI, conditions: Conditions) -> None:
        self._client, self._conditions = client, conditions
        self._numbers = count(1)

    def create(
        self,
        *,
        model: str,
        messages: list[dict[str, str]],
        max_completion_tokens: int = 200,
        stream: bool = False,
        service_tier: str = "default",
    ) -> Any:
        """A completion, or a stream of chunks of which the last tells the usage."""
        prompt = sum(tokens_of(one["content"]) for one in messages)
        reasoning = 64 * len(messages) if model.startswith("o") else 0
        answer = ANSWER[: max_completion_tokens * 4]
        output = tokens_of(answer) + reasoning
        cached = (prompt - 1) // _CACHED_PREFIX * _CACHED_PREFIX
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": cached},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        }
        head = {
            "id": f"chatcmpl-{next(self._numbers):06}",
            "created": int(time.time()),
            "model": model,
        }
        self._conditions.may_fail()
        if stream:
            return self._chunks(head, answer, usage)
        time.sleep(self._conditions.first_wait())
        time.sleep(sum(self._conditions.next_wait() for _ in words(answer)))
        self._enter(model, usage, batch=service_tier == "batch")
        message = {"role": "assistant", "content": answer, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return as_object({**head, "object": "chat.completion", "choices": [choice], "usage": usage})

    def _chunks(self, head: dict[str, Any], answer: str, usage: dict[str, Any]) -> Iterator[Any]:
        head = {**head, "object": "chat.completion.chunk"}
        time.sleep(self._conditions.first_wait())
        for piece in words(answer):
            delta = {"role": "assistant", "content": piece}
            choice = {"index": 0, "delta": delta, "finish_reason": None}
            yield as_object({**head, "choices": [choice], "usage": None})
            time.sleep(self._conditions.next_wait())
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        yield as_object({**head, "choices": [end], "usage": None})
        self._enter(head["model"], usage)
        yield as_object({**head, "choices": [], "usage": usage})

    def _enter(self, model: str, usage: dict[str, Any], *, batch: bool = False) -> None:
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        self._client.spend(usage["total_tokens"])
        self._conditions.ledger.enter(
            "openai",
            model,
            batch=batch,
            input=usage["prompt_tokens"] - cached,
            cache_read=cached,
            output=usage["completion_tokens"],
            reasoning=usage["completion_tokens_details"]["reasoning_tokens"],
        )


class _Embeddings:
    def __init__(self, client: OpenAI, conditions: Conditions) -> None:
        self._client, self._conditions = client, conditions

    def create(self, *, model: str, input: str) -> Any:  # noqa: A002  as the real client calls it
        """The embedding of a text: here, how often each letter occurs."""
        self._conditions.may_fail()
        time.sleep(self._conditions.first_wait() / 4)
        tokens = tokens_of(input)
        self._client.spend(tokens)
        self._conditions.ledger.enter("openai", model, input=tokens)
        vector = [input.lower().count(letter) / len(input) for letter in "abcdefghijklmnop"]
        item = {"object": "embedding", "index": 0, "embedding": vector}
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return as_object({"object": "list", "data": [item], "model": model, "usage": usage})
