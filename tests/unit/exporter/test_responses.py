"""Answers to customers are timed once, by their first words."""

from __future__ import annotations

import asyncio

import pytest

from tests.exposed import samples, seen, total


def slow():
    yield "first"
    raise TimeoutError


def test_a_whole_answer_is_seen_at_its_end(metrics):
    assert metrics.track_response(lambda: "text")() == "text"
    assert metrics.track_response(channel="email")(lambda: "text")() == "text"
    assert seen(metrics, "response_duration_seconds_count") == {("chat",): 1, ("email",): 1}


def test_a_stream_is_seen_at_its_first_words(metrics):
    stream = metrics.track_response(slow)()
    next(stream)
    assert seen(metrics, "response_duration_seconds_count") == {("chat",): 1}
    with pytest.raises(TimeoutError):
        next(stream)
    assert seen(metrics, "response_duration_seconds_count") == {("chat",): 1}


def test_an_async_stream_is_seen_at_its_first_words(metrics):
    @metrics.track_response
    async def stream():
        yield "first"
        await asyncio.sleep(0.05)
        yield "last"

    async def read():
        return [text async for text in stream()]

    assert asyncio.run(read()) == ["first", "last"]
    assert samples(metrics, "response_duration_seconds_sum")[("chat",)] < 0.05


def test_a_failure_is_no_answer(metrics):
    def fails():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        metrics.track_response(fails)()
    with pytest.raises(KeyError), metrics.response():
        raise KeyError
    assert total(metrics, "response_duration_seconds_count") == 0


def test_a_context_is_an_answer(metrics):
    with metrics.response(channel="email"):
        pass
    with pytest.raises(KeyError), metrics.response() as answer:
        answer.first_words()
        answer.first_words()
        raise KeyError

    async def use():
        async with metrics.response() as answer:
            answer.first_words()

    asyncio.run(use())
    assert seen(metrics, "response_duration_seconds_count") == {("chat",): 2, ("email",): 1}


def test_an_answer_around_a_ticket_around_a_call(metrics):
    @metrics.track_response
    @metrics.track_ticket_processing
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    def answer(ticket):
        yield "first"
        yield {"usage": {"prompt_tokens": 10, "completion_tokens": 1}}

    assert len(list(answer({"category": "billing"}))) == 2
    assert total(metrics, "response_duration_seconds_count") == 1
    assert total(metrics, "tickets_processed_total", outcome="resolved", category="billing") == 1
    assert total(metrics, "llm_tokens_total") == 11
    assert total(metrics, "ticket_llm_cost_usd_count", category="billing") == 1
