"""The operations dashboard of the AI support agent: is anything wrong, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards import deployments, uids, variables
from slo.dashboards.agent_promises import promises_row
from slo.dashboards.agent_quality import quality_row
from slo.dashboards.agent_recordings import LLM_COST_OF_A_DAY, LLM_COST_RATE, TOKEN_RATE
from slo.dashboards.agent_requests import requests_row
from slo.dashboards.agent_resources import resources_row
from slo.dashboards.dashboard import Dashboard
from slo.dashboards.display import About, Display, Link
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import timeseries
from slo.dashboards.query import Query

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.promises import Promises

FILE = "grafana-operations-dashboard.json"
RELEASES = "support_agent_deployment_timestamp_seconds"
_TO_COST = Link("What it costs", uids.COST)


def operations(promises: Promises) -> Dashboard:
    """Promises first, then what customers feel, what it is worth, what it costs, what runs out."""
    return Dashboard(
        file=FILE,
        uid=uids.OPERATIONS,
        title="AI support agent: operations",
        description=(
            "Whether the AI support agent is well, and where it is not. Read from the top: the "
            "numbers say whether anything is wrong, the objectives which promise is in danger, "
            "and the rows below why."
        ),
        rows=(
            promises_row(promises),
            requests_row(promises),
            quality_row(promises),
            _cost_row(promises),
            resources_row(promises),
        ),
        variables=(variables.datasource(), variables.environment("support_agent_build_info")),
        annotations=(deployments.recorded_deployments(RELEASES), deployments.pushed_deployments()),
        since="now-6h",
        refresh="10s",
        tags=("support-agent",),
    )


def _cost_row(promises: Promises) -> Row:
    return Row("Cost", (Tile(_tokens_and_cost(), 12, 9), Tile(_cost_of_a_day(promises), 12, 9)))


def _tokens_and_cost() -> sdk.models.Panel:
    about = About(
        "LLM tokens and cost",
        "Tokens a minute by provider (left), and the dollars an hour that they cost at list price "
        "(right), over five minutes each.",
        "Dollars grow faster than tokens: a cache is off, or a dearer model answers. Both grow and "
        "tickets do not: prompts grew, or calls are repeated.",
    )
    return timeseries(
        about,
        Display("short", low=0, links=(_TO_COST,)),
        Query(f"60 * sum by (provider) ({TOKEN_RATE.of()})", "tokens a minute, {{provider}}"),
        Query(
            f"3600 * sum by (provider) ({LLM_COST_RATE.of()})",
            "USD an hour, {{provider}}",
            "currencyUSD",
        ),
    )


def _cost_of_a_day(promises: Promises) -> sdk.models.Panel:
    about = About(
        "LLM cost of the last 24 hours",
        "Dollars for language models in the 24 hours before each instant: what the alerts look "
        "at. The dashed lines are where they fire.",
        "It rises within the hour when something runs away, and falls a day later: look at the "
        f"rate beside it for what is now.{promises.read_on('llm-cost-day')}",
    )
    thresholds = promises.above("llm-cost-day")
    display = Display("currencyUSD", low=0, thresholds=thresholds, links=(_TO_COST,))
    return timeseries(about, display, Query(f"sum({LLM_COST_OF_A_DAY.of()})", "24 hours"))
