"""One objective in full: what is promised, what became of the budget, what burns, who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slo.dashboards import slo_state, uids, variables
from slo.dashboards.dashboard import Dashboard
from slo.dashboards.deployments import pushed_deployments
from slo.dashboards.display import (
    GREEN,
    GREY,
    INSUFFICIENT_DATA,
    RED,
    YELLOW,
    About,
    Display,
    Link,
    Thresholds,
    Word,
    worse_above,
)
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import Draw, name, stat, timeseries
from slo.dashboards.query import Query
from slo.dashboards.table import LabelColumn, Order, ValueColumn, table
from slo.model import names

if TYPE_CHECKING:
    from slo.dashboards import sdk

_ONE = 'service="$service",slo="$slo"'
_ALERT = f"{slo_state.OF}, {names.ALERT_LABEL}"
_THRESHOLDS = slo_state.named(names.BURN_RATE_THRESHOLD, _ONE)

_ALERT_STATES = Display(
    "none",
    words=(Word(0, "quiet", GREEN), Word(1, "pending", YELLOW), Word(2, "firing", RED)),
)
_BURN_RATES = replace(slo_state.BURN_RATE_DISPLAY, thresholds=Thresholds(GREEN), low=0)
_FACTOR = Display("suffix:x")


def slo_detail() -> Dashboard:
    """The page behind each line of the overview, and behind each burn-rate alert."""
    rows = (
        Row("$service / $slo", _now()),
        Row("Error budget and burn rate", (Tile(_budget(), 12, 11), Tile(_burning(), 12, 11))),
        Row("Alerts", (Tile(_alerts(), 24, 7), Tile(_alert_history(), 24, 7))),
        Row("Events", (Tile(_events(), 12, 9), Tile(_error_ratios(), 12, 9))),
    )
    services = variables.choice("service", "Service", names.INFO)
    slos = variables.choice("slo", "Objective", f'{names.INFO}{{service="$service"}}')
    return Dashboard(
        file="grafana-slo-detail.json",
        uid=uids.SLO_DETAIL,
        title="Service level objective",
        description="One objective: its budget, what burns it, and the alerts that guard it.",
        rows=rows,
        variables=(variables.datasource(), services, slos, variables.handed_on()),
        annotations=(pushed_deployments(),),
        since="now-24h",
        tags=("slo",),
    )


def _now() -> tuple[Tile, ...]:
    overview = Link("All objectives", uids.SLO_LIST)
    state_display = replace(slo_state.STATE_DISPLAY, links=(overview,))
    state = About(
        "State",
        slo_state.STATES,
        "Burning: look at the alerts below and follow the runbook of the one that fires. At risk: "
        "make changes with care. Exhausted: stop those that can wait. Insufficient data: see "
        "whether the service is scraped.",
    )
    objective = About(
        "Objective",
        "The share of good events that is promised.",
        "If it is missed for months although nobody complains, or kept although people do, "
        "change the promise: the specification holds it.",
    )
    window = About(
        "Window",
        "The period that the promise and its error budget are for.",
        "A rolling window forgets a bad day only when it is over; a calendar one on the first.",
    )
    achieved = About(
        "Achieved",
        "The share of good events over the whole window, up to the end of the range.",
        "Below the objective the promise is broken: say so, and plan what prevents it.",
    )
    left = About(
        "Budget left",
        "What is left of the bad events that the objective allows in its window. Below 0 more "
        "was spent than there was. Calendar windows: see the weekly report.",
        "Under a quarter make changes with care; at 0 stop those that can wait.",
    )
    rate = About(
        "Burn rate",
        "How fast the budget burns over the shortest window that an alert looks at; 1x spends "
        "all of it by the end of the period.",
        "Above 1x for hours find out what fails; above an alert's threshold somebody is told.",
    )
    period = Query(slo_state.named(names.INFO, _ONE), "{{period}}")
    shown = (
        (stat(state, state_display, Query(slo_state.state(_ONE))), 6),
        (stat(objective, slo_state.OBJECTIVE_DISPLAY, Query(slo_state.objective(_ONE))), 6),
        (name(window, Display("none"), period), 6),
        (stat(achieved, slo_state.ACHIEVED_DISPLAY, Query(slo_state.achieved(_ONE))), 6),
        (stat(left, slo_state.BUDGET_DISPLAY, Query(slo_state.budget_left(_ONE))), 8),
        (stat(rate, slo_state.BURN_RATE_DISPLAY, Query(slo_state.burn_rate(_ONE))), 8),
        (_firing(), 8),
    )
    return tuple(Tile(panel, width, 4) for panel, width in shown)


def _firing() -> sdk.models.Panel:
    about = About(
        "Alerts firing",
        "How many burn-rate alerts of this objective fire, pages and tickets together.",
        "The table below says which, and by how much.",
    )
    none = f"0 * {slo_state.known(_ONE)}"
    expr = f"{slo_state.firing(_ONE)} or on ({slo_state.OF}) {none}"
    return stat(about, Display("none", thresholds=worse_above(critical=1)), Query(expr))


def _budget() -> sdk.models.Panel:
    about = About(
        "Error budget, last 30 days",
        "What was left of the budget at each instant, of the window that ended there. It falls "
        "while errors come faster than the objective allows, and recovers as bad days leave the "
        "window. Nothing for calendar windows.",
        "Where it falls steeply look for a deployment or an incident at that time.",
    )
    display = replace(slo_state.BUDGET_DISPLAY, high=1)
    panel = timeseries(about, display, Query(slo_state.budget_left(_ONE), "budget left"))
    panel.time_from = "30d"
    return panel


def _burning() -> sdk.models.Panel:
    about = About(
        "Burn rates and the alerts' thresholds",
        "How fast the budget burns over each window that is recorded; dashed: the burn rate at "
        "which an alert fires when both of its windows exceed it.",
        "Short windows above a threshold: it fails now. Only long ones above: it is over, and "
        "the alert will end.",
    )
    limits = Query(
        _THRESHOLDS, "{{severity}} over {{long_window}} and {{short_window}}", limit=True
    )
    return timeseries(about, _BURN_RATES, Query(slo_state.burn_rates(_ONE), "{{window}}"), limits)


def _alerts() -> sdk.models.Panel:
    about = About(
        "Alerts",
        "Each burn-rate alert, with the burn rate from which it fires and what it sees over its "
        "long and its short window; both must exceed it. Pages wake somebody, tickets wait.",
        "Follow the runbook of the alert that fires; its annotation links it.",
    )
    quiet = f"max by ({_ALERT}) (0 * {_THRESHOLDS})"
    firing, pending = (slo_state.alerts(_ONE, state) for state in ("firing", "pending"))
    state = (
        f"max by ({_ALERT}) (0 * {firing} + 2) or max by ({_ALERT}) (0 * {pending} + 1) or {quiet}"
    )
    columns = (
        LabelColumn("Alert", names.ALERT_LABEL),
        LabelColumn("Severity", names.SEVERITY_LABEL),
        ValueColumn("State", f"{state}", _ALERT_STATES),
        ValueColumn("Fires from", _THRESHOLDS, _FACTOR),
        ValueColumn("Long window", _seen(names.LONG_WINDOW_LABEL), slo_state.BURN_RATE_DISPLAY),
        ValueColumn("Short window", _seen(names.SHORT_WINDOW_LABEL), slo_state.BURN_RATE_DISPLAY),
    )
    return table(about, columns, order=(Order("State", descending=True), Order("Severity")))


def _seen(window: str) -> str:
    """The burn rate over each alert's long or short window, by alert."""
    rates = f'label_replace({slo_state.burn_rates(_ONE)}, "{window}", "$1", "window", "(.+)")'
    joined = f"{rates} * on ({slo_state.OF}, {window}) group_right () (0 * {_THRESHOLDS} + 1)"
    return f"max by ({_ALERT}) ({joined})"


def _alert_history() -> sdk.models.Panel:
    about = About(
        "Alerts over time",
        "1 while a burn-rate alert fires, 0 while it does not.",
        "One that comes and goes is badly chosen: 'slo backtest' says how it did, 'slo tune' "
        "looks for a better one.",
    )
    fires = f"max by ({_ALERT}) ({slo_state.alerts(_ONE, 'firing')})"
    expr = f"{fires} or max by ({_ALERT}) (0 * {_THRESHOLDS})"
    display = Display("none", low=0, high=1, decimals=0)
    return timeseries(about, display, Query(expr, "{{alertname}}"), draw=Draw.STEPS)


def _events() -> sdk.models.Panel:
    about = About(
        "Events a second",
        "All events that the objective counts, and the bad ones among them, as means over the "
        "shortest window that an alert looks at. What is an event is the objective's choice: "
        "requests, tickets, samples of a gauge, or slices of time.",
        "Few events make a burn rate jump with each bad one: see whether it is one or many.",
    )
    every = slo_state.named(names.EVENTS, _ONE)
    ratios = slo_state.named(names.ERROR_RATIO, _ONE)
    bad = f"{every} * on ({slo_state.OF}, {names.WINDOW_LABEL}) {ratios} > -Inf"
    display = Display("eps", low=0)
    return timeseries(about, display, Query(every, "all, mean over {{window}}"), Query(bad, "bad"))


def _error_ratios() -> sdk.models.Panel:
    about = About(
        "Error ratio by window",
        "The share of bad events over each window that is recorded; dashed: the share that the "
        "objective allows.",
        "Above the dashed line the budget is spent faster than it comes back.",
    )
    ratios = f"{slo_state.named(names.ERROR_RATIO, _ONE)} > -Inf"
    allowed = Query(slo_state.named(names.ERROR_BUDGET, _ONE), "allowed", limit=True)
    display = Display("percentunit", low=0, no_value=INSUFFICIENT_DATA, thresholds=Thresholds(GREY))
    return timeseries(about, display, Query(ratios, "{{window}}"), allowed)
