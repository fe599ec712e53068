"""A loopback stand-in for Grafana's HTTP API, with a hook before every request and a journal.

It follows what Grafana 9.4's source does and what 13's API says, as far as pushing dashboards,
folders, alert rules and annotations needs it; where the two differ, ``profile.py`` says how.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.grafana import routes
from tests.grafana.accounts import ADMIN, EDITOR
from tests.grafana.exchange import Answer, Request
from tests.grafana.faults import Cut, Fault, Lost, Slow
from tests.grafana.profile import GRAFANA_13, Profile
from tests.grafana.state import State

Hook = Callable[[Request, State], Fault | None]
"""Called before a request is carried out; what it gives back, if anything, happens instead."""

UNOBSERVED = "X-Unobserved"
"""Requests with this header pass hooks and journal by: those of people, in tests."""


@dataclass(frozen=True)
class Entry:
    """One request of the journal.

    Attributes:
        request: What was asked.
        status: What was answered; 0 where the connection was cut.

    """

    request: Request
    status: int

    def __str__(self) -> str:
        return f"{self.request} -> {self.status}"


class StandIn:
    """A Grafana on 127.0.0.1.

    Attributes:
        url: Where it is, with the sub-path, without a slash at the end.
        token: Of the least role that may push everything.
        state: What it remembers.
        journal: Every request of others than people, in the order of their answers.

    """

    def __init__(self, profile: Profile = GRAFANA_13, prefix: str = "") -> None:
        self.state = State(profile)
        self.token = ADMIN if profile.provisions_rules == "Admin" else EDITOR
        self.journal: list[Entry] = []
        self.prefix = prefix
        self._hooks: list[Hook] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self.url = f"http://127.0.0.1:{self._server.server_port}{prefix}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def profile(self) -> Profile:
        return self.state.profile

    @property
    def writes(self) -> list[Entry]:
        """The journal's requests that are no GET."""
        return [one for one in self.journal if one.request.writes]

    def before(self, hook: Hook) -> None:
        """Ask a hook before every request from now on; the first that gives something decides."""
        self._hooks.append(hook)

    def without_hooks(self) -> None:
        """Forget all hooks."""
        self._hooks.clear()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, end what is open, wait for both."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def answer(self, request: Request) -> Answer | None:
        """What is answered, after hooks; None cuts the connection."""
        if UNOBSERVED.lower() in request.headers:
            return routes.answer(self.state, request)[1]
        hooked = (hook(request, self.state) for hook in list(self._hooks))
        fault = next((one for one in hooked if one is not None), None)
        known, given = self._carried_out(request, fault)
        self.journal.append(Entry(known, given.status if given else 0))
        return given

    def _carried_out(self, request: Request, fault: Fault | None) -> tuple[Request, Answer | None]:
        match fault:
            case Answer():
                return request, fault
            case Cut(carried_out=False):
                return request, None
            case Slow(seconds=seconds, carried_out=False):
                time.sleep(seconds)
                return request, Answer(504, {"message": "Gateway Timeout"})
        known, given = routes.answer(self.state, request)
        match fault:
            case Cut():
                return known, None
            case Slow(seconds=seconds):
                time.sleep(seconds)
            case Lost(answer=other):
                return known, other
        return known, given


@contextmanager
def standing_in(profile: Profile = GRAFANA_13, prefix: str = "") -> Iterator[StandIn]:
    """A stand-in that ends with the block."""
    server = StandIn(profile, prefix)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    stand_in: StandIn

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()
        self._guard = Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what tests are about."""

    def hang_up(self) -> None:
        """End connections that clients keep open."""
        with self._guard:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet: two would wait for each other
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        split = urlsplit(self.path)
        stand_in = self.server.stand_in
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(
            method=self.command,
            path=unquote(split.path).removeprefix(stand_in.prefix),
            query=parse_qs(split.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        given: Answer | None = Answer(404, "404 page not found", {"Content-Type": "text/plain"})
        if split.path.startswith(f"{stand_in.prefix}/"):
            given = stand_in.answer(request)
        self.close_connection = given is None
        if given is not None:
            self._send(given)

    def _send(self, given: Answer) -> None:
        text = given.body if isinstance(given.body, str) else json.dumps(given.body)
        content = b"" if given.body is None else text.encode()
        self.send_response(given.status)
        headers = {"Content-Type": "application/json", **given.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        if given.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 - as http.server asks

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""
