"""What a cost model changes, in dollars worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.cost.allocation import allocations
from slo.cost.anomalies import anomalies
from slo.cost.assumptions import assumptions
from slo.cost.budgets import category_budget_status, cost_budget_status
from slo.cost.change import change, usage
from slo.cost.comparison import comparison
from slo.cost.fixed import fixed_costs
from slo.cost.forecast import forecast
from slo.cost.ledger import ledger
from slo.cost.prices import day_edges, model_cost
from slo.cost.reconciliation import reconciliation
from slo.cost.sources import cost_sources
from slo.cost.value import value
from slo.model.cost_model import (
    CategoryBudget,
    ContractPrice,
    CostModel,
    FixedCost,
    HumanCost,
    Validity,
)
from slo.model.duration import DAY, HOUR
from slo.model.objective import RollingPeriod
from slo.model.samples import History, Series, series_of
from slo.model.span import Span, to_datetime
from slo.spec.cost_model import CALENDAR_MONTH
from tests.agent_costs import BUDGETS, LAST, LLM, SPAN, WEEK, WEEKS, costs, with_category

WEDNESDAY = WEEK.span.start + 2 * DAY
NOVEMBER = WEEKS[0].span.start + 6 * DAY
CONTRACT = ContractPrice("acme", "large", "input", 2.0, Validity(WEDNESDAY, None))
"""Half of the list price: a day's input costs 3.84 dollars in place of 7.68."""


def counted(model, history=None):
    return ledger(BUDGETS, costs() if history is None else history, SPAN.end, model)


def test_a_fixed_item_costs_its_months_part_of_every_day():
    fixed = CostModel("m", fixed=(FixedCost("desk", 310.0),))
    found = counted(fixed)
    # Six days of October at 10 dollars, then days of November at 10.33.
    assert to_datetime(NOVEMBER).strftime("%m-%d") == "11-01"
    expected = [10.0] * 6 + [310 / 30] * 22
    assert found.running[("desk",)] == pytest.approx(expected)
    assert found.totals == pytest.approx(13.92 + np.array(expected))
    assert found.fixed == pytest.approx(expected)
    across = value(found, found.within(WEEKS[0].span))
    assert across.running == pytest.approx(7 * 2.4 + 6 * 10 + 310 / 30)
    assert across.per_ticket == pytest.approx(across.dollars / 6720)
    assert across.net == pytest.approx(16_800 - across.dollars)


def test_a_fixed_item_is_paid_from_its_first_to_its_last_day():
    days = SPAN.start + DAY * np.arange(28)
    item = FixedCost("desk", 310.0, Validity(NOVEMBER - DAY, NOVEMBER + 2 * DAY))
    found = fixed_costs((item,), days)[("desk",)]
    assert found.tolist() == [0.0] * 5 + [10.0, 310 / 30, 310 / 30] + [0.0] * 20


def test_fixed_items_stand_among_services_and_one_of_a_services_name_in_its_line():
    model = CostModel("m", fixed=(FixedCost("compute", 300.0), FixedCost("desk", 600.0)))
    found = counted(model)
    days, before = found.within(WEEK.span), found.within(LAST.span)
    services = allocations(found, days, before)[0]
    assert {line.name: line.dollars for line in services.lines} == pytest.approx(
        {"desk": 140.0, "models of acme": 80.64, "compute": 70 + 16.8}
    )


def test_a_fixed_item_is_paid_on_days_without_samples_but_not_after_the_history():
    desk = CostModel("m", fixed=(FixedCost("desk", 300.0),))
    gap = Span(WEDNESDAY, WEDNESDAY + DAY)
    with_gap = History(tuple(_without(one, gap) for one in costs().series), SPAN)
    found = counted(desk, with_gap)
    week = found.within(WEEK.span)
    assert found.coverage[week].min() < 0.05
    assert found.running[("desk",)][week] == pytest.approx([10.0] * 7)
    early = ledger(BUDGETS, costs(span=Span(SPAN.start, WEDNESDAY)), SPAN.end, desk)
    assert early.running[("desk",)][week] == pytest.approx([10.0] * 2 + [0.0] * 5)


def _without(one, gap):
    kept = (one.times < gap.start) | (one.times >= gap.end)
    return Series(one.labels, one.times[kept], one.values[kept])


def test_a_new_fixed_item_changes_running_cost_and_is_no_anomaly():
    found = counted(CostModel("m", fixed=(FixedCost("desk", 900.0, Validity(WEDNESDAY)),)))
    moved = change(usage(found, found.within(LAST.span)), usage(found, found.within(WEEK.span)))
    assert moved.running == pytest.approx(5 * 30)
    assert moved.dollars == pytest.approx(150)
    week = anomalies(found, WEEK.span)
    assert (week.found, week.judged) == ((), 7)


def test_a_day_out_of_the_ordinary_is_found_beside_a_large_fixed_item():
    length = np.where(np.arange(28) == 23, 1.5, 1.0)
    model = CostModel("m", fixed=(FixedCost("desk", 30_000.0, Validity(WEDNESDAY)),))
    (odd,) = anomalies(counted(model, costs(length=length)), WEEK.span).found
    assert odd.day == WEDNESDAY
    assert odd.change.dollars == pytest.approx(5.76)
    assert odd.change.after == pytest.approx(1000 + 13.92 + 5.76)
    assert odd.change.cause.name == "tokens per call"


def test_only_fixed_items_are_never_an_anomaly():
    model = CostModel("m", fixed=(FixedCost("a", 0.1), FixedCost("b", 99.7, Validity(WEDNESDAY))))
    silent = History(tuple(_constant(one) for one in costs().series), SPAN)
    assert anomalies(counted(model, silent), WEEK.span).found == ()


def _constant(one):
    return Series(one.labels, one.times, np.ones(one.values.size))


def test_a_forecast_knows_fixed_items_of_days_to_come():
    items = (FixedCost("desk", 300.0), FixedCost("phone", 600.0, Validity(NOVEMBER + 25 * DAY)))
    found = counted(CostModel("m", fixed=items))
    ahead = forecast(found, fixed=items)
    # The desk all month, the phone on its last five days: exactly, for all days are alike.
    assert ahead.fixed == pytest.approx(300 + 5 * 20)
    assert (ahead.low, ahead.high) == pytest.approx((30 * 13.92 + 400,) * 2)
    assert ahead.spent == pytest.approx(22 * (13.92 + 10))


def test_tokens_cost_their_contract_price_from_its_first_day():
    found = counted(CostModel("m", prices=(CONTRACT,)))
    week = found.within(WEEK.span)
    assert found.llm[("acme", "large", "input")][week] == pytest.approx([7.68] * 2 + [3.84] * 5)
    assert found.llm[("acme", "large", "output")][week] == pytest.approx([3.84] * 7)
    moved = change(usage(found, found.within(LAST.span)), usage(found, week))
    assert moved.price == pytest.approx(-5 * 3.84)
    assert moved.dollars == pytest.approx(moved.price)
    (model,) = comparison(found, week)
    assert model.all_work == pytest.approx(7 * (3.84 + 3.84))


def test_the_counter_is_still_held_against_list_prices():
    model = CostModel("m", prices=(CONTRACT,))
    found = counted(model)
    week = found.within(WEEK.span)
    checked = reconciliation(found, week)
    assert (checked.counted, checked.computed) == pytest.approx((80.64, 80.64))
    assert checked.agrees
    said = assumptions(model, found, week)
    (effect,) = said.prices
    assert effect.tokens == pytest.approx(5 * 1_920_000)
    assert (said.at_contract, said.at_list) == pytest.approx((5 * 3.84, 5 * 7.68))
    assert (said.difference, said.ratio) == pytest.approx((-19.2, -0.5))


def test_a_contract_that_did_not_hold_or_whose_tokens_nobody_used_changes_nothing():
    past = replace(CONTRACT, valid=Validity(None, WEEK.span.start))
    typo = replace(CONTRACT, model="lrage")
    model = CostModel("m", prices=(past, typo))
    found = counted(model)
    said = assumptions(model, found, found.within(WEEK.span))
    assert [(one.held, one.tokens, one.difference) for one in said.prices] == [
        (False, 0.0, 0.0),
        (True, 0.0, 0.0),
    ]
    assert said.difference == 0
    assert np.isnan(said.ratio)


def test_a_contract_prices_what_the_exporter_has_no_price_for():
    known = [
        one
        for one in costs(small=0.25).series
        if dict(one.labels).get("model") != "small" or "usd" not in one.metric
    ]
    prices = tuple(ContractPrice("acme", "small", kind, 1.0) for kind in ("input", "output"))
    model = CostModel("m", prices=prices)
    found = counted(model, History(tuple(known), SPAN))
    week = found.within(WEEK.span)
    # A quarter of 13,440 calls, 1,000 tokens in and 100 out.
    assert assumptions(model, found, week).at_contract == pytest.approx(3360 * 1100 / 1e6)
    assert assumptions(model, found, week).at_list == 0
    assert reconciliation(found, week).without_price == pytest.approx(3360 * 1100)


def test_where_tokens_are_not_counted_the_counter_stays():
    blind = [one for one in costs().series if "tokens_total" not in one.metric]
    found = counted(CostModel("m", prices=(CONTRACT,)), History(tuple(blind), SPAN))
    assert found.totals == pytest.approx(np.full(28, 13.92))


@given(
    first=st.integers(-2, 29),
    length=st.integers(1, 40),
    kind=st.sampled_from(("input", "output")),
    begin=st.integers(0, 27 * 24),
    hours=st.integers(1, 27 * 24),
)
def test_a_contract_at_list_price_changes_nothing(first, length, kind, begin, hours):
    start = SPAN.start + first * DAY
    valid = Validity(start, start + length * DAY)
    price = ContractPrice("acme", "large", kind, {"input": 4.0, "output": 20.0}[kind], valid)
    span = Span(SPAN.start + begin * HOUR, min(SPAN.end, SPAN.start + (begin + hours) * HOUR))
    edges = day_edges(span)
    assert edges[0] == span.start
    assert edges[-1] == span.end
    assert np.all(edges[1:-1] % DAY == 0)
    paid = model_cost(STEADY, LLM.cost, (price,), (), edges)[()]
    assert paid == pytest.approx(model_cost(STEADY, LLM.cost, (), (), edges)[()], abs=1e-9)


STEADY = costs()


def test_a_budget_of_model_cost_counts_what_is_paid():
    status = cost_budget_status(LLM, costs(), WEEK.span, SPAN.end, (CONTRACT,))
    assert status.spent == pytest.approx(28 * 11.52 - 5 * 3.84)
    assert status.in_week == pytest.approx(7 * 11.52 - 5 * 3.84)


def category(budget, model=None, history=None):
    past = with_category(costs() if history is None else history)
    found = counted(model or CostModel(), past)
    return category_budget_status(
        budget,
        past,
        WEEK.span,
        past.span.end,
        found=found,
        counter=cost_sources(BUDGETS).by_category,
    )


@pytest.mark.parametrize(
    ("dollars", "standing"),
    [(200.0, "overspent"), (290.0, "at risk"), (310.0, "within budget")],
)
def test_a_category_stands_by_what_its_month_holds(dollars, standing):
    found = category(CategoryBudget("billing", dollars, CALENDAR_MONTH))
    # 22 days of November at 10 dollars; thirty would be 300.
    assert (found.spent, found.in_week) == pytest.approx((220, 70))
    assert found.pace == pytest.approx(300 / dollars)
    assert found.standing == standing


def test_a_categorys_budget_may_roll():
    found = category(CategoryBudget("billing", 300.0, RollingPeriod(14 * DAY)))
    assert found.spent == pytest.approx(140)
    assert found.period == Span(SPAN.end - 14 * DAY, SPAN.end)


def test_a_category_that_nobody_counts_has_no_standing():
    found = category(CategoryBudget("biling", 300.0, CALENDAR_MONTH))
    assert (found.spent, found.coverage) == (0, 0)
    assert found.standing == "insufficient data"


def test_contract_prices_change_categories_by_the_share_of_their_day():
    model = CostModel("m", prices=(CONTRACT,))
    found = category(CategoryBudget("billing", 300.0, CALENDAR_MONTH), model)
    # From Wednesday on 11.52 dollars of models are 7.68.
    assert found.spent == pytest.approx(17 * 10 + 5 * 10 * 7.68 / 11.52)
    money = counted(model, with_category(costs()))
    (cut,) = [
        one
        for one in allocations(money, money.within(WEEK.span), money.within(LAST.span))
        if one.by == "category"
    ]
    assert cut.lines[0].dollars == pytest.approx(20 + 50 * 2 / 3)
    assert cut.dollars == pytest.approx(80.64 - 19.2)


def two_categories(human=5.0):
    """Complaints as well: 48 resolved a day beside 480 of billing."""
    past = costs(human=human)
    times = past.series[0].times
    labels = {
        "__name__": "support_agent_tickets_processed_total",
        "category": "complaint",
        "outcome": "resolved",
    }
    complaints = series_of(labels, times, (times - SPAN.start) / DAY * 48)
    return History((*past.series, complaints), SPAN)


@pytest.mark.parametrize(
    ("human", "each"),
    [
        (HumanCost(), (5, 5)),
        (HumanCost(6.5), (6.5, 6.5)),
        (HumanCost(None, (("complaint", 11.0),)), (5, 11)),
        (HumanCost(6.5, (("complaint", 11.0),)), (6.5, 11)),
    ],
)
def test_people_cost_what_the_model_says_of_a_category(human, each):
    found = counted(CostModel("m", human_ticket=human), two_categories())
    week = value(found, found.within(WEEK.span))
    assert week.avoided == pytest.approx(7 * (480 * each[0] + 48 * each[1]))
    assert week.per_human_ticket == pytest.approx(week.avoided / (7 * 528))


def test_avoided_cost_is_unknown_unless_every_categorys_is_known():
    partly = CostModel("m", human_ticket=HumanCost(None, (("complaint", 11.0),)))
    found = counted(partly, two_categories(human=None))
    assert np.isnan(value(found, found.within(WEEK.span)).avoided)
    wholly = CostModel("m", human_ticket=HumanCost(None, (("billing", 7.0), ("complaint", 11.0))))
    found = counted(wholly, two_categories(human=None))
    week = value(found, found.within(WEEK.span))
    assert week.avoided == pytest.approx(7 * (480 * 7 + 48 * 11))
