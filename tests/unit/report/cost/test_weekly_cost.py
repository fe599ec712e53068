"""The weekly cost report of an agent whose every dollar was worked out by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slo.errors import NotEnoughData
from slo.model.duration import DAY
from slo.model.objective import CalendarPeriod
from slo.model.samples import History
from slo.model.span import Span, Week, to_datetime
from slo.report.cost.files import write_weekly_cost
from slo.report.cost.result import cost_result_of
from slo.report.cost.weekly_cost import weekly_cost
from tests.agent_costs import BUDGETS, LLM, SPAN, WEEK, costs

RUNAWAY = np.where(np.isin(np.arange(28), (22, 23)), 2.0, 1.0)
"""On Tuesday and Wednesday calls are twice as long."""


def reported(history=None, budgets=BUDGETS, week=WEEK):
    return weekly_cost(
        "agent", budgets, costs(length=RUNAWAY) if history is None else history, week
    )


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
