import pytest

from slo.errors import ConfigError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.grid import Grid
from slo.preview.recorded_rules import firing, read_rules
from slo.preview.rehearsal import rehearsal
from tests.preview_dashboards import RULES

NOW = Grid.at(DAY)


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text(RULES)
    return read_rules([path])


def metrics(level):
    return [one.rule.metric for one in level]


def test_rules_are_evaluated_before_those_that_read_them(rules):
    planned = rehearsal([("shop:budget_spent:ratio", NOW)], rules)
    assert [metrics(level) for level in planned.levels] == [
        ["shop:error_ratio:rate30m"], ["shop:budget_spent:ratio"]
    ]  # fmt: skip
    assert {str(read.selector) for read in planned.reads} >= {
        "requests_total", 'requests_total{code="500"}'
    }  # fmt: skip


def test_rules_that_nobody_reads_are_not_evaluated(rules):
    assert rehearsal([("sum(requests_total)", NOW)], rules).levels == ()
    other = rehearsal([('shop:budget_spent:ratio{service="bakery"}', NOW)], rules)
    assert other.levels == ()


def test_windows_over_results_want_them_at_each_evaluation(rules):
    grid = Grid(DAY - HOUR, DAY, 10 * MINUTE)
    planned = rehearsal([("max_over_time(shop:error_ratio:rate30m[15m])", grid)], rules)
    ((one,),) = planned.levels
    assert one.grids == (Grid(DAY - HOUR - 15 * MINUTE, DAY, MINUTE),)


def test_an_alert_is_a_series_with_its_plain_labels(rules):
    alert = rules[-1]
    assert dict(alert.labels) == {
        "alertname": "ShopFails", "alertstate": "firing", "severity": "page"
    }  # fmt: skip
    assert "[2m30s:1m]) >= 3" in alert.expr
    planned = rehearsal([('count(ALERTS{alertstate="firing"})', NOW)], rules)
    assert [metrics(level) for level in planned.levels] == [
        ["shop:error_ratio:rate30m"],
        ["ALERTS"],
    ]
    assert firing("up == 0", 0, MINUTE) == "group without () (up == 0)"


def test_what_is_no_promql_reads_nothing(rules):
    assert rehearsal([("sum(rate(up[5m])", NOW)], rules).reads == ()


def test_a_file_without_rules_is_refused(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text("groups: 3")
    with pytest.raises(ConfigError, match="expected a rule file"):
        read_rules([path])
