"""A server on the loopback that takes webhooks' messages, and answers as a test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Answer:
    """What a message is answered with; ``{path}`` in the body is the path that it was sent to."""

    status: int = 200
    body: str = "ok"
    headers: tuple[tuple[str, str], ...] = ()


CUT = Answer(0)
"""The connection ends without an answer."""


@dataclass
class WebhookServer:
    """What arrives.

    Attributes:
        answers: What the next messages are answered with; then that they were taken.
        arrived: Every message, with the path that it was sent to.
        port: Where it listens.

    """

    answers: list[Answer] = field(default_factory=list)
    always: Answer = Answer()
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    port: int = 0

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def taking() -> Iterator[WebhookServer]:
    """A server that ends with the block."""
    held = WebhookServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            held.arrived.append((self.path, body))
            held.types.append(self.headers.get("Content-Type", ""))
            answer = held.answers.pop(0) if held.answers else held.always
            if answer is CUT:
                self.close_connection = True
                return
            content = answer.body.replace("{path}", self.path).encode()
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
