"""A test page, followed by what Alertmanager counts; integration tests have a real one."""

from datetime import datetime

import pytest

from slo.doctor.alertmanager.route import read_routing
from slo.doctor.marked_page import ALERT, Patience, marked_page

CONFIG = """
route:
  receiver: chat
  group_wait: 0s
  routes: [{matchers: ['severity="page"'], receiver: pager}]
receivers: [{name: chat, slack_configs: [{}]}, {name: pager, pagerduty_configs: [{}]}]
"""
ROUTES = read_routing(CONFIG)
LABELS = {"severity": "page", "service": "shop", "slo": "availability", "alertname": "Real"}
AT_ONCE = Patience(seconds=0.05, pause=0.01)


class Server:
    """Counts what PagerDuty is told after an alert has been handed over."""

    base_url = "http://alertmanager.test"

    def __init__(self, requests=0, refused=0, lost=0):
        self.after = (requests, refused, lost)
        self.posted = []

    def post_alerts(self, alerts):
        self.posted += alerts

    def metrics(self):
        requests, refused, lost = self.after if self.posted else (0, 0, 0)
        pagerduty = '{integration="pagerduty"}'
        lines = (
            f"alertmanager_notification_requests_total{pagerduty} {10 + requests}",
            'alertmanager_notification_requests_total{integration="slack"} 7',
            f"alertmanager_notification_requests_failed_total{pagerduty} {refused}",
            f'alertmanager_notifications_failed_total{pagerduty[:-1]},reason="other"}} {lost}',
        )
        return "\n".join((*lines, ""))


def sent(server, labels=None):
    remembered = []
    finding = marked_page(server, ROUTES, labels or LABELS, remembered.append, AT_ONCE)
    return finding, remembered


def test_a_page_that_is_taken_is_remembered():
    server = Server(requests=1)
    finding, (tested,) = sent(server)
    assert (finding.state, tested.receivers) == ("fine", ("pager",))
    assert tested.alertmanager == server.base_url


def test_the_page_says_that_it_is_a_test_and_ends():
    server = Server(requests=1)
    sent(server)
    first, last = server.posted
    assert first["labels"]["alertname"] == ALERT
    assert (first["labels"]["severity"], first["labels"]["test"]) == ("page", "true")
    assert "slo" not in first["labels"]
    assert first["annotations"]["summary"].startswith("TEST: nothing is wrong")
    assert last["labels"] == first["labels"]
    assert datetime.fromisoformat(last["endsAt"]) < datetime.fromisoformat(first["endsAt"])


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"requests": 1, "refused": 1, "lost": 1}, "PagerDuty did not take the test page"),
        ({}, "Alertmanager sent nothing to PagerDuty within 0 s"),
    ],
)
def test_a_page_that_is_not_taken_is_ended_all_the_same(counts, words):
    server = Server(**counts)
    finding, remembered = sent(server)
    assert (finding.state, finding.found, remembered) == ("broken", words, [])
    assert len(server.posted) == 2


def test_a_refusal_that_is_tried_again_is_waited_for():
    finding, _ = sent(Server(requests=1, refused=1))
    assert finding.found.startswith("Alertmanager sent nothing")


def test_a_page_that_would_go_elsewhere_is_not_sent():
    server = Server(requests=1)
    finding, remembered = sent(server, {"severity": "ticket"})
    assert (finding.state, server.posted, remembered) == ("broken", [], [])
    assert finding.found == "not sent: it would go to 'chat', which does not tell PagerDuty"
