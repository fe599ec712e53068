"""Every objective of every service at a glance, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards import slo_state, uids, variables
from slo.dashboards.dashboard import Dashboard
from slo.dashboards.deployments import pushed_deployments
from slo.dashboards.display import PLAIN, About, Display, Link, Thresholds, worse_above
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import stat
from slo.dashboards.query import Query
from slo.dashboards.slo_state import State
from slo.dashboards.table import HiddenColumn, LabelColumn, Order, ValueColumn, table

if TYPE_CHECKING:
    from slo.dashboards import sdk

_ANY = Display("none", thresholds=worse_above(critical=1))
_SOME = Display("none", thresholds=Thresholds("green", ((1, "yellow"),)))


def slo_list() -> Dashboard:
    """The overview, which works for whatever services rules are loaded for."""
    row = Row("Service level objectives", (*_counts(), Tile(_objectives(), 24, 14)))
    return Dashboard(
        file="grafana-slo-dashboard.json",
        uid=uids.SLO_LIST,
        title="Service level objectives",
        description="Which promises are in danger, the worst first. Start here, then open one.",
        rows=(row,),
        variables=(variables.datasource(), variables.handed_on()),
        annotations=(pushed_deployments(),),
        since="now-24h",
        tags=("slo",),
    )


def detail_link(service: str, slo: str) -> Link:
    """To the objective of a table's row, by the columns that hold its service and its name."""
    given = {"service": f"${{__data.fields.{service}}}", "slo": f"${{__data.fields.{slo}}}"}
    return Link("Open this objective", uids.SLO_DETAIL, given=given)


def _counts() -> tuple[Tile, ...]:
    return (
        Tile(
            stat(
                About(
                    "Objectives",
                    "How many objectives the loaded rules know, of all services.",
                    "If one is missing, load the generated rule files; if there is no data at "
                    "all, choose another data source.",
                ),
                Display("none", thresholds=PLAIN),
                Query(f"count({slo_state.known()})"),
            ),
            6,
            4,
        ),
        Tile(
            stat(
                About(
                    "Exhausted",
                    "Objectives whose error budget for the period is gone.",
                    "Stop risky changes to these services until the budget recovers, and open "
                    "each in the table below.",
                ),
                _ANY,
                Query(_how_many(State.EXHAUSTED)),
            ),
            6,
            4,
        ),
        Tile(
            stat(
                About(
                    "Burning",
                    "Objectives with a firing alert whose budget is not gone yet.",
                    "Open each in the table below and follow its alert's runbook.",
                ),
                _SOME,
                Query(_how_many(State.BURNING)),
            ),
            6,
            4,
        ),
        Tile(
            stat(
                About(
                    "Alerts firing",
                    "Burn-rate alerts on objectives that fire now, pages and tickets together.",
                    "A page needs somebody at once, a ticket within working hours.",
                ),
                _SOME,
                Query(f"sum({slo_state.firing()}) or 0 * count({slo_state.known()})"),
            ),
            6,
            4,
        ),
    )


def _how_many(wanted: State) -> str:
    """None is 0 as long as any objective is known, and nothing where none is."""
    every = slo_state.state()
    return f"count(({every}) == {wanted:d}) or 0 * count({slo_state.known()})"


def _objectives() -> sdk.models.Panel:
    about = About(
        "Objectives, the worst first",
        "Each objective with its promise, the share of good events over its period, what is left "
        "of the error budget, and how fast it burns over the shortest window that an alert looks "
        f"at: 1x spends all of it by the end of the period. {slo_state.STATES} Budgets of "
        "calendar periods stand in the weekly report.",
        "Click an objective to see when its budget was spent and which alerts fire.",
    )
    whose = f'label_join({slo_state.state()}, "objective", " / ", "service", "slo")'
    columns = (
        HiddenColumn("service"),
        HiddenColumn("slo"),
        LabelColumn("Objective", "objective", links=(detail_link("service", "slo"),)),
        ValueColumn("State", whose, slo_state.STATE_DISPLAY),
        ValueColumn("Promised", slo_state.objective(), slo_state.OBJECTIVE_DISPLAY),
        ValueColumn("Achieved", slo_state.achieved(), slo_state.ACHIEVED_DISPLAY),
        ValueColumn("Budget left", slo_state.budget_left(), slo_state.BUDGET_DISPLAY),
        ValueColumn("Burn rate", slo_state.burn_rate(), slo_state.BURN_RATE_DISPLAY),
    )
    return table(about, columns, order=(Order("State", descending=True), Order("Budget left")))
