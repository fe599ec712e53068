"""Whatever is asked of Prometheus is exposed by somebody: nothing is spelled wrong anywhere."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from exporter.definitions import DEFINITIONS
from tests import dashboards
from tests.metric_contract import WELL_KNOWN, asked_for, faults_of

RULES = sorted(Path("generated/rules").glob("*.yml"))
RUNBOOKS = sorted(Path("slo/catalog/ai_support/runbooks").glob("*.md"))
QUERY = re.compile(r"```promql\n(.*?)```", re.DOTALL)


def rule_queries(path: Path) -> list[str]:
    groups = YAML(typ="safe").load(path.read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def runbook_queries(path: Path) -> list[str]:
    return [query.strip() for query in QUERY.findall(path.read_text())]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_ask_for_what_is_exposed(path):
    queries = rule_queries(path)
    assert queries
    assert [fault for query in queries for fault in faults_of(query)] == []


def dashboard_queries(path: Path) -> list[str]:
    dashboard = dashboards.read(path)
    asked = [target.expr for target in dashboards.targets_of(dashboard)]
    values = dashboards.sample_values(dashboard)
    every = (*asked, *dashboards.annotation_exprs(dashboard), *dashboards.lookups(dashboard))
    return [dashboards.put_in(query, values) for query in every]


@pytest.mark.parametrize("path", dashboards.FILES, ids=lambda path: path.stem)
def test_dashboards_ask_for_what_is_exposed(path):
    queries = dashboard_queries(path)
    assert len(queries) > 5
    assert [fault for query in queries for fault in faults_of(query)] == []


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_runbooks_ask_for_what_is_exposed(path):
    queries = runbook_queries(path)
    assert len(queries) >= 3
    assert [fault for query in queries for fault in faults_of(query)] == []


def test_all_rules_together_read_most_of_what_is_listed():
    read = {one.metric for path in RULES for q in rule_queries(path) for one in asked_for(q)}
    drawn = {
        one.metric
        for path in dashboards.FILES
        for query in dashboard_queries(path)
        for one in asked_for(query)
    }
    shown = {one.metric for path in RUNBOOKS for q in runbook_queries(path) for one in asked_for(q)}
    assert len(read) > 25
    # The list of others' metrics holds nothing that nobody asks for.
    assert set(WELL_KNOWN) - read - shown - drawn <= {
        "ALERTS",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
    }


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("sum(support_agent_ticket_total)", "no metric 'support_agent_ticket_total'"),
        ('up{jop="x"}', "no label 'jop' of up"),
        ("sum by (provder) (support_agent_llm_retries_total)", "no label 'provder'"),
        ("sum(rate(support_agent_response_duration_seconds[5m]))", "no metric"),
        ('support_agent_queue_depth{le="5"}', "no label 'le'"),
        ("max(a_total / on (podd) up)", "no label 'podd'"),
    ],
)
def test_what_is_spelled_wrong_is_found(query, fault):
    assert any(fault in found for found in faults_of(query))


def test_every_metric_of_the_exporter_is_known():
    for one in DEFINITIONS:
        name = f"{one.name}_count" if one.kind == "histogram" else one.name
        labels = ",".join(f'{label}=""' for label in one.labels)
        assert faults_of(f"{name}{{{labels}}}") == []
