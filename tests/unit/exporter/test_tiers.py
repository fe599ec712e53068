"""Tiers, told by answers of the clients themselves: where they stand, and what they are called."""

from __future__ import annotations

from collections import UserDict
from enum import StrEnum
from types import SimpleNamespace
from typing import Literal, get_args, get_origin

import anthropic.types
import anthropic.types.beta
import openai.types
import openai.types.chat
import openai.types.responses
import pytest
from openai.types.responses.service_tier import ServiceTier

from exporter.stream_usage import StreamedUsage
from exporter.tiers import TIERS, tier_named
from exporter.usage import usage_of
from tests.exposed import faults, seen, total
from tests.unit.exporter.test_usage import ANTHROPIC, CHAT, EMBEDDING, GEMINI, RESPONSE, without

UNTOLD = without(ANTHROPIC, "usage", "service_tier")


class TrafficType(StrEnum):
    """As google-genai has it; its members hash as their names do."""

    FLEX = "ON_DEMAND_FLEX"
    USUAL = "ON_DEMAND"
    PAID = "PROVISIONED_THROUGHPUT"


def claudes(**told: str) -> dict:
    return {**UNTOLD, "usage": {**UNTOLD["usage"], **told}}


def words(field: object) -> set[str]:
    """The literal words of an annotation."""
    if get_origin(field) is Literal:
        return set(get_args(field))
    return set().union(*(words(one) for one in get_args(field)))


# What they are called


def test_every_word_of_the_clients_has_a_tier():
    fields = [
        anthropic.types.Usage.model_fields["service_tier"].annotation,
        anthropic.types.Usage.model_fields["speed"].annotation,
        anthropic.types.beta.BetaUsage.model_fields["service_tier"].annotation,
        anthropic.types.beta.BetaUsage.model_fields["speed"].annotation,
        openai.types.chat.ChatCompletion.model_fields["service_tier"].annotation,
        openai.types.chat.ChatCompletionChunk.model_fields["service_tier"].annotation,
        ServiceTier,
    ]
    assert all(words(one) for one in fields)
    every = set().union(*map(words, fields))
    assert {word: tier_named(word) for word in every} == {
        **{word: word for word in every & set(TIERS)},
        "default": "standard",
        "auto": None,
    }
    assert every >= set(TIERS)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("on_demand", "standard"),
        ("Flex", "flex"),
        (TrafficType.FLEX, "flex"),
        (TrafficType.USUAL, "standard"),
        (TrafficType.PAID, "other"),
        ("of tomorrow", "other"),
        ("\ud800", "other"),
        ("", None),
        (None, None),
        (7, "other"),
        ([], "other"),
    ],
    ids=str,
)
def test_other_words(told, expected):
    assert tier_named(told) == expected


# Where they stand


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"service_tier": "standard"}, "standard"),
        ({"service_tier": "standard", "speed": "standard"}, "standard"),
        ({"service_tier": "batch"}, "batch"),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "standard", "speed": "fast"}, "fast"),
        ({"speed": "fast"}, "fast"),
        ({"service_tier": "of tomorrow"}, "other"),
    ],
    ids=str,
)
def test_anthropic_tells_within_the_usage(told, expected):
    tree = claudes(**told)
    for kind in (anthropic.types.Message, anthropic.types.beta.BetaMessage):
        assert usage_of(kind.construct(**tree)).tier == expected
        if expected != "other":
            assert usage_of(kind.model_validate(tree)).tier == expected
    assert usage_of(tree).tier == expected
    assert usage_of(UserDict(tree)).tier == expected


TOLD = [(word, tier_named(word)) for word in ("default", "flex", "priority", "fast", "auto")]


@pytest.mark.parametrize(("word", "expected"), [*TOLD, ("scale", "scale"), (None, None)])
@pytest.mark.parametrize(
    ("kind", "tree"),
    [
        (openai.types.chat.ChatCompletion, CHAT),
        (openai.types.responses.Response, RESPONSE),
        (openai.types.responses.Response, without(RESPONSE, "usage", "input_tokens_details")),
    ],
    ids=["chat", "responses", "responses without details"],
)
def test_openai_tells_beside_the_usage(kind, tree, word, expected):
    tree = {**tree, "service_tier": word}
    assert usage_of(kind.construct(**tree)).tier == expected
    assert usage_of(tree).tier == expected
    assert usage_of(UserDict(tree)).tier == expected
    assert usage_of(SimpleNamespace(**tree)).tier == expected
    if "input_tokens_details" in tree["usage"] or kind is not openai.types.responses.Response:
        assert usage_of(kind.model_validate(tree)).tier == expected


def test_streams_of_responses_without_details_tell_beside_the_usage():
    streamed = StreamedUsage()
    for told in ("auto", "flex"):
        part = {**without(RESPONSE, "usage", "input_tokens_details"), "service_tier": told}
        streamed.add({"type": "response.in_progress", "response": part})
    assert streamed.total().tier == "flex"


def test_models_that_do_not_know_the_field_keep_it_all_the_same():
    embedding = openai.types.CreateEmbeddingResponse
    assert usage_of(embedding.model_validate(EMBEDDING)).tier is None
    told = {**EMBEDDING, "service_tier": "flex"}
    assert usage_of(embedding.model_validate(told)).tier == "flex"


class Slots:
    __slots__ = ("service_tier", "usage")

    def __init__(self):
        self.usage, self.service_tier = CHAT["usage"], "flex"


class Property:
    usage = CHAT["usage"]

    @property
    def service_tier(self):
        return "flex"


@pytest.mark.parametrize("answer", [Slots(), Property()], ids=["slots", "property"])
def test_objects_of_any_build(answer):
    assert usage_of(answer).tier == "flex"


def test_gateways_may_tell_within_the_usage_in_the_shape_of_openai():
    usage = {**CHAT["usage"], "service_tier": "standard", "speed": "fast"}
    assert usage_of({**CHAT, "usage": usage}).tier == "fast"
    usage = {**CHAT["usage"], "service_tier": "batch"}
    assert usage_of({**CHAT, "usage": usage}).tier == "batch"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"serviceTier": "flex"}, "flex"),
        ({"service_tier": "standard"}, "standard"),
        ({"trafficType": "ON_DEMAND_PRIORITY"}, "priority"),
        ({"traffic_type": TrafficType.FLEX}, "flex"),
        ({"serviceTier": "unspecified", "trafficType": "ON_DEMAND"}, "standard"),
        ({"traffic_type": "PROVISIONED_THROUGHPUT"}, "other"),
    ],
    ids=str,
)
def test_gemini_tells_within_the_usage(told, expected):
    usage = {**GEMINI["usageMetadata"], **told}
    assert usage_of({"usageMetadata": usage}).tier == expected
    streamed = StreamedUsage()
    streamed.add({"usageMetadata": usage})
    assert streamed.total().tier == expected


# What they cost

LUNA = {"model": "gpt-5.6-luna", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}}
OPUS = {"model": "claude-opus-5", "usage": {"input_tokens": 1_000_000, "output_tokens": 0}}


def spent(metrics, answer: dict, provider: str = "openai", **named: str) -> float:
    before = total(metrics, "llm_cost_usd_total")
    track = metrics.track_llm_call(provider=provider, model=answer["model"], **named)
    assert track(lambda: answer)() is answer
    return total(metrics, "llm_cost_usd_total") - before


def test_what_answers_tell_has_its_price(metrics):
    usual = spent(metrics, LUNA)
    assert usual > 0
    shares = [spent(metrics, {**LUNA, "service_tier": one}) / usual for one in ("default", "flex")]
    assert shares == pytest.approx([1, 0.5])
    assert spent(metrics, {**LUNA, "service_tier": "priority"}) > 1.5 * usual
    fast = {**OPUS, "usage": {**OPUS["usage"], "service_tier": "standard", "speed": "fast"}}
    usual = spent(metrics, OPUS, "anthropic")
    assert spent(metrics, fast, "anthropic") == pytest.approx(2 * usual)
    assert total(metrics, "llm_unpriced_requests_total") == 0


def test_what_the_decorator_names_holds_where_answers_do_not_tell(metrics):
    usual = spent(metrics, LUNA)
    assert spent(metrics, LUNA, tier="flex") == pytest.approx(usual / 2)
    # Asked for, but not what served it.
    assert spent(metrics, {**LUNA, "service_tier": "default"}, tier="flex") == pytest.approx(usual)
    assert spent(metrics, {**LUNA, "service_tier": "auto"}, tier="flex") == pytest.approx(usual / 2)
    # Lines of a batch's output tell of what serves any call.
    for told in ("default", "flex", "priority"):
        answer = {**LUNA, "service_tier": told}
        assert spent(metrics, answer, tier="batch") == pytest.approx(usual / 2)
    assert total(metrics, "llm_unpriced_requests_total") == 0


def test_a_context_names_it_too(metrics):
    usual = spent(metrics, LUNA)
    with metrics.llm_call(provider="openai", model=LUNA["model"], tier="flex") as call:
        call.usage(LUNA)
    assert total(metrics, "llm_cost_usd_total") == pytest.approx(1.5 * usual)


@pytest.mark.parametrize(
    ("provider", "answer", "tier"),
    [
        # A commitment, whose price stands in a contract.
        ("anthropic", claudes(service_tier="priority"), "standard"),
        ("anthropic", {**ANTHROPIC, "model": "claude-sonnet-4-5"}, "prioritie"),
        ("openai", {**LUNA, "service_tier": "scale"}, "standard"),
        ("openai", {**LUNA, "service_tier": "of tomorrow"}, "standard"),
        ("openai", {**CHAT, "service_tier": "flex"}, "standard"),
        ("openai", {**CHAT, "service_tier": []}, "standard"),
        ("openai", LUNA, "scale"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_price_costs_as_usual_and_says_so(metrics, provider, answer, tier):
    standard = {**answer, "service_tier": None}
    if provider == "anthropic":
        standard = claudes() | {"model": answer["model"]}
    usual = spent(metrics, standard, provider)
    assert total(metrics, "llm_unpriced_requests_total") == 0
    untold = answer if tier == "standard" else standard
    for calls in (1, 2):
        assert spent(metrics, untold, provider, tier=tier) == pytest.approx(usual) != 0
        unpriced = seen(metrics, "llm_unpriced_requests_total")
        assert unpriced == {(provider, "no_tier_price"): calls}


@pytest.mark.parametrize("tier", [None, 7, [], object()], ids=lambda tier: type(tier).__name__)
def test_no_tier_breaks_a_call(any_metrics, tier):
    assert spent(any_metrics, LUNA, tier=tier) > 0
    assert faults(any_metrics) == {}


def test_junk_names_of_tiers_are_not_kept(metrics):
    call = metrics.track_llm_call(provider="openai", model="gpt-5.6-luna")
    for number in range(300):
        call(lambda number=number: {**LUNA, "service_tier": f"junk-{number}"})()
    unpriced = seen(metrics, "llm_unpriced_requests_total")
    assert unpriced == {("openai", "no_tier_price"): 300}
    assert len(metrics._prices._cards) <= 3
