import math

import pytest

from slo.model.duration import DAY, HOUR, MINUTE
from slo.model.measure import CounterRate, CounterShare, GaugeLevel
from slo.model.objective import RollingPeriod
from slo.model.threshold_alert import ThresholdAlert, cost_burn_alert
from slo.promql import counter_selector
from slo.promql_expression import alert_condition, expression_of

QUEUE = GaugeLevel(counter_selector("queue_depth"), "max")
COST = counter_selector("cost_dollars_total")
MONTH = RollingPeriod(30 * DAY)


def test_windows_stand_longest_first_each_once():
    alert = ThresholdAlert("deep", "page", QUEUE, ">", 100, (MINUTE, HOUR, MINUTE))
    assert alert.windows == (HOUR, MINUTE)
    assert (alert.long, alert.short) == (HOUR, MINUTE)
    assert str(alert) == "page at > 100 over 1h/1m"


@pytest.mark.parametrize(
    ("promql", "shown"),
    [
        ("max(queue_depth)", "page at > 100 for 2m"),
        ("max(max_over_time(queue_depth[10m]))", "page at > 100 over 10m for 2m"),
        ("max(max_over_time(queue_depth[$window]))", "page at > 100 over 10m for 2m"),
    ],
)
def test_only_windows_that_somebody_wrote_are_told(promql, shown):
    measure = expression_of(promql)
    alert = ThresholdAlert("deep", "page", measure, ">", 100, (10 * MINUTE,), hold=2 * MINUTE)
    assert str(alert) == shown


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"windows": ()}, "windows of positive length in ms, not none"),
        ({"windows": (0, HOUR)}, "not 0, 3600000"),
        ({"threshold": math.nan}, "is no number"),
        ({"minimum_events": 20}, "it does not say of which"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, complaint):
    plain = {"threshold": 1.0, "windows": (HOUR,)} | fields
    with pytest.raises(ValueError, match=complaint):
        ThresholdAlert("deep", "page", QUEUE, ">", **plain)


def test_a_cost_burn_is_a_multiple_of_the_budgets_own_pace():
    alert = cost_burn_alert(
        "cost", COST, budget=3000, period=MONTH, factor=6, long=6 * HOUR, short=30 * MINUTE
    )
    assert alert.measure == CounterRate(COST)
    # 3,000 dollars in 30 days are 100 a day; six times that.
    assert alert.threshold * 86_400 == pytest.approx(600)
    assert (alert.windows, alert.severity) == ((6 * HOUR, 30 * MINUTE), "ticket")


@pytest.mark.parametrize(
    "wrong", [{"budget": 0}, {"factor": -1}, {"short": 7 * HOUR}, {"short": 0}]
)
def test_a_cost_burn_without_sense_is_refused(wrong):
    plain = {"budget": 3000, "period": MONTH, "factor": 6, "long": 6 * HOUR, "short": HOUR}
    with pytest.raises(ValueError, match="cost"):
        cost_burn_alert("cost", COST, **(plain | wrong))


def test_conditions_are_written_as_prometheus_reads_them():
    part, whole = counter_selector('t_total{to="human"}'), counter_selector("t_total")
    share = CounterShare(part, whole)
    alert = ThresholdAlert("e", "ticket", share, ">=", 0.35, (HOUR,), minimum_events=20)
    assert alert_condition(alert) == (
        '((sum(rate(t_total{to="human"}[1h])) or 0 * sum(rate(t_total[1h]))) '
        "/ sum(rate(t_total[1h]))) >= 0.35\nand\nsum(increase(t_total[1h])) >= 20"
    )
    deep = ThresholdAlert("deep", "page", QUEUE, ">", 100, (HOUR, 5 * MINUTE))
    assert alert_condition(deep) == (
        "(max(max_over_time(queue_depth[1h]))) > 100\nand\n"
        "(max(max_over_time(queue_depth[5m]))) > 100"
    )
