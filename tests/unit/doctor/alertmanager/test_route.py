"""The tree of routes, walked as Alertmanager walks it; amtool agrees in the integration tests."""

import pytest

from slo.doctor.alertmanager.route import read_routing
from slo.errors import AlertmanagerError

CONFIG = """
route:
  receiver: chat
  group_wait: 45s
  routes:
    - matchers: ['severity="page"']
      receiver: pager
      continue: true
      mute_time_intervals: [weekends]
    - matchers: ['team="web"']
      group_wait: 10s
      routes:
        - match: {severity: page}
          receiver: web-pager
    - match_re: {severity: page|critical}
      receiver: last
receivers:
  - name: chat
    slack_configs: [{api_url: <secret>}]
  - name: pager
    pagerduty_configs: [{routing_key: <secret>}]
  - name: web-pager
    pagerduty_configs: []
    webhook_configs: [{url: <secret>}]
  - name: last
"""
ROUTING = read_routing(CONFIG)


def told(**labels):
    return [one.receiver for one in ROUTING.told(labels)]


def test_an_alert_stops_at_the_first_route_that_does_not_go_on():
    assert told(severity="page", team="web") == ["pager", "web-pager"]
    assert told(severity="page") == ["pager", "last"]


def test_an_alert_that_meets_no_child_stays():
    assert told(severity="ticket", team="web") == ["chat"]
    assert told(severity="ticket") == ["chat"]
    assert told() == ["chat"]


def test_what_a_route_does_not_say_is_its_parents():
    web = ROUTING.root.children[1]
    assert (web.receiver, web.group_wait) == ("chat", 10.0)
    assert web.children[0].group_wait == 10.0
    assert ROUTING.root.children[0].group_wait == 45.0


def test_who_pages_is_who_has_pagerduty():
    pager, web_pager = ROUTING.told({"severity": "page", "team": "web"})
    assert ROUTING.pages(pager)
    assert not ROUTING.pages(web_pager)
    assert ROUTING.integrations["web-pager"] == ("webhook",)
    assert pager.time_intervals == ("weekends",)


@pytest.mark.parametrize("text", ["", "a: [", "route: {}", "[]", "receivers: []", "route: 7"])
def test_what_is_no_configuration_is_refused(text):
    with pytest.raises(AlertmanagerError):
        read_routing(text).told({})
