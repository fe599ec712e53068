"""Providers of language models beside each other: what a day, a call and a token of each costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards.agent_recordings import (
    LLM_COST_OF_AN_HOUR,
    LLM_REQUESTS_OF_AN_HOUR,
    TOKENS_OF_AN_HOUR,
)
from slo.dashboards.display import About, Display
from slo.dashboards.layout import Tile
from slo.dashboards.panel import Draw, timeseries
from slo.dashboards.query import Query
from slo.dashboards.variation import every, renamed
from slo.dashboards.whole_hours import of_the_day

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.agent_recordings import Recorded

BY_PROVIDER = {"anthropic": "Claude (Anthropic)", "openai": "GPT (OpenAI)"}
"""What people call them; others keep the name that the exporter gives them."""


def comparison_tiles() -> tuple[Tile, ...]:
    """By the day: cost, dollars a million tokens, dollars a thousand calls."""
    return (Tile(_cost(), 8, 9), Tile(_per_token(), 8, 9), Tile(_per_call(), 8, 9))


def _cost() -> sdk.models.Panel:
    about = About(
        "Provider comparison: cost of a day",
        "Dollars of each UTC day for Anthropic's Claude and OpenAI's GPT, side by side on one bar. "
        "Today holds the hours so far.",
        "More for the dearer provider with the same number of tickets: the router's choice or a "
        "fallback changed.",
    )
    query = Query(_of_the_day(LLM_COST_OF_AN_HOUR), "{{provider}}")
    return _by_day(about, Draw.STACKED_BARS, query)


def _per_token() -> sdk.models.Panel:
    about = About(
        "Provider comparison: a million tokens",
        "Dollars of a day over its tokens, of every type together. Cached ones are cheap, answers "
        "dear: the mix decides.",
        "It rises at the same prices: a cache is off, or answers became longer.",
    )
    expr = f"1e6 * {_of_the_day(LLM_COST_OF_AN_HOUR)} / {_of_the_day(TOKENS_OF_AN_HOUR)}"
    return _by_day(about, Draw.LINES, Query(expr, "{{provider}}"))


def _per_call() -> sdk.models.Panel:
    about = About(
        "Provider comparison: a thousand calls",
        "Dollars of a day over its calls, failed ones among them.",
        "It rises with the cost of a million tokens unchanged: prompts grew.",
    )
    expr = f"1e3 * {_of_the_day(LLM_COST_OF_AN_HOUR)} / {_of_the_day(LLM_REQUESTS_OF_AN_HOUR)}"
    return _by_day(about, Draw.LINES, Query(expr, "{{provider}}"))


def _of_the_day(recorded: Recorded) -> str:
    return f"sum by (provider) ({of_the_day(recorded.of())})"


def _by_day(about: About, draw: Draw, query: Query) -> sdk.models.Panel:
    panel = timeseries(about, Display("currencyUSD", low=0), query, draw=draw)
    return renamed(BY_PROVIDER, every("1d", panel))
