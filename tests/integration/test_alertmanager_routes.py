"""A real Alertmanager takes the configuration, and does with alerts what it is meant to do."""

from __future__ import annotations

import json
import textwrap
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slo.doctor.alertmanager.route import read_routing
from slo.doctor.alertmanager.server import AlertmanagerServer
from slo.manifests import ManifestSettings
from slo.manifests.settings import AlertmanagerSettings
from tests.integration.alertmanager import alertmanager, amtool, receiver
from tests.manifest_samples import manifest

pytestmark = pytest.mark.integration

RUNBOOK = "https://runbooks.example.com/queue"
DASHBOARD = "https://grafana.example.com/d/queue?var-a=1&var-b=2"


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "checked.yml"
    path.write_text(manifest("alertmanager/alertmanager.yml"))
    return path


def quick(folder, address="http://127.0.0.1:1", heartbeat="") -> str:
    """The configuration, its receivers on loopback, and without the wait for a group's others."""
    (folder / "pager").write_text("R0UT1NGK3Y\n")
    (folder / "chat").write_text(f"{address}/chat\n")
    keys = (str(folder / "pager"), str(folder / "chat"))
    settings = AlertmanagerSettings(*keys, "#till", heartbeat)
    text = manifest(
        "alertmanager/alertmanager.yml", replace(ManifestSettings(), alertmanager=settings)
    )
    text = text.replace("group_wait: 30s", "group_wait: 1s")
    assert "group_wait: 1s" in text
    return f"global:\n  pagerduty_url: {address}/pager\n{text}"


def alert(name: str, severity: str, annotations: dict[str, str] | None = None, **labels: str):
    return {
        "labels": {"alertname": name, "service": "shop", "severity": severity} | labels,
        "annotations": annotations or {},
    }


def test_amtool_accepts_the_configuration(config_file):
    printed = amtool("check-config", str(config_file))
    assert "SUCCESS" in printed
    assert "3 receivers" in printed


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        ("page", "pagerduty"),
        ("critical", "pagerduty"),
        ("ticket", "chat"),
        ("warning", "chat"),
        ("info", "chat"),
        ("pages", "chat"),
        ("", "chat"),
    ],
)
def test_each_severity_reaches_its_receiver(severity, told, config_file):
    file = f"--config.file={config_file}"
    labels = (f"severity={severity}", "service=x", "slo=y")
    assert amtool("config", "routes", "test", file, *labels) == told


@pytest.mark.parametrize("name", ["Watchdog", "InfoInhibitor"])
def test_what_only_says_that_alerting_works_reaches_nobody(name, config_file):
    file = f"--config.file={config_file}"
    said = (f"alertname={name}", "severity=none", "namespace=monitoring")
    assert amtool("config", "routes", "test", file, *said) == "nobody"
    # An alert of that name which is meant for people is told to them.
    urgent = (f"alertname={name}", "severity=page")
    assert amtool("config", "routes", "test", file, *urgent) == "pagerduty"


def test_a_dead_mans_switch_hears_of_the_watchdog_and_nobody_else_does(tmp_path):
    with receiver() as everybody:
        text = with_heartbeat(tmp_path, everybody.url)
        with alertmanager(text, tmp_path) as server:
            server.post(
                {"labels": {"alertname": "Watchdog", "severity": "none"}},
                {"labels": {"alertname": "InfoInhibitor", "severity": "none"}},
                alert("Ticket", "ticket"),
            )
            message = everybody.first("/heartbeat")
            everybody.first("/chat")
            again = [everybody.first("/heartbeat", after) for after in (1, 2)]
    assert message["status"] == "firing"
    assert [one["labels"]["alertname"] for one in message["alerts"]] == ["Watchdog"]
    assert {one["receiver"] for one in again} == {"heartbeat"}
    assert "Ticket" in str(everybody.received["/chat"])
    assert "Watchdog" not in str(everybody.received["/chat"])
    assert "InfoInhibitor" not in str(everybody.received)


def with_heartbeat(folder, address: str) -> str:
    """The configuration with a dead man's switch that is told every second, and not every minute.

    Debian's Alertmanager 0.25 reads the address from the configuration only.
    """
    text = quick(folder, address, "/keys/heartbeat")
    for known, here in (
        ("- url_file: /keys/heartbeat", f"- url: {address}/heartbeat"),
        ("group_interval: 1m", "group_interval: 1s"),
        ("repeat_interval: 50s", "repeat_interval: 800ms"),
    ):
        assert text.count(known) == 1
        text = text.replace(known, here)
    return text


def test_a_page_silences_what_can_wait_about_the_same_trouble_only(tmp_path):
    with alertmanager(quick(tmp_path), tmp_path) as server:
        server.post(
            alert("QueuePage", "page", signal="queue"),
            alert("QueueTicket", "ticket", signal="queue"),
            alert("QueueWarning", "warning", signal="queue"),
            alert("QueueSecondPage", "critical", signal="queue"),
            alert("OtherSignal", "ticket", signal="cost"),
            alert("OtherService", "ticket", signal="queue", service="bakery"),
            alert("SloPage", "page", slo="orders", long_window="1h"),
            alert("SloTicket", "ticket", slo="orders", long_window="1d"),
            alert("OtherSlo", "ticket", slo="refunds"),
            alert("NeitherPage", "critical"),
            alert("NeitherWarning", "warning"),
        )
        alerts = server.alerts_with_silenced("QueueTicket", "QueueWarning", "SloTicket")
        # Nothing else is silenced later.
        time.sleep(1)
        alerts = server.alerts_with_silenced("QueueTicket", "QueueWarning", "SloTicket")
    assert len(alerts) == 11
    assert {alerts[name]["status"]["state"] for name in ("QueueTicket", "SloTicket")} == {
        "suppressed"
    }
    urgent = {alerts["QueuePage"]["fingerprint"], alerts["QueueSecondPage"]["fingerprint"]}
    assert set(alerts["QueueTicket"]["status"]["inhibitedBy"]) <= urgent
    assert alerts["SloTicket"]["status"]["inhibitedBy"] == [alerts["SloPage"]["fingerprint"]]


def test_a_ticket_is_heard_again_when_the_page_is_over(tmp_path):
    page = alert("QueuePage", "page", signal="queue")
    with alertmanager(quick(tmp_path), tmp_path) as server:
        server.post(page, alert("QueueTicket", "ticket", signal="queue"))
        server.alerts_with_silenced("QueueTicket")
        server.post(page | {"endsAt": datetime.now(UTC).isoformat()})
        assert "QueuePage" not in server.alerts_with_silenced()


def test_a_page_says_what_is_wrong_and_where_to_look(tmp_path):
    said = {
        "summary": "612 tickets wait",
        "description": "Customers wait 20 minutes.",
        "action": "Add workers.",
        "runbook_url": RUNBOOK,
        "dashboard_url": DASHBOARD,
    }
    with receiver() as pagerduty, alertmanager(quick(tmp_path, pagerduty.url), tmp_path) as server:
        server.post(alert("QueueDepth", "page", said, signal="queue"))
        event = pagerduty.first("/pager")
    assert event["routing_key"] == "R0UT1NGK3Y"
    assert event["event_action"] == "trigger"
    assert event["links"] == [
        {"href": RUNBOOK, "text": "Runbook"},
        {"href": DASHBOARD, "text": "Dashboard"},
    ]
    payload = event["payload"]
    assert payload["summary"] == "612 tickets wait"
    assert payload["severity"] == "critical"
    assert payload["source"] == "shop"
    assert payload["group"] == "queue"
    assert payload["custom_details"]["description"].strip() == "Customers wait 20 minutes."
    assert payload["custom_details"]["action"].strip() == "Add workers."


def test_a_page_without_links_has_none(tmp_path):
    path = {"runbook_url": "runbooks/queue.md"}
    with receiver() as pagerduty, alertmanager(quick(tmp_path, pagerduty.url), tmp_path) as server:
        server.post(alert("QueueDepth", "critical", path, signal="queue"))
        event = pagerduty.first("/pager")
    # PagerDuty would not take a path for an address; it is told all the same.
    assert event.get("links", []) == []
    assert event["payload"]["custom_details"]["runbook"].strip() == "runbooks/queue.md"
    assert event["payload"]["summary"] == "QueueDepth"


def test_the_chat_hears_of_every_alert_of_a_group(tmp_path):
    first = {
        "summary": "Orders fail",
        "description": "1 % & more fail.",
        "action": "Roll back.",
        "runbook_url": RUNBOOK,
        "dashboard_url": DASHBOARD,
    }
    second = {"summary": "Orders still fail", "runbook_url": "runbooks/orders.md"}
    with receiver() as slack, alertmanager(quick(tmp_path, slack.url), tmp_path) as server:
        server.post(
            alert("A", "ticket", first, slo="orders"), alert("B", "warning", second, slo="orders")
        )
        message = slack.first("/chat")
    assert message["channel"] == "#till"
    (shown,) = message["attachments"]
    assert shown["title"] == "Orders fail"
    assert shown["title_link"] == DASHBOARD
    assert shown["color"] == "warning"
    assert shown["text"].split("\n\n")[0].strip().splitlines() == [
        "*Orders fail* (ticket)",
        "1 % & more fail.",
        "*Action:* Roll back.",
        f"<{RUNBOOK}|Runbook>",
        f"<{DASHBOARD}|Dashboard>",
    ]
    assert shown["text"].split("\n\n")[1].strip().splitlines() == [
        "*Orders still fail* (warning)",
        "Runbook: runbooks/orders.md",
    ]


TREES = {
    "ours": None,
    "goes-on": """
        route:
          receiver: a
          routes:
            - {matchers: ['severity=~"page|critical"'], receiver: b, continue: true}
            - {matchers: ['team!="web"'], receiver: c}
            - {match: {service: shop}, receiver: d}
            - {match_re: {service: 'sh.*'}, receiver: e}
        """,
    "deep": """
        route:
          receiver: a
          routes:
            - matchers: ['{service="shop", severity!~"ticket|"}', "slo=~.+"]
              routes:
                - {matchers: [severity = page], receiver: b, continue: true}
                - {matchers: ['long_window="1h"'], receiver: c}
            - receiver: d
              matchers: [slo=""]
              routes: [{receiver: e, matchers: ['team=~"we|web"'], continue: true}]
            - {matchers: ['team="a\\"b, c"'], receiver: c}
        """,
}
LABELS = [
    {"severity": severity, **more}
    for severity in ("page", "ticket")
    for more in (
        {},
        {"service": "shop"},
        {"service": "shop", "slo": "x", "long_window": "1h"},
        {"service": "shed", "team": "web", "slo": "x"},
        {"team": 'a"b, c', "slo": "x"},
    )
]


@pytest.mark.parametrize("tree", TREES)
def test_routes_are_walked_as_amtool_walks_them(tree, tmp_path):
    text = manifest("alertmanager/alertmanager.yml")
    if TREES[tree]:
        receivers = "".join(f"\n  - name: {name}" for name in "abcde")
        text = textwrap.dedent(TREES[tree]) + f"receivers:{receivers}\n"
    path = tmp_path / "routes.yml"
    path.write_text(text)
    # As it comes back from a server: written by itself, every secret hidden.
    with alertmanager(text, tmp_path) as server:
        routing = read_routing(AlertmanagerServer(server.url).status()["config"]["original"])
    for labels in LABELS:
        quoted = (f"{name}={json.dumps(value)}" for name, value in labels.items())
        told = amtool("config", "routes", "test", f"--config.file={path}", *quoted)
        assert [one.receiver for one in routing.told(labels)] == told.split(","), labels
