from __future__ import annotations

from collections import Counter

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from exporter import DEFINITIONS, NAMESPACE, register


@pytest.fixture
def registry():
    return CollectorRegistry()


def test_the_table_holds_what_an_agent_is_asked_for():
    kinds = Counter(d.kind for d in DEFINITIONS)
    assert kinds == {"counter": 23, "gauge": 23, "histogram": 9}
    assert len({d.name for d in DEFINITIONS}) == kinds.total()


def test_names_follow_prometheus_conventions():
    for definition in DEFINITIONS:
        assert definition.name.startswith(NAMESPACE)
        assert definition.name.endswith("_total") == (definition.kind == "counter")
        assert definition.unit in definition.name.split("_") or definition.unit == ""
        assert definition.help.endswith(".")


def test_only_histograms_have_buckets_and_theirs_rise():
    for definition in DEFINITIONS:
        assert bool(definition.buckets) == (definition.kind == "histogram")
        assert list(definition.buckets) == sorted(set(definition.buckets))


def test_promised_durations_are_bounds():
    promised = [d for d in DEFINITIONS if d.name.endswith("response_duration_seconds")]
    assert [{5, 10} <= set(d.buckets) for d in promised] == [True]


def test_metrics_are_exposed_under_their_names(registry):
    metrics = register(registry)
    told = [definition for definition in DEFINITIONS if not definition.derived]
    assert list(metrics) == [definition.name for definition in told]
    for definition in told:
        metric = metrics[definition.name]
        child = metric.labels(*definition.labels) if definition.labels else metric
        record = {"counter": "inc", "gauge": "set", "histogram": "observe"}[definition.kind]
        getattr(child, record)(1)
    text = generate_latest(registry).decode()
    for definition in told:
        name = definition.name + ("_count" if definition.kind == "histogram" else "")
        pairs = ",".join(f'{label}="{label}"' for label in sorted(definition.labels))
        series = name + (f"{{{pairs}}}" if pairs else "")
        assert f"\n{series} 1.0\n" in text


def test_buckets_are_exposed_as_defined(registry):
    name = f"{NAMESPACE}response_duration_seconds"
    register(registry)[name].labels("chat").observe(4)
    lines = generate_latest(registry).decode().splitlines()
    bounds = [line.split('le="')[1].split('"')[0] for line in lines if f"{name}_bucket" in line]
    (definition,) = [d for d in DEFINITIONS if d.name == name]
    assert [float(bound) for bound in bounds] == [*definition.buckets, float("inf")]


def test_two_registrations_are_refused(registry):
    register(registry)
    with pytest.raises(ValueError, match="Duplicated"):
        register(registry)
