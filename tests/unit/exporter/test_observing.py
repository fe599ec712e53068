"""Functions of every kind behave as they did, and how they end is seen."""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import pytest
import wrapt
from prometheus_client import generate_latest

from tests.exposed import samples, seen, total

ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 100, "completion_tokens": 10}}
CHUNKS = ["It is", " on its way.", ANSWER]


@pytest.fixture
def tracked(metrics):
    return metrics.track_llm_call(provider="openai", model="gpt-4o")


@pytest.fixture
def outcomes(metrics):
    """How calls ended so far; none is left open."""

    def found() -> dict[str, float]:
        metrics.tool_called("next")  # what was put off is recorded by whatever comes next
        assert total(metrics, "llm_requests_in_progress") == 0
        calls = seen(metrics, "llm_requests_total", provider="openai", operation="chat")
        timed = total(metrics, "llm_request_duration_seconds_count")
        assert timed == sum(calls.values())
        return {outcome: value for (_, outcome), value in calls.items()}

    return found


# Every kind stays what it is


def plain(prompt, *, size=1):
    """Answers."""
    return ANSWER


async def coroutine(prompt, *, size=1):
    """Answers."""
    await asyncio.sleep(0)
    return ANSWER


def generator(prompt, *, size=1):
    """Answers."""
    yield from CHUNKS


async def async_generator(prompt, *, size=1):
    """Answers."""
    for chunk in CHUNKS:
        yield chunk


KINDS = {
    "function": plain,
    "coroutine function": coroutine,
    "generator function": generator,
    "async generator function": async_generator,
}
TELLS = (
    inspect.iscoroutinefunction,
    inspect.isasyncgenfunction,
    inspect.isgeneratorfunction,
    asyncio.iscoroutinefunction,
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_is_shown_as_what_it_is(tracked, kind):
    function = KINDS[kind]
    made = tracked(function)
    assert [tell(made) for tell in TELLS] == [tell(function) for tell in TELLS]
    assert inspect.signature(made) == inspect.signature(function)
    names = ("__name__", "__qualname__", "__module__", "__doc__")
    assert [getattr(made, n) for n in names] == [getattr(function, n) for n in names]
    assert made.__wrapped__ is function


@pytest.mark.parametrize("kind", KINDS)
def test_so_is_a_partial(tracked, kind):
    function = partial(KINDS[kind], "prompt", size=2)
    made = tracked(function)
    assert [tell(made) for tell in TELLS] == [tell(function) for tell in TELLS]
    assert result_of(made()) == result_of(function())


def result_of(returned):
    """Whatever a function of any kind gives in the end."""
    if inspect.isawaitable(returned):

        async def awaited():
            return await returned

        return result_of(asyncio.run(awaited()))
    if hasattr(returned, "__aiter__"):

        async def read():
            return [item async for item in returned]

        return asyncio.run(read())
    return returned if returned is ANSWER else list(returned)


@pytest.mark.parametrize("kind", KINDS)
def test_results_pass_as_they_are(tracked, outcomes, metrics, kind):
    found = result_of(tracked(KINDS[kind])("prompt", size=2))
    assert (found if found is ANSWER else found[-1]) is ANSWER
    assert found is ANSWER or len(found) == 3
    assert outcomes() == {"success": 1}
    assert seen(metrics, "llm_tokens_total", token_type="input") == {("openai", "gpt-4o"): 100}
    streams = int("generator" in kind)
    assert total(metrics, "llm_time_to_first_chunk_seconds_count") == streams


class Agent:
    @classmethod
    def of_class(cls, prompt):
        assert issubclass(cls, Agent)
        return prompt

    @staticmethod
    def static(prompt):
        return prompt

    def method(self, prompt):
        assert isinstance(self, Agent)
        return prompt

    async def coroutine(self, prompt):
        return prompt

    def __call__(self, prompt):
        return prompt


class AsyncAgent:
    async def __call__(self, prompt):
        return prompt


def test_methods_of_every_kind(tracked, outcomes):
    class Tracked(Agent):
        of_class = tracked(Agent.__dict__["of_class"])
        static = tracked(Agent.__dict__["static"])
        method = tracked(Agent.method)
        coroutine = tracked(Agent.coroutine)

    agent, answer = Tracked(), object()
    for method in (agent.of_class, Tracked.of_class, agent.static, Tracked.static, agent.method):
        assert method(answer) is answer
    assert asyncio.run(agent.coroutine(answer)) is answer
    assert tracked(agent.method)(answer) is answer
    assert tracked(Agent())(answer) is answer
    assert tracked(partial(agent.method, answer))() is answer
    assert tracked(len)([1]) == 1
    made = tracked(AsyncAgent())
    assert inspect.iscoroutinefunction(made)
    assert asyncio.run(made(answer)) is answer
    assert outcomes() == {"success": 13}


def test_arguments_pass_as_they_are(tracked):
    def function(*args, **kwargs):
        return args, kwargs

    one, two = object(), object()
    assert tracked(function)(one, function=two, args=1, self=3) == (
        (one,),
        {"function": two, "args": 1, "self": 3},
    )


# Exceptions


class OwnError(Exception):
    pass


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (OwnError(), "error"),
        (asyncio.CancelledError(), "cancelled"),
        (KeyboardInterrupt(), "cancelled"),
    ],
    ids=["error", "cancelled", "interrupted"],
)
def test_exceptions_pass_as_they_are(tracked, metrics, kind, raised, outcome):
    def fail():
        raise raised

    async def coroutine():
        fail()

    def generator():
        yield "one"
        fail()

    async def async_generator():
        yield "one"
        fail()

    made = tracked(
        dict(zip(KINDS, (fail, coroutine, generator, async_generator), strict=True))[kind]
    )
    with pytest.raises(type(raised)) as caught:
        drive(made())
    assert caught.value is raised
    assert total(metrics, "llm_requests_total", outcome=outcome) == 1
    assert total(metrics, "llm_requests_in_progress") == 0
    errors = seen(metrics, "llm_errors_total", model="gpt-4o")
    assert errors == ({("openai", "other"): 1} if outcome == "error" else {})


def drive(returned):
    """Run a coroutine or read a stream by hand, without a loop that would catch something."""
    if inspect.iscoroutine(returned):
        returned.send(None)
    elif hasattr(returned, "__anext__"):
        while True:
            with pytest.raises(StopIteration):
                returned.__anext__().send(None)
    else:
        list(returned)


# Generators, in every way that they can be used


def test_values_are_sent_and_returned(tracked, outcomes):
    def echo():
        got = yield "first"
        while got != "stop":
            got = yield got
        return "returned"

    made = tracked(echo)()
    assert next(made) == "first"
    assert made.send("sent") == "sent"
    with pytest.raises(StopIteration) as stop:
        made.send("stop")
    assert stop.value.value == "returned"
    assert outcomes() == {"success": 1}


def test_exceptions_are_thrown_in_and_handled(tracked, outcomes):
    def handles():
        while True:
            try:
                yield "value"
            except OwnError as error:
                yield error

    made, error = tracked(handles)(), OwnError()
    next(made)
    assert made.throw(error) is error
    made.close()
    assert outcomes() == {"cancelled": 1}


def test_async_values_are_sent_and_exceptions_thrown_in(tracked, outcomes):
    async def echo():
        try:
            got = yield "first"
            yield got
        except OwnError as error:
            yield error

    async def use():
        made, error = tracked(echo)(), OwnError()
        assert await made.__anext__() == "first"
        assert await made.asend("sent") == "sent"
        assert await made.athrow(error) is error
        with pytest.raises(StopAsyncIteration):
            await made.__anext__()

    asyncio.run(use())
    assert outcomes() == {"success": 1}


def test_a_generator_that_is_a_context(tracked, outcomes):
    events = []

    @contextmanager
    @tracked
    def context():
        events.append("entered")
        try:
            yield "value"
        except OwnError:
            events.append("handled")
        finally:
            events.append("left")

    with context() as value:
        assert value == "value"
    with context():
        raise OwnError
    assert events == ["entered", "left", "entered", "handled", "left"]
    assert outcomes() == {"success": 2}


def test_an_async_generator_that_is_a_context(tracked, outcomes):
    events = []

    @asynccontextmanager
    @tracked
    async def context():
        try:
            yield "value"
        except OwnError:
            events.append("handled")
        finally:
            events.append("left")

    async def use():
        async with context() as value:
            assert value == "value"
        async with context():
            raise OwnError

    asyncio.run(use())
    assert events == ["left", "handled", "left"]
    assert outcomes() == {"success": 2}


@pytest.mark.parametrize("ending", ["closed", "dropped", "left"])
def test_a_generator_that_is_not_read_to_its_end_is_cancelled(tracked, outcomes, ending):
    closed = []

    def chunks():
        try:
            yield from CHUNKS
        finally:
            closed.append(True)

    made = tracked(chunks)()
    if ending == "left":
        for _ in made:
            break
    else:
        next(made)
    if ending == "closed":
        made.close()
    del made
    gc.collect()
    assert closed == [True]
    assert outcomes() == {"cancelled": 1}


@pytest.mark.parametrize("ending", ["closed", "left"])
def test_an_async_generator_that_is_not_read_to_its_end_is_cancelled(tracked, outcomes, ending):
    closed = []

    async def chunks():
        try:
            for chunk in CHUNKS:
                yield chunk
        finally:
            await asyncio.sleep(0)
            closed.append(True)

    async def use():
        made = tracked(chunks)()
        async for _ in made:
            break
        if ending == "closed":
            await made.aclose()
            assert closed == [True]
        del made
        await asyncio.sleep(0.01)

    asyncio.run(use())
    assert closed == [True]
    assert outcomes() == {"cancelled": 1}


@pytest.mark.parametrize("kind", ["generator function", "async generator function"])
def test_a_generator_that_is_never_read_never_began(tracked, outcomes, kind):
    made = tracked(KINDS[kind])("prompt")
    del made
    gc.collect()
    assert outcomes() == {}


def test_generators_in_a_cycle_are_found_by_the_collector(tracked, outcomes):
    class Holder:
        pass

    def chunks(holder):
        yield from CHUNKS

    for _ in range(50):
        holder = Holder()
        holder.stream = tracked(chunks)(holder)
        next(holder.stream)
    del holder
    gc.collect()
    assert outcomes() == {"cancelled": 50}


def test_an_idle_process_shows_what_was_abandoned(tracked, metrics):
    stream = tracked(generator)("prompt")
    next(stream)
    del stream
    for _ in range(2):
        generate_latest(metrics.registry)
    assert total(metrics, "llm_requests_in_progress") == 0
    assert total(metrics, "llm_requests_total", outcome="cancelled") == 1


def test_a_generator_may_end_in_another_thread(tracked, outcomes):
    streams = [tracked(generator)("prompt") for _ in range(2)]
    for stream in streams:
        next(stream)
    with ThreadPoolExecutor(1) as pool:
        assert len(pool.submit(list, streams[0]).result()) == 2
        pool.submit(streams[1].close).result()
    assert outcomes() == {"success": 1, "cancelled": 1}


def test_an_async_generator_may_end_in_another_task(tracked, outcomes):
    async def use():
        streams = [tracked(async_generator)("prompt") for _ in range(2)]
        for stream in streams:
            await asyncio.create_task(stream.__anext__())

        async def rest():
            return [item async for item in streams[0]]

        assert len(await asyncio.create_task(rest())) == 2
        await asyncio.create_task(streams[1].aclose())

    asyncio.run(use())
    assert outcomes() == {"success": 1, "cancelled": 1}


# Cancellation


def test_tasks_that_are_cancelled_are_no_errors(tracked, outcomes, metrics):
    @tracked
    async def slow():
        await asyncio.sleep(60)

    @tracked
    async def stream():
        yield "one"
        await asyncio.sleep(60)

    async def read():
        async for _ in stream():
            pass

    async def use():
        tasks = [asyncio.create_task(one) for one in (slow(), read())]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await slow()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow(), 0.01)
        # It was cancelled before it could begin.
        early = asyncio.create_task(slow())
        early.cancel()
        await asyncio.gather(early, return_exceptions=True)

    asyncio.run(use())
    assert outcomes() == {"cancelled": 4}
    assert total(metrics, "llm_errors_total") == 0


def test_a_coroutine_that_is_never_awaited_never_began(tracked, outcomes):
    tracked(coroutine)("prompt").close()
    assert outcomes() == {}


def test_a_coroutine_that_was_made_and_is_never_awaited_is_cancelled(tracked, outcomes):
    tracked(lambda: coroutine("prompt"))().close()

    async def use():
        task = asyncio.create_task(tracked(lambda: coroutine("prompt"))())
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(use())
    assert outcomes() == {"cancelled": 2}


# Functions that return something to be awaited, or a stream


def test_a_coroutine_that_a_function_returns_is_followed(tracked, outcomes, metrics):
    returned = tracked(lambda: coroutine("prompt"))()
    assert inspect.iscoroutine(returned)
    assert asyncio.run(returned) is ANSWER
    assert outcomes() == {"success": 1}
    assert total(metrics, "llm_tokens_total") == 110


def test_a_task_that_a_function_returns_stays_a_task(tracked, outcomes, metrics):
    async def use():
        @tracked
        def start(function):
            return asyncio.create_task(function("prompt"))

        async def fails(prompt):
            raise OwnError

        async def never(prompt):
            await asyncio.sleep(60)

        task = start(coroutine)
        assert isinstance(task, asyncio.Task)
        assert await task is ANSWER
        assert await task is ANSWER
        with pytest.raises(OwnError):
            await start(fails)
        slow = start(never)
        await asyncio.sleep(0)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)

    asyncio.run(use())
    assert outcomes() == {"success": 1, "error": 1, "cancelled": 1}
    assert total(metrics, "llm_tokens_total") == 110


def test_a_failure_of_a_task_that_nobody_awaits_is_still_told(tracked, outcomes):
    told = []

    async def fails():
        raise OwnError

    async def use():
        asyncio.get_running_loop().set_exception_handler(lambda _, said: told.append(said))
        task = tracked(lambda: asyncio.create_task(fails()))()
        await asyncio.sleep(0.01)
        del task
        gc.collect()

    asyncio.run(use())
    assert [type(said["exception"]) for said in told] == [OwnError]
    assert outcomes() == {"error": 1}


def test_a_future_of_a_pool_is_seen_to_its_end(tracked, outcomes, metrics):
    with ThreadPoolExecutor(1) as pool:
        future = tracked(lambda: pool.submit(plain, "prompt"))()
        assert future.result() is ANSWER
    assert outcomes() == {"success": 1}
    assert total(metrics, "llm_tokens_total") == 110


def test_an_awaitable_that_a_function_returns_stays_what_it_is(tracked, outcomes):
    class Request:
        url = "https://example.test"

        def __await__(self):
            return coroutine("prompt").__await__()

    returned = tracked(Request)()
    assert isinstance(returned, Request)
    assert returned.url == Request.url

    async def awaited():
        return await returned

    assert asyncio.run(awaited()) is ANSWER
    assert outcomes() == {"success": 1}


def test_streams_that_functions_return_are_followed(tracked, outcomes, metrics):
    assert list(tracked(lambda: generator("prompt"))()) == CHUNKS

    @tracked
    async def opened():
        return async_generator("prompt")

    async def read():
        return [item async for item in await opened()]

    assert asyncio.run(read()) == CHUNKS
    assert outcomes() == {"success": 2}
    assert total(metrics, "llm_time_to_first_chunk_seconds_count") == 2


def test_what_is_no_stream_passes_as_it_is(tracked, outcomes, tmp_path):
    results = [[1], (1,), {"a": 1}, iter([1]), range(3), "text", b"", None, object(), type, len]
    for result in results:
        assert tracked(lambda result=result: result)() is result
    assert outcomes() == {"success": len(results)}


def test_proxies_of_streams_are_followed_whatever_was_returned_before(tracked, metrics, outcomes):
    proxy = wrapt.ObjectProxy
    assert tracked(lambda: proxy("text"))() == "text"
    stream = tracked(lambda: proxy(generator("prompt")))()
    assert list(stream) == CHUNKS
    assert outcomes() == {"success": 2}
    assert total(metrics, "llm_tokens_total") == 110


# Nesting


def test_a_router_counts_no_tokens_of_the_call_within(metrics, tracked):
    router = metrics.track_llm_call(provider="openai", model="router")(
        lambda: tracked(plain)("prompt")
    )
    assert router() is ANSWER
    requests = seen(metrics, "llm_requests_total", operation="chat", outcome="success")
    assert requests == {("openai", "router"): 1, ("openai", "gpt-4o"): 1}
    assert seen(metrics, "llm_tokens_total", token_type="input") == {("openai", "gpt-4o"): 100}


def test_a_ticket_costs_what_its_calls_cost_wherever_they_are_made(metrics, tracked):
    call = tracked(coroutine)

    @metrics.track_ticket_processing
    async def answer(ticket):
        await asyncio.gather(*(call("prompt") for _ in range(5)))
        await asyncio.create_task(call("prompt"))
        await asyncio.to_thread(tracked(plain), "prompt")
        return "resolved"

    asyncio.run(answer({"category": "billing"}))
    cost = total(metrics, "llm_cost_usd_total")
    assert cost == pytest.approx(7 * (100 * 2.5e-6 + 10 * 1e-5))
    assert samples(metrics, "ticket_llm_cost_usd_sum", category="billing")[()] == pytest.approx(
        cost
    )
    assert total(metrics, "ticket_llm_cost_usd_count") == 1


def test_tickets_beside_each_other_have_their_own_cost(metrics, tracked):
    @metrics.track_ticket_processing
    async def answer(ticket, calls):
        for _ in range(calls):
            await tracked(coroutine)("prompt")

    async def use():
        tickets = [({"category": "billing"}, 1), ({"category": "refund"}, 3)]
        await asyncio.gather(*(answer(*one) for one in tickets))

    asyncio.run(use())
    costs = seen(metrics, "ticket_llm_cost_usd_sum")
    assert costs[("refund",)] == pytest.approx(3 * costs[("billing",)])


# Faults of the instrumentation itself


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "broken",
    [
        "exporter.prices.PriceBook.card",
        "exporter.usage.usage_of",
        "exporter.stream_usage.StreamedUsage.add",
        "exporter.labels.LabelGuard.admit",
    ],
)
def test_a_call_goes_on_whatever_fails_around_it(any_metrics, monkeypatch, kind, broken):
    def failing(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(broken, failing)
    if broken.endswith("usage_of"):
        monkeypatch.setattr("exporter.llm.usage_of", failing)
        monkeypatch.setattr("exporter.stream_usage.usage_of", failing)
    call = any_metrics.track_llm_call(provider="openai", model="gpt-4o")(KINDS[kind])
    found = result_of(call("prompt"))
    assert (found if found is ANSWER else found[-1]) is ANSWER

    @any_metrics.track_ticket_processing
    def answer(ticket):
        return ANSWER

    assert answer({"category": "billing"}) is ANSWER
    assert total(any_metrics, "metrics_internal_errors_total") > 0 or "add" in broken


def test_threads_of_one_program_do_not_see_each_others_calls(metrics, tracked):
    """A thread that begins within a ticket has a context of its own."""
    cost = []

    @metrics.track_ticket_processing
    def answer(ticket):
        thread = threading.Thread(target=lambda: cost.append(tracked(plain)("prompt")))
        thread.start()
        thread.join()

    answer({"category": "billing"})
    assert cost == [ANSWER]
    assert total(metrics, "ticket_llm_cost_usd_count") == 0
