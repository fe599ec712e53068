"""Grafana's own alerts: nothing is lost on the way from Prometheus' rules."""

import json
import re
from dataclasses import replace

import pytest

from slo.manifests.grafana_alerting import grafana_alert_rules, group_title
from slo.manifests.grafana_template import grafana_template
from slo.manifests.settings import GrafanaSettings
from slo.plan import GENERATED
from slo.rules.rule import AlertingRule, RuleGroup
from tests.manifest_samples import ALERTS, GROUPS, THRESHOLDS, threshold_rule

SETTINGS = GrafanaSettings("folder-1", "prometheus-1")


def tree(groups=GROUPS) -> dict:
    return json.loads(grafana_alert_rules(groups, SETTINGS).text)


def rules(groups=GROUPS) -> list[dict]:
    return [rule for group in tree(groups)["groups"] for rule in group["rules"]]


def uids(*members: AlertingRule, group: str = "shop/orders") -> list[str]:
    return [rule["uid"] for rule in rules([RuleGroup(group, 60_000, members)])]


def test_the_file_says_whose_it_is_and_is_repeatable():
    first = grafana_alert_rules(GROUPS, SETTINGS)
    assert first.ours
    assert tree()["comment"] == GENERATED
    assert first == grafana_alert_rules(GROUPS, SETTINGS)


def test_every_alert_is_there_and_nothing_that_records():
    assert [rule["data"][0]["model"]["expr"] for rule in rules()] == [rule.expr for rule in ALERTS]
    assert [rule["labels"] for rule in rules()] == [dict(rule.labels) for rule in ALERTS]
    assert "record" not in {key for rule in rules() for key in rule}
    assert not [group for group in tree()["groups"] if "period" in group["title"]]


def test_every_field_of_an_alert_reaches_grafana():
    (group,) = tree([THRESHOLDS])["groups"]
    assert {key: group[key] for key in ("title", "folderUid", "interval")} == {
        "title": "support-agent alerts",
        "folderUid": "folder-1",
        "interval": 20,
    }
    assert group["rules"][0] == {
        "uid": "slobook-" + group["rules"][0]["uid"].removeprefix("slobook-"),
        "title": "QueueDepth page",
        "folderUID": "folder-1",
        "ruleGroup": "support-agent alerts",
        "orgID": 1,
        "condition": "B",
        "for": "5m",
        "keep_firing_for": "10m",
        "noDataState": "OK",
        "execErrState": "Error",
        "labels": {"service": "support-agent", "severity": "page", "signal": "queue-depth"},
        "annotations": {
            "summary": "{{ $values.A.Value | humanize }} tickets wait",
            "action": 'a: \'b\'\n# c "on" {{ "{{" }} $value }}',
        },
        "data": [
            {
                "refId": "A",
                "datasourceUid": "prometheus-1",
                "relativeTimeRange": {"from": 600, "to": 0},
                "model": {
                    "refId": "A",
                    "expr": "queue:depth:sum > 500",
                    "instant": True,
                    "range": False,
                    "intervalMs": 1000,
                    "maxDataPoints": 43200,
                },
            },
            {
                "refId": "B",
                "datasourceUid": "__expr__",
                "relativeTimeRange": {"from": 600, "to": 0},
                "model": {"refId": "B", "type": "math", "expression": "is_null($A) >= 0"},
            },
        ],
    }
    assert "keep_firing_for" not in group["rules"][1]


def test_uids_are_unique_and_short_enough():
    found = [rule["uid"] for rule in rules()]
    assert len(set(found)) == len(found) == len(ALERTS)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", uid) for uid in found)


def test_a_uid_stays_when_what_the_alert_says_changes():
    (orders,) = uids(ALERTS[0])
    changed = replace(ALERTS[0], expr="vector(1)", hold=1, annotations={"summary": "other"})
    assert uids(changed) == [orders]
    # What was deployed under a uid is found again by later versions of slobook too.
    assert rules()[0]["uid"] == "slobook-ab1e2dbac7591765cd7e1092"


def test_a_uid_follows_group_name_and_labels():
    rule = ALERTS[0]
    others = [
        *uids(rule),
        *uids(rule, group="shop/refunds"),
        *uids(replace(rule, alert="Other")),
        *uids(replace(rule, labels={**rule.labels, "severity": "ticket"})),
    ]
    assert len(set(others)) == 4


def test_alerts_that_differ_in_their_expressions_only_are_told_apart():
    rule = ALERTS[0]
    both = uids(rule, replace(rule, expr="vector(1)"))
    assert both[0] == uids(rule)[0]
    assert both[0] != both[1]


def test_titles_are_unique_in_the_folder():
    page = threshold_rule("page", "queue-depth", "a > 1")
    twins = [
        RuleGroup("shop/a", 60_000, (page, replace(page, labels={"severity": "ticket"}))),
        RuleGroup("shop/b", 60_000, (page, threshold_rule("page", "idle", "a < 1"))),
    ]
    titles = [rule["title"] for rule in rules(twins)]
    assert len(set(titles)) == 4
    assert titles[1] == "QueueDepth ticket"
    assert titles[3] == "Idle"
    assert titles[0].startswith("QueueDepth shop/a ")


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [(1_000, 10), (10_000, 10), (15_000, 20), (60_000, 60), (61_000, 70), (240_000, 240)],
)
def test_intervals_are_multiples_of_ten_seconds(interval, seconds):
    (group,) = tree([RuleGroup("shop/a", interval, (ALERTS[0],))])["groups"]
    assert group["interval"] == seconds


def test_titles_of_groups_stand_in_an_address():
    names = ["shop/orders", "shop/a b", "shop/a/b", "shop a/b", "shop/ä?b", "shop/a?b", "a..b"]
    titles = [group_title(name) for name in names]
    assert titles[0] == "shop orders"
    assert titles[2] == "shop a b"
    assert len(set(titles)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9 _.-]+", title) for title in titles)


@pytest.mark.parametrize(
    ("prometheus", "grafana"),
    [
        ("{{ $value }}", "{{ $values.A.Value }}"),
        ("{{$value|humanize}} of {{- $value -}}", "{{$values.A.Value|humanize}} of "
         "{{- $values.A.Value -}}"),
        ('{{ printf "%.2f" $value }}', '{{ printf "%.2f" $values.A.Value }}'),
        ("{{ .Value }} {{ .Labels.Value }}", "{{ $values.A.Value }} {{ .Labels.Value }}"),
        ("{{ $labels.value }} {{ $labels.pod }}", "{{ $labels.value }} {{ $labels.pod }}"),
        ("{{ $values.B.Value }} {{ $valued }}", "{{ $values.B.Value }} {{ $valued }}"),
        ("costs $value", "costs $value"),
        ('{{ "{{" }} $value }}', '{{ "{{" }} $value }}'),
        ('{{ "a }} $value" }} {{ $value }}', '{{ "a }} $value" }} {{ $values.A.Value }}'),
        ("{{ `$value` }}", "{{ `$value` }}"),
        ("{{ if gt $value 0.5 }}{{ $value }}{{ end }}",
         "{{ if gt $values.A.Value 0.5 }}{{ $values.A.Value }}{{ end }}"),
        ("{{ $value", "{{ $value"),
    ],
)  # fmt: skip
def test_templates_are_translated(prometheus, grafana):
    assert grafana_template(prometheus) == grafana
