"""Every generated dashboard keeps to every rule, and every rule finds what breaks it."""

import copy

import pytest

from tests import dashboard_lint
from tests.dashboards import FILES, panels_of, read, variables_of

OTHERS = {one["uid"]: one for one in map(read, FILES)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_generated_dashboard_keeps_to_every_rule(path):
    assert dashboard_lint.faults_of(read(path), OTHERS) == []


def first(dashboard: dict, kind: str) -> dict:
    return next(panel for panel in panels_of(dashboard) if panel["type"] == kind)


def ask(expr: str):
    def broken(dashboard: dict) -> None:
        first(dashboard, "timeseries")["targets"][0]["expr"] = expr

    return broken


def set_in(kind: str, *path: str | int, value: object):
    def broken(dashboard: dict) -> None:
        inner = first(dashboard, kind)
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value

    return broken


def of_variable(name: str, **fields: object):
    return lambda dashboard: variables_of(dashboard)[name].update(fields)


def of_dashboard(**fields: object):
    return lambda dashboard: dashboard.update(fields)


def twice(dashboard: dict) -> None:
    first(dashboard, "timeseries")["targets"] *= 2


def same_title(dashboard: dict) -> None:
    one, other, *_ = panels_of(dashboard)
    other["title"] = one["title"]


def same_id(dashboard: dict) -> None:
    one, other, *_ = panels_of(dashboard)
    other["id"] = one["id"]


def overlapping(dashboard: dict) -> None:
    one, other, *_ = panels_of(dashboard)
    other["gridPos"] = {**one["gridPos"], "x": one["gridPos"]["x"] + 1}


def out_of_order(dashboard: dict) -> None:
    dashboard["panels"].reverse()


def two_names(dashboard: dict) -> None:
    first(dashboard, "table")["targets"][1]["expr"] = "slo:objective:ratio"
    first(dashboard, "table")["targets"][2]["expr"] = "(up > 0) or vector(1)"


def seventh_column(dashboard: dict) -> None:
    steps = first(dashboard, "table")["transformations"]
    (kept,) = [step for step in steps if step["id"] == "filterFieldsByName"]
    kept["options"]["include"]["names"] += ["one", "more"]


def no_dropdown(dashboard: dict) -> None:
    dashboard["links"][0]["keepTime"] = False


def link_to(url: str):
    def broken(dashboard: dict) -> None:
        defaults = first(dashboard, "stat")["fieldConfig"]["defaults"]
        defaults["links"] = [{"title": "x", "url": url}]

    return broken


def second_datasource(dashboard: dict) -> None:
    dashboard["templating"]["list"].reverse()


UID = {"type": "prometheus", "uid": "abc"}
KEPT = "${__url_time_range}&${datasource:queryparam}&${environment:queryparam}"
BREAKAGES = {
    "can_be_imported": [
        of_dashboard(uid="a b"),
        of_dashboard(uid="x" * 41),
        of_dashboard(id=7),
        of_dashboard(description="Mine."),
    ],
    "links_to_its_family": [no_dropdown, of_dashboard(links=[])],
    "shares_its_crosshair": [of_dashboard(graphTooltip=0)],
    "asks_the_chosen_datasource_first": [second_datasource],
    "variables_follow_the_time": [
        of_variable("slo", refresh=1),
        of_variable("slo", datasource=UID),
        of_variable("environment", allValue=None),
    ],
    "panels_ask_the_chosen_datasource": [
        set_in("stat", "datasource", value=UID),
        set_in("stat", "targets", 0, "datasource", value=UID),
    ],
    "panels_ask_something": [
        set_in("stat", "targets", value=[]),
        set_in("stat", "targets", 0, "expr", value=" "),
        twice,
    ],
    "panels_explain_themselves": [
        set_in("stat", "title", value=""),
        same_title,
        set_in("stat", "description", value="How many things there are."),
    ],
    "panels_have_units": [
        set_in("timeseries", "fieldConfig", "defaults", "unit", value=""),
        set_in("stat", "fieldConfig", "defaults", "noValue", value=""),
    ],
    "thresholds_rise_from_nothing": [
        set_in("stat", "fieldConfig", "defaults", "thresholds", "steps", 0, "value", value=0),
        set_in(
            "stat",
            *("fieldConfig", "defaults", "thresholds", "steps"),
            value=[{"value": None}, {"value": 2}, {"value": 1}],
        ),
    ],
    "expressions_are_promql": [ask("sum(up"), ask("up{")],
    "rates_follow_the_resolution": [
        ask("rate(x_total[5m])"),
        ask('sum(increase(x_total{a=~"(b|c)"}[$__interval]))'),
    ],
    "counters_are_read_as_rates": [ask("sum(x_total)"), ask("x_total > 5")],
    "long_ranges_are_recorded": [
        lambda dashboard: (ask("rate(x_total[7d])")(dashboard), dashboard.update(refresh="10s")),
    ],
    "variables_are_known": [ask('up{namespace=~"$enviroment"}'), of_variable("slo", query="$of")],
    "several_values_match_as_regex": [
        ask('up{namespace="$environment"}'),
        ask('up{namespace!="${environment}"}'),
    ],
    "what_is_now_is_asked_at_an_instant": [
        set_in("stat", "targets", 0, "instant", value=False),
        set_in("timeseries", "targets", 0, "instant", value=True),
    ],
    "ids_are_unique": [same_id, set_in("stat", "id", value=0)],
    "panels_fit_the_grid": [overlapping, set_in("stat", "gridPos", "x", value=20)],
    "rows_of_tables_join": [
        two_names,
    ],
    "reads_well_on_a_phone": [
        out_of_order,
        seventh_column,
        set_in("stat", "gridPos", "h", value=3),
        set_in("timeseries", "options", "legend", "placement", value="right"),
    ],
    "links_lead_somewhere": [
        link_to(f"/d/nowhere-001?{KEPT}"),
        link_to("/d/slobook-slo-001?${datasource:queryparam}&${environment:queryparam}"),
        link_to("/d/slobook-slo-001?${__url_time_range}&${environment:queryparam}"),
        link_to(f"/d/slobook-slo-001?{KEPT}&var-team=x"),
    ],
}


def test_every_rule_has_examples():
    assert set(BREAKAGES) == {rule.__name__ for rule in dashboard_lint.RULES}


@pytest.mark.parametrize(
    ("rule", "number"),
    [(rule, i) for rule, broken in BREAKAGES.items() for i in range(len(broken))],
)
def test_a_rule_finds_what_breaks_it(rule, number):
    dashboard = copy.deepcopy(OTHERS["slobook-slo-detail-001"])
    BREAKAGES[rule][number](dashboard)
    found = dashboard_lint.faults_of(dashboard, OTHERS)
    assert any(fault.startswith(f"{rule}: ") for fault in found), found


@pytest.mark.parametrize(
    "expr",
    [
        "sum(rate(x_total[$__rate_interval]))",
        "sum(increase(x_total[$__range])) / sum(rate(x_total[1d]))",
        'up{namespace=~"$environment",service="$service"}',
        "count(x_total)",
    ],
)
def test_what_is_right_is_not_found(expr):
    dashboard = copy.deepcopy(OTHERS["slobook-slo-detail-001"])
    ask(expr)(dashboard)
    assert dashboard_lint.faults_of(dashboard, OTHERS) == []
