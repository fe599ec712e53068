"""The endpoint on a port of its own, for an agent that serves nothing, or serves everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from socket import AF_INET6
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from exporter.endpoint.access import ANYONE, Access, AccessError
from exporter.endpoint.wsgi import metrics_app

if TYPE_CHECKING:
    from types import TracebackType

    from exporter.agent_metrics import Metrics

_AT_ONCE = 16
"""Connections at the same time; further ones are closed."""


_LOOKS_UP_SECONDS = 0.1
"""How long closing takes at most."""


class _Handler(WSGIRequestHandler):
    timeout = 10  # seconds for which a client may say nothing

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name there
        """A scrape every few seconds is not worth a line."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, place: tuple[str, int]) -> None:
        if ":" in place[0]:
            self.address_family = AF_INET6
        self._free = BoundedSemaphore(_AT_ONCE)
        super().__init__(place, _Handler)

    def server_bind(self) -> None:
        # HTTP's own asks the resolver for a name that nobody needs, for seconds if it is away.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away half way is nobody's fault."""


@dataclass(frozen=True, eq=False)
class MetricsServer:
    """A server that runs until it is closed, or its process ends.

    Attributes:
        address: On which it listens.
        port: On which it listens; a free one if 0 was asked for.

    """

    address: str
    port: int
    _server: _Server
    _thread: Thread

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve_metrics(
    port: int,
    address: str = "127.0.0.1",
    metrics: Metrics | None = None,
    access: Access | None = None,
) -> MetricsServer:
    """Serve ``/metrics`` and ``/healthz`` in threads of this process.

    To be called after forking: threads do not survive it. With several processes, one of them
    serves for all.

    Args:
        port: 0 for any free one.
        address: Other than loopback it needs a credential, or ``access=ANYONE``.
        metrics: What is told; without them, those of the process.
        access: Who may read it; without it, as the environment says, see
            :meth:`exporter.endpoint.access.Access.from_environment`.

    Raises:
        AccessError: No credential is asked for on an address that others can reach, or the
            environment cannot be understood.
        OSError: The port is taken, or the address is not one of this machine.

    """
    chosen = Access.from_environment() if access is None else access
    if access is not ANYONE and not chosen.asks and not _is_loopback(address):
        raise AccessError(
            f"{address}: found no credential, expected one where others than this machine can "
            "read: set SUPPORT_AGENT_METRICS_TOKEN_FILE, or say access=ANYONE"
        )
    server = _Server((address, port))
    server.set_app(metrics_app(metrics, chosen))
    listen = partial(server.serve_forever, poll_interval=_LOOKS_UP_SECONDS)
    thread = Thread(target=listen, name="metrics-server", daemon=True)
    thread.start()
    return MetricsServer(address, server.server_port, server, thread)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
