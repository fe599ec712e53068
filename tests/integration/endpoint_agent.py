"""Agents that tests put behind real servers: what they record is known to the last ticket."""

from __future__ import annotations

import os
import time
from typing import Any

from flask import Flask

import exporter
from exporter.endpoint import asgi
from exporter.endpoint.flask import instrument, metrics_blueprint

metrics = exporter.metrics
# Before workers are forked, where the application is loaded that early.
metrics.dependency("database", up=True)


@exporter.track_ticket_processing
def process(ticket: dict[str, Any]) -> str:
    """Process a ticket for as long as it says."""
    time.sleep(ticket["seconds"])
    return "resolved"


def flask_app() -> Flask:
    """An agent that tells who it is."""
    app = instrument(Flask("agent"))
    app.register_blueprint(metrics_blueprint())

    @app.post("/tickets/<float:seconds>")
    def ticket(seconds: float) -> dict[str, int]:
        process({"category": "billing", "channel": "chat", "seconds": seconds})
        metrics.response_sent(4.0, "chat")
        metrics.rated(4, "chat")
        return {"worker": os.getpid()}

    @app.get("/worker")
    def worker() -> dict[str, int]:
        return {"worker": os.getpid()}

    return app


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """The endpoint beside an agent, as a framework would route them."""
    if scope["type"] != "http" or scope["path"] in {"/metrics", "/healthz"}:
        await _ENDPOINT(scope, receive, send)
    else:
        await _AGENT(scope, receive, send)


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    del receive
    process({"category": "billing", "channel": "chat", "seconds": 0})
    body = str(os.getpid()).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


_ENDPOINT = asgi.metrics_app()
_AGENT = asgi.measure_requests(_answer, lambda _: "/tickets/{id}")
