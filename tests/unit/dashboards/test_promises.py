from dataclasses import replace

import pytest

from slo.dashboards.display import GREEN, PLAIN, RED, YELLOW, Thresholds
from slo.dashboards.promises import MONTH, Promises, burn_rate_factor
from slo.model.duration import DAY
from slo.model.objective import RollingPeriod
from slo.rules.annotations import Links
from tests.catalogue import SPECS

AGENT = Promises("support-agent", SPECS.slos, SPECS.alerts, SPECS.cost_budgets)
NOTHING = Promises("support-agent")


def test_alerts_above_a_value_color_from_there_on():
    assert AGENT.above("queue-depth") == Thresholds(GREEN, ((100, YELLOW), (500, RED)))
    assert AGENT.above("db-pool") == Thresholds(GREEN, ((0.95, RED),))


def test_alerts_below_a_value_color_up_to_there():
    wanted = Thresholds(RED, ((0.6, YELLOW), (0.65, GREEN)))
    assert AGENT.below("ai-resolution-rate") == wanted
    assert AGENT.below("customer-satisfaction") == Thresholds(YELLOW, ((0.85, GREEN),))


def test_alerts_on_each_provider_at_one_value_are_one_line():
    assert len(AGENT.on("llm-api-failures-")) == 2
    assert AGENT.above("llm-api-failures-") == Thresholds(GREEN, ((0.1, RED),))


def test_availability_is_yellow_below_its_objective_and_red_where_somebody_is_paged():
    wanted = Thresholds(RED, ((0.95, YELLOW), (0.999, GREEN)))
    assert AGENT.availability("support_agent_http_requests_total", "error-rate") == wanted


def test_promised_durations_are_the_bounds_of_objectives():
    histogram = "support_agent_response_duration_seconds"
    assert AGENT.bounds(histogram) == Thresholds(GREEN, ((5, YELLOW), (10, RED)))
    assert AGENT.in_words(histogram) == "95 % within 5 s and 99 % within 10 s"


def test_factors_of_cost_alerts_come_back_as_they_were_written():
    factors = [burn_rate_factor(b, one) for b in SPECS.cost_budgets for one in b.alerts]
    assert factors == [4, 1]
    assert AGENT.cost_burn_rates == Thresholds(GREEN, ((1, YELLOW), (4, RED)))


def test_budgets_of_other_periods_are_compared_at_the_same_dollars_a_day():
    (budget, *_) = SPECS.cost_budgets
    weekly = replace(budget, dollars=700.0, period=RollingPeriod(7 * DAY))
    promises = Promises("support-agent", budgets=[weekly])
    assert promises.dollars(MONTH) == pytest.approx(3000)
    assert promises.within(DAY) == Thresholds(GREEN, ((100.0, RED),))


def test_two_budgets_on_the_same_dollars_are_not_added_up():
    (monthly, running) = SPECS.cost_budgets
    daily = replace(monthly, name="llm-cost-day", dollars=250.0, period=RollingPeriod(DAY))
    promises = Promises("support-agent", budgets=[daily, monthly, running])
    assert promises.monthly_budgets == (monthly, running)
    assert promises.dollars(MONTH) == monthly.dollars + running.dollars
    assert promises.budget_matcher == 'service="support-agent",budget=~"llm-cost|running-cost"'


def test_what_nobody_promised_is_not_drawn():
    assert NOTHING.above("queue-depth") == NOTHING.below("queue-depth") == PLAIN
    assert NOTHING.bounds("support_agent_response_duration_seconds") == PLAIN
    assert NOTHING.availability("support_agent_http_requests_total", "error-rate") == PLAIN
    assert NOTHING.within(MONTH) == NOTHING.cost_burn_rates == PLAIN
    assert NOTHING.read_on("queue-depth") == NOTHING.read_on_budgets() == ""


def test_other_services_promises_are_left_out():
    other = Promises("shop", SPECS.slos, SPECS.alerts, SPECS.cost_budgets)
    assert other == Promises("shop")


def test_a_runbook_is_a_link_where_its_address_is_known():
    assert AGENT.read_on("queue-depth") == " Read queue-depth.md."
    linked = replace(AGENT, links=Links("https://books.example.com", ""))
    wanted = " Read [queue-depth.md](https://books.example.com/queue-depth.md)."
    assert linked.read_on("queue-depth") == wanted
    assert "llm-cost.md](https" in linked.read_on_budgets()
