"""``slobook/v1``: alerts on thresholds, budgets of money, and one object for several values."""

from decimal import Decimal
from pathlib import Path

import pytest

from slo.errors import ConfigError, SpecError
from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.objective import Objective
from slo.model.slo import Service
from slo.spec import read_specs
from slo.spec.revision import all_revised
from tests.unit.spec.test_reading import GOOD

EVERY_ALERT = Path("tests/golden/specs/every-alert.yaml")
BY_NAME = {alert.name: alert for alert in read_specs([EVERY_ALERT]).alerts}

ALERT = """\
apiVersion: slobook/v1
kind: ThresholdAlert
metadata:
  name: queue
spec:
  service: shop
  severity: warning
  expression: sum(avg_over_time(queue_depth[$window]))
  op: gt
  threshold: 100
  windows: [10m]
  summary: A hundred orders wait
  description: Customers wait, too.
"""

BUDGET = """\
apiVersion: slobook/v1
kind: CostBudget
metadata:
  name: llm-cost
spec:
  service: shop
  cost: llm_cost_usd_total
  usd: 3000
  timeWindow:
    - duration: 30d
  alerts:
    - {name: page-1h, severity: page, burnRate: 10, window: 1h, shortWindow: 5m, for: 2m}
"""


def read(tmp_path, text: str):
    file = tmp_path / "spec.yaml"
    file.write_text(text)
    return read_specs([file])


def faults(tmp_path, text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        read(tmp_path, text)
    return [str(fault).removeprefix(f"{tmp_path}/spec.yaml:") for fault in raised.value.faults]


def test_every_field_of_an_alert_reaches_the_model():
    one = BY_NAME["failed-orders-critical"]
    assert (one.service, one.signal, one.unit, one.title) == (
        "shop",
        "failed-orders",
        "ratio",
        "Failed orders",
    )
    assert one.action == "The last deployment is rolled back."
    assert (one.owner, one.runbook, one.dashboard) == (
        "checkout",
        "failed-orders.md",
        "shop-operations",
    )
    alert = one.alert
    assert (alert.severity, alert.comparison, alert.threshold) == ("page", ">", 0.05)
    assert (alert.windows, alert.hold, alert.keep_firing) == (
        (HOUR, 5 * MINUTE),
        2 * MINUTE,
        10 * MINUTE,
    )
    assert alert.minimum_events == 50
    assert str(alert.counted_events) == "orders_total"
    assert [str(selector) for selector in alert.selectors] == [
        'orders_total{state="failed"}',
        "orders_total",
    ]


def test_a_signal_is_the_alerts_name_unless_told():
    assert BY_NAME["queue-depth"].signal == "queue-depth"
    assert BY_NAME["disk-full-data"].signal == BY_NAME["disk-full-logs"].signal == "disk"


def test_an_expression_with_windows_of_its_own_needs_no_others():
    assert BY_NAME["shop-down"].alert.windows == (5 * MINUTE,)


def test_services_that_only_alerts_name_are_services(tmp_path):
    assert read(tmp_path, ALERT).services == (Service("shop"),)


def test_a_budget_of_money_is_guarded_like_an_error_budget(tmp_path):
    (budget,) = read(tmp_path, BUDGET).cost_budgets
    assert (budget.name, budget.dollars, budget.period.length) == ("llm-cost", 3000, 30 * DAY)
    (one,) = budget.alerts
    assert one.name == "llm-cost-page-1h"
    assert one.signal == "llm-cost"
    # Ten times 3,000 dollars in 30 days, a second.
    assert one.alert.threshold == pytest.approx(10 * 3000 / (30 * 86_400))
    assert one.alert.windows == (HOUR, 5 * MINUTE)
    assert one.alert.hold == 2 * MINUTE
    assert "last 3 days" in one.description


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("op: gt", "op: eq", "9: spec.op: found 'eq', expected 'lt', 'lte', 'gt' or 'gte'"),
        ("threshold: 100", "threshold: ten", "10: spec.threshold: found 'ten', expected a number"),
        ("windows: [10m]", "windows: [10]", "11: spec.windows[0]: found '10', expected a duration"),
        ("windows: [10m]", "windows: [5m, 300s]", "found 5m, 5m, expected each window once"),
        ("  windows: [10m]\n", "", "5: spec.windows: found nothing, expected a list of durations"),
        ("[$window]))", "[5m]))", "10m', expected none: the expression holds no $window"),
        ("severity: warning", "severity: loud", "7: spec.severity: found 'loud', expected one of"),
        ("sum(avg", "topk(avg", "8: spec.expression: found 'topk("),
        ("  op: gt", "  op: gt\n  unit: euro", "spec.unit: found 'euro', expected 'ratio'"),
        ("  op: gt", "  op: gt\n  signal: Queue", "spec.signal: found 'Queue', expected a name"),
        ("  op: gt", "  op: gt\n  wait: 5m", "spec.wait: found unknown field 'wait', expected"),
        ("  op: gt", "  op: gt\n  for: soon", "spec.for: found 'soon', expected a duration"),
        ("slobook/v1", "openslo/v1", "1: apiVersion: found 'openslo/v1', expected 'slobook/v1'"),
        (
            "  op: gt",
            "  op: gt\n  minimumEvents: {count: 0, of: a_total}",
            "spec.minimumEvents.count: found '0', expected a number above 0",
        ),
        (
            "  op: gt",
            '  op: gt\n  minimumEvents: {count: 5, of: "rate("}',
            "spec.minimumEvents.of: found 'rate('",
        ),
    ],
)
def test_what_an_alert_cannot_mean_is_refused(before, after, complaint, tmp_path):
    assert before in ALERT
    (fault,) = faults(tmp_path, ALERT.replace(before, after, 1))
    assert complaint in fault


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("usd: 3000", "usd: 0", "8: spec.usd: found '0', expected a number above 0"),
        ("shortWindow: 5m", "shortWindow: 2h", "found '2h', expected a duration up to the window"),
        ("burnRate: 10", "burnRate: -1", "spec.alerts[0].burnRate: found '-1'"),
        ("name: page-1h", "name: Page", "spec.alerts[0].name: found 'Page', expected a name"),
        ("duration: 30d", "duration: never", "spec.timeWindow[0].duration: found 'never'"),
        ("cost: llm_cost_usd_total", "cost: sum(a) / 2", "7: spec.cost: found 'sum(a) / 2'"),
    ],
)
def test_what_a_budget_cannot_mean_is_refused(before, after, complaint, tmp_path):
    assert before in BUDGET
    (fault,) = faults(tmp_path, BUDGET.replace(before, after, 1))
    assert complaint in fault


def test_two_alerts_of_a_service_need_two_names(tmp_path):
    (fault,) = faults(tmp_path, f"{ALERT}---\n{ALERT}")
    assert "a second ThresholdAlert named 'queue'" in fault
    clash = ALERT.replace("name: queue", "name: llm-cost-page-1h")
    (fault,) = faults(tmp_path, f"{clash}---\n{BUDGET}")
    assert "a second alert 'llm-cost-page-1h' of shop" in fault


GROUPED = GOOD.replace(
    "  name: orders\n",
    "  name: orders\n  displayName: Orders\n  annotations:\n"
    "    slobook/each: shop=Berlin,San José\n",
).replace('orders_total{state="failed"}', 'orders_total{state="failed",shop="${shop}"}')


def test_one_objective_for_each_value(tmp_path):
    berlin, jose = read(tmp_path, GROUPED).slos
    assert (berlin.name, berlin.title) == ("orders-berlin", "Orders (Berlin)")
    assert (jose.name, jose.title) == ("orders-san-jos", "Orders (San José)")
    assert 'shop="San José"' in str(jose.indicator.numerator)


def test_a_name_may_say_where_the_value_goes(tmp_path):
    text = GROUPED.replace("name: orders\n", "name: ${shop}-orders\n").replace(
        "Berlin,San José", "Berlin,new_york"
    )
    assert [slo.name for slo in read(tmp_path, text).slos] == ["berlin-orders", "new-york-orders"]


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("shop=Berlin,San José", "Berlin", "found 'Berlin', expected a word and its values"),
        ("shop=Berlin,San José", "shop=a,a", "found 'shop=a,a', expected a word and its values"),
        ("shop=Berlin,San José", "city=a,b", "found no ${city} in the spec, expected where"),
    ],
)
def test_values_that_make_no_difference_are_refused(before, after, complaint, tmp_path):
    (fault,) = faults(tmp_path, GROUPED.replace(before, after))
    assert fault.startswith("7: metadata.annotations.slobook/each: ")
    assert complaint in fault


def test_a_shared_policy_cannot_be_one_for_each(tmp_path):
    text = (
        "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata:\n  name: page\n  annotations:\n"
        "    slobook/each: a=b\nspec:\n  conditions: []\n"
    )
    assert any("unknown annotation 'slobook/each'" in fault for fault in faults(tmp_path, text))


def test_one_of_several_cannot_be_edited_alone(tmp_path):
    (berlin, _) = read(tmp_path, GROUPED).slos
    wanted = berlin.with_objective(Objective(Decimal("0.95")))
    with pytest.raises(ConfigError, match="slobook/each reads once for each value cannot be"):
        all_revised([tmp_path / "spec.yaml"], [(berlin, wanted)])
