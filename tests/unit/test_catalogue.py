"""The catalogue is made of what the exporter exposes, and each part of it is there."""

from importlib.resources import files
from pathlib import Path

import pytest

from exporter.definitions import DEFINITIONS
from slo.model.duration import DAY, HOUR
from slo.model.indicator import LatencyBuckets
from slo.model.selector import METRIC_NAME, Selector
from slo.spec import read_specs

CATALOG = Path(str(files("slo") / "catalog" / "ai_support"))
SPECS = read_specs([CATALOG])
BY_NAME = {slo.name: slo for slo in SPECS.slos}
EXPOSED = {definition.name: definition for definition in DEFINITIONS}
# What a histogram called x exposes beside its buckets' bounds.
PARTS = {"_bucket": "le", "_count": "", "_sum": ""}
PREFIX = "support_agent_"


def exposed_labels(metric: str) -> set[str]:
    if metric in EXPOSED and EXPOSED[metric].kind != "histogram":
        return set(EXPOSED[metric].labels)
    for suffix, own in PARTS.items():
        base = EXPOSED.get(metric.removesuffix(suffix))
        if metric.endswith(suffix) and base and base.kind == "histogram":
            return {*base.labels, *filter(None, [own])}
    raise AssertionError(metric)


def selectors() -> list[Selector]:
    return [selector for slo in SPECS.slos for selector in slo.indicator.selectors]


def test_five_objectives_of_one_service():
    assert {name: str(slo.objective) for name, slo in BY_NAME.items()} == {
        "ai-resolution-rate": "65 %",
        "api-availability": "99.9 %",
        "llm-call-success": "99 %",
        "response-latency": "95 %",
        "ticket-success": "99.5 %",
    }
    assert [service.name for service in SPECS.services] == ["support-agent"]
    assert {slo.period.length for slo in SPECS.slos} == {30 * DAY}


@pytest.mark.parametrize("selector", selectors(), ids=str)
def test_the_exporter_exposes_every_metric_and_label(selector):
    asked = {matcher.name for matcher in selector.matchers} - {METRIC_NAME}
    assert asked <= exposed_labels(selector.metric)


def test_the_promised_latency_is_a_bucket():
    latency = BY_NAME["response-latency"].indicator
    assert isinstance(latency, LatencyBuckets)
    assert latency.bound == "5"
    histogram = EXPOSED[latency.bucket.metric.removesuffix("_bucket")]
    assert float(latency.bound) in histogram.buckets


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_says_who_answers_for_it_and_why(name):
    slo = BY_NAME[name]
    assert slo.owner
    assert slo.title
    assert len(slo.description) > 100
    # The link starts at the top of the repository.
    runbook = CATALOG.parents[2] / slo.runbook
    assert runbook.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"ai-resolution-rate"}))
def test_the_workbooks_alerts_guard_small_budgets(name):
    alerts = BY_NAME[name].policy.alerts
    assert [(a.factor, a.long) for a in alerts] == [
        (14.4, HOUR),
        (6, 6 * HOUR),
        (3, DAY),
        (1, 3 * DAY),
    ]
    assert [round(a.budget_share(BY_NAME[name].period), 4) for a in alerts] == [
        0.02,
        0.05,
        0.1,
        0.1,
    ]


def test_alerts_on_the_resolution_rate_leave_healthy_weeks_alone():
    slo = BY_NAME["ai-resolution-rate"]
    healthy = 0.29
    for alert in slo.policy.alerts:
        assert healthy < alert.threshold(slo.objective) < 1
        assert alert.long >= 2 * HOUR


def test_runbooks_ask_for_metrics_that_exist():
    for runbook in sorted((CATALOG / "runbooks").glob("*.md")):
        words = runbook.read_text(encoding="utf-8").replace("`", " ").replace("{", " ")
        for word in words.replace("[", " ").replace("(", " ").replace(")", " ").split():
            if word.startswith(PREFIX):
                exposed_labels(word)
