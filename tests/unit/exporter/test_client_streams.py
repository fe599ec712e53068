"""Streams of the Anthropic and OpenAI clients themselves, over a transport that answers here."""

from __future__ import annotations

import asyncio
import json
from functools import partial

import anthropic
import httpx2
import openai
import pytest

from tests.exposed import faults, samples, seen, total

CLAUDE, GPT = "claude-opus-5", "gpt-4o"
PROMPT = [{"role": "user", "content": "Where is my parcel?"}]


def claude_events():
    usage = {
        "input_tokens": 1_000,
        "cache_read_input_tokens": 8_000,
        "cache_creation_input_tokens": 500,
        "output_tokens": 1,
    }
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": CLAUDE,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    text = {"type": "text", "text": ""}
    yield {"type": "message_start", "message": message}
    yield {"type": "content_block_start", "index": 0, "content_block": text}
    for part in ("It is", " on its", " way."):
        delta = {"type": "text_delta", "text": part}
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": 300}}
    yield {"type": "message_stop"}


def gpt_chunks():
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": GPT}
    for part in ("It is", " on its", " way."):
        delta = {"role": "assistant", "content": part}
        yield {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    usage = {
        "prompt_tokens": 9_500,
        "completion_tokens": 300,
        "total_tokens": 9_800,
        "prompt_tokens_details": {"cached_tokens": 8_000},
        "completion_tokens_details": {"reasoning_tokens": 120},
    }
    yield {**chunk, "choices": [], "usage": usage}


def response_events():
    begun = {
        "id": "r",
        "object": "response",
        "created_at": 1,
        "model": GPT,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "status": "in_progress",
    }
    usage = {
        "input_tokens": 9_500,
        "output_tokens": 300,
        "total_tokens": 9_800,
        "input_tokens_details": {"cached_tokens": 8_000, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 120},
    }
    yield {"type": "response.created", "sequence_number": 0, "response": begun}
    ended = {**begun, "status": "completed", "usage": usage}
    yield {"type": "response.completed", "sequence_number": 1, "response": ended}


def as_text(events, *, failing: dict | None = None) -> bytes:
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if "type" in event else ""
        lines.append(f"{name}data: {json.dumps(event)}\n\n")
    if failing:
        lines.append(f"event: error\ndata: {json.dumps(failing)}\n\n")
    return "".join(lines).encode()


def transport(body: bytes, status: int = 200) -> httpx2.MockTransport:
    def answer(request):
        kind = "text/event-stream" if status == 200 else "application/json"
        return httpx2.Response(status, content=body, headers={"content-type": kind})

    return httpx2.MockTransport(answer)


def claude(body=None, status=200):
    http = httpx2.Client(transport=transport(body or as_text(claude_events()), status))
    return anthropic.Anthropic(api_key="none", http_client=http, max_retries=0)


def async_claude(body=None, status=200):
    http = httpx2.AsyncClient(transport=transport(body or as_text(claude_events()), status))
    return anthropic.AsyncAnthropic(api_key="none", http_client=http, max_retries=0)


def gpt(events=None, status=200):
    http = httpx2.Client(transport=transport(as_text(events or gpt_chunks()), status))
    return openai.OpenAI(api_key="none", http_client=http, max_retries=0)


def async_gpt(events=None, status=200):
    http = httpx2.AsyncClient(transport=transport(as_text(events or gpt_chunks()), status))
    return openai.AsyncOpenAI(api_key="none", http_client=http, max_retries=0)


CLAUDE_ASKED = {"model": CLAUDE, "max_tokens": 500, "messages": PROMPT}
GPT_ASKED = {
    "model": GPT,
    "messages": PROMPT,
    "stream": True,
    "stream_options": {"include_usage": True},
}


@pytest.fixture
def by_claude(metrics):
    return metrics.track_llm_call(provider="anthropic", model=CLAUDE)


@pytest.fixture
def by_gpt(metrics):
    return metrics.track_llm_call(provider="openai", model=GPT)


def ended_well(metrics, model: str, *, times: int = 1) -> None:
    """A call of the streams above was counted, from its first chunk to its tokens and dollars."""
    outcomes = samples(metrics, "llm_requests_total", model=model, operation="chat")
    assert {key[-1]: value for key, value in outcomes.items() if value} == {"success": times}
    written = {("cache_write",): 500 * times} if model == CLAUDE else {}
    fresh = 1_000 if model == CLAUDE else 1_500
    tokens = {("input",): fresh * times, ("cache_read",): 8_000 * times, ("output",): 300 * times}
    provider = "anthropic" if model == CLAUDE else "openai"
    found = seen(metrics, "llm_tokens_total", provider=provider, model=model)
    assert found == {**tokens, **written}
    assert total(metrics, "llm_cost_usd_total") > 0.001
    assert total(metrics, "llm_time_to_first_chunk_seconds_count") == times
    assert total(metrics, "llm_unpriced_requests_total") == 0
    assert total(metrics, "llm_requests_in_progress") == 0


def dollars_of(metrics, provider: str, model: str, open_stream) -> float:
    before = total(metrics, "llm_cost_usd_total")
    stream = metrics.track_llm_call(provider=provider, model=model)(open_stream)()
    assert len(list(stream)) > 1
    return total(metrics, "llm_cost_usd_total") - before


def settle(metrics) -> None:
    """What was put off is recorded by whatever is recorded next."""
    metrics.tool_called("next")


# Anthropic


def test_events_of_claude(metrics, by_claude):
    create = by_claude(lambda: claude().messages.create(**CLAUDE_ASKED, stream=True))
    stream = create()
    assert isinstance(stream, anthropic.Stream)
    assert stream.response.status_code == 200
    kinds = [event.type for event in stream]
    assert kinds[0] == "message_start"
    assert kinds[-1] == "message_stop"
    ended_well(metrics, CLAUDE)


def test_events_of_claude_in_a_context(metrics, by_claude):
    create = by_claude(lambda: claude().messages.create(**CLAUDE_ASKED, stream=True))
    with create() as stream:
        assert len(list(stream)) == 8
    ended_well(metrics, CLAUDE)


WAYS = {
    "events": lambda stream: [event.type for event in stream],
    "texts": lambda stream: "".join(stream.text_stream),
    "final message": lambda stream: stream.get_final_message(),
    "final text": lambda stream: stream.get_final_text(),
    "until done": lambda stream: stream.until_done(),
    "a part, then the rest": lambda stream: (next(stream), stream.get_final_text()),
    "texts, then the message": lambda stream: (
        list(stream.text_stream),
        stream.get_final_message(),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_helpers_of_claude_however_they_are_read(metrics, by_claude, way):
    with claude().messages.stream(**CLAUDE_ASKED) as plain:
        expected = WAYS[way](plain)
    opened = by_claude(lambda: claude().messages.stream(**CLAUDE_ASKED))()
    assert isinstance(opened, anthropic.MessageStreamManager)
    with opened as stream:
        assert isinstance(stream, anthropic.MessageStream)
        found = WAYS[way](stream)
    assert repr(found) == repr(expected)
    ended_well(metrics, CLAUDE)


async def collected(stream):
    return [item async for item in stream]


ASYNC_WAYS = {
    "events": collected,
    "texts": lambda stream: collected(stream.text_stream),
    "final message": lambda stream: stream.get_final_message(),
    "final text": lambda stream: stream.get_final_text(),
    "until done": lambda stream: stream.until_done(),
}


@pytest.mark.parametrize("way", ASYNC_WAYS)
def test_async_helpers_of_claude_however_they_are_read(metrics, by_claude, way):
    @by_claude
    def opened():
        return async_claude().messages.stream(**CLAUDE_ASKED)

    async def read():
        async with async_claude().messages.stream(**CLAUDE_ASKED) as plain:
            expected = await ASYNC_WAYS[way](plain)
        async with opened() as stream:
            assert isinstance(stream, anthropic.AsyncMessageStream)
            return expected, await ASYNC_WAYS[way](stream)

    expected, found = asyncio.run(read())
    assert repr(found) == repr(expected)
    ended_well(metrics, CLAUDE)


def test_async_events_of_claude(metrics, by_claude):
    @by_claude
    async def create():
        return await async_claude().messages.create(**CLAUDE_ASKED, stream=True)

    @by_claude
    def awaitable():
        return async_claude().messages.create(**CLAUDE_ASKED, stream=True)

    async def read():
        for function in (create, awaitable):
            assert len(await collected(await function())) == 8

    asyncio.run(read())
    ended_well(metrics, CLAUDE, times=2)


def test_a_stream_of_claude_that_is_left_has_told_of_its_prompt(metrics, by_claude):
    create = by_claude(lambda: claude().messages.create(**CLAUDE_ASKED, stream=True))
    with create() as stream:
        for event in stream:
            if event.type == "content_block_delta":
                break
    settle(metrics)
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1
    assert total(metrics, "llm_errors_total") == 0
    tokens = seen(metrics, "llm_tokens_total", provider="anthropic", model=CLAUDE)
    assert tokens[("input",)] == 1_000
    assert tokens[("output",)] == 1
    assert total(metrics, "llm_requests_in_progress") == 0


def test_texts_of_claude_that_are_left_have_told_of_their_prompt(metrics, by_claude):
    with by_claude(lambda: claude().messages.stream(**CLAUDE_ASKED))() as stream:
        next(iter(stream.text_stream))
    settle(metrics)
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1
    assert total(metrics, "llm_tokens_total", token_type="input") == 1_000


def test_a_context_of_claude_in_which_nothing_is_read(metrics, by_claude):
    with by_claude(lambda: claude().messages.stream(**CLAUDE_ASKED))():
        pass
    settle(metrics)
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1
    assert total(metrics, "llm_requests_in_progress") == 0


def test_a_context_of_claude_that_is_never_entered(metrics, by_claude):
    by_claude(lambda: claude().messages.stream(**CLAUDE_ASKED))()
    settle(metrics)
    assert total(metrics, "llm_requests_in_progress") == 0
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1


BUSY = json.dumps({"type": "error", "error": {"type": "rate_limit_error", "message": "no"}})


def test_a_context_of_claude_that_cannot_be_entered_is_an_error(metrics, by_claude):
    opened = by_claude(lambda: claude(BUSY.encode(), 429).messages.stream(**CLAUDE_ASKED))()
    with pytest.raises(anthropic.RateLimitError), opened:
        pytest.fail("entered")

    async def enter():
        async with by_claude(
            lambda: async_claude(BUSY.encode(), 429).messages.stream(**CLAUDE_ASKED)
        )():
            pytest.fail("entered")

    with pytest.raises(anthropic.RateLimitError):
        asyncio.run(enter())
    settle(metrics)
    assert total(metrics, "llm_requests_total", outcome="error") == 2
    assert seen(metrics, "llm_errors_total", model=CLAUDE) == {("anthropic", "rate_limit"): 2}
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 0


def test_a_stream_of_claude_that_fails_half_way(metrics, by_claude):
    said = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    body = as_text(list(claude_events())[:3], failing=said)
    create = by_claude(lambda: claude(body).messages.create(**CLAUDE_ASKED, stream=True))
    with pytest.raises(anthropic.APIStatusError), create() as stream:
        list(stream)
    assert seen(metrics, "llm_errors_total", model=CLAUDE) == {("anthropic", "overloaded"): 1}
    assert total(metrics, "llm_tokens_total", token_type="input") == 1_000


def test_what_the_application_raises_in_a_context_is_an_error(metrics, by_claude):
    with (
        pytest.raises(KeyError),
        by_claude(lambda: claude().messages.stream(**CLAUDE_ASKED))() as stream,
    ):
        next(stream)
        raise KeyError
    assert total(metrics, "llm_requests_total", outcome="error") == 1
    assert total(metrics, "llm_tokens_total", token_type="input") == 1_000


@pytest.mark.parametrize(
    ("told", "times", "unpriced"),
    [
        ({"service_tier": "standard", "speed": "standard"}, 1, {}),
        ({"service_tier": "standard", "speed": "fast"}, 2, {}),
        ({"service_tier": "batch"}, 0.5, {}),
        ({"service_tier": "priority"}, 1, {("anthropic", "no_tier_price"): 1}),
    ],
    ids=["standard", "fast", "batch", "priority"],
)
def test_the_first_event_of_claude_tells_of_the_tier(metrics, told, times, unpriced):
    def stream(**told):
        first, *rest = claude_events()
        first["message"]["usage"] |= told
        body = as_text([first, *rest])
        return lambda: claude(body).messages.create(**CLAUDE_ASKED, stream=True)

    usual = dollars_of(metrics, "anthropic", CLAUDE, stream())
    found = dollars_of(metrics, "anthropic", CLAUDE, stream(**told))
    assert found == pytest.approx(times * usual) != 0
    assert seen(metrics, "llm_unpriced_requests_total") == unpriced


# OpenAI


def test_chunks_of_gpt(metrics, by_gpt):
    stream = by_gpt(lambda: gpt().chat.completions.create(**GPT_ASKED))()
    assert isinstance(stream, openai.Stream)
    assert len(list(stream)) == 5
    ended_well(metrics, GPT)
    assert total(metrics, "llm_reasoning_tokens_total") == 120


def test_async_chunks_of_gpt(metrics, by_gpt):
    @by_gpt
    async def create():
        return await async_gpt().chat.completions.create(**GPT_ASKED)

    async def read():
        async with await create() as stream:
            assert isinstance(stream, openai.AsyncStream)
            return await collected(stream)

    assert len(asyncio.run(read())) == 5
    ended_well(metrics, GPT)


# Models and tiers that genai-prices knows: what a stream costs beside the same of the usual tier.
TIERS = {"default": 1, "flex": 0.5, "priority": 2.5}


def of_model(model: str, **told: str) -> list[dict]:
    return [{**chunk, "model": model, **told} for chunk in gpt_chunks()]


@pytest.mark.parametrize("tier", TIERS)
def test_chunks_of_gpt_tell_of_their_tier(metrics, tier):
    def stream(**told):
        chunks = of_model("gpt-5.5", **told)
        return lambda: gpt(chunks).chat.completions.create(**GPT_ASKED)

    usual = dollars_of(metrics, "openai", "gpt-5.5", stream())
    told = dollars_of(metrics, "openai", "gpt-5.5", stream(service_tier=tier))
    assert told == pytest.approx(TIERS[tier] * usual)
    assert total(metrics, "llm_unpriced_requests_total") == 0


def test_a_tier_that_only_the_first_chunk_tells_of(metrics):
    chunks = [of_model("gpt-5.5", service_tier="flex")[0], *of_model("gpt-5.5")[1:]]
    create = partial(gpt(chunks).chat.completions.create, **GPT_ASKED)
    told = dollars_of(metrics, "openai", "gpt-5.5", create)
    usual = dollars_of(
        metrics,
        "openai",
        "gpt-5.5",
        lambda: gpt(of_model("gpt-5.5")).chat.completions.create(**GPT_ASKED),
    )
    assert told == pytest.approx(usual / 2)


@pytest.mark.parametrize("way", ["events", "helper"])
@pytest.mark.parametrize("tier", TIERS)
def test_responses_tell_of_their_tier_at_the_end(metrics, tier, way):
    """Until then they tell of what was asked."""

    def events(end: str) -> list[dict]:
        begun, ended = response_events()
        named = {"model": "gpt-5.5"}
        begun["response"] = {**begun["response"], **named, "service_tier": "auto"}
        ended["response"] = {**ended["response"], **named, "service_tier": end}
        return [begun, ended]

    def spent(end: str) -> float:
        responses = gpt(events(end)).responses
        if way == "events":
            create = partial(responses.create, model="gpt-5.5", input="Hi", stream=True)
            return dollars_of(metrics, "openai", "gpt-5.5", create)
        before = total(metrics, "llm_cost_usd_total")
        track = metrics.track_llm_call(provider="openai", model="gpt-5.5")
        with track(partial(responses.stream, model="gpt-5.5", input="Hi"))() as stream:
            assert stream.get_final_response().service_tier == end
        return total(metrics, "llm_cost_usd_total") - before

    usual = spent("default")
    assert spent(tier) == pytest.approx(TIERS[tier] * usual) != 0
    assert total(metrics, "llm_unpriced_requests_total") == 0


GPT_WAYS = {
    "events": lambda stream: [event.type for event in stream],
    "final completion": lambda stream: stream.get_final_completion(),
    "until done": lambda stream: stream.until_done().get_final_completion(),
}


@pytest.mark.parametrize("way", GPT_WAYS)
def test_helpers_of_gpt_however_they_are_read(metrics, by_gpt, way):
    asked = {name: value for name, value in GPT_ASKED.items() if name != "stream"}
    with gpt().chat.completions.stream(**asked) as plain:
        expected = GPT_WAYS[way](plain)
    with by_gpt(lambda: gpt().chat.completions.stream(**asked))() as stream:
        found = GPT_WAYS[way](stream)
    assert repr(found) == repr(expected)
    ended_well(metrics, GPT)


def test_events_of_responses(metrics, by_gpt):
    create = by_gpt(
        lambda: gpt(response_events()).responses.create(model=GPT, input="Hi", stream=True)
    )
    assert [event.type for event in create()] == ["response.created", "response.completed"]
    ended_well(metrics, GPT)


@pytest.mark.parametrize("way", ["events", "final"])
def test_helpers_of_responses(metrics, by_gpt, way):
    opened = by_gpt(lambda: gpt(response_events()).responses.stream(model=GPT, input="Hi"))
    with opened() as stream:
        found = stream.get_final_response() if way == "final" else list(stream)[-1].response
    assert found.usage.total_tokens == 9_800
    ended_well(metrics, GPT)


def test_chunks_of_gpt_that_tell_of_no_usage_have_no_price(metrics, by_gpt):
    chunks = list(gpt_chunks())[:-1]
    list(by_gpt(lambda: gpt(chunks).chat.completions.create(**GPT_ASKED))())
    assert seen(metrics, "llm_unpriced_requests_total") == {("openai", "no_usage"): 1}
    assert total(metrics, "llm_requests_total", outcome="success") == 1


@pytest.mark.parametrize("ends", ["cancelled", "error"])
def test_a_stream_of_gpt_that_breaks_off_has_cost_what_nobody_knows(metrics, by_gpt, ends):
    stream = by_gpt(lambda: gpt().chat.completions.create(**GPT_ASKED))()
    next(stream)
    if ends == "cancelled":
        stream.close()
        settle(metrics)
    else:
        with pytest.raises(KeyError), stream:
            raise KeyError
    assert total(metrics, "llm_requests_total", outcome=ends) == 1
    assert seen(metrics, "llm_unpriced_requests_total") == {("openai", "no_usage"): 1}


def test_a_stream_of_gpt_that_is_dropped(metrics, by_gpt):
    stream = by_gpt(lambda: gpt().chat.completions.create(**GPT_ASKED))()
    next(stream)
    del stream
    settle(metrics)
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1
    assert total(metrics, "llm_requests_in_progress") == 0
    assert faults(metrics) == {}


def test_a_router_around_a_stream_counts_its_tokens_once(metrics, by_gpt):
    router = metrics.track_llm_call(provider="openai", model="router")
    inner = by_gpt(lambda: gpt().chat.completions.create(**GPT_ASKED))

    @metrics.track_ticket_processing
    def answered(ticket):
        return "resolved" if list(router(inner)()) else "error"

    answered({"category": "billing"})
    requests = seen(metrics, "llm_requests_total", operation="chat", outcome="success")
    assert requests == {("openai", GPT): 1, ("openai", "router"): 1}
    assert seen(metrics, "llm_tokens_total", token_type="output") == {("openai", GPT): 300}
    cost = total(metrics, "llm_cost_usd_total")
    assert samples(metrics, "ticket_llm_cost_usd_sum")[("billing",)] == pytest.approx(cost)
    assert samples(metrics, "ticket_llm_cost_usd_count")[("billing",)] == 1
