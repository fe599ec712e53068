"""Calls of language models: which model, how they end, what they used."""

from __future__ import annotations

import asyncio
import gc
from enum import Enum, StrEnum
from functools import partial

import pytest

from tests.exposed import faults, samples, seen, total

ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 1_000, "completion_tokens": 100}}
DOLLARS = 1_000 * 2.5e-6 + 100 * 1e-5


class Model(StrEnum):
    SMALL = "gpt-4o-mini"


class Text(str):
    __slots__ = ()


class PlainModel(Enum):
    SMALL = "gpt-4o-mini"


def counted(metrics) -> dict:
    return seen(metrics, "llm_requests_total", provider="openai", outcome="success")


# Which model


def asks(prompt, model="gpt-4o", *, size=1):
    return ANSWER


@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [
        (["Hi"], {}, "gpt-4o"),
        (["Hi", "gpt-4o-mini"], {}, "gpt-4o-mini"),
        (["Hi"], {"model": "gpt-4o-mini"}, "gpt-4o-mini"),
        ([], {"model": Model.SMALL, "prompt": "Hi"}, "gpt-4o-mini"),
        (["Hi"], {"model": PlainModel.SMALL}, "gpt-4o-mini"),
        (["Hi"], {"model": None}, "other"),
    ],
)
def test_the_argument_model_names_it(metrics, args, kwargs, expected):
    assert metrics.track_llm_call(provider="openai")(asks)(*args, **kwargs) is ANSWER
    assert counted(metrics) == {(expected, "chat"): 1}


def test_the_argument_model_of_other_kinds_of_functions(metrics):
    track = metrics.track_llm_call(provider="openai")

    class Agent:
        @track
        def method(self, model):
            return ANSWER

        @track
        @classmethod
        def of_class(cls, model):
            return ANSWER

    Agent().method("gpt-4o-mini")
    Agent().of_class("gpt-4o-mini")
    track(partial(asks, "Hi"))("gpt-4o-mini")
    track(lambda **asked: ANSWER)(model="gpt-4o-mini")
    track(lambda: ANSWER)()
    assert counted(metrics) == {("gpt-4o-mini", "chat"): 4, ("other", "chat"): 1}


@pytest.mark.parametrize(
    "model",
    [Model.SMALL, PlainModel.SMALL, Text("gpt-4o-mini"), lambda prompt: prompt],
)
def test_the_decorator_names_it(metrics, model):
    metrics.track_llm_call(provider="openai", model=model)(lambda prompt: ANSWER)("gpt-4o-mini")
    assert counted(metrics) == {("gpt-4o-mini", "chat"): 1}


@pytest.mark.parametrize("model", [lambda: 1 / 0, object, lambda: "\ud800"])
def test_a_model_that_cannot_be_told_is_other(any_metrics, model):
    call = any_metrics.track_llm_call(provider="openai", model=model)(lambda: ANSWER)
    assert call() is ANSWER
    assert counted(any_metrics) == {("other", "chat"): 1}
    assert total(any_metrics, "llm_requests_in_progress") == 0


def test_the_answers_model_has_the_price_and_the_decorators_the_label(metrics):
    call = metrics.track_llm_call(provider="openai", model="support-bot", feature="triage")
    call(lambda: ANSWER)()
    cost = seen(metrics, "llm_cost_usd_total", provider="openai", model="support-bot")
    assert sum(cost.values()) == pytest.approx(DOLLARS)
    feature = seen(metrics, "llm_feature_cost_usd_total")
    assert feature == {("openai", "support-bot", "triage"): pytest.approx(DOLLARS)}


def test_the_model_that_was_asked_has_the_price_where_the_answer_names_none(metrics):
    call = metrics.track_llm_call(provider="openai", model="gpt-4o")
    call(lambda: {"usage": ANSWER["usage"]})()
    call(lambda: {**ANSWER, "model": "gpt-4o-of-tomorrow-nobody-knows"})()
    assert total(metrics, "llm_cost_usd_total") == pytest.approx(2 * DOLLARS)
    assert total(metrics, "llm_unpriced_requests_total") == 0


def test_a_batch_costs_half_and_says_where_nobody_knows(metrics):
    answer = {"usage": {"input_tokens": 1_000_000, "output_tokens": 0}, "model": "claude-opus-4-7"}
    metrics.track_llm_call(provider="anthropic", model="claude-opus-4-7")(lambda: answer)()
    usual = total(metrics, "llm_cost_usd_total")
    batch = metrics.track_llm_call(provider="anthropic", model="claude-opus-4-7", tier="batch")
    batch(lambda: answer)()
    assert total(metrics, "llm_cost_usd_total") == pytest.approx(1.5 * usual)
    told = {"usage": {**answer["usage"], "service_tier": "batch"}, "model": "claude-opus-4-7"}
    metrics.track_llm_call(provider="anthropic", model="claude-opus-4-7")(lambda: told)()
    assert total(metrics, "llm_cost_usd_total") == pytest.approx(2 * usual)
    metrics.track_llm_call(provider="perplexity", model="sonar", tier="batch")(lambda: ANSWER)()
    unpriced = seen(metrics, "llm_unpriced_requests_total")
    assert unpriced == {("perplexity", "no_tier_price"): 1}


def test_what_begins_at_zero_is_there_before_the_first_call(metrics):
    metrics.track_llm_call(provider="openai", model="gpt-4o")
    outcomes = samples(metrics, "llm_requests_total", provider="openai", model="gpt-4o")
    assert outcomes == {("chat", one): 0 for one in ("success", "error", "cancelled")}
    prices = samples(metrics, "llm_price_usd_per_million_tokens", provider="openai", model="gpt-4o")
    assert prices[("input",)] == 2.5


# Usage that is told


def test_usage_is_told_where_a_function_returns_less(metrics):
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    def call():
        metrics.report_usage(ANSWER)
        return "text"

    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    async def stream():
        yield "text"
        await asyncio.sleep(0)
        metrics.report_usage(ANSWER)

    async def read():
        return [text async for text in stream()]

    assert call() == "text"
    assert asyncio.run(read()) == ["text"]
    assert total(metrics, "llm_tokens_total") == 2_200
    assert total(metrics, "llm_unpriced_requests_total") == 0


def test_usage_that_is_told_outside_of_a_call_is_nobodys(metrics):
    metrics.report_usage(ANSWER)
    with metrics.ticket({}):
        metrics.report_usage(ANSWER)
    assert total(metrics, "llm_tokens_total") == 0


def test_a_generator_may_return_its_usage(metrics):
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    def stream():
        yield "text"
        return ANSWER

    assert list(stream()) == ["text"]
    assert total(metrics, "llm_tokens_total") == 1_100


# Contexts


def test_a_context_is_a_call(metrics):
    with metrics.llm_call(provider="openai", model="gpt-4o") as call:
        assert total(metrics, "llm_requests_in_progress") == 1
        call.usage(ANSWER)
        call.retried(2)

    async def use():
        async with metrics.llm_call(provider="openai", model="gpt-4o", feature="triage") as call:
            await asyncio.sleep(0)
            call.usage(ANSWER)

    asyncio.run(use())
    with pytest.raises(TimeoutError), metrics.llm_call(provider="openai", model="gpt-4o"):
        raise TimeoutError
    with (
        pytest.raises(asyncio.CancelledError),
        metrics.llm_call(provider="openai", model="gpt-4o"),
    ):
        raise asyncio.CancelledError
    outcomes = samples(metrics, "llm_requests_total", operation="chat", model="gpt-4o")
    assert {key[-1]: value for key, value in outcomes.items()} == {
        "success": 2,
        "error": 1,
        "cancelled": 1,
    }
    assert seen(metrics, "llm_errors_total") == {("openai", "gpt-4o", "timeout"): 1}
    assert seen(metrics, "llm_retries_total") == {("openai", "gpt-4o"): 2}
    assert seen(metrics, "errors_total") == {("llm", "timeout"): 1}
    assert total(metrics, "llm_requests_in_progress") == 0
    cost = seen(metrics, "llm_feature_cost_usd_total")
    assert cost[("openai", "gpt-4o", "triage")] == pytest.approx(DOLLARS)


class Hostile:
    def __hash__(self):
        raise RuntimeError


ODD = {"fails": Hostile(), "a list": [], "nothing": None, "a number": 7, "a long text": "x" * 100}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_context_of_an_odd_model_is_a_call(any_metrics, odd):
    with any_metrics.llm_call(provider="openai", model=odd) as call:
        call.usage(ANSWER)
        call.retried()
    assert total(any_metrics, "llm_requests_total", provider="openai") == 1
    assert total(any_metrics, "llm_tokens_total") == 1_100
    assert total(any_metrics, "llm_requests_in_progress") == 0
    generate(any_metrics)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_context_of_anything_odd_never_fails(any_metrics, odd):
    asked = {"provider": odd, "feature": odd, "operation": odd}
    with any_metrics.llm_call(**asked, model="gpt-4o") as call:
        call.usage(ANSWER)
        call.retried()
    assert any_metrics.track_llm_call(**asked, model=odd)(lambda: ANSWER)() is ANSWER
    assert total(any_metrics, "llm_requests_in_progress") == 0
    if odd is not ODD["fails"]:
        assert total(any_metrics, "llm_requests_total") == 2
        assert total(any_metrics, "llm_unpriced_requests_total") == 2
    generate(any_metrics)


def generate(metrics) -> None:
    from prometheus_client import generate_latest

    generate_latest(metrics.registry)


def test_a_fault_of_an_observation_is_one_fault(any_metrics):
    def model(prompt):
        raise RuntimeError

    any_metrics.track_llm_call(provider="openai", model=model)(lambda prompt: ANSWER)("Hi")
    assert faults(any_metrics) == {"llm": 1}


# Streams that nobody reads to their end


def test_thousands_that_were_put_off_are_recorded_one_after_the_other(metrics):
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    def stream():
        yield "text"
        yield "more"

    streams = [stream() for _ in range(3_000)]
    assert {next(one) for one in streams} == {"text"}
    streams.clear()
    gc.collect()
    metrics.recorder.settle()
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 3_000
    assert seen(metrics, "llm_unpriced_requests_total") == {("openai", "no_usage"): 3_000}
    assert faults(metrics) == {}
