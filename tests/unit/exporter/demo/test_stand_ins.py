"""The stand-ins answer as the real providers do: their own clients' types accept it."""

import asyncio
from collections import Counter
from random import Random
from types import SimpleNamespace

import pytest
from anthropic.types import Message, RawMessageStreamEvent
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import TypeAdapter

from exporter.demo.anthropic_client import AsyncAnthropic
from exporter.demo.openai_client import OpenAI
from exporter.demo.stand_in import Conditions, Ledger, ProviderError
from exporter.failures import error_type

ASKED = [{"role": "user", "content": "Where is my parcel? It was due on Monday."}]


class Calm(Random):
    """Nothing takes time, and nothing fails."""

    def random(self):
        return 0.5

    def lognormvariate(self, *_):
        return 0.0

    def uniform(self, *_):
        return 0.0


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def claude(ledger):
    return AsyncAnthropic(Conditions(Calm(), ledger))


@pytest.fixture
def gpt(ledger):
    return OpenAI(Conditions(Calm(), ledger))


def plain(answer):
    if isinstance(answer, SimpleNamespace):
        return {name: plain(value) for name, value in vars(answer).items()}
    return [plain(one) for one in answer] if isinstance(answer, list) else answer


def claude_asked(claude, **more):
    async def asked():
        answer = await claude.messages.create(
            model="claude-sonnet-4-0",
            max_tokens=50,
            system="Be kind. " * 20,
            messages=ASKED,
            **more,
        )
        return [one async for one in answer] if more.get("stream") else answer

    return asyncio.run(asked())


def test_an_answer_of_anthropic(claude, ledger):
    message = Message.model_validate(plain(claude_asked(claude)), strict=True)
    assert message.content[0].text
    assert (message.usage.cache_creation_input_tokens, message.usage.cache_read_input_tokens) == (
        45,
        0,
    )
    again = Message.model_validate(plain(claude_asked(claude)), strict=True)
    assert again.usage.cache_read_input_tokens == 45
    (row,) = ledger.rows()
    assert row["output"] == message.usage.output_tokens + again.usage.output_tokens
    assert (row["cache_write"], row["cache_read"]) == (45, 45)
    assert ledger.total("anthropic") == sum(
        row[kind] for kind in ("input", "cache_read", "cache_write", "output")
    )


def test_a_stream_of_anthropic(claude, ledger):
    events = claude_asked(claude, stream=True)
    adapter = TypeAdapter(RawMessageStreamEvent)
    kinds = [adapter.validate_python(plain(event)).type for event in events]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(kinds[2:-3]) == {"content_block_delta"}
    assert ledger.rows()[0]["output"] == events[-2].usage.output_tokens > 1


def test_a_completion_of_openai(gpt, ledger):
    answer = gpt.chat.completions.create(model="o4-mini", messages=ASKED, service_tier="batch")
    completion = ChatCompletion.model_validate(plain(answer), strict=True)
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens_details.reasoning_tokens == 64
    (row,) = ledger.rows()
    assert row["batch"]
    assert row["reasoning"] == 64
    assert row["input"] + row["cache_read"] == usage.prompt_tokens


def test_a_stream_of_openai_tells_of_tokens_at_its_end(gpt, ledger):
    chunks = list(gpt.chat.completions.create(model="gpt-4o-mini", messages=ASKED, stream=True))
    read = [ChatCompletionChunk.model_validate(plain(chunk), strict=True) for chunk in chunks]
    assert [chunk.usage is None for chunk in read] == [True] * (len(read) - 1) + [False]
    assert read[-1].choices == []
    assert "".join(chunk.choices[0].delta.content or "" for chunk in read[:-1])
    assert ledger.rows()[0]["output"] == read[-1].usage.completion_tokens


def test_a_stream_that_is_left_has_told_openais_customer_nothing(gpt, ledger):
    stream = gpt.chat.completions.create(model="gpt-4o-mini", messages=ASKED, stream=True)
    next(stream)
    stream.close()
    assert ledger.rows() == []


def test_an_embedding_of_openai(gpt):
    answer = gpt.embeddings.create(model="text-embedding-3-small", input="Where is my parcel?")
    embedding = CreateEmbeddingResponse.model_validate(plain(answer), strict=True)
    assert len(embedding.data[0].embedding) == 16
    assert gpt.tokens_left < 200_000


@pytest.mark.parametrize("trouble", [False, True])
def test_failures_are_of_the_kinds_that_clients_raise(trouble):
    conditions = Conditions(Random(1), Ledger(), is_in_trouble=lambda: trouble)  # noqa: S311
    seen = Counter()
    for _ in range(10_000):
        try:
            conditions.may_fail()
        except ProviderError as error:
            seen[error_type(error)] += 1
    assert set(seen) == {"rate_limit", "server_error", "overloaded"}
    assert (seen["overloaded"] > 5_000) == trouble
    assert seen["rate_limit"] < 100
