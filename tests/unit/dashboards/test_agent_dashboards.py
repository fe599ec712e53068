"""Operations and cost: what was asked for is there, and comes from the specifications."""

import json
from dataclasses import replace

import pytest

from slo.dashboards.cost import cost
from slo.dashboards.operations import operations
from slo.dashboards.promises import Promises
from tests.catalogue import SPECS
from tests.dashboards import panels_of, targets_of

AGENT = Promises("support-agent", SPECS.slos, SPECS.alerts, SPECS.cost_budgets)
OPERATIONS, COST = (json.loads(make(AGENT).artefact.text) for make in (operations, cost))
UNPROMISED = [
    json.loads(make(Promises("support-agent")).artefact.text) for make in (operations, cost)
]

OF_PRODUCTION = ("slo:", "cost_budget:")
"""What is judged by objectives and budgets is production's, whatever the reader chooses."""


def titles(dashboard: dict) -> set[str]:
    return {panel["title"] for panel in panels_of(dashboard)}


def panel(dashboard: dict, title: str) -> dict:
    (found,) = [one for one in panels_of(dashboard) if one["title"] == title]
    return found


def lines(of: dict) -> list[float]:
    return [step["value"] for step in of["fieldConfig"]["defaults"]["thresholds"]["steps"]][1:]


def test_operations_shows_all_that_was_asked_for():
    assert titles(OPERATIONS) >= {
        "Tickets a minute",
        "Availability",
        "Response time",
        "LLM cost today",
        "Error budget left",
        "Money left",
        "Objectives",
        "Response time: p50, p95, p99",
        "API error rate: 4xx, 5xx",
        "Queue depth and processing rate",
        "AI resolution rate: hour, day, week",
        "Escalation rate by category",
        "Customer satisfaction",
        "LLM tokens and cost",
        "Database pool utilisation",
        "Pods",
    }


def test_cost_shows_all_that_was_asked_for():
    assert titles(COST) >= {
        "Cost this month",
        "Forecast for the month",
        "Money left this month",
        "Budget by category",
        "Budget burn rate",
        "Token usage",
        "Cost and tokens per ticket",
        "Net savings and ROI",
        "Daily cost by service",
        "This month by service",
        "Provider comparison: cost of a day",
    }


@pytest.mark.parametrize("dashboard", [OPERATIONS, COST], ids=["operations", "cost"])
def test_rows_go_from_promises_to_resources(dashboard):
    rows = [one for one in dashboard["panels"] if one["type"] == "row"]
    beginnings = ["Service level objectives", "Rate", "Business", "Cost", "Resources"]
    assert len(rows) == len(beginnings)
    assert all(row["title"].startswith(begin) for row, begin in zip(rows, beginnings, strict=True))
    assert [row["collapsed"] for row in rows] == [False] * 4 + [True]
    assert dashboard["panels"][0]["type"] == "row"
    assert dashboard["panels"][1]["type"] == "stat"


def test_operations_follows_the_last_hours_closely():
    assert OPERATIONS["refresh"] == "10s"
    assert OPERATIONS["time"] == {"from": "now-6h", "to": "now"}
    names = [one["name"] for one in OPERATIONS["annotations"]["list"]]
    assert names == ["Deployments", "Deployments (pushed)"]


@pytest.mark.parametrize("dashboard", [OPERATIONS, COST], ids=["operations", "cost"])
def test_every_expression_asks_for_the_chosen_environments_or_for_what_is_judged(dashboard):
    for target in targets_of(dashboard):
        judged = any(name in target.expr for name in OF_PRODUCTION)
        calendar = target.expr.startswith("(day_of_month()")
        assert ('namespace=~"$environment"' in target.expr) != (judged or calendar), target


def test_what_the_specifications_say_is_what_is_drawn():
    assert lines(panel(OPERATIONS, "Response time: p50, p95, p99")) == [5, 10]
    assert lines(panel(OPERATIONS, "API error rate: 4xx, 5xx")) == [0.02, 0.05]
    assert lines(panel(OPERATIONS, "Queue depth and processing rate")) == [100, 500]
    assert lines(panel(OPERATIONS, "AI resolution rate: hour, day, week")) == [0.6, 0.65]
    assert lines(panel(OPERATIONS, "LLM cost today")) == [200, 300]
    assert lines(panel(COST, "Budget burn rate")) == [1, 4]
    assert lines(panel(COST, "Cost this month")) == [8000]
    assert lines(panel(COST, "Forecast for the month")) == [8000]


def test_another_specification_draws_other_lines():
    changed = [
        replace(one, alert=replace(one.alert, threshold=one.alert.threshold * 2))
        for one in SPECS.alerts
    ]
    budgets = [replace(one, dollars=one.dollars * 3) for one in SPECS.cost_budgets]
    other = Promises("support-agent", SPECS.slos, changed, budgets)
    again = json.loads(operations(other).artefact.text)
    assert lines(panel(again, "Queue depth and processing rate")) == [200, 1000]
    assert lines(panel(json.loads(cost(other).artefact.text), "Cost this month")) == [24_000]


def test_without_any_promise_there_are_panels_and_no_lines():
    plain = [(one["title"], lines(one)) for of in UNPROMISED for one in panels_of(of)]
    assert len(plain) > 30
    # Nothing left, no savings, hours and prices that are missing are bad by themselves.
    assert {title for title, steps in plain if steps} == {
        "Error budget left",
        "Net savings this month",
        "ROI this month",
        "Hours recorded this month",
        "Calls without a price, 24 hours",
    }
    assert titles(COST) - titles(UNPROMISED[1]) == {
        "Money left this month",
        "Share of the budget used",
        "Budget by category",
        "Budget burn rate",
    }


def test_days_and_months_are_those_of_utc():
    assert COST["timezone"] == "utc"
    month = {one["title"] for one in panels_of(COST) if one.get("timeFrom") == "now/M"}
    assert month >= {"Cost this month", "Forecast for the month", "This month by service"}
    for target in targets_of(COST):
        of = panel(COST, target.panel)
        assert ("[$__range" in target.expr) <= (of.get("timeFrom") == "now/M"), target
        assert ("[1d:1h]" in target.expr) <= (of.get("interval") == "1d"), target


def test_shares_of_nothing_are_no_data():
    for title in ("Availability", "Response time", "Customer satisfaction"):
        (target,) = panel(OPERATIONS, title)["targets"]
        assert target["expr"].endswith(" > -Inf")


def test_two_axes_have_two_units():
    for dashboard, title, unit in (
        (OPERATIONS, "LLM tokens and cost", "currencyUSD"),
        (OPERATIONS, "Queue depth and processing rate", "suffix:/min"),
        (COST, "Cost and tokens per ticket", "short"),
    ):
        of = panel(dashboard, title)["fieldConfig"]
        own = [p for one in of["overrides"] for p in one["properties"]]
        assert {"id": "custom.axisPlacement", "value": "right"} in own
        assert {"id": "unit", "value": unit} in own
        assert of["defaults"]["unit"] != unit


def test_stacks_bars_and_donuts_are_drawn_as_such():
    def drawn(of: dict) -> tuple[str, str]:
        custom = of["fieldConfig"]["defaults"]["custom"]
        return custom["drawStyle"], custom["stacking"]["mode"]

    assert drawn(panel(COST, "Daily cost by service")) == ("line", "normal")
    assert drawn(panel(OPERATIONS, "Escalation rate by category")) == ("bars", "normal")
    assert panel(COST, "This month by service")["options"]["pieType"] == "donut"
    assert panel(OPERATIONS, "Customer satisfaction")["type"] == "gauge"
    cells = panel(COST, "Budget by category")["fieldConfig"]["overrides"]
    assert any(p["value"].get("type") == "gauge" for one in cells for p in one["properties"]
               if p["id"] == "custom.cellOptions")  # fmt: skip


def test_providers_have_the_names_that_people_use():
    overrides = panel(COST, "Provider comparison: cost of a day")["fieldConfig"]["overrides"]
    shown = {
        one["matcher"]["options"]: one["properties"][0]["value"]
        for one in overrides
        if one["properties"][0]["id"] == "displayName"
    }
    assert shown == {"anthropic": "Claude (Anthropic)", "openai": "GPT (OpenAI)"}


def test_pods_lead_to_what_kubernetes_knows_of_them():
    overrides = panel(OPERATIONS, "Pods")["fieldConfig"]["overrides"]
    (links,) = [p["value"] for one in overrides for p in one["properties"] if p["id"] == "links"]
    assert (
        "var-namespace=${__data.fields.Environment}&var-pod=${__data.fields.Pod}" in links[0]["url"]
    )
