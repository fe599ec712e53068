"""The catalogue is made of what the exporter exposes, and each part of it is there."""

import numpy as np
import pytest

from exporter.definitions import DEFINITIONS
from slo.engine.alert import threshold_condition
from slo.engine.measure import measured
from slo.manifests.settings import WEEKLY_REPORTS
from slo.model import names
from slo.model.duration import DAY, HOUR, SECOND
from slo.model.indicator import LatencyBuckets
from slo.model.samples import History, Series
from slo.model.selector import labels_of
from slo.model.span import Span
from slo.rules.runbook import SECTIONS, runbook_names
from tests.catalogue import CATALOGUE, SPECS

BY_NAME = {slo.name: slo for slo in SPECS.slos}
EXPOSED = {definition.name: definition for definition in DEFINITIONS}
ALERTS = {alert.name: alert for alert in SPECS.alerts}
RUNBOOKS = CATALOGUE / "runbooks"
BUSINESS = {"ai-resolution-rate", "escalation-rate", "customer-satisfaction"}


def test_thirteen_objectives_of_one_service():
    assert {name: str(slo.objective) for name, slo in BY_NAME.items()} == {
        "ai-resolution-rate": "65 %",
        "api-availability": "99.9 %",
        "customer-satisfaction": "85 %",
        "db-pool-headroom": "99.5 %",
        "escalation-rate": "65 %",
        "llm-call-success-anthropic": "99 %",
        "llm-call-success-openai": "99 %",
        "llm-latency-anthropic": "95 %",
        "llm-latency-openai": "95 %",
        "queue-freshness": "99 %",
        "response-latency": "95 %",
        "response-latency-slowest": "99 %",
        "ticket-success": "99.5 %",
    }
    assert [service.name for service in SPECS.services] == ["support-agent"]
    assert {slo.period.length for slo in SPECS.slos} == {30 * DAY}


def test_every_alert_that_was_asked_for():
    told = {name: str(alert.alert) for name, alert in ALERTS.items()}
    assert (
        told
        | {
            "error-rate-critical": "page at > 0.05 over 5m for 2m",
            "response-time-critical": "page at < 0.95 over 5m for 5m",
            "ai-resolution-rate-critical": "page at < 0.6 over 6h for 15m",
            "queue-depth-critical": "page at > 500 over 5m for 2m",
            "llm-cost-critical": "page at > 300 over 1d for 10m",
            "error-rate-warning": "ticket at > 0.02 over 15m for 5m",
            "response-time-warning": "ticket at < 0.95 over 30m for 10m",
            "ai-resolution-rate-warning": "ticket at < 0.65 over 1d for 30m",
            "queue-depth-warning": "ticket at > 100 over 10m for 5m",
            "llm-cost-warning": "ticket at > 200 over 1d for 10m",
            "service-down": "page at < 1 for 2m",
            "pod-crash-looping": "ticket at > 0 over 5m for 5m",
            "db-pool-exhausted": "page at > 0.95 over 5m for 3m",
            "customer-satisfaction-low": "ticket at < 0.85 over 1d for 1h",
            "escalation-rate-high": "ticket at > 0.35 over 6h for 30m",
            "memory-near-limit": "ticket at > 0.9 over 5m for 10m",
            "cpu-near-limit": "ticket at > 0.9 over 15m for 10m",
            "disk-nearly-full": "ticket at < 0.1 for 15m",
        }
        == told
    )
    assert {"llm-api-failures", "llm-high-latency", "llm-token-budget"} <= {
        name.removesuffix("-anthropic") for name in told if name.endswith("-anthropic")
    }


@pytest.mark.parametrize(
    ("signal", "action"),
    [
        ("error-rate", "automatic rollback"),
        ("response-time", "scale up"),
        ("ai-resolution-rate", "knowledge base review"),
        ("queue-depth", "emergency scaling"),
        ("llm-cost-day", "rate limiting"),
    ],
)
def test_a_critical_alert_and_its_warning_watch_one_signal(signal, action):
    pair = {one.alert.severity: one for one in SPECS.alerts if one.signal == signal}
    assert set(pair) == {"page", "ticket"}
    assert pair["page"].action == action


def test_business_alerts_look_at_hours_and_ask_for_enough_events():
    watching = [one for one in SPECS.alerts if one.signal in BUSINESS]
    assert len(watching) == 4
    for one in watching:
        assert one.alert.short >= 6 * HOUR
        assert one.alert.minimum_events >= 200


def test_response_time_is_that_of_the_first_visible_reply():
    for one in SPECS.alerts:
        if one.signal == "response-time":
            metrics = {selector.metric for selector in one.alert.selectors}
            assert {metric.rpartition("_")[0] for metric in metrics} == {
                "support_agent_response_duration_seconds"
            }


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_each_alert_says_what_it_means_and_where_to_look(name):
    one = ALERTS[name]
    assert one.summary
    assert one.description
    # Windows of a burn rate are their own patience.
    assert one.alert.hold or len(one.alert.windows) > 1
    assert one.owner
    assert one.dashboard
    assert (RUNBOOKS / one.runbook).read_text(encoding="utf-8").startswith("# ")


def test_every_report_that_a_cron_job_makes_is_missed_when_it_is_stale():
    watched = {name for name in ALERTS if name.startswith("report-stale-")}
    assert watched == {f"report-stale-{report.name}" for report in WEEKLY_REPORTS}


@pytest.mark.parametrize("report", [report.name for report in WEEKLY_REPORTS])
@pytest.mark.parametrize(
    ("days", "stale"),
    [({"created": 9}, True), ({"created": 7}, False), ({}, False)]
    + [({"created": 90, "status_last_successful_time": made}, made > 8) for made in (7, 9)],
)
def test_a_report_that_was_never_made_is_as_old_as_its_cron_job(report, days, stale):
    alert = ALERTS[f"report-stale-{report}"].alert
    at = np.array([100 * DAY], dtype=np.int64)
    labels = {"namespace": "support", "cronjob": report}
    made = tuple(
        Series(
            labels_of({"__name__": f"kube_cronjob_{name}", **labels}),
            at,
            (at - age * DAY) / SECOND,
        )
        for name, age in days.items()
    )
    history = History(made, Span(99 * DAY, 100 * DAY + 1))
    values = [measured(alert.measure, history, window, at) for window in alert.windows]
    assert threshold_condition(alert, values, []).tolist() == [stale]


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
    assert slo.dashboard
    assert len(slo.description) > 100
    assert (RUNBOOKS / slo.runbook).read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - BUSINESS))
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


def test_every_runbook_is_somebodys_and_has_the_four_parts():
    named = runbook_names(SPECS.slos, SPECS.alerts)
    assert sorted(path.name for path in RUNBOOKS.glob("*")) == list(named)
    for name in named:
        text = (RUNBOOKS / name).read_text(encoding="utf-8")
        parts = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        assert tuple(parts) == SECTIONS, name
        assert "TODO" not in text
        for section in SECTIONS:
            body = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
            assert len(body.split()) > 20, f"{name}: {section}"


def test_a_runbook_names_the_alerts_that_lead_to_it():
    for one in SPECS.alerts:
        text = (RUNBOOKS / one.runbook).read_text(encoding="utf-8")
        assert f"`{names.threshold_alert_name(one.name)}`" in text, one.name
