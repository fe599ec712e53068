"""What the hand-made agent costs, day by day, worked out by hand."""

import numpy as np
import pytest

from slo.cost.anomalies import anomalies
from slo.cost.budgets import cost_budget_status
from slo.cost.comparison import comparison
from slo.cost.ledger import ledger
from slo.cost.reconciliation import reconciliation
from slo.cost.sources import cost_sources
from slo.cost.value import value
from slo.errors import ConfigError, NotEnoughData
from slo.model.duration import DAY
from slo.model.samples import History, series_of
from slo.model.span import Span
from tests.agent_costs import BUDGETS, LAST, LLM, RUNNING, SPAN, WEEK, costs, steady


def counted(history):
    return ledger(BUDGETS, history, SPAN.end)


@pytest.fixture(scope="module")
def plain():
    return counted(costs())


def test_every_day_costs_what_was_worked_out(plain):
    # 960 tickets at 0.012 dollars, and compute for 2.40.
    assert plain.totals == pytest.approx(np.full(28, 13.92), abs=1e-9)
    assert {k: v[0] for k, v in plain.llm.items()} == pytest.approx(
        {("acme", "large", "input"): 7.68, ("acme", "large", "output"): 3.84}
    )
    assert plain.running[("compute",)] == pytest.approx(np.full(28, 2.4))
    assert plain.coverage.tolist() == [1.0] * 28


def test_value_of_a_week(plain):
    found = value(plain, plain.within(WEEK.span))
    assert (found.tickets, found.resolved, found.calls) == pytest.approx((6720, 3360, 13440))
    assert found.dollars == pytest.approx(97.44)
    assert found.per_ticket == pytest.approx(0.0145)
    assert found.per_resolved == pytest.approx(0.029)
    assert found.avoided == pytest.approx(16_800)
    assert found.net == pytest.approx(16_702.56)
    assert found.roi == pytest.approx(16_702.56 / 97.44)


def test_without_a_persons_cost_savings_are_unknown():
    found = counted(costs(human=None))
    this = value(found, found.within(WEEK.span))
    assert np.isnan(this.net)
    assert np.isnan(this.roi)
    assert this.per_ticket == pytest.approx(0.0145)


def test_tokens_times_price_are_the_counter_through_a_change_of_price():
    price = np.where(np.arange(28) < 24, 1.0, 0.5)
    found = counted(costs(price=price))
    checked = reconciliation(found, found.within(WEEK.span))
    # Three days at 11.52 dollars, four at half of it.
    assert checked.counted == pytest.approx(57.6)
    assert checked.computed == pytest.approx(57.6)
    assert checked.agrees


def test_tokens_without_a_price_and_another_price_are_noticed():
    history = costs()
    cheap = [
        series_of(dict(one.labels), one.times, one.values / 2)
        if one.metric.endswith("per_million_tokens")
        else one
        for one in history.series
    ]
    found = counted(History(tuple(cheap), SPAN))
    checked = reconciliation(found, found.within(WEEK.span))
    assert checked.ratio == pytest.approx(1.0)
    assert not checked.agrees
    silent = [one for one in history.series if not one.metric.endswith("per_million_tokens")]
    found = counted(History(tuple(silent), SPAN))
    checked = reconciliation(found, found.within(WEEK.span))
    assert checked.without_price == pytest.approx(7 * 960 * 2 * 1100)
    assert not checked.agrees


def test_models_at_equal_work():
    found = counted(costs(small=0.25))
    large, small = comparison(found, found.within(WEEK.span))
    assert (large.model, small.model) == ("large", "small")
    assert large.per_call == pytest.approx(0.006)
    assert small.per_call == pytest.approx(0.0006)
    assert large.all_work == pytest.approx(13_440 * 0.006)
    assert small.all_work == pytest.approx(13_440 * 0.0006)
    assert large.cached == 0


def test_budgets_stand_where_they_stand():
    history = costs()
    status = cost_budget_status(LLM, history, WEEK.span, SPAN.end)
    assert status.spent == pytest.approx(28 * 11.52)
    assert status.left == pytest.approx(600 - 322.56)
    assert status.pace == pytest.approx(322.56 / 600)
    running = cost_budget_status(RUNNING, history, WEEK.span, SPAN.end)
    assert running.in_week == pytest.approx(16.8)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"length": 3.0}, "tokens per call"),
        ({"calls": 6.0}, "calls per ticket"),
        ({"price": 3.0}, "price"),
        ({"tickets": 2880}, "tickets"),
    ],
)
def test_a_day_out_of_the_ordinary_is_found_with_its_cause(changed, cause):
    usual = {"length": 1.0, "calls": 2.0, "price": 1.0, "tickets": 960}
    ((name, value_then),) = changed.items()
    days = np.where(np.arange(28) == 23, value_then, usual[name])
    found = anomalies(counted(costs(**{name: days})), WEEK.span)
    (odd,) = found.found
    assert found.judged == 7
    assert odd.day == WEEK.span.start + 2 * DAY
    assert odd.change.cause.name == cause
    assert odd.change.cause.dollars == pytest.approx(23.04)


def test_busy_mondays_are_usual_and_a_tenth_more_is_none():
    tickets = np.where(np.arange(28) % 7 == 0, 3000, steady())
    tickets[24] = 1056
    assert anomalies(counted(costs(tickets)), WEEK.span).found == ()


def test_a_week_without_a_past_judges_nothing():
    late = counted(costs(span=Span(LAST.span.start, SPAN.end)))
    assert anomalies(late, WEEK.span).judged == 0


def test_without_a_budget_or_its_counter_there_is_no_ledger():
    with pytest.raises(ConfigError, match="no CostBudget"):
        cost_sources(())
    with pytest.raises(NotEnoughData, match="no samples of support_agent_llm_cost_usd_total"):
        ledger((LLM,), History((), SPAN), SPAN.end)


def test_a_series_of_two_budgets_counts_once():
    from dataclasses import replace

    twice = ledger((*BUDGETS, replace(RUNNING, name="again")), costs(), SPAN.end)
    assert twice.totals == pytest.approx(np.full(28, 13.92))
