"""Checks of alerting: alertmanager, routing, silences, notifications, runbooks."""

import json

import pytest

from slo.doctor.alertmanager.route import read_routing
from slo.doctor.checks.alertmanager import alertmanager
from slo.doctor.checks.notifications import (
    NotificationTest,
    notifications,
    read_tested,
    write_tested,
)
from slo.doctor.checks.routing import labels_of, routing
from slo.doctor.checks.runbooks import Looked, look_at, runbooks
from slo.doctor.checks.silences import silences
from slo.rules.rule import AlertingRule
from tests.answering import NOW

DAY = 86_400


class Server:
    base_url = "http://alertmanager.test"

    def __init__(self, **cluster):
        self.cluster = cluster

    def status(self):
        return {"versionInfo": {"version": "0.27.0"}, "cluster": self.cluster}


@pytest.mark.parametrize(
    ("cluster", "state", "words"),
    [
        ({"status": "ready", "peers": [{}, {}]}, "fine", "in a cluster of 2"),
        ({"status": "disabled"}, "fine", "it is in no cluster"),
        ({}, "fine", "it is in no cluster"),
        ({"status": "settling", "peers": [{}]}, "attention", "its cluster is settling"),
    ],
)
def test_clusters(cluster, state, words):
    found = alertmanager(Server(**cluster))
    assert found.state == state
    assert words in found.found
    assert "Alertmanager 0.27.0 answers at http://alertmanager.test" in found.found


def rule(name, **labels):
    return AlertingRule(name, "up == 0", 0, 0, {"severity": "page", **labels}, {})


ROUTES = """
route:
  receiver: chat
  routes:
    - {matchers: ['severity="page"', 'cluster="eu"'], receiver: pager}
    - {matchers: ['team="night"'], receiver: pager, mute_time_intervals: [nights]}
    - {matchers: ['team="nobody"'], receiver: void}
receivers:
  - {name: chat, slack_configs: [{}]}
  - {name: pager, pagerduty_configs: [{}]}
  - {name: void}
"""
ROUTING = read_routing(ROUTES)


def test_labels_that_prometheus_adds_decide_too():
    assert routing(ROUTING, [rule("A")], {"cluster": "eu"}).state == "fine"
    found = routing(ROUTING, [rule("A")], {"cluster": "us"})
    assert (found.state, found.found) == (
        "broken",
        "1 of 1 urgent alert does not reach PagerDuty",
    )
    assert found.details == ("A goes to 'chat' (slack)",)


def test_a_rules_own_label_wins_over_the_servers():
    assert labels_of(rule("A", cluster="x"), {"cluster": "eu", "region": "r"}) == {
        "alertname": "A",
        "cluster": "x",
        "region": "r",
        "severity": "page",
    }


def test_labels_that_are_not_known_are_said_not_to_be():
    found = routing(ROUTING, [rule("A", cluster="eu")], None)
    assert found.state == "fine"
    assert found.details == ("without labels that Prometheus adds: it could not be asked for them",)


def test_a_receiver_that_tells_nobody():
    found = routing(ROUTING, [rule("A", cluster="eu"), rule("B", team="nobody")], {})
    assert (found.state, found.details) == ("broken", ("B goes to 'void' (tells nobody)",))


def test_an_alert_that_is_muted_at_times():
    found = routing(ROUTING, [rule("A", team="night")], {})
    assert (found.state, found.details) == ("attention", ("A: nights",))


def test_without_urgent_alerts_nobody_needs_to_be_called():
    assert routing(ROUTING, [], {}).state == "not checked"


URGENT = [{"alertname": "A", "service": "shop", "severity": "page"}]


def silence(state="active", **labels):
    matchers = [
        {"name": name, "value": value, "isRegex": False, "isEqual": True}
        for name, value in labels.items()
    ]
    who = {"createdBy": "maria", "endsAt": "2026-11-26T10:11:12Z"}
    return {"matchers": matchers, "status": {"state": state}, **who}


@pytest.mark.parametrize(
    ("one", "hides"),
    [
        (silence(service="shop"), True),
        (silence(service="shop", pod="x"), True),
        (silence(service="bakery"), False),
        # A namespace says nothing of an alert whose rule sets none.
        (silence(namespace="shop"), False),
        (silence("expired", service="shop"), False),
        (silence("pending", service="shop"), False),
    ],
)
def test_silences(one, hides):
    found = silences([one], [], URGENT)
    assert found.state == ("attention" if hides else "fine")
    if hides:
        assert found.details[0].endswith("by maria until 2026-11-26 10:11 UTC hides A")


def test_what_fires_unheard_comes_first():
    firing = [
        {"labels": {"alertname": "A"}, "status": {"silencedBy": ["1"]}},
        {"labels": {"alertname": "Other"}, "status": {"silencedBy": ["1"]}},
    ]
    found = silences([silence(service="shop")], firing, URGENT)
    assert found.found.endswith("hides urgent alerts, some of which are firing")
    assert found.details[0] == "A is firing, and nobody is told"


HERE = "http://alertmanager.test"


@pytest.mark.parametrize(
    ("last", "state", "words"),
    [
        (None, "attention", "no test page was sent"),
        (
            NotificationTest(NOW - 3 * DAY, HERE, ("pager",)),
            "fine",
            "last tested on 2027-01-12 08:00 UTC",
        ),
        (NotificationTest(NOW - 91 * DAY, HERE, ("pager",)), "attention", "more than 90 days ago"),
        (NotificationTest(NOW, "http://old.test", ("pager",)), "attention", "which is another one"),
    ],
)
def test_when_pages_were_tested(last, state, words):
    found = notifications(last, HERE, NOW)
    assert found.state == state
    assert words in found.found
    assert ("slo doctor --notify" in found.to_do) == (state != "fine")


def test_a_test_is_remembered(tmp_path):
    path = tmp_path / "history" / "notification-test.json"
    assert read_tested(path) is None
    tested = NotificationTest(NOW, HERE, ("pager",))
    write_tested(tested, path)
    assert read_tested(path) == tested
    assert json.loads(path.read_text())["at"] == "2027-01-15T08:00:00+00:00"
    path.write_text('{"at": "yesterday"}')
    assert read_tested(path) is None


def test_runbooks_that_are_missing_come_with_their_alerts():
    named = {"a.md": ("A", "B"), "b.md": ("C",)}
    ways = {"a.md": Looked("missing", "no such file"), "b.md": Looked("there")}
    found = runbooks(named, (), ways.__getitem__)
    assert (found.state, found.found) == ("broken", "1 of 2 runbooks is not there")
    assert found.details == ("a.md: no such file, linked by A, B",)


def test_runbooks_that_are_written_and_not_published(tmp_path):
    below = "https://wiki.test/shop/"
    ways = {
        f"{below}a.md": Looked("missing", "HTTP 404", tmp_path / "a.md"),
        f"{below}b.md": Looked("missing", "HTTP 404", tmp_path / "b.md"),
    }
    found = runbooks(dict.fromkeys(ways, ("A",)), (), ways.__getitem__)
    assert found.state == "broken"
    assert found.found == (
        "2 of 2 runbooks are not at the address that alerts link to; the files are there"
    )
    assert found.to_do == f"publish {tmp_path}, or correct [links] runbooks in slobook.toml"
    ways[f"{below}c.md"] = Looked("missing", "HTTP 404")
    found = runbooks(dict.fromkeys(ways, ("A",)), (), ways.__getitem__)
    assert found.to_do.startswith("slo runbooks FOLDER writes a skeleton")


def test_runbooks_that_are_files_are_said_to_be(tmp_path):
    found = runbooks({"a.md": ("A",)}, (), lambda _: Looked("there", file=tmp_path / "a.md"))
    assert found.state == "fine"
    assert found.found == (
        "1 runbook is there; as files that alerts name; [links] runbooks would make them links"
    )


def test_urgent_alerts_without_a_runbook():
    found = runbooks({"a.md": ("A",)}, ("B",), lambda _: Looked("there"))
    assert (found.state, found.details) == ("attention", ("B",))
    assert runbooks({}, (), lambda _: Looked("there")).state == "not checked"


def test_what_stands_behind_a_sign_in_is_said_to():
    ways = {"https://a.test": Looked("hidden", "HTTP 401"), "https://b.test": Looked("there")}
    found = runbooks(dict.fromkeys(ways, ("A",)), (), ways.__getitem__)
    assert found.state == "fine"
    assert found.found.startswith("1 runbook is there; 1 stands behind a sign-in")


def test_files_of_runbooks(tmp_path):
    (tmp_path / "queue.md").write_text("# Queue\n\nAdd workers.\n")
    (tmp_path / "new.md").write_text("# New\n\nTODO: who feels what, and how soon?\n")
    assert look_at("queue.md", [tmp_path / "none", tmp_path]).way == "there"
    assert look_at("other.md", [tmp_path]).why == (
        "no such file, and links.runbooks names no address"
    )
    assert look_at("new.md", [tmp_path]).why == "a skeleton whose TODOs nobody has answered"
