"""What the agent's dashboards say of a simulated week is what the raw samples and the engine say.

The week holds the turn of a month, roll-outs (counters begin anew) and a pod that could not be
reached for forty minutes of an hour.
"""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from slo.dashboards.agent_recordings import (
    COST_OF_AN_HOUR,
    LLM_COST_OF_AN_HOUR,
    REQUEST_RATE,
    SAVINGS_OF_AN_HOUR,
    TICKETS_OF_A_DAY,
    TICKETS_OF_AN_HOUR,
)
from slo.dashboards.cost_recordings import burn_rate_rules, hour_rules
from slo.engine.instants import instants
from slo.engine.measure import measured
from slo.engine.ratio import error_ratios
from slo.model.duration import DAY, HOUR, MINUTE, format_duration
from slo.model.span import Span
from slo.promql import counter_selector
from slo.rules.rule import RuleGroup
from slo.simulate import PlannedIncident, Scenario
from slo.simulate.agent import simulate
from slo.simulate.scenario import Gap
from tests.catalogue import SPECS
from tests.dashboards import GENERATED, panels_of, put_in, read
from tests.integration.recorded_history import holding_only, metrics_of, recorded

pytestmark = pytest.mark.integration


def instant(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1000


START, OCTOBER, END = instant(2026, 9, 29), instant(2026, 10, 1), instant(2026, 10, 5, 15)

SCENARIO = Scenario(
    START,
    END - START,
    seed=5,
    scrape_interval=MINUTE,
    staging_pods=1,
    deployments=(DAY + 10 * HOUR, 4 * DAY + 14 * HOUR),
    incidents=(PlannedIncident("bad-deployment", 5 * DAY + 9 * HOUR, HOUR, 0.2),),
    gaps=(Gap(3 * DAY + 9 * HOUR + 10 * MINUTE, 40 * MINUTE, 0),),
)
RULES = [
    *(
        one.rule
        for one in (
            REQUEST_RATE,
            TICKETS_OF_AN_HOUR,
            TICKETS_OF_A_DAY,
            LLM_COST_OF_AN_HOUR,
            COST_OF_AN_HOUR,
            SAVINGS_OF_AN_HOUR,
        )
    ),
    *(rule for budget in SPECS.cost_budgets for rule in hour_rules(budget)),
    *(rule for budget in SPECS.cost_budgets for rule in burn_rate_rules(budget).values()),
]
STEP = 5 * MINUTE
"""So often rules are evaluated: at the full hours too, and never so seldom that they vanish."""

PRODUCTION = ("support",)
COSTS = ("support_agent_llm_cost_usd_total", "support_agent_service_cost_usd_total")


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    read_by = {
        *metrics_of([rule.expr for rule in RULES]),
    }
    history = holding_only(simulate(SCENARIO).history, read_by)
    groups = [RuleGroup("shown", STEP, tuple(RULES))]
    evaluated = np.arange(START, END + 1, STEP)
    with recorded(history, groups, evaluated, tmp_path_factory.mktemp("week")) as kept:
        yield kept


def expr(dashboard: str, panel: str, ref: str = "A", since: int = OCTOBER, at: int = END) -> str:
    """What a panel asks at an instant, of production, over the stretch that began then."""
    found = read_panel(dashboard, panel)
    (target,) = [one for one in found["targets"] if one["refId"] == ref]
    built_in = {"__range": f"{(at - since) // 1000}s"}
    return put_in(target["expr"], {"environment": PRODUCTION}, built_in)


def read_panel(dashboard: str, title: str) -> dict:
    every = panels_of(read(GENERATED / f"grafana-{dashboard}-dashboard.json"))
    return next(one for one in every if one["title"] == title)


def grown(history, selector: str, span: Span) -> float:
    """The slow and obvious way: every counter's steps, a smaller value being a new beginning."""
    total = 0.0
    for series in history.select(counter_selector(selector)):
        within = (series.times >= span.start) & (series.times <= span.end)
        values = series.values[within]
        steps = np.diff(values)
        total += float(np.where(steps < 0, values[1:], steps).sum())
    return total


def spent(history, span: Span) -> float:
    return sum(grown(history, f'{cost}{{namespace="support"}}', span) for cost in COSTS)


def named(name: str):
    (found,) = [slo for slo in SPECS.slos if slo.name == name]
    return found


@pytest.mark.parametrize(
    ("panel", "ref", "slo", "window"),
    [
        ("Availability", "A", "api-availability", 5 * MINUTE),
        ("API error rate: 4xx, 5xx", "A", "api-availability", 5 * MINUTE),
        ("AI resolution rate: hour, day, week", "A", "ai-resolution-rate", HOUR),
        ("AI resolution rate: hour, day, week", "B", "ai-resolution-rate", DAY),
    ],
)
def test_a_share_is_the_engines(week, panel, ref, slo, window):
    at = instants(Span(OCTOBER, END), 2 * STEP)
    (found,) = week.server.query_range(expr("operations", panel, ref), at).values()
    ratio = error_ratios(named(slo).indicator, week.history, (window,), at).over(window)
    wanted = ratio.values if "error" in panel else 1 - ratio.values
    assert np.array_equal(found[1], ratio.present)
    assert ratio.present.sum() > 500
    assert np.ptp(wanted[ratio.present]) > 0.01
    assert found[0][ratio.present] == pytest.approx(wanted[ratio.present], rel=1e-9, abs=1e-12)


def test_burn_rates_are_those_that_alerts_compare(week):
    at = np.array([END - HOUR, END], dtype=np.int64)
    found = week.server.query_range(expr("cost", "Budget burn rate"), at)
    (budget, _) = SPECS.cost_budgets
    allowed = budget.dollars / (budget.period.length / 1000)
    for one in budget.alerts:
        for window in one.alert.windows:
            over = json.dumps({"title": "LLM cost", "window": format_duration(window)})
            values, _ = found[over]
            rates = measured(one.alert.measure, week.history, window, at)
            assert values == pytest.approx(rates.values / allowed, rel=1e-9)


def test_a_months_money_is_what_counters_grew(week):
    (month,) = week.server.query(expr("cost", "Cost this month"), END)
    assert month == pytest.approx(spent(week.history, Span(OCTOBER, END)), rel=0.003)
    (left,) = week.server.query(expr("cost", "Money left this month"), END)
    allowed = sum(budget.dollars for budget in SPECS.cost_budgets)
    assert left == pytest.approx(allowed - month)


def test_a_month_begins_at_nothing_and_not_with_the_hour_before(week):
    def month(at: int) -> list[float]:
        return week.server.query(expr("cost", "Cost this month", at=at), at)

    first_hour = Span(OCTOBER, OCTOBER + HOUR)
    assert month(OCTOBER + 30 * MINUTE) == [0]
    assert month(OCTOBER + HOUR + 30_000) == pytest.approx(
        [spent(week.history, first_hour)], rel=0.05
    )


def test_a_day_is_what_counters_grew_in_it_and_today_holds_the_hours_so_far(week):
    midnights = np.arange(OCTOBER, END, DAY)
    found = week.server.query_range(f"sum({expr('cost', 'Daily cost by service')})", midnights)
    ((values, present),) = found.values()
    assert present.all()
    assert midnights.size == 5
    for begin, value in zip(midnights.tolist(), values.tolist(), strict=True):
        day = Span(begin, min(begin + DAY, END))
        assert value == pytest.approx(spent(week.history, day), rel=0.004)


def test_the_forecast_goes_on_as_the_last_days_did(week):
    (month,) = week.server.query(expr("cost", "Cost this month"), END)
    (forecast,) = week.server.query(expr("cost", "Forecast for the month"), END)
    seen = Span(START + HOUR, END)
    an_hour = spent(week.history, seen) / (seen.length / HOUR)
    left = 31 * 24 - (4 * 24 + 15)
    assert forecast == pytest.approx(month + left * an_hour, rel=0.01)


def test_savings_are_resolved_tickets_at_a_persons_price_less_the_cost(week):
    resolved = 'support_agent_tickets_processed_total{namespace="support",outcome="resolved"}'
    october = Span(OCTOBER, END)
    wanted = 8.5 * grown(week.history, resolved, october) - spent(week.history, october)
    (net,) = week.server.query(expr("cost", "Net savings this month"), END)
    assert net == pytest.approx(wanted, rel=0.005)
    (back,) = week.server.query(expr("cost", "ROI this month"), END)
    assert back == pytest.approx(wanted / spent(week.history, october), rel=0.01)
