"""Checks of rules: rules-loaded, rules-evaluating."""

from dataclasses import replace

import pytest

from slo.doctor.checks.rules_evaluating import rules_evaluating
from slo.doctor.checks.rules_loaded import rules_loaded
from slo.doctor.loaded_rules import LoadedRule, identity_of, loaded_rules, same_expression
from slo.model.duration import MINUTE, SECOND
from slo.rules import rule_groups
from slo.rules.rule import AlertingRule, RuleGroup
from tests.answering import NOW, Answering
from tests.shop import availability

GROUPS = tuple(group for of in rule_groups([availability()], MINUTE).values() for group in of)


def loaded(groups=GROUPS) -> list[LoadedRule]:
    """What a server has that has loaded them, and evaluates them well."""
    return [
        LoadedRule(
            identity=identity_of(rule),
            query=rule.expr,
            hold=rule.hold / SECOND if isinstance(rule, AlertingRule) else 0.0,
            keep_firing=rule.keep_firing / SECOND if isinstance(rule, AlertingRule) else None,
            group=group.name,
            file="/etc/rules.yml",
            interval=group.interval / SECOND,
            health="ok",
            last_error="",
            group_seconds=0.3,
            evaluated=NOW - 10,
        )
        for group in groups
        for rule in group.rules
    ]


def but(rules: list[LoadedRule], name: str, **fields) -> list[LoadedRule]:
    assert any(one.identity[1] == name for one in rules)
    return [replace(one, **fields) if one.identity[1] == name else one for one in rules]


PAGE = "AvailabilityBurnRatePage1h"


def test_rules_that_are_all_there_are_fine():
    found = rules_loaded(GROUPS, loaded())
    number = sum(len(group.rules) for group in GROUPS)
    assert (found.state, found.found) == (
        "fine",
        f"all {number} rules are loaded as the specifications ask for",
    )


def test_a_rule_in_another_group_is_there():
    elsewhere = [replace(one, group="all", file="mimir") for one in loaded()]
    assert rules_loaded(GROUPS, elsewhere).state == "fine"


def test_rules_of_others_are_none_of_ours():
    other = replace(loaded()[0], identity=("recording", "theirs", ()), group="theirs")
    assert rules_loaded(GROUPS, [*loaded(), other]).state == "fine"


def test_missing_rules_are_broken_and_alerts_come_first():
    found = rules_loaded(GROUPS, [])
    assert found.state == "broken"
    assert found.details[0].startswith(f"missing: alert {PAGE} (")
    assert found.details[-1].endswith(" more")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"query": "vector(1)"}, "another expression: alert"),
        ({"hold": 300.0}, "for 300 s, not 0s: alert"),
        ({"keep_firing": 300.0}, "keep_firing_for 300 s, not 0s: alert"),
        ({"interval": 15.0}, "evaluated every 15 s, not every 1m: alert"),
    ],
)
def test_what_differs_is_named(fields, told):
    found = rules_loaded(GROUPS, but(loaded(), PAGE, **fields))
    assert found.state == "attention"
    (detail,) = found.details
    assert detail.startswith(told)
    assert PAGE in detail


def test_an_older_server_does_not_tell_how_long_alerts_are_kept():
    assert rules_loaded(GROUPS, but(loaded(), PAGE, keep_firing=None)).state == "fine"


def test_rules_that_are_left_over_and_rules_that_are_there_twice():
    rules = loaded()
    old = replace(rules[0], identity=("alerting", "AvailabilityOld", ()))
    found = rules_loaded(GROUPS, [*rules, old, rules[0]])
    assert found.state == "attention"
    assert any(one == "not in the specifications: alert AvailabilityOld" for one in found.details)
    assert any(one.startswith("loaded 2 times: record ") for one in found.details)


def test_no_rules_are_asked_for():
    assert rules_loaded((), []).state == "not checked"


def test_a_server_prints_expressions_in_its_own_way():
    ours = 'sum(rate(a{x="1"}[90m]))\nand ignoring(window)\nb > (14.4 * 0.01)'
    theirs = 'sum(rate(a{x="1"}[1h30m])) and ignoring (window) b > (14.4 * 0.01)'
    assert same_expression(ours, theirs)
    assert not same_expression(ours, theirs.replace("14.4", "14.5"))
    assert not same_expression("not ( promql", "a")


def test_evaluation_that_goes_well():
    found = rules_evaluating(GROUPS, loaded(), NOW)
    assert found.state == "fine"
    assert found.found.endswith("the slowest group needs 0.30 s")


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"health": "err", "last_error": "many-to-many"}, "broken", "many-to-many"),
        ({"evaluated": NOW - 900}, "broken", "last 900 s ago"),
        ({"group_seconds": 40.0}, "attention", "40.0 s of"),
        ({"health": "unknown", "evaluated": 0.0}, "attention", "shop/availability"),
    ],
)
def test_evaluation_that_does_not(fields, state, words):
    rules = [replace(one, **fields) for one in loaded()]
    found = rules_evaluating(GROUPS, rules, NOW)
    assert found.state == state
    assert words in found.details[0]


def test_without_loaded_rules_there_is_nothing_to_evaluate():
    assert rules_evaluating(GROUPS, [], NOW).state == "not checked"


def test_what_the_api_tells_is_read():
    rule = {
        "type": "alerting",
        "name": "A",
        "query": "up == 0",
        "duration": 120,
        "labels": {"severity": "page"},
        "health": "ok",
    }
    group = {
        "name": "g",
        "file": "f",
        "interval": 30,
        "rules": [rule],
        "evaluationTime": 0.5,
        "lastEvaluation": "2026-11-26T07:51:20.05153792Z",
    }
    never = {**group, "lastEvaluation": "0001-01-01T00:00:00Z"}
    one, other = loaded_rules(Answering({"rules": {"groups": [group, never]}}))
    assert one.identity == ("alerting", "A", (("severity", "page"),))
    assert (one.hold, one.keep_firing, one.interval) == (120.0, None, 30.0)
    assert one.evaluated == pytest.approx(1_795_679_480.0515)
    assert other.evaluated == 0.0


def test_groups_are_those_of_the_product():
    assert all(isinstance(group, RuleGroup) for group in GROUPS)
    assert len(GROUPS) == 2
