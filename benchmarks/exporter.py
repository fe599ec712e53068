"""What a tracked call costs, beside the same records written by hand and by OpenTelemetry.

Question: a ticket and a call of a language model (with usage, price and cost), async, whose
functions do nothing. Every way records the same samples: by ``track_ticket_processing`` and
``track_llm_call``; by hand with children of prometheus_client that were bound before; by hand with
``labels()`` at each call, as examples do; and by OpenTelemetry's SDK. They take turns in one
process; a ratio is the median of its rounds. With ``--multiprocess`` all of it writes to files, as
under gunicorn. Then: the price alone, and a scrape of the whole catalogue.

    python benchmarks/exporter.py                  # a table
    python benchmarks/exporter.py --multiprocess   # the same with files
    python benchmarks/exporter.py --json           # and one JSON object last
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if "--multiprocess" in sys.argv:
    # prometheus_client decides when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="exporter-benchmark-")

from genai_prices import Usage as PeerUsage
from genai_prices import calc_price
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import CollectorRegistry, generate_latest

from exporter import Metrics, register
from exporter.prices import PriceBook
from exporter.rate_card import DAY_SECONDS
from exporter.usage import TokenUsage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PROVIDER, MODEL, FEATURE = "anthropic", "claude-sonnet-4", "reply"
KINDS = ("input", "cache_read", "cache_write", "output")
DOLLARS = (3e-6, 3e-7, 3.75e-6, 1.5e-5)
CALLS = 4_000


class Ticket:
    """What is processed."""

    category = "billing"
    channel = "email"


class Usage:
    """As Anthropic's client answers."""

    def __init__(self) -> None:
        self.input_tokens = 1000
        self.cache_read_input_tokens = 8000
        self.cache_creation_input_tokens = 500
        self.output_tokens = 300


class Answer:
    """As Anthropic's client answers."""

    def __init__(self) -> None:
        self.model = MODEL
        self.usage = Usage()


TICKET, ANSWER = Ticket(), Answer()
Way = "Callable[[object], Awaitable[object]]"


async def process(ticket: object) -> str:
    """Process a ticket, at once."""
    del ticket
    return "resolved"


async def ask(prompt: object) -> Answer:
    """Ask a model, which answers at once."""
    del prompt
    return ANSWER


def decorated() -> tuple[Any, Any]:
    metrics = Metrics(CollectorRegistry())
    track = metrics.track_llm_call(provider=PROVIDER, model=MODEL, feature=FEATURE)
    return metrics.track_ticket_processing(process), track(ask)


def by_hand_bound() -> tuple[Any, Any]:
    made = {n.removeprefix("support_agent_"): m for n, m in register(CollectorRegistry()).items()}
    progress = made["tickets_in_progress"]
    processed = made["tickets_processed_total"].labels("billing", "email", "resolved")
    took = made["ticket_processing_duration_seconds"].labels("billing", "resolved")

    async def ticket(ticket: object) -> object:
        progress.inc()
        begun = perf_counter()
        try:
            result = await process(ticket)
            processed.inc()
            took.observe(perf_counter() - begun)
            return result
        finally:
            progress.dec()

    model = (PROVIDER, MODEL)
    open_calls = made["llm_requests_in_progress"].labels(*model)
    requests = made["llm_requests_total"].labels(*model, "chat", "success")
    lasted = made["llm_request_duration_seconds"].labels(*model, "success")
    tokens = [made["llm_tokens_total"].labels(*model, kind) for kind in KINDS]
    costs = [made["llm_cost_usd_total"].labels(*model, kind) for kind in KINDS]
    feature = made["llm_feature_cost_usd_total"].labels(*model, FEATURE)

    async def call(prompt: object) -> object:
        open_calls.inc()
        begun = perf_counter()
        try:
            answer = await ask(prompt)
            requests.inc()
            lasted.observe(perf_counter() - begun)
            used = answer.usage
            fresh, read = used.input_tokens, used.cache_read_input_tokens
            written, output = used.cache_creation_input_tokens, used.output_tokens
            tokens[0].inc(fresh)
            tokens[1].inc(read)
            tokens[2].inc(written)
            tokens[3].inc(output)
            spent = (
                fresh * DOLLARS[0],
                read * DOLLARS[1],
                written * DOLLARS[2],
                output * DOLLARS[3],
            )
            costs[0].inc(spent[0])
            costs[1].inc(spent[1])
            costs[2].inc(spent[2])
            costs[3].inc(spent[3])
            feature.inc(sum(spent))
            return answer
        finally:
            open_calls.dec()

    return ticket, call


def by_hand_labels() -> tuple[Any, Any]:
    made = {n.removeprefix("support_agent_"): m for n, m in register(CollectorRegistry()).items()}

    async def ticket(ticket: Any) -> object:
        made["tickets_in_progress"].inc()
        begun = perf_counter()
        try:
            result = await process(ticket)
            labels = (ticket.category, ticket.channel, result)
            made["tickets_processed_total"].labels(*labels).inc()
            took = made["ticket_processing_duration_seconds"].labels(ticket.category, result)
            took.observe(perf_counter() - begun)
            return result
        finally:
            made["tickets_in_progress"].dec()

    async def call(prompt: object) -> object:
        model = (PROVIDER, MODEL)
        made["llm_requests_in_progress"].labels(*model).inc()
        begun = perf_counter()
        try:
            answer = await ask(prompt)
            made["llm_requests_total"].labels(*model, "chat", "success").inc()
            lasted = made["llm_request_duration_seconds"].labels(*model, "success")
            lasted.observe(perf_counter() - begun)
            used, spent = answer.usage, 0.0
            counts = (
                used.input_tokens,
                used.cache_read_input_tokens,
                used.cache_creation_input_tokens,
                used.output_tokens,
            )
            for kind, count, dollars in zip(KINDS, counts, DOLLARS, strict=True):
                made["llm_tokens_total"].labels(*model, kind).inc(count)
                made["llm_cost_usd_total"].labels(*model, kind).inc(count * dollars)
                spent += count * dollars
            made["llm_feature_cost_usd_total"].labels(*model, FEATURE).inc(spent)
            return answer
        finally:
            made["llm_requests_in_progress"].labels(*model).dec()

    return ticket, call


def by_opentelemetry() -> tuple[Any, Any]:
    meter = MeterProvider([InMemoryMetricReader()]).get_meter("benchmark")
    progress = meter.create_up_down_counter("tickets_in_progress")
    processed = meter.create_counter("tickets_processed")
    took = meter.create_histogram("ticket_processing_duration", "s")
    done = {"category": "billing", "channel": "email", "outcome": "resolved"}

    async def ticket(ticket: object) -> object:
        progress.add(1)
        begun = perf_counter()
        try:
            result = await process(ticket)
            processed.add(1, done)
            took.record(perf_counter() - begun, done)
            return result
        finally:
            progress.add(-1)

    model = {"provider": PROVIDER, "model": MODEL}
    success, feature = {**model, "outcome": "success"}, {**model, "feature": FEATURE}
    kinds = [{**model, "token_type": kind} for kind in KINDS]
    open_calls = meter.create_up_down_counter("llm_requests_in_progress")
    requests, lasted = meter.create_counter("llm_requests"), meter.create_histogram("llm_duration")
    tokens, costs = meter.create_counter("llm_tokens"), meter.create_counter("llm_cost")
    of_feature = meter.create_counter("llm_feature_cost")

    async def call(prompt: object) -> object:
        open_calls.add(1, model)
        begun = perf_counter()
        try:
            answer = await ask(prompt)
            requests.add(1, success)
            lasted.record(perf_counter() - begun, success)
            used, spent = answer.usage, 0.0
            counts = (
                used.input_tokens,
                used.cache_read_input_tokens,
                used.cache_creation_input_tokens,
                used.output_tokens,
            )
            for kind, count, dollars in zip(kinds, counts, DOLLARS, strict=True):
                tokens.add(count, kind)
                costs.add(count * dollars, kind)
                spent += count * dollars
            of_feature.add(spent, feature)
            return answer
        finally:
            open_calls.add(-1, model)

    return ticket, call


WAYS = {
    "decorated": decorated,
    "by hand, bound": by_hand_bound,
    "by hand, labels()": by_hand_labels,
    "OpenTelemetry SDK": by_opentelemetry,
}


async def seconds(way: Callable[[object], Awaitable[object]], argument: object) -> float:
    begun = perf_counter()
    for _ in range(CALLS):
        await way(argument)
    return (perf_counter() - begun) / CALLS


async def compared(number: int, argument: object, rounds: int) -> dict[str, list[float]]:
    """Seconds a call of each way, round by round."""
    ways = {name: make()[number] for name, make in WAYS.items()}
    took: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        await seconds(way, argument)
    for _ in range(rounds):
        for name, way in ways.items():
            took[name].append(await seconds(way, argument))
    return took


def ratio(took: dict[str, list[float]], name: str) -> float:
    pairs = zip(took["decorated"], took[name], strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)


def priced(rounds: int) -> tuple[float, float]:
    """Seconds for the price of a call: by a rate card, and by genai-prices itself."""
    book, usage = PriceBook(), TokenUsage(1000, 8000, 500, 0, 300, 0)
    day = int(time.time() // DAY_SECONDS)
    peer = PeerUsage(
        input_tokens=9500, cache_read_tokens=8000, cache_write_tokens=500, output_tokens=300
    )

    def ours() -> None:
        card = book.card(PROVIDER, MODEL, day)
        if card is not None:
            card.costs(usage)

    def theirs() -> None:
        calc_price(peer, MODEL, provider_id=PROVIDER)

    return _median_seconds(ours, 20_000, rounds), _median_seconds(theirs, 500, rounds)


def scraped(rounds: int) -> tuple[float, int]:
    """Seconds for the whole catalogue, every label set that begins at 0 or was used, and lines."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    for provider, model in ((PROVIDER, MODEL), ("openai", "gpt-5-mini")):
        metrics.track_llm_call(provider=provider, model=model)(ask)
    lines = len(generate_latest(registry).splitlines())
    return _median_seconds(lambda: generate_latest(registry), 5, rounds), lines


def _median_seconds(action: Callable[[], object], times: int, rounds: int) -> float:
    took = []
    for _ in range(rounds):
        begun = perf_counter()
        for _ in range(times):
            action()
        took.append((perf_counter() - begun) / times)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--multiprocess", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: dict[str, float] = {}
    for number, (what, argument) in enumerate((("ticket", TICKET), ("llm call", "prompt"))):
        took = asyncio.run(compared(number, argument, options.rounds))
        for name, values in took.items():
            against = f"{ratio(took, name):5.2f}" if name != "decorated" else "     "
            print(f"{what:9} {name:20} {statistics.median(values) * 1e6:6.2f} us  {against}")
            found[f"{what}: decorated / {name}"] = ratio(took, name)
    ours, theirs = priced(options.rounds)
    print(f"price     rate card            {ours * 1e6:6.2f} us")
    print(f"price     genai-prices         {theirs * 1e6:6.2f} us  {ours / theirs:5.3f}")
    took, lines = scraped(options.rounds)
    print(f"scrape    {lines} lines           {took * 1e3:6.2f} ms")
    found |= {"price: us": ours * 1e6, "price: ratio": ours / theirs, "scrape: ms": took * 1e3}
    if options.json:
        print(json.dumps({key: round(value, 4) for key, value in found.items()}))


if __name__ == "__main__":
    main()
