"""Streams that are followed: they look and work like what they hold, and are seen to their end.

A stream that is dropped half way is found by a finalizer, in the middle of anything: all that a
finalizer does is to tell ``abandoned``, which puts the observation aside.
"""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

import wrapt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator
    from types import TracebackType

    from exporter.observation import Observation

# What the clients' helpers keep of what has arrived so far, whichever way it was read.
_ARRIVED = ("current_message_snapshot", "current_completion_snapshot")


class _Followed(wrapt.ObjectProxy[Any]):
    """What sync and async streams have in common: the observation, which ends once."""

    def __init__(self, stream: Any, seen: Observation) -> None:
        super().__init__(stream)
        self._self_seen = seen
        self._self_open = True

    def _end(self, result: object, error: BaseException | None) -> None:
        if self._self_open:
            self._catch_up()
            self._self_open = False
            self._self_seen.ended(result, error)

    def _abandon(self) -> None:
        if self._self_open:
            self._self_open = False
            self._self_seen.abandoned()

    def _left(self, error: BaseException | None) -> None:
        """The context of the stream is over: it was read to its end, or not."""
        if not self._self_open:
            return
        if error is not None or getattr(self._catch_up(), "stop_reason", None):
            self._end(None, error)
        else:
            self._abandon()

    def _catch_up(self) -> object:
        """See what has arrived, which may have been read past this proxy; None if nothing has."""
        for name in _ARRIVED:
            # There is nothing of the kind, or nothing yet, which the clients assert.
            with suppress(Exception):
                arrived = getattr(self.__wrapped__, name)
                self._self_seen.chunk(arrived)
                return arrived
        return None

    def __del__(self) -> None:
        # A proxy that was never finished has no observation.
        if getattr(self, "_self_open", False):
            self._abandon()


class FollowedStream(_Followed):
    """An iterator or a generator."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._step(self.__wrapped__.__next__)

    def send(self, value: Any) -> Any:
        """As a generator's."""
        return self._step(self.__wrapped__.send, value)

    def throw(self, *error: Any) -> Any:
        """As a generator's: an exception, or its type, itself and where it was raised."""
        return self._step(self.__wrapped__.throw, *error)

    def close(self) -> None:
        """Close the stream, which is not read to its end then."""
        try:
            self.__wrapped__.close()
        finally:
            self._abandon()

    def __enter__(self) -> Any:
        self.__wrapped__.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        try:
            return self.__wrapped__.__exit__(kind, error, trace)
        finally:
            self._left(error)

    @property
    def text_stream(self) -> Iterator[str]:
        """Anthropic's stream of texts alone."""
        return self._texts(self.__wrapped__.text_stream)

    def _texts(self, texts: Iterator[str]) -> Iterator[str]:
        try:
            for text in texts:
                self._self_seen.chunk(text)
                yield text
        except GeneratorExit:
            raise
        except BaseException as error:
            self._end(None, error)
            raise
        self._end(None, None)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.__wrapped__, name)
        return self._to_the_end(found) if _reads_to_the_end(name) else found

    def _to_the_end(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def read(*args: Any, **kwargs: Any) -> Any:
            for _ in self:
                pass
            result = method(*args, **kwargs)
            return self if result is self.__wrapped__ else result

        return read

    def _step(self, action: Callable[..., Any], *sent: Any) -> Any:
        seen = self._self_seen
        seen.enter()
        try:
            item = action(*sent)
        except StopIteration as stop:
            seen.leave()
            self._end(stop.value, None)
            raise
        except BaseException as error:
            seen.leave()
            self._end(None, error)
            raise
        seen.leave()
        seen.chunk(item)
        return item


class FollowedManager(_Followed):
    """A manager whose context is a stream, such as Anthropic's ``messages.stream()``."""

    def __enter__(self) -> FollowedStream:
        # The request is made here.
        try:
            opened = self.__wrapped__.__enter__()
        except BaseException as error:
            self._end(None, error)
            raise
        self._self_stream = FollowedStream(opened, self._self_seen)
        self._self_open = False
        return self._self_stream

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        try:
            return self.__wrapped__.__exit__(kind, error, trace)
        finally:
            self._self_stream._left(error)  # noqa: SLF001  a sibling


class FollowedAsyncStream(_Followed):
    """An async iterator or an async generator."""

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        return await self._step(self.__wrapped__.__anext__)

    async def asend(self, value: Any) -> Any:
        """As an async generator's."""
        return await self._step(self.__wrapped__.asend, value)

    async def athrow(self, *error: Any) -> Any:
        """As an async generator's."""
        return await self._step(self.__wrapped__.athrow, *error)

    async def aclose(self) -> None:
        """Close the stream, which is not read to its end then."""
        try:
            await self.__wrapped__.aclose()
        finally:
            self._abandon()

    async def close(self) -> None:
        """The same, as the clients of Anthropic and OpenAI call it."""
        try:
            await self.__wrapped__.close()
        finally:
            self._abandon()

    async def __aenter__(self) -> Any:
        await self.__wrapped__.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        try:
            return await self.__wrapped__.__aexit__(kind, error, trace)
        finally:
            self._left(error)

    @property
    def text_stream(self) -> AsyncIterator[str]:
        """Anthropic's stream of texts alone."""
        return self._texts(self.__wrapped__.text_stream)

    async def _texts(self, texts: AsyncIterator[str]) -> AsyncIterator[str]:
        try:
            async for text in texts:
                self._self_seen.chunk(text)
                yield text
        except GeneratorExit:
            raise
        except BaseException as error:
            self._end(None, error)
            raise
        self._end(None, None)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.__wrapped__, name)
        return self._to_the_end(found) if _reads_to_the_end(name) else found

    def _to_the_end(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        async def read(*args: Any, **kwargs: Any) -> Any:
            async for _ in self:
                pass
            result = await method(*args, **kwargs)
            return self if result is self.__wrapped__ else result

        return read

    async def _step(self, action: Callable[..., Any], *sent: Any) -> Any:
        seen = self._self_seen
        seen.enter()
        try:
            item = await action(*sent)
        except StopAsyncIteration:
            seen.leave()
            self._end(None, None)
            raise
        except BaseException as error:
            seen.leave()
            self._end(None, error)
            raise
        seen.leave()
        seen.chunk(item)
        return item


class FollowedAsyncManager(_Followed):
    """A manager whose async context is a stream."""

    async def __aenter__(self) -> FollowedAsyncStream:
        try:
            opened = await self.__wrapped__.__aenter__()
        except BaseException as error:
            self._end(None, error)
            raise
        self._self_stream = FollowedAsyncStream(opened, self._self_seen)
        self._self_open = False
        return self._self_stream

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        try:
            return await self.__wrapped__.__aexit__(kind, error, trace)
        finally:
            self._self_stream._left(error)  # noqa: SLF001  a sibling


class FollowedAwaitable(_Followed):
    """Something to be awaited that has begun, such as a coroutine; what it gives is followed on."""

    def __init__(
        self, awaitable: Any, seen: Observation, follow: Callable[[Any, Observation], Any]
    ) -> None:
        super().__init__(awaitable, seen)
        self._self_follow = follow

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._awaited().__await__()

    async def _awaited(self) -> Any:
        seen = self._self_seen
        seen.enter()
        try:
            value = await self.__wrapped__
        except BaseException as error:
            seen.leave()
            self._end(None, error)
            raise
        seen.leave()
        self._self_open = False
        return self._self_follow(value, seen)

    def __del__(self) -> None:
        # A task that is cancelled before it begins never awaits its coroutine.
        if getattr(self, "_self_open", False) and iscoroutine(self.__wrapped__):
            self.__wrapped__.close()
        super().__del__()


def _reads_to_the_end(name: str) -> bool:
    """Whether a method of the clients' helpers reads what is left of a stream."""
    return name == "until_done" or name.startswith("get_final_")
