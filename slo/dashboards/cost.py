"""The cost dashboard of the AI support agent: what it costs, and whether the money lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards import deployments, uids, variables
from slo.dashboards.agent_recordings import CHOSEN, COST_OF_AN_HOUR, TOKENS_OF_A_DAY
from slo.dashboards.cost_value import usage_row, value_row
from slo.dashboards.dashboard import Dashboard
from slo.dashboards.display import GREEN, RED, YELLOW, About, Display, Link, Thresholds
from slo.dashboards.layout import Row, Tile
from slo.dashboards.operations import RELEASES
from slo.dashboards.panel import Draw, bar_gauge, donut, stat, timeseries
from slo.dashboards.promises import MONTH
from slo.dashboards.provider_comparison import BY_PROVIDER, comparison_tiles
from slo.dashboards.query import Query
from slo.dashboards.spending import (
    EVERYTHING,
    budgets,
    forecast,
    of_budgets,
    spent,
    spent_of_budgets,
)
from slo.dashboards.table import LabelColumn, Order, ValueColumn, table
from slo.dashboards.variation import THIS_MONTH, every, renamed, since
from slo.dashboards.whole_hours import of_the_day, so_far
from slo.model import names
from slo.model.duration import DAY

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.promises import Promises

FILE = "grafana-cost-dashboard.json"
_TO_OPERATIONS = Link("How the agent is", uids.OPERATIONS)
_USD = "currencyUSD"


def cost(promises: Promises) -> Dashboard:
    """The month first, then usage, value, costs by service and provider, and token budgets."""
    return Dashboard(
        file=FILE,
        uid=uids.COST,
        title="AI support agent: cost",
        description=(
            "What the AI support agent costs, whether the month's money lasts, and what it is "
            "worth. Days and months are those of UTC. Money is US dollars at list price, added up "
            "from whole hours: what runs since the last full hour is not in it."
        ),
        rows=(
            _month_row(promises),
            usage_row(),
            value_row(),
            _cost_row(promises),
            _token_budget_row(promises),
        ),
        variables=(variables.datasource(), variables.environment("support_agent_build_info")),
        annotations=(
            deployments.recorded_deployments(RELEASES),
            deployments.pushed_deployments(),
        ),
        since="now-30d",
        refresh="1m",
        time_zone="utc",
        tags=("support-agent", "cost"),
    )


def _month_row(promises: Promises) -> Row:
    tiles = [Tile(_total(promises), 6, 5), Tile(_forecast(promises), 6, 5)]
    if promises.budgets:
        tiles += [
            Tile(_left(promises), 6, 5),
            Tile(_used(promises), 6, 5),
            Tile(_categories(promises), 10, 8),
        ]
    if any(budget.alerts for budget in promises.budgets):
        tiles.append(Tile(_burn_rates(promises), 14, 8))
    return Row("Service level objectives: the month's budget", tuple(tiles))


def _of_budgets(promises: Promises) -> str:
    """What the month is compared with, as a sentence; nothing without budgets."""
    if not promises.budgets:
        return ""
    each = [
        f"{one.title} {one.dollars:,.0f} USD a period ({one.period})"
        for one in promises.monthly_budgets
    ]
    return (
        f" Red from {promises.dollars(MONTH):,.0f} USD on, which is what the budgets allow in 30 "
        f"days: {', '.join(each)}."
    )


def _counted(promises: Promises) -> str:
    """Which dollars of an hour the month's numbers count."""
    return of_budgets(promises) if promises.budgets else EVERYTHING


def _which(promises: Promises) -> str:
    """The same in words."""
    if promises.budgets:
        return "what the budgets count, whatever environments are chosen"
    return "everything that is paid for in the chosen environments"


def _total(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Cost this month",
        f"Dollars since the month began for {_which(promises)}.{_of_budgets(promises)}",
        "Compare it with the forecast beside it: the total alone turns red only when the money is "
        "gone.",
    )
    display = Display(_USD, decimals=2, thresholds=promises.within(MONTH))
    return since(THIS_MONTH, stat(about, display, Query(spent(_counted(promises)))))


def _forecast(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Forecast for the month",
        "What the month will have cost at its end: what was spent, and for every hour that is left "
        "the mean of the last 7 days' hours (linear; hours that Prometheus did not record do not "
        f"count). It is of {_which(promises)}.{_of_budgets(promises)}",
        "Red: look which service grew in 'Daily cost by service', and decide now what is slowed "
        "down, or ask for more money. A week with a holiday in it says too little.",
    )
    display = Display(_USD, decimals=2, thresholds=promises.within(MONTH))
    return since(THIS_MONTH, stat(about, display, Query(forecast(_counted(promises)))))


def _left(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Money left this month",
        "What the month's budgets still hold, in the environments that they are for. Below zero "
        "more was spent than there is.",
        "Divide it by the days that are left: so much may a day cost. The table below says which "
        "budget is short.",
    )
    display = Display(_USD, decimals=2, thresholds=Thresholds(RED, ((0.0, GREEN),)))
    left = f"sum({budgets(promises)}) - sum({spent_of_budgets(promises)})"
    return since(THIS_MONTH, stat(about, display, Query(left)))


def _used(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Share of the budget used",
        "Of all of the month's budgets together, and beside it how much of the month is over.",
        "Used much faster than the month passes: look at the burn rate below.",
    )
    display = Display("percentunit", decimals=0, thresholds=_OVER)
    used = f"sum({spent_of_budgets(promises)}) / sum({budgets(promises)})"
    passed = "(day_of_month() - 1 + hour() / 24) / days_in_month()"
    panel = stat(about, display, Query(used, "used"), Query(passed, "of the month"))
    return since(THIS_MONTH, panel)


_OVER = Thresholds(GREEN, ((1.0, RED),))


def _categories(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Budget by category",
        "What each budget allows in 30 days, what was spent of it since the month began, and the "
        "share that is used: the bar is full when all is spent. Environments are the budgets' own, "
        "whatever is chosen.",
        "A full bar long before the month's end: follow the runbook of the alert on its burn rate."
        f"{promises.read_on_budgets()}",
    )
    dollars = Display(_USD, decimals=2)
    share = Display("percentunit", decimals=0, low=0, high=1, thresholds=_OVER)
    allowed, used = budgets(promises), spent_of_budgets(promises)
    columns = (
        LabelColumn("Category", names.TITLE_LABEL),
        ValueColumn("Budget", allowed, dollars),
        ValueColumn("Spent", used, dollars),
        ValueColumn("Left", f"{allowed} - {used}", dollars),
        ValueColumn("Used", f"{used} / {allowed}", share, bar=True),
    )
    return since(THIS_MONTH, table(about, columns, (Order("Used", descending=True),)))


def _burn_rates(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Budget burn rate",
        "How many times as fast as the budget allows money was spent, over the windows that alerts "
        "look at: at 1 it is gone exactly at the end of its period. The dashed lines are the "
        "factors at which alerts fire, when their long and their short window are both above.",
        "The short window above and the long one not: something new. Both above: slow down what "
        f"spends, then look for the reason.{promises.read_on_budgets()}",
    )
    display = Display(
        "suffix:x", decimals=1, low=0, thresholds=promises.cost_burn_rates, links=(_TO_OPERATIONS,)
    )
    series = f"{names.COST_BURN_RATE}{{{promises.matcher}}}"
    by = f"{names.TITLE_LABEL}, {names.WINDOW_LABEL}"
    return timeseries(about, display, Query(f"sum by ({by}) ({series})", "{{title}}, {{window}}"))


def _cost_row(promises: Promises) -> Row:
    tiles = (Tile(_daily(promises), 16, 10), Tile(_distribution(), 8, 10), *comparison_tiles())
    return Row("Cost", tiles)


def _daily(promises: Promises) -> sdk.models.Panel:
    dollars = promises.dollars(DAY)
    allowed = f" The budgets allow {dollars:,.0f} USD a day: the dashed line." if dollars else ""
    about = About(
        "Daily cost by service",
        "Dollars of each UTC day, stacked: providers of language models by the calls' tokens, "
        f"everything else as its service reports it. Today holds the hours so far.{allowed}",
        "Look which layer grew, and since which day; weekends cost half of a weekday.",
    )
    expr = f"sum by (service) ({of_the_day(COST_OF_AN_HOUR.of())})"
    panel = timeseries(
        about,
        Display(_USD, low=0, thresholds=promises.within(DAY), links=(_TO_OPERATIONS,)),
        Query(expr, "{{service}}"),
        draw=Draw.STACKED_AREAS,
    )
    return renamed(BY_PROVIDER, every("1d", panel))


def _distribution() -> sdk.models.Panel:
    about = About(
        "This month by service",
        "Shares of what was spent since the month began.",
        "Save where the largest share is.",
    )
    expr = f"sum by (service) ({so_far(COST_OF_AN_HOUR.of())})"
    now = f"sum by (service) ({COST_OF_AN_HOUR.of()})"
    panel = donut(about, Display(_USD, decimals=2), Query(f"{expr} or 0 * {now}", "{{service}}"))
    return renamed(BY_PROVIDER, since(THIS_MONTH, panel))


def _token_budget_row(promises: Promises) -> Row:
    tiles = (
        Tile(_token_budgets(promises), 12, 6),
        Tile(_recorded(), 6, 6),
        Tile(_unpriced(), 6, 6),
    )
    return Row("Resources: token budgets, and how much is known", tiles, collapsed=True)


def _token_budgets(promises: Promises) -> sdk.models.Panel:
    signal = "llm-token-budget-"
    thresholds = promises.above(signal)
    about = About(
        "Tokens of the last 24 hours, of a day's budget",
        "Beyond its budget a provider refuses calls until tomorrow.",
        f"Shorten prompts, turn caches on, or ask the provider for more.{promises.read_on(signal)}",
    )
    share = Display("percentunit", decimals=0, low=0, high=1, thresholds=thresholds)
    budget = f'support_agent_llm_token_budget_tokens{{{CHOSEN},period="day"}}'
    expr = f"sum by (provider) ({TOKENS_OF_A_DAY.of()}) / max by (provider) ({budget})"
    return renamed(BY_PROVIDER, bar_gauge(about, share, Query(expr, "{{provider}}")))


def _recorded() -> sdk.models.Panel:
    about = About(
        "Hours recorded this month",
        "Of the whole hours since the month began, the share of which Prometheus recorded what "
        "they cost. What the others cost is in no number of this month.",
        "Below all of them: rules are younger than the month, or Prometheus was away. The past can "
        "be filled in with 'promtool tsdb create-blocks-from rules'.",
    )
    display = Display("percentunit", decimals=1, thresholds=Thresholds(YELLOW, ((1.0, GREEN),)))
    counted = f"count_over_time(sum({EVERYTHING})[$__range:1h] offset -1m)"
    passed = "(24 * (day_of_month() - 1) + hour())"
    return since(THIS_MONTH, stat(about, display, Query(f"{counted} / {passed}")))


def _unpriced() -> sdk.models.Panel:
    about = About(
        "Calls without a price, 24 hours",
        "Calls to language models whose cost is unknown, because the model has no price or the "
        "provider told no usage: costs are too low by them.",
        "Not 0: look which provider and reason, then put the price into the exporter's price file.",
    )
    display = Display("short", decimals=0, thresholds=Thresholds(GREEN, ((1.0, YELLOW),)))
    expr = f"sum(increase(support_agent_llm_unpriced_requests_total{{{CHOSEN}}}[1d]))"
    return stat(about, display, Query(expr))
