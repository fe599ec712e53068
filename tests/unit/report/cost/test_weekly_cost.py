"""The weekly cost report of an agent whose every dollar was worked out by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slo.errors import NotEnoughData
from slo.model.cost_model import (
    NO_COST_MODEL,
    CategoryBudget,
    ContractPrice,
    CostModel,
    FixedCost,
    HumanCost,
    Validity,
)
from slo.model.duration import DAY
from slo.model.objective import CalendarPeriod
from slo.model.samples import History, series_of
from slo.model.span import Span, Week, to_datetime
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.result import cost_result_of
from slo.report.cost.weekly_cost import weekly_cost
from slo.spec.cost_model import CALENDAR_MONTH
from tests.agent_costs import BUDGETS, LLM, SPAN, WEEK, costs

RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)
"""On Tuesday and Wednesday calls are twice as long."""


def reported(history=None, budgets=BUDGETS, week=WEEK, model=NO_COST_MODEL):
    past = costs(length=RUNAWAY) if history is None else history
    return weekly_cost("agent", budgets, past, week, model)


def test_the_golden_week():
    found = cost_result_of(reported())
    assert found["service"] == "agent"
    assert found["week"] == "2026-W47"
    # Five days at 13.92 dollars, two at 25.44.
    assert found["this_week"] == pytest.approx(
        {
            "usd": 120.48,
            "llm_usd": 103.68,
            "running_usd": 16.8,
            "tickets": 6720,
            "resolved": 3360,
            "calls": 13440,
            "tokens": 19_008_000,
            "usd_per_ticket": 120.48 / 6720,
            "llm_usd_per_ticket": 103.68 / 6720,
            "usd_per_resolved": 120.48 / 3360,
            "usd_per_human_ticket": 5.0,
            "avoided_usd": 16_800,
            "net_usd": 16_679.52,
            "roi": 16_679.52 / 120.48,
        }
    )
    assert found["last_week"]["usd"] == pytest.approx(97.44)
    assert found["daily_usd"] == pytest.approx([13.92, 25.44, 25.44, *[13.92] * 4])
    assert found["change"]["volume_drivers"] == pytest.approx(
        {"tickets": 0, "calls per ticket": 0, "tokens per call": 23.04}, abs=1e-9
    )
    assert (found["change"]["usd"], found["change"]["volume_usd"]) == pytest.approx((23.04, 23.04))
    rest = [found["change"][f"{one}_usd"] for one in ("price", "mix", "running", "without_tokens")]
    assert rest == pytest.approx([0] * 4, abs=1e-9)
    assert [one["day"] for one in found["anomalies"]] == ["2026-11-17", "2026-11-18"]
    assert {one["likely_cause"] for one in found["anomalies"]} == {"tokens per call"}
    assert found["reconciliation"]["agrees"]
    llm, running = (
        next(one for one in found["budgets"] if one["name"] == name)
        for name in ("llm-cost", "running-cost")
    )
    assert llm["spent_usd"] == pytest.approx(345.6)
    assert llm["left_usd"] == pytest.approx(254.4)
    assert llm["pace"] == pytest.approx(103.68 * 4 / 600)
    assert running["remaining"] == pytest.approx(0.328)
    # Both budgets allow 700 dollars in 28 days: 750 in the 30 of November.
    assert found["forecast"]["budget_usd"] == pytest.approx(750)
    assert found["forecast"]["spent_usd"] == pytest.approx(22 * 13.92 + 2 * 11.52)
    assert found["forecast"]["low_usd"] <= found["forecast"]["expected_usd"]
    assert found["forecast"]["expected_usd"] <= found["forecast"]["high_usd"]


def test_its_verdict():
    report = reported()
    assert report.state == "within budget"
    assert not report.falls_short
    assert report.verdict.startswith(
        "The week cost $120.48, 23.6 % more than the one before, mostly by longer calls. "
        "November 2026 is heading for $4"
    )
    assert report.verdict.endswith(" of $750.00: within budget.")


@pytest.mark.parametrize(
    ("dollars", "state", "words"),
    [
        (300.0, "overspent", "LLM cost has overspent the budget"),
        (350.0, "at risk", "look at the suggestions"),
        (10_000.0, "within budget", "within budget"),
    ],
)
def test_a_verdict_follows_its_budgets(dollars, state, words):
    report = reported(budgets=(replace(LLM, dollars=dollars), BUDGETS[1]))
    assert report.state == state
    assert report.falls_short == (state == "overspent")
    assert words in report.verdict


def test_a_month_that_will_be_overspent_falls_short_before_it_is():
    monthly = CalendarPeriod(1, "M", to_datetime(SPAN.start).replace(day=1))
    llm, running = (replace(one, period=monthly) for one in BUDGETS)
    report = reported(costs(), (replace(llm, dollars=300.0), replace(running, dollars=60.0)))
    # 22 days at 11.52 dollars are 253.44; thirty would be 345.60, and 72 for what else runs.
    assert [one.standing for one in report.budgets] == ["at risk", "at risk"]
    left = {one.budget.name: one.left for one in report.budgets}
    assert left == pytest.approx({"llm-cost": 300 - 253.44, "running-cost": 60 - 52.8})
    assert (report.forecast.low, report.month_budget) == pytest.approx((417.6, 360))
    assert report.falls_short
    assert "heading for $417.60 of $360.00: act on the suggestions now" in report.verdict


def test_a_week_that_the_history_ends_in_says_so_and_compares_nothing():
    short = Span(SPAN.start, WEEK.span.start + 3 * DAY)
    report = reported(costs(span=short))
    assert report.until == short.end
    assert report.coverage == pytest.approx(3 / 7, abs=0.001)
    assert report.change is None
    assert report.this.dollars == pytest.approx(3 * 13.92)
    assert "as far as it is known: 42.9 % of it is covered" in report.verdict
    assert report.forecast.missing == 4


def test_a_later_history_says_the_same_of_a_week():
    whole = costs(length=RUNAWAY)
    before = WEEK.previous
    cut = costs(length=RUNAWAY, span=Span(SPAN.start, before.span.end))
    late, early = (cost_result_of(reported(history, week=before)) for history in (whole, cut))
    assert late == early


def test_a_first_week_has_nothing_to_be_compared_with():
    report = reported(week=Week.of(SPAN.start))
    assert report.change is None
    assert report.movers == ()
    assert not report.forecast.known
    assert report.anomalies.judged == 0
    assert report.state == "insufficient data"
    assert "there is no whole week before" in report.verdict
    assert json.dumps(cost_result_of(report), allow_nan=False)


def test_a_week_outside_of_the_history_is_refused():
    with pytest.raises(NotEnoughData, match="holds nothing of week 2026-W50"):
        reported(week=Week.parse("2026-W50"))


def test_an_agent_without_any_tickets_is_reported_too(tmp_path):
    running = [one for one in costs().series if one.metric.endswith("service_cost_usd_total")]
    report = reported(History(tuple(running), SPAN), (BUDGETS[1],))
    assert report.this.dollars == pytest.approx(16.8)
    assert np.isnan(report.this.per_ticket)
    assert write_weekly_cost(report, tmp_path).exists()


def test_a_notebook_shows_the_numbers():
    shown = reported()._repr_html_()
    assert "$120.48" in shown
    assert "2026-W47" in shown


WEDNESDAY = WEEK.span.start + 2 * DAY
MODEL = CostModel(
    "agent-costs",
    "agent",
    fixed=(FixedCost("desk", 300.0), FixedCost("phone", 600.0, Validity(WEDNESDAY))),
    human_ticket=HumanCost(6.0, (("billing", 7.0),)),
    prices=(ContractPrice("acme", "large", "input", 2.0, Validity(WEDNESDAY)),),
    owner="finance",
    file="/somewhere/costs.yaml",
)


def by_category(a_day=10.0):
    """The steady agent, and what billing took of its models."""
    past = costs()
    times = past.series[0].times
    labels = {"__name__": "support_agent_ticket_llm_cost_usd_sum", "category": "billing"}
    billing = series_of(labels, times, (times - SPAN.start) / DAY * a_day)
    return History((*past.series, billing), SPAN)


def test_a_week_with_a_cost_model():
    found = cost_result_of(reported(costs(), model=MODEL))
    # 97.44 dollars are counted; the desk costs 10 a day, the phone 20 from Wednesday on, and
    # input half of 7.68.
    dollars = 97.44 + 7 * 10 + 5 * 20 - 5 * 3.84
    assert found["this_week"]["usd"] == pytest.approx(dollars)
    assert found["this_week"]["running_usd"] == pytest.approx(16.8 + 170)
    assert found["this_week"]["usd_per_ticket"] == pytest.approx(dollars / 6720)
    assert found["this_week"]["avoided_usd"] == pytest.approx(3360 * 7)
    assert found["this_week"]["roi"] == pytest.approx((3360 * 7 - dollars) / dollars)
    assert found["change"]["price_usd"] == pytest.approx(-19.2)
    assert found["change"]["running_usd"] == pytest.approx(100)
    assert found["change"]["usd"] == pytest.approx(80.8)
    # Fixed items are none; another price is named as one, as a list price's would be.
    assert [one["day"][-2:] for one in found["anomalies"]] == ["18", "19", "20", "21", "22"]
    assert {one["likely_cause"] for one in found["anomalies"]} == {"price"}
    assert found["forecast"]["fixed_usd"] == pytest.approx(300 + 13 * 20)
    assert found["forecast"]["budget_usd"] == pytest.approx(750 + 560)
    assert found["reconciliation"]["agrees"]
    assert found["cost_model"] == {
        "name": "agent-costs",
        "owner": "finance",
        "fixed": [
            {"name": "desk", "usd_a_month": 300, "first_day": None, "last_day": None, "usd": 70},
            {
                "name": "phone",
                "usd_a_month": 600,
                "first_day": "2026-11-18",
                "last_day": None,
                "usd": 100,
            },
        ],
        "human_ticket_usd": 6,
        "human_ticket_usd_by_category": {"billing": 7},
        "prices": [
            {
                "provider": "acme",
                "model": "large",
                "token_type": "input",
                "usd_per_million": 2,
                "first_day": "2026-11-18",
                "last_day": None,
                "tokens": pytest.approx(9_600_000),
                "usd": pytest.approx(19.2),
                "usd_at_list_price": pytest.approx(38.4),
            }
        ],
    }


def test_without_a_cost_model_there_is_none_in_the_result():
    found = cost_result_of(reported())
    assert found["cost_model"] is None
    assert found["category_budgets"] == []


@pytest.mark.parametrize(
    ("dollars", "state", "words"),
    [
        (200.0, "overspent", "The category billing has overspent the budget: act on the sugg"),
        (290.0, "at risk", "and the category billing is spent faster than the budget lasts"),
        (310.0, "within budget", "within budget."),
    ],
)
def test_a_verdict_follows_the_budgets_of_categories_too(dollars, state, words):
    model = CostModel(
        "m", "agent", categories=(CategoryBudget("billing", dollars, CALENDAR_MONTH),)
    )
    report = reported(by_category(), model=model)
    assert (report.state, report.falls_short) == (state, state == "overspent")
    assert words in report.verdict
    (one,) = cost_result_of(report)["category_budgets"]
    assert one["name"] == "category-billing"
    assert (one["usd"], one["standing"]) == (dollars, state)
    assert one["spent_usd"] == pytest.approx(220)
    assert one["period"] == {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}
    told = any("category billing" in suggestion.title for suggestion in report.suggestions)
    assert told == (state != "within budget")
    # A part of what the other budgets are for allows nothing by itself.
    assert report.month_budget == pytest.approx(750)


def test_the_fingerprint_covers_the_cost_model_but_not_where_it_lies():
    def fingerprint(model):
        return reported(costs(), model=model).provenance.specification

    other = replace(MODEL, fixed=MODEL.fixed[:1])
    assert len({fingerprint(one) for one in (NO_COST_MODEL, MODEL, other)}) == 3
    assert fingerprint(replace(MODEL, file="elsewhere.yaml")) == fingerprint(MODEL)
