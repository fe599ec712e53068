"""The operations dashboard's rate, errors and duration: requests, replies, queue, models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.dashboards import uids
from slo.dashboards.agent_recordings import (
    CHOSEN,
    LLM_REQUEST_RATE,
    PROCESSED_RATE,
    RECEIVED_RATE,
    REPLY_BUCKET_RATE,
    REQUEST_RATE,
)
from slo.dashboards.display import About, Display, Link
from slo.dashboards.layout import Row, Tile
from slo.dashboards.panel import Draw, timeseries
from slo.dashboards.query import Query

if TYPE_CHECKING:
    from slo.dashboards import sdk
    from slo.dashboards.promises import Promises

REQUESTS = "support_agent_http_requests_total"
REPLIES = "support_agent_response_duration_seconds"
REFUSED, FAILED = 'code_class="4xx"', 'code_class="5xx"'
_IN_ERROR = 'outcome="error"'
_A_MINUTE = "suffix:/min"
_TO_SLOS = Link("All objectives", uids.SLO_LIST)


def requests_row(promises: Promises) -> Row:
    """What is asked of the agent, what fails, and how long it takes."""
    wide, narrow = (_latency, _errors), (_queue, _models, _rate)
    tiles = [Tile(panel(promises), 12, 9) for panel in wide]
    tiles += [Tile(panel(promises), 8, 9) for panel in narrow]
    return Row("Rate, errors, duration", tuple(tiles))


def reply_quantile(quantile: float) -> str:
    """Seconds within which this share of the last five minutes' replies was visible."""
    return f"histogram_quantile({quantile:g}, sum by (le) ({REPLY_BUCKET_RATE.of()}))"


def promised_replies(promises: Promises) -> str:
    """A sentence for a description; nothing where nothing is promised."""
    promised = promises.in_words(REPLIES)
    return f" Promised are {promised}." if promised else ""


def _latency(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Response time: p50, p95, p99",
        "From a customer's message to the first visible words, over five minutes each. The dashed "
        f"lines are the promised bounds.{promised_replies(promises)}",
        "All three rise: the queue or the main provider is slow. Only p99 rises: long contexts or "
        f"retries.{promises.read_on('response-time')}",
    )
    display = Display("s", low=0, thresholds=promises.bounds(REPLIES), links=(_TO_SLOS,))
    queries = [Query(reply_quantile(q / 100), f"p{q}") for q in (50, 95, 99)]
    return timeseries(about, display, *queries)


def _errors(promises: Promises) -> sdk.models.Panel:
    about = About(
        "API error rate: 4xx, 5xx",
        "Shares of all HTTP requests over five minutes, health checks among them. 4xx are the "
        "callers' mistakes, 5xx are ours; the dashed lines are where alerts on 5xx fire.",
        "5xx after a deployment mark: roll back. 5xx without one: look at the database pool and "
        "at the providers. 4xx alone: a client was changed, or somebody probes."
        f"{promises.read_on('error-rate')}",
    )
    display = Display("percentunit", low=0, thresholds=promises.above("error-rate"))
    every = f"sum({REQUEST_RATE.of()})"
    queries = [
        Query(f"(sum({REQUEST_RATE.of(code)}) or 0 * {every}) / {every}", name)
        for name, code in (("5xx", FAILED), ("4xx", REFUSED))
    ]
    return timeseries(about, display, *queries)


def _queue(promises: Promises) -> sdk.models.Panel:
    about = About(
        "Queue depth and processing rate",
        "Tickets that wait (left), and tickets that come in and are finished a minute (right). "
        "The dashed lines are where alerts on waiting tickets fire.",
        "Waiting tickets divided by the finished ones is the wait in minutes. Where fewer are "
        f"finished than come in, add workers or look why they are slow."
        f"{promises.read_on('queue-depth')}",
    )
    display = Display("short", decimals=0, low=0, thresholds=promises.above("queue-depth"))
    return timeseries(
        about,
        display,
        Query(f"sum(support_agent_queue_depth{{{CHOSEN}}})", "waiting"),
        Query(f"60 * sum({RECEIVED_RATE.of()})", "received a minute", _A_MINUTE),
        Query(f"60 * sum({PROCESSED_RATE.of()})", "finished a minute", _A_MINUTE),
    )


def _models(promises: Promises) -> sdk.models.Panel:
    signal = "llm-api-failures-"
    about = About(
        "Failed calls by provider of models",
        "Shares of calls to each provider that failed in the end, over five minutes: retries and "
        "fallbacks are counted already.",
        "One provider fails: send its calls to the other one. Both fail: look at our own network "
        f"and keys.{promises.read_on(signal)}",
    )
    display = Display("percentunit", low=0, thresholds=promises.above(signal))
    every = f"sum by (provider) ({LLM_REQUEST_RATE.of()})"
    failed = f"sum by (provider) ({LLM_REQUEST_RATE.of(_IN_ERROR)})"
    return timeseries(about, display, Query(f"({failed} or 0 * {every}) / {every}", "{{provider}}"))


def _rate(_: Promises) -> sdk.models.Panel:
    about = About(
        "Requests by status",
        "HTTP requests a second by class of their answer, stacked, over five minutes.",
        "A sudden fall means that callers do not reach us: look at the ingress. A sudden rise with "
        "the same number of tickets is somebody's retries.",
    )
    query = Query(f"sum by (code_class) ({REQUEST_RATE.of()})", "{{code_class}}")
    return timeseries(about, Display("reqps", low=0), query, draw=Draw.STACKED_AREAS)
