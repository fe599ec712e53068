"""What may be a label's value, and what becomes of the rest."""

from __future__ import annotations

from enum import Enum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_open
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open
from prometheus_client.parser import text_string_to_metric_families as parse

from exporter import Metrics, Settings
from exporter.labels import Known, LabelGuard, Learnt
from tests.exposed import faults, seen, total

GUARD = {"category": Known(frozenset(("billing", "VIP", "other"))), "tool": Learnt(2, ("search",))}


@pytest.fixture
def admit():
    return LabelGuard(GUARD).admit


class Named(StrEnum):
    BILLING = "billing"


class Plain(Enum):
    BILLING = "billing"
    NUMBER = 7


class Text(str):
    """Is equal to whatever it is compared with."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__

    def __str__(self):
        return "billing"


class Failing(str):
    __slots__ = ()

    def __str__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = str.__hash__


class Unbound:
    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "value",
    ["billing", "Billing", " BILLING\n", Named.BILLING, Plain.BILLING, Text("x")],
    ids=repr,
)
def test_known_values_are_found_however_they_are_written(admit, value):
    assert admit("category", value) == ("billing", False)


def test_known_values_keep_their_own_capitals(admit):
    assert admit("category", "vip") == admit("category", "VIP") == ("VIP", False)


@pytest.mark.parametrize("value", [None, "other"])
def test_what_nobody_named_is_other_and_no_fault(admit, value):
    assert admit("category", value) == ("other", False)
    assert admit("tool", value) == ("other", False)


ODD = [
    "",
    "   ",
    "\ud800",
    "line\nbreak",
    "nul\0",
    "bell\a",
    "x" * 65,
    "x" * 100_000,
    b"bytes",
    1.5,
    float("nan"),
    float("inf"),
    10**5_000,
    object(),
    ["list"],
    {"a": 1},
]


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(type(value).__name__))
@pytest.mark.parametrize("label", ["category", "tool"])
def test_odd_values_are_folded(admit, label, value):
    assert admit(label, value) == ("other", True)


@pytest.mark.parametrize("kind", [Failing, Unbound])
def test_values_that_fail_are_folded(admit, kind):
    assert admit("tool", kind()) == ("other", True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "True"),
        (7, "7"),
        (4.0, "4"),
        (Plain.NUMBER, "7"),
        ("søk 🔎", "søk 🔎"),
        ('"\\', '"\\'),
    ],
)
def test_plain_values_are_learnt_as_they_read(admit, value, expected):
    assert admit("tool", value) == (expected, False)


def test_the_first_are_learnt_beside_those_that_were_named(admit):
    assert [admit("tool", name) for name in ("a", "b")] == [("a", False), ("b", False)]
    assert admit("tool", "c") == ("other", True)
    assert [admit("tool", name).value for name in ("a", "b", "search")] == ["a", "b", "search"]


def test_every_model_that_settings_name_is_told_apart():
    models = tuple(f"model-{number}" for number in range(40))
    metrics = Metrics(CollectorRegistry(), Settings(models=models, max_series=20_000))
    for model in (*models, "met-later"):
        metrics.llm_retried("anthropic", model)
    retried = seen(metrics, "llm_retries_total", provider="anthropic")
    assert retried == {(model,): 1 for model in (*models, "met-later")}


# Exposition


@pytest.mark.parametrize(
    "value", ["\ud800", "a\nb", 'quo"te\\', "x" * 100_000, "søk 🔎"], ids=lambda v: repr(v[:5])
)
def test_no_label_breaks_a_scrape(metrics, value):
    metrics.tool_called(value)
    metrics.ticket_received(value, value, value)
    metrics.track_llm_call(provider=value, model=value, operation=value, feature=value)(dict)()
    text = generate_latest(metrics.registry).decode()
    tools = {
        sample.labels["tool"]
        for family in parse(text)
        for sample in family.samples
        if sample.name == "support_agent_tool_calls_total"
    }
    assert tools == {value if value in {'quo"te\\', "søk 🔎"} else "other"}
    assert len(list(parse_open(generate_open(metrics.registry).decode()))) > 30


LABELS = st.one_of(st.text(max_size=80), st.none(), st.integers(), st.floats(), st.binary())


@pytest.fixture(scope="module")
def shared():
    return Metrics(CollectorRegistry(), Settings())


@given(LABELS, LABELS, LABELS)
def test_whatever_labels_are_given_what_is_exposed_parses(shared, one, two, three):
    before = total(shared, "tool_calls_total"), total(shared, "llm_fallbacks_total")
    shared.tool_called(one, two)
    shared.llm_fell_back(one, two, three)
    after = total(shared, "tool_calls_total"), total(shared, "llm_fallbacks_total")
    assert after == (before[0] + 1, before[1] + 1)
    for name in ("tool_calls_total", "llm_fallbacks_total"):
        one_metric = CollectorRegistry()
        one_metric.register(shared.metric(name))
        text = generate_latest(one_metric).decode()
        assert sum(len(family.samples) for family in parse(text)) > 0
        list(parse_open(generate_open(one_metric).decode()))
    assert faults(shared) == {}


# Attack


def test_an_attack_by_labels_is_folded_counted_and_forgotten():
    metrics = Metrics(CollectorRegistry(), Settings(max_series=600))
    begun = series(metrics)
    for number in range(5_000):
        metrics.llm_fell_back(f"a{number}", f"b{number}", "cost")
        metrics.ticket_received(f"c{number}", "chat", "normal")
        metrics.http_request("GET", f"/{number}", 404, 0.1)
    assert total(metrics, "llm_fallbacks_total") == 5_000
    assert total(metrics, "tickets_received_total") == 5_000
    assert total(metrics, "http_request_duration_seconds_count") == 5_000
    assert series(metrics) <= max(begun, 600) + 100
    dropped = seen(metrics, "metrics_dropped_labels_total")
    assert dropped[("tickets_received_total",)] == 5_000
    assert dropped[("llm_fallbacks_total",)] > 4_900
    assert faults(metrics) == {}


def test_known_tickets_are_told_apart_also_under_attack():
    metrics = Metrics(CollectorRegistry(), Settings(max_series=600))
    for number in range(1_000):
        metrics.llm_fell_back(f"a{number}", f"b{number}", "cost")
        metrics.http_request("GET", f"/{number}", 404, 0.1)
    metrics.track_ticket_processing(dict)({"category": "billing", "channel": "chat"})
    processed = seen(metrics, "tickets_processed_total")
    assert processed == {("billing", "chat", "resolved"): 1}


def series(metrics) -> int:
    return sum(
        len([one for one in family.samples if not one.name.endswith("_created")])
        for family in metrics.registry.collect()
    )
