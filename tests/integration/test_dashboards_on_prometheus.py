"""Every expression of every dashboard, asked of a real Prometheus as Grafana would ask it.

The server holds a simulated history of two environments, and what the generated rules would have
recorded over its last hours. Beside the agent there are services that make it hard: one whose
objectives have no series at all, one whose counters stand still, and one whose name is awkward.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from slo.dashboards.recordings import recorded_for_dashboards
from slo.dashboards.slo_state import State
from slo.engine.alert import condition
from slo.engine.events import event_counts
from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.model.duration import DAY, HOUR, MINUTE, SECOND, format_duration
from slo.model.indicator import EventRatio
from slo.model.samples import History, series_of
from slo.model.slo import Slo
from slo.model.span import Span, Week
from slo.promql import counter_selector
from slo.rules import rule_groups
from slo.simulate import PlannedIncident, Scenario
from slo.simulate.agent import simulate
from slo.spec import read_specs
from tests.catalogue import SPECS
from tests.dashboards import (
    FILES,
    Target,
    annotation_exprs,
    lookups,
    names_in,
    put_in,
    read,
    targets_of,
    variables_of,
)
from tests.integration.recorded_history import (
    Recorded,
    holding_only,
    metrics_of,
    recorded,
)

pytestmark = pytest.mark.integration

END = Week(2026, 41).span.start + 3 * DAY + 15 * HOUR
LENGTH = 4 * DAY
STEP = 4 * MINUTE
"""A sample is visible for five minutes."""

SHOWN = Span(END - 6 * HOUR, END)
AT = np.arange(SHOWN.start, END + 1, STEP, dtype=np.int64)
BUILT_IN = {
    "__rate_interval": format_duration(STEP + MINUTE),  # a scrape more, so that there is no gap
    "__interval": format_duration(STEP),
    "__interval_ms": str(STEP),
    "__range": f"{SHOWN.length // SECOND}s",
    "__range_s": str(SHOWN.length // SECOND),
    "__range_ms": str(SHOWN.length),
    "__from": str(SHOWN.start),
    "__to": str(SHOWN.end),
}
ENVIRONMENTS = {
    "one": ("support",),
    "two": ("support", "support-staging"),
    "all": ".*",
}
WENT_WRONG = (
    ("bad-prompt", 30 * HOUR, 0.5),
    ("slow-model", 2 * HOUR, 0.9),
    ("pool-exhaustion", 50 * MINUTE, 1.0),
    ("bad-deployment", 45 * MINUTE, 0.3),
)
DASHBOARDS = {path.stem: read(path) for path in FILES}
LIST, DETAIL = DASHBOARDS["grafana-slo-dashboard"], DASHBOARDS["grafana-slo-detail"]


def idle() -> Slo:
    """Counters that stand still: without traffic there is no ratio."""
    failed, every = (counter_selector(f"oven_{what}_total") for what in ("failures", "loaves"))
    first = SPECS.slos[0]
    return replace(first, service="oven", name="idle", indicator=EventRatio("bad", failed, every))


AWKWARD = replace(SPECS.slos[1], service="bake.ry (old)", name="a+b|c")
ABSENT = read_specs([Path("tests/golden/specs/every-kind.yaml")]).slos
SLOS = (*SPECS.slos, AWKWARD, idle(), *ABSENT)
MEASURED = (*SPECS.slos, AWKWARD)
"""Those of which the history holds events."""


def simulated() -> History:
    planned = tuple(
        PlannedIncident(kind, LENGTH - lasts, lasts, severity)
        for kind, lasts, severity in WENT_WRONG
    )
    scenario = Scenario(
        *(END - LENGTH, LENGTH),
        seed=21,
        scrape_interval=MINUTE,
        staging_pods=1,
        traffic=2.0,
        incidents=planned,
    )
    history = simulate(scenario).history
    times = instants(history.span, MINUTE)
    still = [
        series_of({"__name__": f"oven_{what}_total", "job": "oven"}, times, np.full(times.size, 7))
        for what in ("failures", "loaves")
    ]
    return History((*history.series, *still), history.span)


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> Iterator[Recorded]:
    files = rule_groups(SLOS, MINUTE, SPECS.alerts)
    files |= recorded_for_dashboards("support-agent", SPECS.cost_budgets, MINUTE)
    groups = [group for of_file in files.values() for group in of_file]
    asked = {expr for dashboard in DASHBOARDS.values() for expr in every_expr(dashboard)}
    read_by_rules = metrics_of([rule.expr for group in groups for rule in group.rules])
    history = holding_only(simulated(), read_by_rules | metrics_of(sorted(asked)))
    folder = tmp_path_factory.mktemp("dashboards")
    with recorded(history, groups, AT, folder) as found:
        yield found


def every_expr(dashboard: dict) -> Iterator[str]:
    of_panels = (target.expr for target in targets_of(dashboard))
    for expr in (*of_panels, *annotation_exprs(dashboard), *lookups(dashboard)):
        yield put_in(expr, dict.fromkeys(names_in(expr) - set(BUILT_IN), "x"), BUILT_IN)


def choices(dashboard: dict, environments: str | tuple[str, ...]) -> Iterator[dict]:
    """Values of a dashboard's variables: the environments, and each objective where one is."""
    values = {"datasource": "prometheus", "environment": environments}
    if "slo" not in variables_of(dashboard):
        yield values
        return
    for slo in MEASURED:
        yield {**values, "service": slo.service, "slo": slo.name}


def answer(held: Recorded, target: Target, expr: str) -> list[list[float]]:
    """The values of each series that a panel gets."""
    if is_instant(target):
        return [[value] for value in held.server.query(expr, SHOWN.end)]
    return [list(v[present]) for v, present in held.server.query_range(expr, AT).values()]


def is_instant(target: Target) -> bool:
    return target.kind != "timeseries"


@pytest.mark.parametrize("environments", ENVIRONMENTS)
@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_panel_shows_something(name, environments, held):
    dashboard, answers, silent = DASHBOARDS[name], {}, []
    for values in choices(dashboard, ENVIRONMENTS[environments]):
        for target in targets_of(dashboard):
            expr = put_in(target.expr, values, BUILT_IN)
            asked = (expr, is_instant(target))
            if asked not in answers:
                answers[asked] = answer(held, target, expr)
            if not any(math.isfinite(v) for series in answers[asked] for v in series):
                silent.append((str(target), expr))
    assert answers
    assert silent == []


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_columns_of_a_table_are_joined_into_rows(name, held):
    """Grafana joins by the labels that all frames have; others, if shared, must not differ."""
    dashboard = DASHBOARDS[name]
    values = next(choices(dashboard, ENVIRONMENTS["two"]))
    for panel in {one.panel for one in targets_of(dashboard) if one.kind == "table"}:
        frames = []
        for target in (one for one in targets_of(dashboard) if one.panel == panel):
            expr = put_in(target.expr, values, BUILT_IN)
            data = held.server.get("query", query=expr, time=SHOWN.end / 1000)
            frames.append([one["metric"] for one in data["result"]])
        labels = [{label for row in frame for label in row} for frame in frames]
        shared = [name for name, n in Counter(chain(*labels)).items() if 1 < n < len(frames)]
        assert shared == [], panel


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_variable_and_annotation_finds_something(name, held):
    dashboard = DASHBOARDS[name]
    first = next(choices(dashboard, ".*"))
    for expr in (*lookups(dashboard), *annotation_exprs(dashboard)):
        assert held.server.query(put_in(expr, first, BUILT_IN), SHOWN.end), expr


def test_both_environments_are_offered(held):
    (lookup,) = [one for one in lookups(LIST) if "namespace" in one]
    data = held.server.get("query", query=lookup, time=SHOWN.end / 1000)
    found = {one["metric"].get("namespace") for one in data["result"]} - {None}
    assert found == {"support", "support-staging"}


def by_objective(held: Recorded, panel: str, column: int) -> dict[tuple[str, str], float]:
    """A column of the overview, by service and objective."""
    targets = [one for one in targets_of(LIST) if one.panel == panel]
    data = held.server.get("query", query=targets[column].expr, time=SHOWN.end / 1000)
    return {
        (one["metric"]["service"], one["metric"]["slo"]): float(one["value"][1])
        for one in data["result"]
    }


OBJECTIVES = "Objectives, the worst first"


@pytest.fixture(scope="module")
def ratios(held):
    """The engine's error ratios at the end, by objective."""
    at = np.array([SHOWN.end], dtype=np.int64)
    return {
        (slo.service, slo.name): error_ratios(
            slo.indicator, held.history, (*slo.policy.windows, slo.period.length), at
        )
        for slo in MEASURED
    }


def over_period(slo: Slo, ratios) -> float:
    return float(ratios[slo.service, slo.name].over(slo.period.length).values[0])


def test_the_overview_says_what_the_engine_computes(held, ratios):
    achieved, left, rates = (by_objective(held, OBJECTIVES, column) for column in (2, 3, 4))
    assert set(achieved) == set(left) == set(rates) == set(ratios)
    for slo in MEASURED:
        key, budget = (slo.service, slo.name), float(slo.objective.error_budget)
        error_ratio = over_period(slo, ratios)
        assert left[key] == 1 - error_ratio / budget
        assert achieved[key] == pytest.approx(1 - error_ratio, rel=1e-12)
        window = slo.policy.windows[0]
        assert rates[key] == float(ratios[key].over(window).values[0]) / budget


def expected_state(slo: Slo, ratios) -> State:
    if (slo.service, slo.name) not in ratios:
        return State.UNKNOWN
    left = 1 - over_period(slo, ratios) / float(slo.objective.error_budget)
    of = ratios[slo.service, slo.name]
    burning = any(bool(condition(a, slo.objective, of)[0]) for a in slo.policy.alerts)
    if left <= 0:
        return State.EXHAUSTED
    if burning:
        return State.BURNING
    return State.AT_RISK if left < 0.25 else State.KEPT


def test_the_overview_knows_every_objective_and_how_it_stands(held, ratios):
    found = by_objective(held, OBJECTIVES, 0)
    assert found == {(slo.service, slo.name): expected_state(slo, ratios) for slo in SLOS}
    assert {*found.values()} >= {State.KEPT, State.UNKNOWN, State.BURNING, State.EXHAUSTED}
    for panel, wanted in (("Exhausted", State.EXHAUSTED), ("Burning", State.BURNING)):
        (target,) = [one for one in targets_of(LIST) if one.panel == panel]
        counted = held.server.query(target.expr, SHOWN.end)
        assert counted == [sum(state == wanted for state in found.values())]


def ask_detail(held: Recorded, panel: str, slo: Slo, ref: str = "A") -> list[dict]:
    (target,) = [t for t in targets_of(DETAIL) if (t.panel, t.ref) == (panel, ref)]
    expr = put_in(target.expr, {"service": slo.service, "slo": slo.name}, BUILT_IN)
    return held.server.get("query", query=expr, time=SHOWN.end / 1000)["result"]


def value(result: list[dict]) -> float:
    (one,) = result
    return float(one["value"][1])


@pytest.mark.parametrize("slo", MEASURED, ids=lambda slo: slo.name)
def test_the_detail_says_what_the_engine_computes(slo, held, ratios):
    budget, of = float(slo.objective.error_budget), ratios[slo.service, slo.name]
    assert value(ask_detail(held, "State", slo)) == expected_state(slo, ratios)
    assert value(ask_detail(held, "Objective", slo)) == float(slo.objective.ratio)
    assert value(ask_detail(held, "Budget left", slo)) == 1 - over_period(slo, ratios) / budget
    burning = {
        one["metric"]["window"]: float(one["value"][1])
        for one in ask_detail(held, "Burn rates and the alerts' thresholds", slo)
    }
    assert burning == {
        format_duration(window): float(of.over(window).values[0]) / budget for window in of.windows
    }
    limits = ask_detail(held, "Burn rates and the alerts' thresholds", slo, "B")
    assert sorted(float(one["value"][1]) for one in limits) == sorted(
        alert.factor for alert in slo.policy.alerts
    )


@pytest.mark.parametrize("slo", MEASURED, ids=lambda slo: slo.name)
def test_alerts_stand_beside_what_they_see(slo, held, ratios):
    of, budget = ratios[slo.service, slo.name], float(slo.objective.error_budget)
    columns = {
        ref: {
            one["metric"]["alertname"]: float(one["value"][1])
            for one in ask_detail(held, "Alerts", slo, ref)
        }
        for ref in "ABCD"
    }
    for name, alert in zip(sorted(columns["A"]), by_rule_name(slo), strict=True):
        holds = bool(condition(alert, slo.objective, of)[0])
        assert columns["A"][name] == (2 if holds else 0)
        assert columns["B"][name] == alert.factor
        assert columns["C"][name] == float(of.over(alert.long).values[0]) / budget
        assert columns["D"][name] == float(of.over(alert.short).values[0]) / budget


def by_rule_name(slo: Slo) -> list:
    from slo.model.names import alert_name

    return sorted(slo.policy.alerts, key=lambda alert: alert_name(slo.name, alert.name))


@pytest.mark.parametrize("slo", SPECS.slos, ids=lambda slo: slo.name)
def test_events_are_those_that_the_engine_counts(slo, held):
    window = slo.policy.windows[0]
    bad, total = event_counts(slo.indicator, held.history).between(
        Span(SHOWN.end - window, SHOWN.end)
    )
    # Prometheus extrapolates, and counts the slices at both ends of a window.
    for ref, counted in (("A", total), ("B", bad)):
        found = value(ask_detail(held, "Events a second", slo, ref)) * window / SECOND
        assert found == pytest.approx(counted, rel=0.25, abs=2)


@pytest.mark.parametrize("slo", [idle(), *ABSENT], ids=lambda slo: slo.name)
def test_no_traffic_is_insufficient_data_and_no_number(slo, held):
    assert value(ask_detail(held, "State", slo)) == State.UNKNOWN
    for panel in ("Achieved", "Budget left", "Burn rate", "Error budget, last 30 days"):
        assert ask_detail(held, panel, slo) == []
    assert ask_detail(held, "Error ratio by window", slo) == []
    # What is promised is known all the same, and so is what guards it.
    assert value(ask_detail(held, "Objective", slo)) == float(slo.objective.ratio)
    assert len(ask_detail(held, "Alerts", slo)) == len(slo.policy.alerts)
    assert value(ask_detail(held, "Alerts firing", slo)) == 0


def test_values_are_put_in_as_grafana_does():
    assert put_in('a{b=~"$environment"}', {"environment": ("x.y", "z|")}) == (
        'a{b=~"(x\\\\.y|z\\\\|)"}'
    )
    assert put_in("${environment:regex}", {"environment": ("only",)}) == "only"
    assert put_in('label_replace(a, "x", "$1", "y", "(.+)")', {}) == (
        'label_replace(a, "x", "$1", "y", "(.+)")'
    )
    assert re.fullmatch("(a|b)", "b")
