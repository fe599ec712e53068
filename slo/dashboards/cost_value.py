"""What money buys: tokens and tickets, and what people would have cost for the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import (
    COST_OF_AN_HOUR,
    JUDGED,
    SAVINGS_OF_AN_HOUR,
    TICKETS_OF_AN_HOUR,
    TOKENS_OF_AN_HOUR,
)
from slo.dashboards.display import GREEN, RED, About, Display, Thresholds
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import Draw, stat, timeseries
from slo.dashboards.query import A_NUMBER, Query
from slo.dashboards.spending import spent
from slo.dashboards.variation import THIS_MONTH, every, since
from slo.dashboards.whole_hours import of_the_day, so_far

if TYPE_CHECKING:
    from slo.dashboards import sdk

_USD = "currencyUSD"
_NO_LOSS = Thresholds(RED, ((0.0, GREEN),))


def usage_row() -> Row:
    """The rate of what is paid for, and what a ticket takes of it."""
    return Row("Rate and usage", (Tile(_tokens(), 12, 9), Tile(_per_ticket(), 12, 9)))


def value_row() -> Row:
    """Whether the agent is worth its money."""
    tiles = (
        Tile(_net_savings(), 6, 5),
        Tile(_return(), 6, 5),
        Tile(_month_per_ticket(), 6, 5),
        Tile(_human_ticket(), 6, 5),
        Tile(_trend(), 24, 9),
    )
    return Row("Business: what it is worth", tiles)


def _tokens() -> sdk.models.Panel:
    about = About(
        "Token usage",
        "Tokens of each UTC day by type, stacked: input (not cached), cache_read, cache_write, "
        "output. Today holds the hours so far.",
        "Input grows and cache_read does not: prompts changed so that caches miss. Output grows: "
        "answers became longer.",
    )
    expr = f"sum by (token_type) ({of_the_day(TOKENS_OF_AN_HOUR.of())})"
    query = Query(expr, "{{token_type}}")
    panel = timeseries(about, Display("short", low=0), query, draw=Draw.STACKED_BARS)
    return every("1d", panel)


def _per_ticket() -> sdk.models.Panel:
    about = About(
        "Cost and tokens per ticket",
        "Dollars for everything (left), and tokens (right), of a UTC day over the tickets that the "
        "agent finished in it; withdrawn ones do not count.",
        "Dollars rise on quiet days, as what always runs is spread over fewer tickets. Both rise "
        "on busy ones: prompts grew, or tickets take more calls.",
    )
    tickets = f"sum({of_the_day(TICKETS_OF_AN_HOUR.of(JUDGED))})"
    panel = timeseries(
        about,
        Display(_USD, decimals=3, low=0),
        Query(f"sum({of_the_day(COST_OF_AN_HOUR.of())}) / {tickets}", "USD per ticket"),
        Query(
            f"sum({of_the_day(TOKENS_OF_AN_HOUR.of())}) / {tickets}", "tokens per ticket", "short"
        ),
    )
    return every("1d", panel)


def _net_savings() -> sdk.models.Panel:
    about = About(
        "Net savings this month",
        "What people would have cost for the tickets that the agent resolved, at the configured "
        "cost of a ticket of that hour, less all that the agent cost.",
        "Red: the agent costs more than it saves. Look whether it resolves fewer tickets or costs "
        "more.",
    )
    display = Display(_USD, decimals=2, thresholds=_NO_LOSS)
    return since(THIS_MONTH, stat(about, display, Query(f"{_avoided()} - {spent()}")))


def _return() -> sdk.models.Panel:
    about = About(
        "ROI this month",
        "Net savings over cost: at 5x each dollar came back and brought five more.",
        "It falls while savings rise where cost rises faster: compare the trend below.",
    )
    display = Display("suffix:x", decimals=1, thresholds=_NO_LOSS)
    expr = f"({_avoided()} - {spent()}) / {spent()}{A_NUMBER}"
    return since(THIS_MONTH, stat(about, display, Query(expr)))


def _month_per_ticket() -> sdk.models.Panel:
    about = About(
        "Cost per ticket this month",
        "Dollars for everything since the month began, over the tickets that the agent finished.",
        "Compare it with what a person costs for a ticket, beside it.",
    )
    tickets = f"sum({so_far(TICKETS_OF_AN_HOUR.of(JUDGED))})"
    display = Display(_USD, decimals=3)
    return since(THIS_MONTH, stat(about, display, Query(f"{spent()} / {tickets}")))


def _human_ticket() -> sdk.models.Panel:
    about = About(
        "A person's cost per ticket",
        "As the agent's configuration has it; the highest of the chosen environments.",
        "Savings stand and fall with it: ask whoever pays the people once a year.",
    )
    expr = 'max(support_agent_human_ticket_cost_usd{namespace=~"$environment"})'
    return stat(about, Display(_USD, decimals=2), Query(expr))


def _trend() -> sdk.models.Panel:
    about = About(
        "Net savings and ROI",
        "For each UTC day: what people would have cost for the tickets that the agent resolved, "
        "less all that the agent cost (left), and that over the cost (right). Today holds the "
        "hours so far.",
        "It falls on weekends, with the tickets. A fall against the same day of other weeks: the "
        "resolution rate on the operations dashboard says whether quality is the reason.",
    )
    avoided = f"sum({of_the_day(SAVINGS_OF_AN_HOUR.of())})"
    spent_of_a_day = f"sum({of_the_day(COST_OF_AN_HOUR.of())})"
    panel = timeseries(
        about,
        Display(_USD, decimals=2),
        Query(f"{avoided} - {spent_of_a_day}", "net savings"),
        Query(f"({avoided} - {spent_of_a_day}) / {spent_of_a_day}", "ROI", "suffix:x"),
    )
    return every("1d", panel)


def _avoided() -> str:
    recorded = SAVINGS_OF_AN_HOUR.of()
    return f"(sum({so_far(recorded)}) or 0 * sum({recorded}))"
