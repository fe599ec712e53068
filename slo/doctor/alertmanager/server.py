"""How an Alertmanager is reached, and what it is asked and told."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.credential import credential
from slo.errors import AlertmanagerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import requests

_REFUSED = (401, 403)
_FINE = 200


@dataclass(frozen=True)
class AlertmanagerServer:
    """An Alertmanager; secrets by the names of environment variables.

    Attributes:
        url: Its address, with the path where it is behind a prefix; no credentials.
        token_env: Variable that holds a bearer token.
        username_env: Variable that holds the user of basic authentication.
        password_env: Variable that holds its password.
        header_envs: Further headers, each with the variable that holds its value.
        timeout: Seconds until a request is given up.

    """

    url: str
    token_env: str = ""
    username_env: str = ""
    password_env: str = ""
    header_envs: tuple[tuple[str, str], ...] = ()
    timeout: float = 15.0

    @property
    def base_url(self) -> str:
        """The address without a slash at its end."""
        return self.url.rstrip("/")

    @property
    def has_credentials(self) -> bool:
        """Whether requests carry any."""
        return bool(self.token_env or self.username_env or self.header_envs)

    def status(self) -> dict[str, Any]:
        """Its version, cluster and configuration, in which secrets are hidden.

        Raises:
            ConfigError: A variable that it names is not set.
            AlertmanagerError: It cannot be reached, refuses, or is none.

        """
        found: dict[str, Any] = self._json("/api/v2/status")
        return found

    def silences(self) -> list[dict[str, Any]]:
        """Every silence, also those that are over; raises as ``status`` does."""
        found: list[dict[str, Any]] = self._json("/api/v2/silences")
        return found

    def alerts(self) -> list[dict[str, Any]]:
        """Every alert that it knows; raises as ``status`` does."""
        found: list[dict[str, Any]] = self._json("/api/v2/alerts")
        return found

    def post_alerts(self, alerts: Sequence[dict[str, Any]]) -> None:
        """Hand over alerts, as Prometheus does; raises as ``status`` does."""
        self._asked("POST", "/api/v2/alerts", json=list(alerts))

    def metrics(self) -> str:
        """What it says of itself, in Prometheus' text format; raises as ``status`` does."""
        return self._asked("GET", "/metrics").text

    def _json(self, path: str) -> Any:  # noqa: ANN401  whatever JSON holds
        answer = self._asked("GET", path)
        try:
            return answer.json()
        except ValueError:
            raise AlertmanagerError(
                f"{self.base_url} does not answer as Alertmanager does: found no JSON at {path}"
            ) from None

    def _asked(self, method: str, path: str, json: object = None) -> requests.Response:
        import requests  # noqa: PLC0415  only where a server is asked

        # Given as a function, as requests would put what a .netrc says in a header's place.
        headers = self._headers()

        def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers.update(headers)
            return request

        try:
            answer = requests.request(
                method,
                f"{self.base_url}{path}",
                json=json,
                auth=authorize,
                timeout=self.timeout,
                # Followed, a redirection may turn into a GET, which posts nothing.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            reason = _innermost(error)
            raise AlertmanagerError(
                f"{self.base_url} cannot be reached ({reason}): is the address right, and does "
                "Alertmanager run there?"
            ) from None
        if answer.status_code in _REFUSED:
            raise AlertmanagerError(
                f"{self.base_url} refused the credentials (HTTP {answer.status_code}): set "
                "token_env, or username_env and password_env, under [alertmanager]"
            )
        if answer.status_code != _FINE:
            raise AlertmanagerError(
                f"{self.base_url} answers HTTP {answer.status_code} to {path}, not as Alertmanager"
            )
        return answer

    def _headers(self) -> dict[str, str]:
        headers = {name: credential(variable) for name, variable in self.header_envs}
        if self.token_env:
            headers["Authorization"] = f"Bearer {credential(self.token_env)}"
        elif self.username_env or self.password_env:
            pair = f"{credential(self.username_env)}:{credential(self.password_env)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return headers


def _innermost(error: BaseException) -> str:
    """The system's own words: requests wraps urllib3, which wraps the system."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return getattr(error, "strerror", None) or type(error).__name__
