"""A Prometheus on loopback whose answers a test decides: one that is shy, strict, or none."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Parameters = dict[str, list[str]]
Answer = tuple[int, str]


def as_json(data: object) -> Answer:
    """A success."""
    return 200, json.dumps({"status": "success", "data": data})


def refusal(words: str, status: int = 422) -> Answer:
    """An error in Prometheus' form."""
    return status, json.dumps({"status": "error", "errorType": "execution", "error": words})


def vector(*rows: tuple[dict[str, str], float]) -> Answer:
    """The answer to an instant query."""
    result = [{"metric": labels, "value": [0, str(value)]} for labels, value in rows]
    return as_json({"resultType": "vector", "result": result})


class Shop:
    """A server that knows one counter, ``http_requests_total``, of one service.

    Attributes:
        answers: By the path below ``/api/v1/``; replace one to have it answered otherwise.
        asked: Every path with its parameters, in order.

    """

    metric = "http_requests_total"

    def __init__(self) -> None:
        self.asked: list[tuple[str, Parameters]] = []
        self.answers: dict[str, Callable[[Parameters], Answer]] = {
            "status/buildinfo": lambda _: as_json({"version": "2.42.0"}),
            "label/__name__/values": lambda _: as_json([self.metric, "up"]),
            "metadata": lambda _: as_json({self.metric: [{"type": "counter"}]}),
            "labels": lambda _: as_json(["__name__", "code", "instance", "job"]),
            "query": self._now,
            "query_range": self._each_day,
        }

    def _rows(self) -> list[tuple[dict[str, str], float]]:
        return [({"job": "shop", "code": "200"}, 9990.0), ({"job": "shop", "code": "500"}, 10.0)]

    def _now(self, asked: Parameters) -> Answer:
        if "increase(" in asked["query"][0]:
            return vector(*self._rows())
        return vector(({"job": "shop"}, 2.0))

    def _each_day(self, asked: Parameters) -> Answer:
        start, end = (float(asked[name][0]) for name in ("start", "end"))
        days = [start + 86_400 * day for day in range(round((end - start) / 86_400) + 1)]
        result = [
            {"metric": labels, "values": [[at, str(value)] for at in days]}
            for labels, value in self._rows()
        ]
        return as_json({"resultType": "matrix", "result": result})

    def answer(self, path: str, parameters: Parameters) -> Answer:
        """What is said to a request."""
        self.asked.append((path, parameters))
        known = self.answers.get(path)
        return known(parameters) if known else (404, "404 page not found")


@contextmanager
def answering(shop: Shop) -> Iterator[str]:
    """Serve on a free port; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/api/v1/")
            status, body = shop.answer(path, parse_qs(parts.query))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
