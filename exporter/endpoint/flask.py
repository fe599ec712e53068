"""The endpoint in a Flask application, and its requests counted by their routes.

>>> from exporter.endpoint.flask import metrics_blueprint  # doctest: +SKIP
>>> app.register_blueprint(metrics_blueprint())  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request, request_started

from exporter.endpoint.answers import HEALTH, METRICS, Endpoint, Request
from exporter.endpoint.served import UNCOUNTED
from exporter.endpoint.wsgi import measure_requests

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from exporter.agent_metrics import Metrics
    from exporter.endpoint.access import Access

_NAME = "support_agent_metrics"
_ROUTE = "exporter.route"


def metrics_blueprint(
    metrics: Metrics | None = None,
    access: Access | None = None,
    *,
    url_prefix: str | None = None,
) -> Blueprint:
    """A blueprint with ``/metrics`` and ``/healthz``.

    Args:
        metrics: What is told; without them, those of the process.
        access: Who may read it; without it, as the environment says, see
            :meth:`exporter.endpoint.access.Access.from_environment`.
        url_prefix: Of both paths.

    """
    endpoint = Endpoint(metrics, access)
    blueprint = Blueprint(_NAME, __name__, url_prefix=url_prefix)

    def metrics_view() -> Response:
        return _answered(endpoint, METRICS)

    def health_view() -> Response:
        return _answered(endpoint, HEALTH)

    # Flask itself answers HEAD where there is GET, and 405 with Allow to all other methods.
    for path, view in ((METRICS, metrics_view), (HEALTH, health_view)):
        blueprint.add_url_rule(path, view_func=view, provide_automatic_options=False)
    return blueprint


def create_app(metrics: Metrics | None = None, access: Access | None = None) -> Flask:
    """An application with nothing but the endpoint; arguments as of :func:`metrics_blueprint`."""
    app = Flask(__name__)
    app.register_blueprint(metrics_blueprint(metrics, access))
    return app


def instrument(app: Flask, metrics: Metrics | None = None) -> Flask:
    """Count and time the requests of an application, by their routes; returns it.

    A streamed response is timed to its end. The endpoint's own requests do not count. Done twice,
    it is done once.

    Args:
        app: The application.
        metrics: Where to; without them, those of the process.

    """
    if _NAME in app.extensions:
        return app
    app.extensions[_NAME] = True

    def matched(sender: Flask, **_: object) -> None:
        del sender
        rule = request.url_rule
        request.environ[_ROUTE] = rule.rule if rule is not None else None

    def route(environ: WSGIEnvironment) -> str | None:
        taken: str | None = environ.get(_ROUTE)
        return taken

    # A signal, and no before_request: another's that answers at once would leave ours out.
    request_started.connect(matched, app, weak=False)
    app.wsgi_app = measure_requests(app.wsgi_app, route, metrics)  # type: ignore[method-assign,assignment]
    return app


def _answered(endpoint: Endpoint, path: str) -> Response:
    request.environ[UNCOUNTED] = True
    if request.environ.get("wsgi.multiprocess"):
        endpoint.workers_apart()
    headers = request.headers
    answer = endpoint.answer(
        Request(
            request.method,
            path,
            request.query_string.decode("latin-1"),
            headers.get("Accept", ""),
            headers.get("Accept-Encoding", ""),
            headers.get("Authorization", ""),
        )
    )
    # Given a body, even an empty one, Flask would measure it and say so in place of our header.
    return Response(answer.body or None, answer.status, answer.headers)
