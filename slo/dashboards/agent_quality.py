"""The operations dashboard's business: what is resolved, what is handed over, who is content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import (
    JUDGED,
    RATINGS_OF_A_DAY,
    TICKETS_OF_A_DAY,
    TICKETS_OF_A_WEEK,
    TICKETS_OF_AN_HOUR,
)
from slo.dashboards.display import About, Display
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import Draw, gauge, timeseries
from slo.dashboards.query import A_NUMBER, Query
from slo.dashboards.variation import every
from slo.dashboards.whole_hours import of_the_hour

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.agent_recordings import Recorded
    from slo.dashboards.promises import Promises

_RESOLVED, _ESCALATED, _GOOD = 'outcome="resolved"', 'outcome="escalated"', 'score=~"4|5"'


def quality_row(promises: Promises) -> Row:
    """What the agent is paid for."""
    tiles = (
        Tile(_resolution(promises), 10, 9),
        Tile(_escalation(promises), 8, 9),
        Tile(_satisfaction(promises), 6, 9),
    )
    return Row("Business", tiles)


def _resolution(promises: Promises) -> sdk.models.Panel:
    about = About(
        "AI resolution rate: hour, day, week",
        "Shares of tickets that the agent resolved without a person, over the last hour, day and "
        "week at each instant. Tickets that customers withdrew do not count. The dashed lines are "
        "where alerts on hours fire.",
        "A few dozen tickets say little: a day tells more than an hour. When it falls, "
        "look which categories are handed over, and what changed in prompts and knowledge base."
        f"{promises.read_on('ai-resolution-rate')}",
    )
    thresholds = promises.below("ai-resolution-rate")
    display = Display("percentunit", decimals=1, low=0, high=1, thresholds=thresholds)
    windows = (("hour", TICKETS_OF_AN_HOUR), ("day", TICKETS_OF_A_DAY), ("week", TICKETS_OF_A_WEEK))
    queries = [Query(_share(of, _RESOLVED, JUDGED), f"last {name}") for name, of in windows]
    return timeseries(about, display, *queries)


def _escalation(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Escalation rate by category",
        "A bar an hour: of all tickets of that hour, the share that was handed to people in each "
        "category, so that a bar's height is the whole escalation rate. The hour that runs is not "
        "shown. The dashed line is where the alert on six hours fires.",
        "One category grows: the knowledge base lacks something there. All grow together: a prompt "
        f"or a model changed.{promises.read_on('escalation-rate')}",
    )
    thresholds = promises.above("escalation-rate")
    display = Display("percentunit", decimals=1, low=0, thresholds=thresholds)
    escalated = of_the_hour(TICKETS_OF_AN_HOUR.of(_ESCALATED))
    judged = of_the_hour(TICKETS_OF_AN_HOUR.of(JUDGED))
    expr = f"sum by (category) ({escalated}) / on () group_left () sum({judged})"
    query = Query(expr, "{{category}}")
    return every("1h", timeseries(about, display, query, draw=Draw.STACKED_BARS))


def _satisfaction(promises: Promises) -> sdk.models.Panel:
    slo = promises.objective("support_agent_csat_responses_total")
    promised = f" Promised are {slo.objective} over {slo.period}." if slo else ""
    about = About(
        "Customer satisfaction",
        "The share of the last 24 hours' ratings that are 4 or 5 of 5. Only one customer in eight "
        f"rates.{promised}",
        "Below the mark: read the badly rated tickets, and look whether the resolution rate fell "
        f"with it.{promises.read_on('customer-satisfaction')}",
    )
    thresholds = promises.below("customer-satisfaction")
    display = Display("percentunit", decimals=1, low=0, high=1, thresholds=thresholds)
    return gauge(about, display, Query(f"{_share(RATINGS_OF_A_DAY, _GOOD, '')}{A_NUMBER}"))


def _share(recorded: Recorded, part: str, whole: str) -> str:
    total = f"sum({recorded.of(whole)})" if whole else f"sum({recorded.of()})"
    return f"(sum({recorded.of(part)}) or 0 * {total}) / {total}"
