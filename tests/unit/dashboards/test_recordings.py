import re

import pytest

from slo.dashboards.agent_recordings import RECORDED
from slo.dashboards.recordings import agent_groups, recorded_for_dashboards
from slo.model.duration import HOUR, MINUTE
from tests.catalogue import SPECS
from tests.dashboards import FILES, read, targets_of
from tests.metric_contract import asked_for

QUICK, SLOW = agent_groups("support-agent", SPECS.cost_budgets, MINUTE)
RULES = [*QUICK.rules, *SLOW.rules]


def test_names_say_level_metric_and_operations():
    # https://prometheus.io/docs/practices/rules/
    for rule in RULES:
        assert re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z_]+(rate|increase)?(\d+[mhdw])?", rule.record)
    for one in RECORDED:
        assert one.name == f"{'_'.join(one.by)}:{one.metric}:{one.operation}"
        assert f"by ({', '.join(one.by)})" in one.expr
        assert not one.metric.endswith("_total")


def test_no_two_rules_record_the_same_series():
    assert len({(rule.record, tuple(rule.labels.items())) for rule in RULES}) == len(RULES) > 20


def test_every_rule_reads_raw_series_so_that_the_past_can_be_filled_in():
    recorded = {rule.record for rule in RULES}
    for rule in RULES:
        assert not recorded & {one.metric for one in asked_for(rule.expr)}


def test_what_looks_back_days_is_evaluated_less_often_but_always_visible():
    assert QUICK.interval == MINUTE < SLOW.interval < 5 * MINUTE
    assert all(re.search(r"\[\d+[dw]\]", rule.expr) for rule in SLOW.rules)
    assert not any(re.search(r"\[\d+[dw]\]", rule.expr) for rule in QUICK.rules)


def test_slow_evaluation_stays_slow():
    _, slow = agent_groups("support-agent", SPECS.cost_budgets, HOUR)
    assert slow.interval == HOUR


@pytest.mark.parametrize("kind", ["of others", "of nobody"])
def test_budgets_of_others_are_left_out(kind):
    groups = agent_groups("shop", SPECS.cost_budgets if kind == "of others" else (), MINUTE)
    assert sum(len(group.rules) for group in groups) == len(RECORDED)


def test_without_an_agent_nothing_is_recorded():
    assert recorded_for_dashboards("", SPECS.cost_budgets, MINUTE) == {}


def test_everything_that_is_recorded_is_shown():
    exprs = " ".join(target.expr for path in FILES for target in targets_of(read(path)))
    assert [rule.record for rule in RULES if rule.record not in exprs] == []
