"""The operations dashboard's first row: how the agent is now, and how its promises stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slo.dashboards import uids
from slo.dashboards.agent_recordings import LLM_COST_RATE, RECEIVED_RATE, REQUEST_RATE
from slo.dashboards.agent_requests import (
    FAILED,
    REPLIES,
    REQUESTS,
    promised_replies,
    reply_quantile,
)
from slo.dashboards.display import (
    GREEN,
    RED,
    About,
    Display,
    Link,
    Thresholds,
)
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import stat
from slo.dashboards.query import A_NUMBER, Query
from slo.dashboards.slo_state import (
    ACHIEVED_DISPLAY,
    BUDGET_DISPLAY,
    BURN_RATE_DISPLAY,
    OBJECTIVE_DISPLAY,
    STATE_DISPLAY,
    STATES,
    achieved,
    budget_left,
    burn_rate,
    objective,
    state,
)
from slo.dashboards.spending import budgets, spent_of_budgets
from slo.dashboards.table import LabelColumn, Order, ValueColumn, table
from slo.dashboards.variation import THIS_MONTH, TODAY, since
from slo.model import names

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.promises import Promises

_TO_SLOS = Link("All objectives", uids.SLO_LIST)
_TO_COST = Link("What it costs", uids.COST)


def promises_row(promises: Promises) -> Row:
    """The numbers that say whether anything is wrong, then every objective."""
    tiles = [Tile(panel, 4, 4) for panel in _numbers(promises)]
    return Row("Service level objectives", (*tiles, Tile(_objectives(promises), 24, 15)))


def _numbers(promises: Promises) -> list[sdk.models.Panel]:
    numbers = [_tickets(), _availability(promises), _response_time(promises)]
    numbers.append(_cost_today(promises))
    if promises.budgets:
        numbers.append(_money_left(promises))
    return [*numbers, _error_budget_left(promises)]


def _tickets() -> sdk.models.Panel:
    about = About(
        "Tickets a minute",
        "Tickets that came in, over the last five minutes, in the chosen environments.",
        "Far fewer than at this hour of other days: look whether customers reach the agent at "
        "all. Far more: watch the queue below.",
    )
    return stat(about, Display("short", decimals=1), Query(f"60 * sum({RECEIVED_RATE.of()})"))


def _availability(promises: Promises) -> sdk.models.Panel:
    slo = promises.objective(REQUESTS)
    promised = f" Promised are {slo.objective} over {slo.period}." if slo else ""
    about = About(
        "Availability",
        "The share of HTTP requests of the last five minutes that were answered without a server "
        f"error.{promised}",
        "Yellow spends error budget, red pages somebody: look at the error rate below and at what "
        f"was deployed last.{promises.read_on('error-rate')}",
    )
    thresholds = promises.availability(REQUESTS, "error-rate")
    display = Display("percentunit", decimals=2, thresholds=thresholds, links=(_TO_SLOS,))
    failed, every = f"sum({REQUEST_RATE.of(FAILED)})", f"sum({REQUEST_RATE.of()})"
    return stat(about, display, Query(f"1 - ({failed} or 0 * {every}) / {every}{A_NUMBER}"))


def _response_time(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Response time",
        "Of the last five minutes' replies 95 % were visible to the customer within this time; "
        f"within a histogram's bucket it is interpolated.{promised_replies(promises)}",
        "Look which percentile rose below, then at the queue and at the models' providers."
        f"{promises.read_on('response-time')}",
    )
    display = Display("s", decimals=1, thresholds=promises.bounds(REPLIES), links=(_TO_SLOS,))
    return stat(about, display, Query(f"{reply_quantile(0.95)}{A_NUMBER}"))


def _cost_today(promises: Promises) -> sdk.models.Panel:
    about = About(
        "LLM cost today",
        "Dollars at list price for language models since midnight UTC, from the rate of each five "
        "minutes. The colours are those of the alerts on the last 24 hours' dollars.",
        "Open the cost dashboard to see which provider and which tokens grew."
        f"{promises.read_on('llm-cost-day')}",
    )
    thresholds = promises.above("llm-cost-day")
    display = Display("currencyUSD", decimals=2, thresholds=thresholds, links=(_TO_COST,))
    every_minute = f"sum_over_time({LLM_COST_RATE.of()}[$__range:1m] offset -1m)"
    spent = f"sum({every_minute}) or 0 * sum({LLM_COST_RATE.of()})"
    return since(TODAY, stat(about, display, Query(f"60 * ({spent})")))


def _money_left(promises: Promises) -> sdk.models.Panel:
    titles = ", ".join(one.title for one in promises.monthly_budgets)
    about = About(
        "Money left",
        f"What this month's budgets ({titles}) still hold, by the whole hours since the month "
        "began, whatever environments are chosen. Below zero more was spent than there is.",
        "Compare it with how much of the month is left; the cost dashboard has the forecast.",
    )
    thresholds = Thresholds(RED, ((0.0, GREEN),))
    display = Display("currencyUSD", decimals=2, thresholds=thresholds, links=(_TO_COST,))
    left = f"sum({budgets(promises)}) - sum({spent_of_budgets(promises)})"
    return since(THIS_MONTH, stat(about, display, Query(left)))


def _error_budget_left(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Error budget left",
        "Of the objective that has least left of its period's budget; the table says which. It is "
        "that of production, whatever environments are chosen.",
        "Red has broken its promise: stop risky changes, and repair what burns. Yellow: change "
        "with care.",
    )
    display = replace(BUDGET_DISPLAY, links=(_TO_SLOS,))
    return stat(about, display, Query(f"min({budget_left(promises.matcher)})"))


def _objectives(promises: Promises) -> sdk.models.Panel:
    of = promises.matcher
    given = {"service": promises.service, "slo": "${__data.fields.Objective}"}
    detail = Link("Its budget and burn rates", uids.SLO_DETAIL, given=given)
    about = About(
        "Objectives",
        f"How each promise of the agent stands over its period, the worst first, in production. "
        f"{STATES}",
        "Click the name of what burns: there is how fast it does, since when, and which alerts "
        "fire.",
    )
    columns = (
        LabelColumn("Objective", names.SLO_LABEL, (detail,)),
        ValueColumn("State", state(of), STATE_DISPLAY),
        ValueColumn("Budget left", budget_left(of), BUDGET_DISPLAY),
        ValueColumn("Achieved", achieved(of), ACHIEVED_DISPLAY),
        ValueColumn("Promised", objective(of), OBJECTIVE_DISPLAY),
        ValueColumn("Burn rate", burn_rate(of), BURN_RATE_DISPLAY),
    )
    return table(about, columns, (Order("State", descending=True), Order("Budget left")))
