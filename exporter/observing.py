"""Wraps functions of every kind so that an observation sees how they end, and nothing else changes.

A coroutine stays a coroutine, a generator a generator; a stream that a function returns is followed
to its end. Whatever goes wrong in an observation is its own affair: its methods never raise.
"""

from __future__ import annotations

import asyncio
import inspect
from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Iterator
from concurrent import futures
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from exporter.observation import CURRENT, reset
from exporter.streams import (
    FollowedAsyncManager,
    FollowedAsyncStream,
    FollowedAwaitable,
    FollowedManager,
    FollowedStream,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from exporter.observation import Observation

Function = TypeVar("Function", bound="Callable[..., Any]")

_KINDS_KEPT = 1_000
"""Types of results that are remembered: some programs make types as they go."""


def observe(function: Function, begin: Callable[..., Observation]) -> Function:
    """A function that does the same, observed.

    Args:
        function: Sync or async, a generator or not, a static or class method, or any callable.
        begin: Called with the positional and the named arguments of each call. Never raises.

    """
    if isinstance(function, classmethod | staticmethod):
        return type(function)(observe(function.__func__, begin))
    shown: Any = function
    while isinstance(shown, partial):
        shown = shown.func
    if not (inspect.isroutine(shown) or inspect.isclass(shown)):
        shown = getattr(shown, "__call__", shown)  # noqa: B004
    if inspect.iscoroutinefunction(shown):
        made = _coroutine(function, begin)
    elif inspect.isasyncgenfunction(shown):
        made = _async_generator(function, begin)
    elif inspect.isgeneratorfunction(shown):
        made = _generator(function, begin)
    else:
        made = _function(function, begin)
    # What has no name, such as a partial, lends none.
    return wraps(function)(made)  # type: ignore[return-value]


def _function(
    function: Callable[..., Any], begin: Callable[..., Observation]
) -> Callable[..., Any]:
    def tracked(*args: Any, **kwargs: Any) -> Any:
        seen = begin(args, kwargs)
        token = CURRENT.set(seen)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            reset(token)
            seen.ended(None, error)
            raise
        reset(token)
        if _FOLLOW.get(type(result)) is _plain:
            seen.ended(result, None)
            return result
        return followed(result, seen)

    return tracked


def _coroutine(
    function: Callable[..., Any], begin: Callable[..., Observation]
) -> Callable[..., Any]:
    async def tracked(*args: Any, **kwargs: Any) -> Any:
        seen = begin(args, kwargs)
        token = CURRENT.set(seen)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            reset(token)
            seen.ended(None, error)
            raise
        reset(token)
        if _FOLLOW.get(type(result)) is _plain:
            seen.ended(result, None)
            return result
        return followed(result, seen)

    return tracked


def _generator(
    function: Callable[..., Any], begin: Callable[..., Observation]
) -> Callable[..., Any]:
    def tracked(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        stream = FollowedStream(function(*args, **kwargs), begin(args, kwargs))
        return (yield from stream)

    return tracked


def _async_generator(
    function: Callable[..., Any], begin: Callable[..., Observation]
) -> Callable[..., Any]:
    async def tracked(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        stream = FollowedAsyncStream(function(*args, **kwargs), begin(args, kwargs))
        sent: Any = None
        try:
            item = await stream.asend(None)
            while True:
                try:
                    sent = yield item
                except GeneratorExit:
                    await stream.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001  it is the stream's
                    item = await stream.athrow(error)
                else:
                    item = await stream.asend(sent)
        except StopAsyncIteration:
            return

    return tracked


def followed(result: Any, seen: Observation) -> Any:
    """What a function returned, its end observed: at once, or that of the stream that it is."""
    follow = _FOLLOW.get(type(result)) or _how(result)
    return follow(result, seen)


def _plain(result: Any, seen: Observation) -> Any:
    seen.ended(result, None)
    return result


async def _awaited(following: FollowedAwaitable) -> Any:
    return await following


def _coroutine_result(result: Any, seen: Observation) -> Any:
    return _awaited(FollowedAwaitable(result, seen, followed))


def _awaitable(result: Any, seen: Observation) -> Any:
    return FollowedAwaitable(result, seen, followed)


def _future(result: Any, seen: Observation) -> Any:
    """A task stays the task that it is: it may be awaited twice, or cancelled."""

    def done(future: Any) -> None:
        if future.cancelled():
            seen.ended(None, CancelledError())
        # To ask for the exception would tell asyncio that somebody has seen to it.
        elif (error := future._exception) is not None:  # noqa: SLF001
            seen.ended(None, error)
        else:
            seen.ended(future.result(), None)

    result.add_done_callback(done)
    return result


_FOLLOW: dict[type, Callable[[Any, Observation], Any]] = {}
"""What is done with results of a type, once one was met."""


def _how(result: object) -> Callable[[Any, Observation], Any]:
    try:
        return _how_read(result)
    except Exception:  # noqa: BLE001  a result may fail whatever it is asked, also for its class
        return _plain


def _how_read(result: object) -> Callable[[Any, Observation], Any]:
    kind = type(result)
    if isinstance(result, AsyncIterator):
        follow: Callable[[Any, Observation], Any] = FollowedAsyncStream
    elif isinstance(result, Iterator) and _may_be_closed(result):
        follow = FollowedStream
    elif isinstance(result, asyncio.Future | futures.Future):
        follow = _future
    elif inspect.iscoroutine(result):
        follow = _coroutine_result
    elif isinstance(result, Awaitable):
        follow = _awaitable
    elif hasattr(kind, "__aenter__") and _opens_stream(kind):
        follow = FollowedAsyncManager
    elif hasattr(kind, "__enter__") and _opens_stream(kind):
        follow = FollowedManager
    else:
        follow = _plain
    # A proxy is of the kind of what it holds, which is another the next time.
    if result.__class__ is kind and len(_FOLLOW) < _KINDS_KEPT:
        _FOLLOW[kind] = follow
    return follow


def _may_be_closed(result: object) -> bool:
    """A stream can be closed; an iterator over what is there already cannot."""
    return hasattr(result, "close")


def _opens_stream(kind: type) -> bool:
    """Anthropic's ``messages.stream()`` and the like: a manager whose context is the stream."""
    return "stream" in kind.__name__.lower()
