"""``slo doctor`` before a real Prometheus and a real Alertmanager, well and ill."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.alertmanager import alertmanager, receiver
from tests.integration.production import asked, monitored, until, write_project
from tests.integration.test_alertmanager_routes import quick

pytestmark = pytest.mark.integration


def doctor(file, *options: str) -> tuple[int, dict[str, dict], str]:
    """Exit code, findings by check, and what stands on standard error."""
    code = "from slo.cli import main; main()"
    command = [sys.executable, "-c", code, "doctor", "--config", str(file), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    found = json.loads(done.stdout)["findings"] if done.stdout else []
    return done.returncode, {one["check"]: one for one in found}, done.stderr


def only(*checks: str) -> list[str]:
    return [part for check in checks for part in ("--only", check)]


def states(findings: dict[str, dict]) -> dict[str, str]:
    return {name: one["state"] for name, one in findings.items()}


OF_PROMETHEUS = only(
    *("specs", "generated", "tls", "prometheus", "clock", "history", "rules-loaded"),
    *("rules-evaluating", "alert-sending", "metrics", "scrape-interval", "metrics-endpoint"),
    "replicas",
)


def test_a_healthy_production_is_fine(tmp_path):
    with alertmanager(quick(tmp_path), tmp_path) as server:
        file = write_project(tmp_path)
        alerting = (
            "alerting:\n  alertmanagers:\n    - static_configs: [{targets: "
            f"['{server.url.removeprefix('http://')}']}}]\n"
        )
        with monitored(tmp_path, settings=alerting, days=8, samples=5) as (url, _):
            file.write_text(
                file.read_text()
                + f'[prometheus]\nurl = "{url}"\n[alertmanager]\nurl = "{server.url}"\n'
            )
            until(lambda: asked(url, "alertmanagers")["activeAlertmanagers"], "an Alertmanager")
            everything = only("alertmanager", "routing", "silences", "runbooks")
            code, found, err = doctor(file, *OF_PROMETHEUS, *everything)
    # Groups of whole periods are evaluated every four minutes: its turn may have come by now.
    evaluated = found.pop("rules-evaluating")
    assert evaluated["state"] in ("fine", "attention")
    if evaluated["state"] == "attention":
        assert evaluated["found"] == "1 of 2 groups has not been evaluated yet"
        assert evaluated["details"] == ["shop/availability/period"]
    # There is one Alertmanager.
    assert states(found) == {**dict.fromkeys(found, "fine"), "replicas": "attention"}, found
    assert found["replicas"]["details"] == ["shop: 2 up", "Alertmanager: 1 up"]
    assert (code, "Traceback" in err) == (1, False)
    assert "2.42.0" in found["prometheus"]["found"]
    assert re.match(r"every indicator has samples from 7d ago", found["history"]["found"])
    assert "PagerDuty by pagerduty" in found["routing"]["found"]
    assert found["alert-sending"]["found"].endswith(server.url.removeprefix("http://"))


def edited(root, path: str, old: str, new: str) -> None:
    file = root / "generated" / "rules" / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


BURN = "prometheus-burn-rate-rules.yml"


def examined(root, *checks: str) -> dict[str, dict]:
    """What the checks find with the rules as they stand in the folder."""
    file = root / "slobook.toml"
    with monitored(root) as (url, _):
        file.write_text(file.read_text() + f'[prometheus]\nurl = "{url}"\n')
        return doctor(file, *only(*checks))[1]


def test_rules_that_are_missing_are_named(tmp_path):
    write_project(tmp_path)
    rules = tmp_path / "generated" / "rules"
    (rules / "prometheus-recording-rules.yml").unlink()
    edited(tmp_path, BURN, "alert: AvailabilityBurnRatePage1h", "alert: SomethingElse")
    found = examined(tmp_path, "rules-loaded")["rules-loaded"]
    assert found["state"] == "broken"
    assert re.fullmatch(r"\d+ of \d+ rules are not loaded", found["found"])
    assert found["details"][0].startswith("missing: alert AvailabilityBurnRatePage1h (")
    assert found["read"] == "slo doctor --explain rules-are-not-loaded"
    assert found["to_do"].startswith("slo generate")


def test_rules_that_differ_are_told_apart_from_those_that_are_printed_otherwise(tmp_path):
    write_project(tmp_path)
    text = (tmp_path / "generated" / "rules" / BURN).read_text()
    threshold = re.search(r"> \((\S+) \* 0.01\)", text)[0]
    edited(tmp_path, BURN, threshold, "> 0.99")
    found = examined(tmp_path, "rules-loaded")["rules-loaded"]
    assert found["state"] == "attention"
    (told,) = found["details"]
    assert told.startswith("another expression: alert AvailabilityBurnRate")
    assert "> 0.99" in told


def test_a_rule_that_fails_is_named_with_the_servers_words(tmp_path):
    write_project(tmp_path)
    text = (tmp_path / "generated" / "rules" / BURN).read_text()
    first = re.search(r"record: slo:events:rate\n\s+expr: (\S.*)", text)
    edited(tmp_path, BURN, first[1], "requests_total / on(job) requests_total")
    file = tmp_path / "slobook.toml"
    with monitored(tmp_path) as (url, _):
        file.write_text(file.read_text() + f'[prometheus]\nurl = "{url}"\n')
        until(
            lambda: any(
                rule["health"] == "err"
                for group in asked(url, "rules")["groups"]
                for rule in group["rules"]
            ),
            "a rule that fails",
        )
        found = doctor(file, *only("rules-evaluating"))[1]["rules-evaluating"]
    assert found["state"] == "broken"
    assert "their alerts cannot fire" in found["found"]
    assert "many-to-many" in found["details"][0]


def test_a_target_that_is_down_and_one_that_lacks_something(tmp_path):
    file = write_project(tmp_path)
    with monitored(tmp_path) as (url, (first, second)):
        file.write_text(file.read_text() + f'[prometheus]\nurl = "{url}"\n')
        first.extra = "shop_metrics_scrape_incomplete 1\n"
        until(
            lambda: asked(url, "query?query=shop_metrics_scrape_incomplete")["result"],
            "the metric",
        )
        incomplete = doctor(file, *only("metrics-endpoint"))[1]["metrics-endpoint"]
        second.broken = True
        until(lambda: asked(url, "query?query=up==0")["result"], "a target that is down")
        found = doctor(file, *only("metrics-endpoint", "replicas"))[1]
    assert incomplete["state"] == "attention"
    assert incomplete["details"] == [f"{first.address}: a collector fails"]
    assert found["metrics-endpoint"]["state"] == "broken"
    assert found["metrics-endpoint"]["found"] == "1 of 2 targets does not answer"
    assert found["metrics-endpoint"]["details"] == [
        f"shop, {second.address}: server returned HTTP status 500 Internal Server Error"
    ]
    assert found["replicas"]["state"] == "attention"
    assert found["replicas"]["details"] == ["shop: 1 up"]


def test_metrics_that_nobody_has_and_series_with_other_labels(tmp_path):
    file = write_project(tmp_path)
    spec = (tmp_path / "specs" / "shop.yaml").read_text()
    renamed = spec.replace("name: availability", "name: orders").replace(
        "requests_total", "orders_total"
    )
    relabelled = spec.replace("name: availability", "name: checkout").replace(
        "query: requests_total", "query: 'requests_total{path=\"/checkout\"}'"
    )
    for name, text in (("orders", renamed), ("checkout", relabelled)):
        (tmp_path / "specs" / f"{name}.yaml").write_text(text)
    with monitored(tmp_path) as (url, _):
        file.write_text(file.read_text() + f'[prometheus]\nurl = "{url}"\n')
        code, found, _ = doctor(file, *only("metrics"))
    assert (code, found["metrics"]["state"]) == (1, "broken")
    assert found["metrics"]["details"] == [
        'shop/checkout: no series of requests_total{path="/checkout"}; the metric is there with '
        "other labels",
        "shop/orders: there is no metric orders_total",
    ]


def test_a_history_that_is_too_short_and_one_that_is_young(tmp_path):
    file = write_project(tmp_path)
    with monitored(tmp_path, days=2) as (url, _):
        file.write_text(file.read_text() + f'[prometheus]\nurl = "{url}"\n')
        found = doctor(file, *only("history"))[1]["history"]
    assert found["state"] == "attention"
    assert re.match(r"the youngest indicator has 2\.0 days of samples", found["found"])
    assert "samples are kept for 10y" in found["found"]
    assert found["details"][0].startswith("requests_total: since ")


def test_a_server_that_is_gone_is_told_once(tmp_path):
    file = write_project(tmp_path, '[prometheus]\nurl = "http://127.0.0.1:1"\n')
    code, found, _ = doctor(file, *OF_PROMETHEUS)
    assert code == 1
    assert found["prometheus"]["state"] == "broken"
    assert "cannot be reached" in found["prometheus"]["found"]
    rest = {name: one for name, one in found.items() if one["area"] in ("Prometheus", "Service")}
    assert {one["found"] for name, one in rest.items() if name != "prometheus"} == {
        "nothing can be told as long as 'prometheus' is broken"
    }
    assert {found[name]["state"] for name in ("specs", "generated", "tls")} == {"fine"}


def test_where_nothing_runs_each_failing_check_says_the_next_command(tmp_path):
    nowhere = "http://127.0.0.1:1"
    servers = f'[prometheus]\nurl = "{nowhere}"\n[alertmanager]\nurl = "{nowhere}"\n'
    grafana = f'[grafana]\nurl = "{nowhere}"\ntoken_env = "NO_SUCH_TOKEN"\n'
    _, found, _ = doctor(write_project(tmp_path, servers, grafana))
    failing = {name: one for name, one in found.items() if one["state"] in ("broken", "attention")}
    assert set(failing) == {
        *("secrets", "prometheus", "alertmanager", "notifications", "datasource", "reports"),
    }
    for one in failing.values():
        assert one["found"]
        assert one["expected"]
        assert re.search(r"slo [a-z-]+|curl |set them", one["to_do"]), one
    assert failing["prometheus"]["to_do"].endswith(f"curl -sSf {nowhere}/-/ready")


TO_CHAT = """\
route: {receiver: chat}
receivers:
  - name: chat
    slack_configs: [{api_url: 'http://127.0.0.1:1/x', channel: '#x'}]
"""
TO_NOBODY = "route: {receiver: void}\nreceivers: [{name: void}]\n"


@pytest.mark.parametrize(
    ("config", "found", "detail"),
    [
        (TO_CHAT, "2 of 2 urgent alerts do not reach PagerDuty", "'chat' (slack)"),
        (TO_NOBODY, "2 of 2 urgent alerts reach nobody", "'void' (tells nobody)"),
    ],
)
def test_routes_that_lead_elsewhere(config, found, detail, tmp_path):
    with alertmanager(config, tmp_path) as server:
        file = write_project(tmp_path, f'[alertmanager]\nurl = "{server.url}"\n')
        code, findings, _ = doctor(file, *only("alertmanager", "routing"))
        sent, test, _ = doctor(file, "--notify", *only("notifications"))
        assert server.alerts() == {}
    assert (code, findings["routing"]["state"], findings["routing"]["found"]) == (
        1,
        "broken",
        found,
    )
    assert findings["alertmanager"]["state"] == "fine"
    assert findings["routing"]["details"][0].endswith(f"goes to {detail}")
    assert (sent, test["notifications"]["state"]) == (1, "broken")
    assert test["notifications"]["found"].startswith("not sent: it would go to")


def test_a_silence_over_urgent_alerts_is_told_with_its_author(tmp_path):
    with alertmanager(quick(tmp_path), tmp_path) as server:
        file = write_project(tmp_path, f'[alertmanager]\nurl = "{server.url}"\n')
        assert doctor(file, *only("silences"))[1]["silences"]["state"] == "fine"
        until_when = datetime.now(UTC) + timedelta(hours=2)
        silence = {
            "matchers": [
                {"name": "service", "value": "sh.p", "isRegex": True},
                {"name": "namespace", "value": "x", "isRegex": False},
            ],
            "startsAt": datetime.now(UTC).isoformat(),
            "endsAt": until_when.isoformat(),
            "createdBy": "maria",
            "comment": "migration",
        }
        server.post_silence(silence)
        found = doctor(file, *only("silences"))[1]["silences"]
    assert found["state"] == "attention"
    assert found["found"] == "1 of 1 active silence hides urgent alerts"
    assert found["details"] == [
        f'{{service=~"sh.p", namespace="x"}} by maria until {until_when:%Y-%m-%d %H:%M} UTC hides '
        "AvailabilityBurnRatePage1h, AvailabilityBurnRatePage6h"
    ]


def test_a_test_page_is_marked_followed_and_remembered(tmp_path):
    with receiver() as pagerduty, alertmanager(quick(tmp_path, pagerduty.url), tmp_path) as server:
        file = write_project(tmp_path, f'[alertmanager]\nurl = "{server.url}"\n')
        before = doctor(file, *only("notifications"))[1]["notifications"]
        code, found, _ = doctor(file, "--notify", *only("notifications"))
        event = pagerduty.first("/pager")
        after = doctor(file, *only("notifications"))[1]["notifications"]
    assert (before["state"], before["found"]) == (
        "attention",
        "no test page was sent from here, as far as is written down",
    )
    assert (code, found["notifications"]["state"]) == (0, "fine")
    assert found["notifications"]["found"] == "PagerDuty took a test page by pagerduty, just now"
    assert event["event_action"] == "trigger"
    assert event["payload"]["summary"].startswith("TEST: nothing is wrong")
    assert after["state"] == "fine"
    assert f"through {server.url}" in after["found"]


def test_a_key_that_pagerduty_refuses_is_noticed(tmp_path):
    with (
        receiver(status=400) as pagerduty,
        alertmanager(quick(tmp_path, pagerduty.url), tmp_path) as server,
    ):
        file = write_project(tmp_path, f'[alertmanager]\nurl = "{server.url}"\n')
        code, found, _ = doctor(file, "--notify", *only("notifications"))
        again = doctor(file, *only("notifications"))[1]["notifications"]
    assert (code, found["notifications"]["state"]) == (1, "broken")
    assert found["notifications"]["found"] == "PagerDuty did not take the test page"
    assert again["state"] == "attention"
