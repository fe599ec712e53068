"""What the endpoint answers to a request, whichever server or framework hands it over."""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from exporter.default import default_metrics
from exporter.endpoint.access import Access, AccessError
from exporter.endpoint.scrape import Scrapes, several_processes

if TYPE_CHECKING:
    from exporter.agent_metrics import Metrics

METRICS, HEALTH = "/metrics", "/healthz"
METHODS = ("GET", "HEAD")

_PLAIN = "text/plain; charset=utf-8"
_FASTEST = 1
"""Of gzip's levels: the text shrinks to a tenth already, in a fifth of the time."""
_LOG = logging.getLogger("exporter")


@dataclass(frozen=True)
class Request:
    """What matters of a request.

    Attributes:
        method: Such as ``GET``.
        path: Below what the endpoint is mounted at.
        query: What follows the question mark.
        accept: The header of that name, as the others; empty if absent.
        accept_encoding: How the body may be packed.
        authorization: The credential.

    """

    method: str
    path: str
    query: str = ""
    accept: str = ""
    accept_encoding: str = ""
    authorization: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer of HTTP.

    Attributes:
        status: Such as 200.
        headers: In order; one name may come twice.
        body: Empty if the method was ``HEAD``.

    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Endpoint:
    """Answers ``/metrics`` and ``/healthz``.

    Args:
        metrics: What is told; without them, those of the process.
        access: Who may read it; without it, as the environment says. Settings that cannot be
            understood admit nobody.

    """

    def __init__(self, metrics: Metrics | None = None, access: Access | None = None) -> None:
        self._metrics = metrics or default_metrics()
        self._scrapes = Scrapes(self._metrics)
        self._access = access if access is not None else self._access_of_environment()
        self._told_apart = False

    def answer(self, request: Request) -> Answer:
        """The answer to a request; whatever goes wrong is one, too."""
        if request.path not in {METRICS, HEALTH}:
            answer = _plain(404, f"There are {METRICS} and {HEALTH} here.")
        elif request.method not in METHODS:
            allowed = ", ".join(METHODS)
            answer = _plain(405, f"Only {allowed}.", ("Allow", allowed))
        elif request.path == HEALTH:
            answer = _plain(200, "ok")
        else:
            answer = self._guarded(request)
        if request.method == "HEAD":
            return Answer(answer.status, answer.headers, b"")
        return answer

    def workers_apart(self) -> None:
        """Tell, once, that several processes serve, each with counts of its own."""
        if self._told_apart or several_processes():
            return
        self._told_apart = True
        _LOG.warning(
            "several processes serve these metrics, and each answers with its own counts: "
            "set PROMETHEUS_MULTIPROC_DIR before they start"
        )

    def _guarded(self, request: Request) -> Answer:
        if self._access is None:
            return _plain(503, "The settings of access cannot be understood; see the log.")
        try:
            if self._access.admits(request.authorization):
                return self._exposition(request)
        except AccessError as error:
            self._metrics.recorder.faults.note("settings", error)
            _LOG.warning("nobody can read the metrics: %s", error)
            return _plain(503, "No credential can be checked; see the log.")
        challenges = [("WWW-Authenticate", one) for one in self._access.challenges]
        return _plain(401, "A credential is needed.", *challenges)

    def _exposition(self, request: Request) -> Answer:
        names = parse_qs(request.query).get("name[]", [])
        try:
            found = self._scrapes.exposition(request.accept, names)
        except Exception as fault:  # noqa: BLE001  a scrape that failed must be seen to have failed
            self._metrics.recorder.faults.note("scrape", fault)
            return _plain(500, f"Collecting failed: {type(fault).__name__}; see the log.")
        headers = [("Content-Type", found.content_type), ("Vary", "Accept, Accept-Encoding")]
        body = found.text
        if _takes_gzip(request.accept_encoding):
            body = gzip.compress(body, _FASTEST, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return _answer(200, body, *headers)

    def _access_of_environment(self) -> Access | None:
        try:
            return Access.from_environment()
        except AccessError as error:
            self._metrics.recorder.faults.note("settings", error)
            _LOG.error("nobody can read the metrics: %s", error)
            return None


def below_mount(mount: str, path: str) -> str:
    """The path that is asked for, also where the endpoint is mounted at ``/metrics`` itself."""
    return path if path.strip("/") else "/" + mount.rstrip("/").rpartition("/")[2]


def _answer(status: int, body: bytes, *headers: tuple[str, str]) -> Answer:
    usual = [("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    return Answer(status, [*headers, *usual], body)


def _plain(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return _answer(status, f"{text}\n".encode(), ("Content-Type", _PLAIN), *headers)


def _takes_gzip(accept_encoding: str) -> bool:
    for one in accept_encoding.split(","):
        coding, *parameters = (part.strip().lower() for part in one.split(";"))
        if coding == "gzip":
            return not any(p.startswith("q=") and not p[2:].strip("0.") for p in parameters)
    return False
