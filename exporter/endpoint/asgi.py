"""The endpoint as an ASGI application, and a middleware that counts and times requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from exporter.default import default_metrics
from exporter.endpoint.answers import Answer, Endpoint, Request, below_mount
from exporter.endpoint.served import UNCOUNTED, ServedRequest

if TYPE_CHECKING:
    from exporter.agent_metrics import Metrics
    from exporter.endpoint.access import Access

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]


def metrics_app(metrics: Metrics | None = None, access: Access | None = None) -> ASGIApplication:
    """An application with ``/metrics`` and ``/healthz``, by itself or mounted at ``/metrics``.

    Metrics are collected in a thread, one scrape after the other: the event loop goes on, and the
    threads of ``asyncio.to_thread`` stay the application's.

    Args:
        metrics: What is told; without them, those of the process.
        access: Who may read it; without it, as the environment says, see
            :meth:`exporter.endpoint.access.Access.from_environment`.

    """
    endpoint = Endpoint(metrics, access)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="metrics-scrape")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            scope[UNCOUNTED] = True
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(thread, endpoint.answer, _request(scope))
            await _send(answer, send)
        else:
            # Before it is accepted, closing a websocket is an answer of 403.
            await send({"type": "websocket.close"})

    return app


def route_taken(scope: Scope) -> str | None:
    """The template of a request's route, as FastAPI, Starlette and Litestar leave it behind."""
    path = getattr(scope.get("route"), "path", None) or scope.get("path_template")
    return path if isinstance(path, str) else None


def measure_requests(
    app: ASGIApplication,
    route: Callable[[Scope], str | None] = route_taken,
    metrics: Metrics | None = None,
) -> ASGIApplication:
    """The same application, its requests counted, and timed to the end of their bodies.

    What it does after that, such as background tasks, does not count.

    Args:
        app: The application.
        route: The template of the route that a request took, such as ``/tickets/{id}``, asked when
            it was answered; None if it took none. Never the path: each would be a series.
        metrics: Where to; without them, those of the process.

    """
    chosen = metrics or default_metrics()

    async def measured(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        seen = ServedRequest(chosen, scope, scope.get("method"), partial(route, scope))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            try:
                await send(message)
            except BaseException:
                # Nobody is there any more: that is no failure of the application's.
                seen.ended()
                raise
            if message["type"] == "http.response.body" and not message.get("more_body"):
                seen.ended()

        try:
            await app(scope, receive, sending)
        except BaseException as error:
            seen.failed(error)
            raise
        seen.ended()

    return measured


def _request(scope: Scope) -> Request:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    mount, path = scope.get("root_path", ""), scope["path"]
    return Request(
        scope["method"],
        below_mount(mount, path.removeprefix(mount)),
        scope.get("query_string", b"").decode("latin-1"),
        headers.get("accept", ""),
        headers.get("accept-encoding", ""),
        headers.get("authorization", ""),
    )


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    """There is nothing to prepare and nothing to end."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
