"""Raw samples from a real Prometheus, through prometheus-api-client.

The client connects, authenticates and queries; samples are taken apart here: its own chunks hold
the samples at their borders twice, and its frames lose bits of the times.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from slo.errors import ConfigError, HistoryError
from slo.model.duration import DAY, format_duration
from slo.model.samples import History, Series
from slo.model.selector import labels_of
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prometheus_api_client import PrometheusConnect

    from slo.model.samples import Times, Values
    from slo.model.selector import Labels, Selector

_WORTH_ANOTHER_TRY = (429, 502, 503, 504)
_BACKOFF_SECONDS = 0.5


@dataclass(frozen=True)
class PrometheusServer:
    """How a Prometheus is reached; secrets by the names of environment variables.

    Attributes:
        url: Its address, with the path where it is behind a prefix.
        token_env: Variable that holds a bearer token.
        username_env: Variable that holds the user of basic authentication.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.
        timeout: Seconds until a request is given up.
        retries: How often a failed request is tried again, after longer and longer waits.
        parallel: Requests under way at once.
        chunk: Milliseconds of history a request.

    """

    url: str
    token_env: str = ""
    username_env: str = ""
    password_env: str = ""
    header_envs: tuple[tuple[str, str], ...] = ()
    timeout: float = 60.0
    retries: int = 3
    parallel: int = 4
    chunk: int = DAY

    @property
    def shown_url(self) -> str:
        """The address without credentials, for people."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")


def fetch_history(
    server: PrometheusServer,
    selectors: Sequence[Selector],
    span: Span,
    advance: Callable[[int, int], None] | None = None,
) -> History:
    """Every raw sample of the selected series with ``span.start <= t < span.end``.

    Staleness markers do not travel over this interface. A selector without series is no error.

    Args:
        server: Where to ask.
        selectors: What to ask for; a series that several mean is there once.
        span: In Unix milliseconds.
        advance: Called with the requests done and all requests.

    Raises:
        ConfigError: An environment variable that the server names is not set.
        HistoryError: The server cannot be reached, refuses, or does not answer as Prometheus.

    """
    connections = _Connections(server)
    version = server_version(server)
    chunks = [
        (selector, piece)
        for selector in dict.fromkeys(selectors)
        for piece in _pieces(span, server.chunk)
    ]
    parts: dict[Labels, dict[int, tuple[Times, Values]]] = {}
    with ThreadPoolExecutor(server.parallel) as pool:
        waiting = {pool.submit(_fetch, connections, s, piece): piece for s, piece in chunks}
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                for labels, samples in future.result():
                    parts.setdefault(labels, {})[waiting[future].start] = samples
                if advance:
                    advance(done, len(chunks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    shared: dict[bytes, Times] = {}
    series = tuple(_assembled(labels, pieces, shared) for labels, pieces in parts.items())
    return History(series, span, version, server.shown_url)


def server_version(server: PrometheusServer) -> str:
    """The server's version, such as ``2.42.0``; empty where it does not tell.

    Raises:
        ConfigError: An environment variable that the server names is not set.
        HistoryError: The server cannot be reached or refuses.

    """
    import requests  # noqa: PLC0415  only where a server is asked

    client = _Connections(server).mine
    try:
        answer = client._session.get(  # noqa: SLF001  the client has no call for this
            f"{client.url}/api/v1/status/buildinfo",
            headers=client.headers,
            auth=client.auth,
            timeout=server.timeout,
        )
    except requests.RequestException as error:
        raise _unreachable(server, error) from None
    if answer.status_code in (401, 403):
        raise _refused(server, answer.status_code, "")
    try:
        version: str = answer.json()["data"]["version"]
    except (ValueError, KeyError, TypeError):
        return ""
    return version


class _Connections:
    """A client a thread: a session of requests is not to be shared."""

    def __init__(self, server: PrometheusServer) -> None:
        self.server = server
        self._headers = _headers(server)
        self._auth = _basic(server)
        self._threads = local()

    @property
    def mine(self) -> PrometheusConnect:
        if not hasattr(self._threads, "client"):
            self._threads.client = self._connect()
        client: PrometheusConnect = self._threads.client
        return client

    def _connect(self) -> PrometheusConnect:
        from prometheus_api_client import PrometheusConnect  # noqa: PLC0415  loads requests
        from urllib3.util.retry import Retry  # noqa: PLC0415

        retry = Retry(
            total=self.server.retries,
            backoff_factor=_BACKOFF_SECONDS,
            status_forcelist=_WORTH_ANOTHER_TRY,
            raise_on_status=False,
            respect_retry_after_header=True,
        )
        return PrometheusConnect(
            url=self.server.url.rstrip("/"),
            headers=self._headers,
            auth=self._auth,
            retry=retry,
            timeout=self.server.timeout,
        )


def _headers(server: PrometheusServer) -> dict[str, str]:
    headers = {name: _secret(variable) for name, variable in server.header_envs}
    if server.token_env:
        headers["Authorization"] = f"Bearer {_secret(server.token_env)}"
    return headers


def _basic(server: PrometheusServer) -> tuple[str, str] | None:
    if not (server.username_env or server.password_env):
        return None
    return _secret(server.username_env), _secret(server.password_env)


def _secret(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise ConfigError(
            f"environment variable {variable or '(unnamed)'}: found nothing, "
            "expected the secret that the configuration names"
        )
    return value.strip()


def _pieces(span: Span, chunk: int) -> list[Span]:
    starts = range(span.start, span.end, chunk)
    return [Span(start, min(start + chunk, span.end)) for start in starts]


def _fetch(
    connections: _Connections, selector: Selector, piece: Span
) -> list[tuple[Labels, tuple[Times, Values]]]:
    """One request: the window reaches one millisecond back, and what it holds too much is cut.

    Up to 2.x a window holds both of its ends, from 3.0 on only the right one; either way every
    sample of the piece is in it.
    """
    query = f"{selector}[{piece.length}ms]"
    at = f"{(piece.end - 1) / 1000:.3f}"
    rows = _ask(connections, query, at)
    found = []
    for row in rows:
        times = np.array([sample[0] for sample in row.get("values", ())], dtype=np.float64)
        values = np.array([sample[1] for sample in row.get("values", ())], dtype=np.float64)
        exact = np.rint(times * 1000).astype(np.int64)
        inside = (exact >= piece.start) & (exact < piece.end)
        if inside.any():
            found.append((labels_of(row["metric"]), (exact[inside], values[inside])))
    return found


def _ask(connections: _Connections, query: str, at: str) -> list[dict[str, Any]]:
    import requests  # noqa: PLC0415  only where a server is asked
    from prometheus_api_client.exceptions import PrometheusApiClientException  # noqa: PLC0415

    server = connections.server
    try:
        rows: list[dict[str, Any]] = connections.mine.custom_query(query, params={"time": at})
    except requests.JSONDecodeError:
        raise HistoryError(
            f"{server.shown_url} does not answer as Prometheus does: found no JSON, "
            "expected the HTTP API; is the address right, and is there a login page before it?"
        ) from None
    except requests.RequestException as error:
        raise _unreachable(server, error) from None
    except PrometheusApiClientException as error:
        raise _refusal(server, str(error)) from None
    except (KeyError, TypeError):
        raise HistoryError(
            f"{server.shown_url} does not answer as Prometheus does: found JSON without data.result"
        ) from None
    return rows


def _unreachable(server: PrometheusServer, error: Exception) -> HistoryError:
    import requests  # noqa: PLC0415  only where a server is asked

    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return HistoryError(
            f"{server.shown_url} did not answer within {server.timeout:g} s: give it more time "
            f"(timeout), or ask for less at once (chunk, now {format_duration(server.chunk)})"
        )
    return HistoryError(
        f"{server.shown_url} cannot be reached ({_reason(error)}): is the address right, and "
        "does Prometheus run there?"
    )


def _reason(error: BaseException) -> str:
    """The innermost cause in a few words: requests wraps urllib3, which wraps the system's."""
    text = str(error).casefold()
    for words in ("refused", "name or service not known", "certificate", "timed out", "reset"):
        if words in text:
            return f"connection: {words}"
    return type(error).__name__


def _refused(server: PrometheusServer, status: int, detail: str) -> HistoryError:
    return HistoryError(
        f"{server.shown_url} refused the credentials (HTTP {status}){detail}: "
        "set token_env, or username_env and password_env"
    )


def _refusal(server: PrometheusServer, text: str) -> HistoryError:
    """What an answer that is not 200 says: the client's text is 'HTTP Status Code 422 (b'...')'."""
    status = int(text.removeprefix("HTTP Status Code ").split(" ", 1)[0] or 0)
    if status in (401, 403):
        return _refused(server, status, "")
    advice = ""
    if "too many samples" in text:
        advice = f"; ask for less at once: a chunk shorter than {format_duration(server.chunk)}"
    return HistoryError(f"{server.shown_url} refused the query: {text}{advice}")


def _assembled(
    labels: Labels, pieces: dict[int, tuple[Times, Values]], shared: dict[bytes, Times]
) -> Series:
    """A series of its pieces in the order of time; equal times are one array for the engine."""
    ordered = [pieces[start] for start in sorted(pieces)]
    times = np.concatenate([part[0] for part in ordered])
    values = np.concatenate([part[1] for part in ordered])
    return Series(labels, shared.setdefault(times.tobytes(), times), values)
