"""The endpoint as a WSGI application, and a middleware that counts and times requests."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from exporter.default import default_metrics
from exporter.endpoint.answers import Endpoint, Request, below_mount
from exporter.endpoint.served import UNCOUNTED, ServedRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from exporter.agent_metrics import Metrics
    from exporter.endpoint.access import Access


def metrics_app(metrics: Metrics | None = None, access: Access | None = None) -> WSGIApplication:
    """An application with ``/metrics`` and ``/healthz``.

    It may be mounted at the root, or at ``/metrics`` by werkzeug's ``DispatcherMiddleware``.

    Args:
        metrics: What is told; without them, those of the process.
        access: Who may read it; without it, as the environment says, see
            :meth:`exporter.endpoint.access.Access.from_environment`.

    """
    endpoint = Endpoint(metrics, access)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[UNCOUNTED] = True
        if environ.get("wsgi.multiprocess"):
            endpoint.workers_apart()
        answer = endpoint.answer(
            Request(
                environ["REQUEST_METHOD"],
                below_mount(environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")),
                environ.get("QUERY_STRING", ""),
                environ.get("HTTP_ACCEPT", ""),
                environ.get("HTTP_ACCEPT_ENCODING", ""),
                environ.get("HTTP_AUTHORIZATION", ""),
            )
        )
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", answer.headers)
        return [answer.body]

    return app


def measure_requests(
    app: WSGIApplication,
    route: Callable[[WSGIEnvironment], str | None],
    metrics: Metrics | None = None,
) -> WSGIApplication:
    """The same application, its requests counted, and timed to the end of their bodies.

    A file that is handed to the server itself (``wsgi.file_wrapper``) is timed until then.

    Args:
        app: The application.
        route: The template of the route that a request took, such as ``/tickets/<id>``, asked when
            it was answered; None if it took none. Never the path: each would be a series.
        metrics: Where to; without them, those of the process.

    """
    chosen = metrics or default_metrics()

    def measured(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ.get("REQUEST_METHOD")
        seen = ServedRequest(chosen, environ, method, partial(route, environ))

        def started(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            seen.status = int(status[:3]) if status[:3].isdigit() else None
            return start_response(status, headers, *trouble)

        try:
            body = app(environ, started)
        except BaseException as error:
            seen.failed(error)
            raise
        # What is whole already stays what it is: servers measure lists, and send files themselves.
        if isinstance(body, (list, tuple, environ.get("wsgi.file_wrapper", tuple))):
            seen.ended()
            return body
        return _Body(body, seen)

    return measured


class _Body:
    """A body that is sent in parts; a server closes it, however that ends."""

    def __init__(self, body: Iterable[bytes], seen: ServedRequest) -> None:
        self._body, self._seen = body, seen

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body
        except Exception as error:
            self._seen.failed(error)
            raise
        self._seen.ended()

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._seen.ended()
