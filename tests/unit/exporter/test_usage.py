"""Tokens of every shape of answer, told by answers of the clients themselves."""

from __future__ import annotations

from collections import UserDict
from types import SimpleNamespace

import anthropic.types
import openai.types
import openai.types.chat
import openai.types.responses
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from exporter import Metrics, Settings
from exporter.tiers import STANDARD
from exporter.usage import BadUsageError, TokenUsage, usage_of
from tests.exposed import seen, total

ANTHROPIC = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": "Hello"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 1_000,
        "cache_read_input_tokens": 8_000,
        "cache_creation_input_tokens": 500,
        "cache_creation": {"ephemeral_5m_input_tokens": 300, "ephemeral_1h_input_tokens": 200},
        "output_tokens": 300,
        "output_tokens_details": {"thinking_tokens": 120},
        "service_tier": "standard",
    },
}
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_780_000_000,
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "logprobs": None,
            "message": {"role": "assistant", "content": "Hello", "refusal": None},
        }
    ],
    "usage": {
        "prompt_tokens": 9_500,
        "completion_tokens": 300,
        "total_tokens": 9_800,
        "prompt_tokens_details": {"cached_tokens": 8_000, "cache_write_tokens": 500},
        "completion_tokens_details": {"reasoning_tokens": 120},
    },
}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1_780_000_000.0,
    "model": "gpt-5",
    "output": [],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "status": "completed",
    "usage": {
        "input_tokens": 9_500,
        "input_tokens_details": {"cached_tokens": 8_000, "cache_write_tokens": 500},
        "output_tokens": 300,
        "output_tokens_details": {"reasoning_tokens": 120},
        "total_tokens": 9_800,
    },
}
EMBEDDING = {
    "object": "list",
    "model": "text-embedding-3-small",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.0, 1.0]}],
    "usage": {"prompt_tokens": 12, "total_tokens": 12},
}
GEMINI = {
    "usageMetadata": {
        "promptTokenCount": 9_000,
        "cachedContentTokenCount": 8_000,
        "candidatesTokenCount": 180,
        "thoughtsTokenCount": 120,
    }
}
CALL = TokenUsage(1_000, 8_000, 500, 0, 300, 120)


def without(tree: dict, *path: str) -> dict:
    first, *rest = path
    if rest:
        return {**tree, first: without(tree[first], *rest)}
    return {name: value for name, value in tree.items() if name != first}


# Answers of the clients, and the same as dictionaries


@pytest.mark.parametrize(
    ("kind", "tree", "expected"),
    [
        (anthropic.types.Message, ANTHROPIC, CALL._replace(cache_write_1h=200, tier="standard")),
        (openai.types.chat.ChatCompletion, CHAT, CALL),
        (openai.types.responses.Response, RESPONSE, CALL),
        (openai.types.CreateEmbeddingResponse, EMBEDDING, TokenUsage(12, 0, 0, 0, 0, 0)),
    ],
    ids=["anthropic", "chat", "responses", "embeddings"],
)
def test_clients_answers(kind, tree, expected):
    assert usage_of(kind.model_validate(tree)) == expected
    assert usage_of(kind.construct(**tree)) == expected
    assert usage_of(tree) == expected
    assert usage_of(UserDict(tree)) == expected
    assert usage_of(type("Answer", (dict,), {})(tree)) == expected


def test_gemini_tells_of_thoughts_beside_the_answer():
    expected = TokenUsage(1_000, 8_000, 0, 0, 300, 120)
    told = GEMINI["usageMetadata"]
    snake = {
        "prompt_token_count": told["promptTokenCount"],
        "cached_content_token_count": told["cachedContentTokenCount"],
        "candidates_token_count": told["candidatesTokenCount"],
        "thoughts_token_count": told["thoughtsTokenCount"],
    }
    assert usage_of(GEMINI) == expected
    assert usage_of({"usage_metadata": snake}) == expected
    assert usage_of(SimpleNamespace(usage_metadata=SimpleNamespace(**snake))) == expected


class Slots:
    __slots__ = ("completion_tokens", "prompt_tokens", "usage")

    def __init__(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)


class Derived(Slots):
    __slots__ = ("more",)


class Property:
    """As protocol buffers are: nothing of what they tell is in ``__dict__``."""

    def __init__(self):
        self.hidden = 7

    @property
    def prompt_tokens(self):
        return self.hidden

    @property
    def completion_tokens(self):
        return 3


@pytest.mark.parametrize(
    "usage",
    [
        Slots(prompt_tokens=7, completion_tokens=3),
        Derived(prompt_tokens=7, completion_tokens=3),
        Property(),
        SimpleNamespace(prompt_tokens=7, completion_tokens=3),
        SimpleNamespace(prompt_tokens=7.0, completion_tokens=3.0),
    ],
    ids=["slots", "derived slots", "properties", "attributes", "whole floats"],
)
def test_objects_of_any_build(usage):
    assert usage_of(SimpleNamespace(usage=usage)) == TokenUsage(7, 0, 0, 0, 3, 0)
    assert usage_of(Slots(usage=usage)) == TokenUsage(7, 0, 0, 0, 3, 0)


# The same key, the opposite meaning


def test_input_tokens_leave_the_cache_out_at_anthropic_and_hold_it_at_openai():
    same = {"input_tokens": 9_000, "output_tokens": 300}
    outside = {**same, "cache_read_input_tokens": 8_000}
    inside = {**same, "input_tokens_details": {"cached_tokens": 8_000}}
    assert usage_of({"usage": outside}) == TokenUsage(9_000, 8_000, 0, 0, 300, 0)
    assert usage_of({"usage": inside}) == TokenUsage(1_000, 8_000, 0, 0, 300, 0)


@pytest.mark.parametrize("provider", ["anthropic", "openai", "gateway"])
def test_the_shape_decides_and_not_the_name_of_the_provider(metrics, provider):
    for tree in (ANTHROPIC, CHAT, RESPONSE):
        metrics.track_llm_call(provider=provider, model="m")(lambda tree=tree: tree)()
    tokens = seen(metrics, "llm_tokens_total", provider=provider, model="m")
    assert tokens == {
        ("input",): 3_000,
        ("cache_read",): 24_000,
        ("cache_write",): 1_500,
        ("output",): 900,
    }


# What is missing


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        b"bytes",
        7,
        (),
        {},
        {"usage": None},
        {"usage": {}},
        {"usage": 7},
        {"usage": "many"},
        SimpleNamespace(),
        SimpleNamespace(usage=lambda: {"input_tokens": 1}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_nothing_said_is_nothing(answer):
    assert usage_of(answer) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("usage", "cache_read_input_tokens"), TokenUsage(1_000, 0, 500, 200, 300, 120)),
        (("usage", "cache_creation"), TokenUsage(1_000, 8_000, 500, 0, 300, 120)),
        (("usage", "cache_creation_input_tokens"), TokenUsage(1_000, 8_000, 500, 200, 300, 120)),
        (("usage", "output_tokens_details"), TokenUsage(1_000, 8_000, 500, 200, 300, 0)),
        (("usage", "input_tokens"), TokenUsage(0, 8_000, 500, 200, 300, 120)),
    ],
    ids=lambda value: value[-1] if isinstance(value[0], str) else "",
)
def test_what_anthropic_leaves_out_is_nothing(path, expected):
    expected = expected._replace(tier="standard")
    assert usage_of(without(ANTHROPIC, *path)) == expected
    usage = {**ANTHROPIC["usage"], path[-1]: None}
    assert usage_of({"usage": usage}) == expected


# What cannot be

BROKEN = [-1, 0.5, float("nan"), float("inf"), "12", [1], {"a": 1}, True, 10**9, 10**400]


@pytest.mark.parametrize("value", BROKEN, ids=lambda value: str(value)[:12])
@pytest.mark.parametrize(
    ("tree", "path"),
    [
        (ANTHROPIC["usage"], ["input_tokens"]),
        (ANTHROPIC["usage"], ["cache_creation", "ephemeral_1h_input_tokens"]),
        (ANTHROPIC["usage"], ["output_tokens_details", "thinking_tokens"]),
        (CHAT["usage"], ["prompt_tokens"]),
        (CHAT["usage"], ["prompt_tokens_details", "cached_tokens"]),
        (CHAT["usage"], ["completion_tokens_details", "reasoning_tokens"]),
        (RESPONSE["usage"], ["output_tokens"]),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_counts_that_cannot_be_are_refused(tree, path, value):
    first, *rest = path
    usage = {**tree, first: {**tree[first], rest[0]: value} if rest else value}
    with pytest.raises(BadUsageError):
        usage_of({"usage": usage})


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 11}},
        {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 6, "cache_write_tokens": 5}},
        {"prompt_token_count": 10, "cached_content_token_count": 11},
    ],
    ids=["chat", "responses", "gemini"],
)
def test_a_part_is_not_more_than_the_whole(usage):
    with pytest.raises(BadUsageError):
        usage_of({"usage": usage})


class Hostile:
    """Fails whatever is asked of it."""

    def __getattribute__(self, name):
        if name in {"__class__", "_repr_pretty_"}:
            return object.__getattribute__(self, name)
        raise RuntimeError(name)


class Unbound(Hostile):
    """Has not even a class, as a proxy of something that is not there yet."""

    def __getattribute__(self, name):
        raise RuntimeError(name)


class Unprintable:
    def __str__(self):
        raise RuntimeError("str")

    __repr__ = __str__


@pytest.mark.parametrize(
    "answer",
    [
        Hostile(),
        SimpleNamespace(usage=Hostile()),
        {"usage": Hostile()},
        {"usage": {"input_tokens": Hostile(), "output_tokens": 1}},
        {"usage": {"prompt_tokens": Unprintable()}},
        {"usage": {"prompt_tokens": 5, "prompt_tokens_details": Hostile()}},
    ],
    ids=["answer", "usage", "usage in a dictionary", "count", "unprintable", "details"],
)
def test_what_cannot_be_read_is_refused(answer):
    with pytest.raises(BadUsageError):
        usage_of(answer)


# Whatever a function returns, its caller gets, and nothing is counted that is not so

NAMES = [*ANTHROPIC["usage"], *CHAT["usage"], *RESPONSE["usage"], *GEMINI["usageMetadata"]]
NAMES += [*ANTHROPIC["usage"]["cache_creation"], "cached_tokens", "reasoning_tokens", "usage"]
NAMES += ["speed", "serviceTier", "trafficType"]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**12),
    st.sampled_from([10**400, 1j]),
    st.builds(Hostile),
    st.builds(Unprintable),
    st.builds(object),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=3),
)


def _containers(inner):
    fields = st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    return st.one_of(
        fields,
        st.builds(lambda tree: SimpleNamespace(**tree), fields),
        st.builds(UserDict, fields),
        st.lists(inner, max_size=2),
    )


SHAPES = st.recursive(JUNK, _containers, max_leaves=12)
ANSWERS = st.one_of(
    SHAPES,
    st.builds(lambda usage: {"model": "gpt-4o", "usage": usage}, SHAPES),
    st.builds(lambda usage: SimpleNamespace(model="gpt-4o", usage_metadata=usage), SHAPES),
)


@pytest.fixture(scope="module")
def shared():
    return Metrics(CollectorRegistry(), Settings())


@given(ANSWERS)
@example({"usage": {"input_tokens": -1}})
@example({"model": "gpt-4o", "usage": {"input_tokens": 0, "service_tier": False}})
def test_no_answer_breaks_a_call_or_a_counter(shared, answer):
    def call():
        return answer

    calls = total(shared, "llm_requests_total", outcome="success")
    tokens = seen(shared, "llm_tokens_total")
    told = total(shared, "llm_tokens_total")
    unpriced = total(shared, "llm_unpriced_requests_total")
    assert shared.track_llm_call(provider="openai", model="gpt-4o")(call)() is answer
    assert total(shared, "llm_requests_total", outcome="success") == calls + 1
    after = seen(shared, "llm_tokens_total")
    assert all(after[key] >= value for key, value in tokens.items())
    # What cannot be counted is said to cost nobody knows what.
    grown = total(shared, "llm_tokens_total") > told
    missing = total(shared, "llm_unpriced_requests_total") - unpriced
    try:
        usage = usage_of(answer)
    except BadUsageError:
        assert (grown, missing) == (False, 1)
    else:
        # Nor what a tier costs that nobody knows.
        unknown = usage is None or usage.tier not in {None, STANDARD}
        assert (grown, missing) == (usage is not None and any(usage[:5]), int(unknown))
    assert total(shared, "metrics_internal_errors_total") == 0
    assert total(shared, "llm_requests_in_progress") == 0


def test_an_answer_without_a_class_reaches_the_caller(metrics):
    answer = Unbound()
    assert metrics.track_llm_call(provider="openai", model="gpt-4o")(lambda: answer)() is answer
    assert seen(metrics, "llm_unpriced_requests_total") == {("openai", "bad_usage"): 1}


def test_reasons_why_a_call_has_no_price(metrics):
    answers = [ANTHROPIC, {"usage": {"input_tokens": -1}}, "text", {**CHAT, "model": "nobody's"}]
    for answer in answers:
        metrics.track_llm_call(provider="anthropic", model="nobodys")(lambda a=answer: a)()
    reasons = seen(metrics, "llm_unpriced_requests_total", provider="anthropic")
    assert reasons == {("bad_usage",): 1, ("no_usage",): 1, ("unknown_model",): 1}
