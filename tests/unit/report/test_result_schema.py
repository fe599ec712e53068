"""What is promised of result.json holds of every result, and of nothing else."""

import json
from dataclasses import replace

import pytest

from slo.errors import ConfigError
from slo.model.cost_model import (
    NO_COST_MODEL,
    CategoryBudget,
    ContractPrice,
    CostModel,
    FixedCost,
    HumanCost,
    Validity,
)
from slo.model.duration import DAY, MINUTE
from slo.model.error_budget_policy import ErrorBudgetPolicy
from slo.model.incident import Exclusion
from slo.model.samples import History
from slo.model.span import Span
from slo.report.cost.result import cost_result_of
from slo.report.cost.weekly_cost import weekly_cost
from slo.report.kinds import KINDS, WEEKLY_COST, WEEKLY_SLO
from slo.report.objectives.result import result_of
from slo.report.objectives.suggestions import Figure, SuggestedChange, Unchanged
from slo.report.objectives.weekly_slo import weekly_slo
from slo.report.result_schema import result_schema
from slo.spec.cost_model import CALENDAR_MONTH
from slo.tune.bootstrap import Interval
from tests import agent_costs, shop
from tests.digests import cost_week, hostile_cost_week, hostile_slo_week, slo_week
from tests.result_schemas import committed, faults

UNKNOWN = Interval(float("nan"), float("nan"))
OUTAGE = shop.stretch(2, 2)
MODEL = CostModel(
    "model",
    "agent",
    (FixedCost("desk", 310.0, Validity(None, shop.WEEK.span.end)), FixedCost("lines", 30.0)),
    (CategoryBudget("billing", 100.0, CALENDAR_MONTH),),
    HumanCost(None, (("billing", 8.0),)),
    (ContractPrice("acme", "large", "input", 2.0, Validity(shop.WEEK.span.start, None)),),
)


def one_week(past=None, slos=(), incidents=(), week=shop.WEEK, **how):
    judged = slos or (shop.availability(),)
    return weekly_slo(judged, past or shop.history(), incidents, week, MINUTE, **how)


def suggested():
    figures = (
        Figure("pages", "a week", 1.0, 0.0, Interval(0.5, 2.0), UNKNOWN),
        Figure("seen after", "milliseconds", float("nan"), 9e5, UNKNOWN, UNKNOWN),
    )
    change = SuggestedChange(
        "Page later", "why", "2x", "14.4x", "alerts", "availability", "slo tune", figures=figures
    )
    rest = Unchanged("other", "Other", ("No incident is labelled.",))
    return replace(slo_week(), suggestions=(change,), unchanged=(rest,))


SLO_WEEKS = {
    "every state": slo_week,
    "hostile names": hostile_slo_week,
    "no incident": one_week,
    "no series": lambda: one_week(History((), shop.SPAN)),
    "two days": lambda: one_week(
        shop.history(span=Span(shop.WEEK.span.start, shop.WEEK.span.start + 2 * DAY))
    ),
    "mostly gaps": lambda: one_week(shop.history(gaps=(shop.stretch(-15, 20 * 24),))),
    "the first week": lambda: one_week(week=shop.WEEKS[0]),
    "calendar": lambda: one_week(
        shop.history((OUTAGE, 0.9), (shop.stretch(0, 30), 0.5)),
        (shop.availability(period=CALENDAR_MONTH),),
    ),
    "excluded": lambda: one_week(
        shop.history((OUTAGE, 0.5)),
        incidents=(shop.incident(OUTAGE),),
        exclusions=(Exclusion("drill", OUTAGE, "kim", "rehearsed"),),
    ),
    "all excluded": lambda: one_week(exclusions=(Exclusion("all", shop.SPAN, "kim", "lost"),)),
    "a policy of its own": lambda: one_week(
        policy=ErrorBudgetPolicy("shop", "Go on.", (), "Stop ${until}.")
    ),
    "suggestions": suggested,
}


def cost(model=NO_COST_MODEL, week=agent_costs.WEEK, budgets=agent_costs.BUDGETS, **how):
    return weekly_cost("agent", budgets, agent_costs.costs(**how), week, model)


COST_WEEKS = {
    "runaway": cost_week,
    "overspent and hostile": hostile_cost_week,
    "a cost model": lambda: cost(MODEL),
    "no forecast": lambda: cost(week=agent_costs.WEEKS[0]),
    "two days": lambda: cost(
        span=Span(agent_costs.WEEK.span.start, agent_costs.WEEK.span.start + 2 * DAY)
    ),
    "nobody says what people cost": lambda: cost(human=None),
    "no tickets": lambda: cost(tickets=agent_costs.steady(0)),
    "running cost alone": lambda: cost(budgets=(agent_costs.RUNNING,)),
}


@pytest.mark.parametrize("case", SLO_WEEKS)
def test_every_week_of_objectives_fits_its_schema(case):
    assert faults(WEEKLY_SLO, result_of(SLO_WEEKS[case]())) == []


@pytest.mark.parametrize("case", COST_WEEKS)
def test_every_week_of_cost_fits_its_schema(case):
    assert faults(WEEKLY_COST, cost_result_of(COST_WEEKS[case]())) == []


def test_what_is_not_described_or_missing_is_found():
    result = json.loads(json.dumps(result_of(slo_week())))
    del result["verdict"]
    result["slos"][0]["achieved_in_week"] = 99.9
    result["provenance"]["host"] = "here"
    assert sorted(fault.split(":")[0] for fault in faults(WEEKLY_SLO, result)) == [
        "$",
        "$.provenance",
        "$.slos[0]",
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_schema_in_docs_is_that_of_the_code(kind):
    """Written by ``slo report --schema``."""
    assert committed(kind).read_text() == result_schema(kind)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_is_described_and_the_version_is_in_the_result(kind):
    schema = json.loads(result_schema(kind))
    shapes = {"result.json": schema, **schema["$defs"]}
    silent = [
        f"{name}.{field}"
        for name, shape in shapes.items()
        for field, told in shape["properties"].items()
        # A field whose text is its shape's has it there.
        if not {**schema["$defs"].get(told.get("$ref", "").split("/")[-1], {}), **told}.get(
            "description"
        )
    ]
    assert silent == []
    assert schema["properties"]["schema"]["const"] == kind.schema
    assert schema["$id"] == "urn:" + kind.schema.replace("/", ":")


def test_the_committed_schemas_are_those_of_the_kinds():
    assert {path.name for path in committed(WEEKLY_SLO).parent.iterdir()} == {
        committed(kind).name for kind in KINDS
    }


def test_the_command_prints_the_schema_without_a_project(tmp_path, monkeypatch, capsys):
    from typer.testing import CliRunner

    from slo.cli import app

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", "--schema", "--kind", "cost"])
    assert done.exit_code == 0
    assert done.stdout == result_schema(WEEKLY_COST)
    refused = CliRunner().invoke(app, ["report", "--schema", "--kind", "costs"])
    assert isinstance(refused.exception, ConfigError) or refused.exit_code == 2
