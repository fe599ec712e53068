"""How Grafana is reached: credentials, timeouts, what is tried again, and what is not."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from slo.credential import credential
from slo.errors import ConfigError, GrafanaError
from slo.targets.grafana.refusal import (
    TOO_MANY,
    is_worth_another_try,
    no_grafana,
    redirected,
    refused,
    timed_out,
    unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grafana_client.api import GrafanaApi
    from niquests import PreparedRequest, Response

    from slo.targets.grafana.server import GrafanaServer

_NOT_FOUND = 404
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0
"""Seconds. A server that asks for more is told to the user, who may have other things to do."""


class Connection:
    """A session with one Grafana. Reads are tried again, writes are not.

    But for one: what was refused as too much (429) was not done, and is sent again when the server
    says so.
    """

    def __init__(self, server: GrafanaServer) -> None:
        self.server = server
        self._retry_after = ""
        self._grafana = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._grafana.client.s.close()

    def read(self, call: Callable[[GrafanaApi], Any]) -> Any:  # noqa: ANN401  whatever JSON holds
        """What a call of grafana-client that changes nothing brings.

        Raises:
            GrafanaError: It cannot be reached, refuses, or is no Grafana.

        """
        return self._asked(call, is_worth_another_try)

    def read_if_there(self, call: Callable[[GrafanaApi], Any]) -> Any | None:  # noqa: ANN401
        """The same, or None where Grafana knows no such thing.

        Raises:
            GrafanaError: As above.

        """
        try:
            return self.read(call)
        except GrafanaError as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def write(self, call: Callable[[GrafanaApi], Any]) -> dict[str, Any]:
        """What a call of grafana-client that changes something answers, once.

        Raises:
            GrafanaError: As above; without a status it is not known whether it was done.

        """
        answer = self._asked(call, _was_not_done)
        return answer if isinstance(answer, dict) else {}

    def _asked(
        self, call: Callable[[GrafanaApi], Any], again: Callable[[GrafanaError], bool]
    ) -> Any:  # noqa: ANN401
        for tried in range(self.server.retries + 1):
            try:
                return self._once(call)
            except GrafanaError as error:
                wait = self._wait(tried)
                if not again(error) or tried == self.server.retries:
                    raise
                if wait > _LONGEST_WAIT:
                    message = f"{error}; it asks to be left alone for {wait:.0f} s"
                    raise GrafanaError(message, error.status) from None
                time.sleep(wait)
        raise AssertionError  # the last try returns or raises

    def _once(self, call: Callable[[GrafanaApi], Any]) -> Any:  # noqa: ANN401
        """One request, whatever it ends in turned into words."""
        import niquests  # noqa: PLC0415  heavy, and only where a server is asked
        from grafana_client.client import GrafanaException, GrafanaTimeoutError  # noqa: PLC0415

        self._retry_after = ""
        try:
            answer = call(self._grafana)
        except (GrafanaTimeoutError, niquests.Timeout):
            raise timed_out(self.server) from None
        except GrafanaException as error:
            raise refused(self.server, error.status_code, self._masked(error.response)) from None
        except niquests.TooManyRedirects as error:
            raise redirected(self.server, error.response) from None
        except niquests.exceptions.JSONDecodeError as error:
            raise no_grafana(self.server, error.doc) from None
        except (niquests.RequestException, OSError) as error:
            raise unreachable(self.server, error) from None
        if isinstance(answer, str) and answer:
            raise no_grafana(self.server, answer)
        return answer

    def _wait(self, tried: int) -> float:
        """Seconds until the next try: what the server asks for, else twice as long each time."""
        asked = self._retry_after
        if asked.isdigit():
            return float(asked)
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return _FIRST_WAIT * float(2**tried)
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (aware - datetime.now(UTC)).total_seconds())

    def _masked(self, answer: Any) -> Any:  # noqa: ANN401
        """An answer that repeats our secret does not get it printed."""
        if isinstance(answer, dict):
            return {key: self._masked(value) for key, value in answer.items()}
        if isinstance(answer, str):
            for secret in self._secrets:
                answer = answer.replace(secret, "***")
        return answer

    def _opened(self) -> GrafanaApi:
        from grafana_client.api import GrafanaApi  # noqa: PLC0415  heavy

        server = self.server
        if server.ca_file and not Path(server.ca_file).is_file():
            raise ConfigError(f"grafana.ca_file: found no file {server.ca_file}, expected one")
        login = self._login()
        headers: dict[str | bytes, str | bytes] = {
            name: credential(variable) for name, variable in server.header_envs
        }
        self._secrets = (login if isinstance(login, str) else login[1], *map(str, headers.values()))
        grafana: GrafanaApi = GrafanaApi.from_url(
            f"{server.base_url}/", login, timeout=server.timeout
        )
        client = grafana.client
        # from_url takes IPv6 addresses apart and does not put them together again.
        client.url = f"{server.base_url}/api"
        client.verify = server.ca_file or True
        client.s.headers.update(headers)
        client.s.proxies.update(dict(server.proxies))
        # A 302 to a POST is followed by a GET, whose 200 would pass for success.
        client.s.max_redirects = 0
        client.s.hooks["response"].append(self._remember)
        return grafana

    def _login(self) -> str | tuple[str, str]:
        server = self.server
        if server.username_env or server.password_env:
            return credential(server.username_env), credential(server.password_env)
        return credential(server.token_env)

    def _remember(self, answer: PreparedRequest | Response, **_: object) -> None:
        """grafana-client's errors carry no headers."""
        self._retry_after = str(answer.headers.get("Retry-After", "") if answer.headers else "")


def _was_not_done(error: GrafanaError) -> bool:
    return error.status == TOO_MANY
