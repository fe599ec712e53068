"""Threads, forks and tasks: nothing is lost, nothing hangs, nothing is kept."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families as parse

from exporter import Metrics, Settings
from tests.exposed import faults, seen, total
from tests.integration.exporter.programs import run

pytestmark = pytest.mark.integration

ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 100, "completion_tokens": 10}}
TICKET = {"category": "billing", "channel": "chat"}


@pytest.fixture
def metrics():
    made = Metrics(CollectorRegistry(), Settings())
    yield made
    assert faults(made) == {}


def agent(metrics):
    call = metrics.track_llm_call(provider="openai", model="gpt-4o")(lambda: ANSWER)

    @metrics.track_llm_call(provider="openai", model="gpt-4o-mini")
    def stream():
        yield "text"
        yield ANSWER

    @metrics.track_ticket_processing
    def process(ticket):
        call()
        list(stream())
        metrics.tool_called("search")
        return "resolved"

    return process


@pytest.fixture
def eager():
    """Threads change places all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_eight_writers_lose_nothing_while_others_scrape(metrics, eager):
    process, each, writers = agent(metrics), 2_000, 8
    ended = threading.Event()
    scraped = []

    def scrape():
        while not ended.is_set():
            text = generate_latest(metrics.registry).decode()
            scraped.append(sum(1 for _ in parse(text)))

    def write(number):
        for _ in range(each):
            process(TICKET)
            metrics.llm_retried(f"provider-{number}", f"model-{number}")

    scraper = threading.Thread(target=scrape)
    scraper.start()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    ended.set()
    scraper.join()
    done = each * writers
    assert len(scraped) > 3
    assert min(scraped) > 40
    assert seen(metrics, "tickets_processed_total") == {("billing", "chat", "resolved"): done}
    assert seen(metrics, "tool_calls_total") == {("search", "success"): done}
    calls = seen(metrics, "llm_requests_total", operation="chat", outcome="success")
    assert calls == {("openai", "gpt-4o"): done, ("openai", "gpt-4o-mini"): done}
    assert total(metrics, "llm_tokens_total") == 2 * 110 * done
    assert total(metrics, "ticket_llm_cost_usd_count") == done
    assert total(metrics, "llm_retries_total") == done
    assert total(metrics, "llm_requests_in_progress") == 0
    assert total(metrics, "tickets_in_progress") == 0


def test_threads_that_are_first_to_bind_a_model_bind_it_once(metrics, eager):
    barrier = threading.Barrier(8)

    def first(number):
        for model in range(25):
            barrier.wait()
            call = metrics.track_llm_call(provider="openai", model=f"model-{model}")
            call(lambda: ANSWER)()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(first, range(8)))
    assert set(seen(metrics, "llm_requests_total", operation="chat").values()) == {8}


def async_agent(metrics):
    @metrics.track_llm_call(provider="openai", model="gpt-4o")
    async def call():
        await asyncio.sleep(0.01)
        return ANSWER

    @metrics.track_llm_call(provider="openai", model="gpt-4o-mini")
    async def stream():
        for _ in range(3):
            yield "text"
            await asyncio.sleep(0.001)

    @metrics.track_ticket_processing
    async def process(ticket, kind):
        await asyncio.gather(call(), call())
        async for _ in stream():
            if kind == "leaves":
                break
        if kind == "hangs":
            await asyncio.Event().wait()
        if kind == "fails":
            raise TimeoutError

    return process


def test_thousands_of_tasks_at_once(metrics):
    process = async_agent(metrics)

    async def use():
        tasks = {
            kind: [asyncio.create_task(process(TICKET, kind)) for _ in range(1_000)]
            for kind in ("reads", "leaves", "hangs", "fails")
        }
        slow = tasks.pop("hangs")
        others = [task for kind in tasks.values() for task in kind]
        await asyncio.gather(*others, return_exceptions=True)
        while total(metrics, "llm_requests_in_progress"):  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(asyncio.wait_for(use(), 60))
    gc.collect()
    metrics.tool_called("next")
    tickets = seen(metrics, "tickets_processed_total", category="billing", channel="chat")
    assert tickets == {("resolved",): 2_000, ("cancelled",): 1_000, ("error",): 1_000}
    calls = seen(metrics, "llm_requests_total", provider="openai", operation="chat")
    assert calls == {
        ("gpt-4o", "success"): 8_000,
        ("gpt-4o-mini", "success"): 3_000,
        ("gpt-4o-mini", "cancelled"): 1_000,
    }
    assert total(metrics, "llm_requests_in_progress") == 0
    assert total(metrics, "tickets_in_progress") == 0
    assert total(metrics, "ticket_llm_cost_usd_count") == 4_000


def test_children_that_are_forked_from_a_busy_process_record_on_their_own():
    code = """
    import os, threading, time
    from prometheus_client import CollectorRegistry
    from exporter import Metrics, Settings

    metrics = Metrics(CollectorRegistry(), Settings(max_series=100_000))
    call = metrics.track_llm_call(provider="openai", model="gpt-4o")(
        lambda: {"model": "gpt-4o", "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
    )
    def total(name):
        family, = metrics.metric(name).collect()
        return sum(one.value for one in family.samples if one.name == "support_agent_" + name)

    ended, calls = threading.Event(), [0] * 4

    def busy(number):
        while not ended.is_set():
            call()
            metrics.llm_fell_back(f"a{calls[number] % 30}", f"b{number}", "cost")
            calls[number] += 1

    threads = [threading.Thread(target=busy, args=(number,)) for number in range(4)]
    for thread in threads: thread.start()
    children = []
    for number in range(60):
        child = os.fork()
        if child == 0:
            before = total("llm_requests_total")
            for _ in range(20):
                call()
                metrics.llm_fell_back("new", f"c{number}", "error")
            # Threads of the parent may have been between a call and its count.
            os._exit(0 if total("llm_requests_total") == before + 20 else 1)
        children.append(child)
    statuses = []
    deadline = time.monotonic() + 60
    while len(statuses) < len(children) and time.monotonic() < deadline:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            statuses.append(status)
        else:
            time.sleep(0.01)
    ended.set()
    for thread in threads: thread.join()
    assert statuses == [0] * 60, statuses
    assert total("llm_requests_total") == sum(calls)
    assert total("llm_fallbacks_total") == sum(calls)
    print("done")
    """
    assert run(code, seconds=60) == "done\n"


def grown(action) -> int:
    """Blocks of memory that are taken after an action and were not before."""
    gc.collect()
    before = sys.getallocatedblocks()
    action()
    gc.collect()
    return sys.getallocatedblocks() - before


def test_memory_is_flat_over_calls(metrics):
    process = agent(metrics)
    asked = iter(range(10**9))

    def tickets(times):
        for _ in range(times):
            process(TICKET)

    def oddities(times):
        for _ in range(times):
            metrics.llm_fell_back(f"a{next(asked)}", "b", "cost")
            metrics.track_llm_call(provider="openai", model=f"junk-{next(asked)}")(dict)()
            left = agent_stream(metrics)
            next(left)
            del left
            with pytest.raises(TimeoutError):
                metrics.track_llm_call(provider="openai", model="gpt-4o")(fails)()

    tickets(2_000)
    oddities(1_200)
    # One block kept for each call would be 1,000,000 and 3,000.
    assert grown(lambda: tickets(1_000_000)) < 500
    assert grown(lambda: oddities(3_000)) < 500


def fails():
    raise TimeoutError


def agent_stream(metrics):
    def chunks():
        yield "one"
        yield "two"

    return metrics.track_llm_call(provider="openai", model="gpt-4o")(chunks)()


def test_an_attack_of_100_000_values_takes_no_memory_and_no_series():
    metrics = Metrics(CollectorRegistry(), Settings())
    for number in range(2_000):
        attack(metrics, number)
    begun = len(generate_latest(metrics.registry).splitlines())

    def go_on():
        for number in range(2_000, 100_000):
            attack(metrics, number)

    assert grown(go_on) < 500
    assert len(generate_latest(metrics.registry).splitlines()) == begun
    assert total(metrics, "tool_calls_total") == 100_000
    dropped = seen(metrics, "metrics_dropped_labels_total")
    assert dropped[("tool_calls_total",)] == 100_000 - 50
    assert faults(metrics) == {}


def attack(metrics, number):
    metrics.tool_called(f"tool-{number}")
    metrics.http_request("GET", f"/{number}", 404, 0.1)
    metrics.llm_fell_back(f"a{number}", f"b{number}", f"c{number}")
