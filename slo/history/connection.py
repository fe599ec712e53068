"""How a Prometheus is reached: address, credentials, sessions, retries, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from slo.credential import credential
from slo.errors import HistoryError
from slo.model.duration import DAY, format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_api_client import PrometheusConnect
    from requests import Response

ReadBy = Literal["auto", "remote", "http"]
"""By remote read where the server serves it and else by the HTTP API, or by one of them."""

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
        read: By which interface samples are read.

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
    read: ReadBy = "auto"

    @property
    def shown_url(self) -> str:
        """The address without credentials, for people."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")


def server_version(server: PrometheusServer) -> str:
    """The server's version, such as ``2.42.0``; empty where it does not tell.

    Raises:
        ConfigError: An environment variable that the server names is not set.
        HistoryError: The server cannot be reached or refuses.

    """
    import requests  # noqa: PLC0415  only where a server is asked

    with Connections(server) as connections:
        client = connections.mine
        try:
            answer = client._session.get(  # noqa: SLF001  the client has no call for this
                f"{client.url}/api/v1/status/buildinfo",
                headers=client.headers,
                auth=client.auth,
                timeout=server.timeout,
            )
        except requests.RequestException as error:
            raise unreachable(server, error) from None
    if answer.status_code in (401, 403):
        raise refused(server, answer.status_code, "")
    try:
        version: str = answer.json()["data"]["version"]
    except (ValueError, KeyError, TypeError):
        return ""
    return version


class Connections:
    """A client a thread: a session of requests is not to be shared. All are closed at the end."""

    def __init__(self, server: PrometheusServer) -> None:
        self.server = server
        self._headers = _headers(server)
        self._auth = _basic(server)
        self._threads = local()
        self._opened: list[PrometheusConnect] = []
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._opened:
            client._session.close()  # noqa: SLF001  the client has no call for this

    @property
    def mine(self) -> PrometheusConnect:
        """The calling thread's client."""
        if not hasattr(self._threads, "client"):
            self._threads.client = self._connect()
            with self._lock:
                self._opened.append(self._threads.client)
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
    headers = {name: credential(variable) for name, variable in server.header_envs}
    if server.token_env:
        headers["Authorization"] = f"Bearer {credential(server.token_env)}"
    return headers


def _basic(server: PrometheusServer) -> tuple[str, str] | None:
    if not (server.username_env or server.password_env):
        return None
    return credential(server.username_env), credential(server.password_env)


def unreachable(server: PrometheusServer, error: Exception) -> HistoryError:
    """The error that says why a server did not answer."""
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


def refused(server: PrometheusServer, status: int, detail: str) -> HistoryError:
    """The error that says that credentials are wrong or missing."""
    return HistoryError(
        f"{server.shown_url} refused the credentials (HTTP {status}){detail}: "
        "set token_env, or username_env and password_env (of 'slo init': --token-env and so on)"
    )


def refusal(server: PrometheusServer, text: str) -> HistoryError:
    """What an answer that is not 200 says: the client's text is 'HTTP Status Code 422 (b'...')'."""
    status = int(text.removeprefix("HTTP Status Code ").split(" ", 1)[0] or 0)
    if status in (401, 403):
        return refused(server, status, "")
    advice = ""
    if "too many samples" in text:
        advice = f"; ask for less at once: a chunk shorter than {format_duration(server.chunk)}"
    return HistoryError(f"{server.shown_url} refused the query: {text}{advice}")


class NotTold(HistoryError):  # noqa: N818  a fact rather than a mistake
    """What a server does not tell: another program than Prometheus may lack a part of its API."""


_NOT_SERVED = (404, 405, 501)


def answered(connections: Connections, path: str, parameters: Mapping[str, str]) -> Response:
    """What a server answers under ``/api/v1/``, where the client has no call for it.

    Args:
        connections: How it is reached.
        path: Such as ``rules``.
        parameters: Of the request.

    Raises:
        HistoryError: It cannot be reached, or refuses the credential.

    """
    import requests  # noqa: PLC0415  only where a server is asked

    server, client = connections.server, connections.mine
    try:
        answer: Response = client._session.get(  # noqa: SLF001  it has no other way
            f"{client.url}/api/v1/{path}",
            params=parameters,
            headers=client.headers,
            auth=client.auth,
            timeout=server.timeout,
        )
    except requests.RequestException as error:
        raise unreachable(server, error) from None
    if answer.status_code in (401, 403):
        raise refused(server, answer.status_code, "")
    return answer


def told(connections: Connections, path: str, **parameters: str) -> Any:  # noqa: ANN401  JSON
    """What a server answers under ``/api/v1/``: the field ``data``.

    Args:
        connections: How it is reached.
        path: Such as ``rules``.
        parameters: Of the request.

    Raises:
        NotTold: It serves no such path.
        HistoryError: It cannot be reached, refuses, or does not answer as Prometheus.

    """
    server = connections.server
    answer = answered(connections, path, parameters)
    if answer.status_code in _NOT_SERVED:
        raise NotTold(f"{server.shown_url} does not serve /api/v1/{path}")
    try:
        body = answer.json()
        if body["status"] == "success":
            return body["data"]
        said = str(body["error"])
    except (ValueError, KeyError, TypeError):
        raise HistoryError(
            f"{server.shown_url} does not answer as Prometheus does: HTTP {answer.status_code} "
            f"to /api/v1/{path}"
        ) from None
    raise HistoryError(f"{server.shown_url} refused /api/v1/{path}: {said}")
