"""The web application: tickets and questions come in, and it shows what is happening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, render_template, request

from exporter.demo.incident import MEANING
from exporter.demo.stand_in import ProviderError
from exporter.demo.waiting import Full
from exporter.endpoint.flask import instrument, metrics_blueprint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as AnyResponse

    from exporter.demo.service import Service

_RETRY_SECONDS = "5"


def create_app(service: Service) -> Flask:
    """The application of a service: ``/``, ``/tickets``, ``/ask``, ``/did``, ``/metrics``."""
    app = Flask(__name__)
    instrument(app)
    app.register_blueprint(metrics_blueprint())

    @app.get("/")
    def index() -> str:
        """What is happening, for people."""
        return render_template(
            "index.html", did=service.did(), trouble=MEANING[service.incident.kind], at=request.host
        )

    @app.post("/tickets")
    def tickets() -> tuple[AnyResponse, int]:
        """Send a ticket: JSON with ``text``; ``category``, ``channel``, ``priority`` if known."""
        form = request.get_json(silent=True)
        if not isinstance(form, dict):
            return jsonify(error="expected a JSON object such as {'text': '...'}"), 400
        try:
            number = service.submit(form)
        except ValueError as error:
            return jsonify(error=str(error)), 400
        except Full as error:
            service.tally.add("refused")
            full = jsonify(error=str(error))
            full.headers["Retry-After"] = _RETRY_SECONDS
            return full, 503
        return jsonify(number=number), 202

    @app.post("/ask")
    def ask() -> Any:
        """A quick question; streamed, or whole where JSON is wanted."""
        text = request.get_data(as_text=True, cache=False)[:2000] or "Hello"
        service.tally.add("asked")
        try:
            if request.accept_mimetypes.best == "application/json":
                return jsonify(answer=service.agent.ask_whole(text))
            # The first words are waited for: whether they come decides on the status.
            return Response(_begun(service.agent.ask(text)), mimetype="text/plain")
        except ProviderError as error:
            return jsonify(error=str(error)), 502

    @app.get("/did")
    def did() -> AnyResponse:
        """What was done, as the demonstration itself counts it."""
        return jsonify(service.did())

    return app


def _begun(pieces: Iterator[str]) -> Iterator[str]:
    """The same pieces, once the first of them is there."""
    first = next(pieces, "")

    def all_of_them() -> Iterator[str]:
        yield first
        yield from pieces

    return all_of_them()
