"""Putting what a run says of itself into a Pushgateway, for runners whose files nobody collects.

https://github.com/prometheus/pushgateway#api
"""

from __future__ import annotations

import os
import re
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from slo.credential import credential
from slo.errors import ConfigError, PushError
from slo.report.runs.credentials import scrubbed
from slo.report.runs.textfile import by_report, textfile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from requests import PreparedRequest

    from slo.report.runs.run_due import Outcome

    Authorize = Callable[[PreparedRequest], PreparedRequest]

JOB = "slobook_reports"
TOKEN = "SLOBOOK_PUSHGATEWAY_TOKEN"  # noqa: S105  a variable's name
USERNAME = "SLOBOOK_PUSHGATEWAY_USERNAME"
PASSWORD = "SLOBOOK_PUSHGATEWAY_PASSWORD"  # noqa: S105  the same
"""Variables that hold a bearer token, or the user and password of basic authentication."""

_SECONDS = 10.0
_TAKEN = (200, 202)
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
"""Values that a path can hold as they are; others go as base64."""


@dataclass(frozen=True)
class Pushgateway:
    """Where a run's metrics go.

    Attributes:
        url: Its address, with the path where it is behind a prefix; no credentials.
        project: By what it tells this project from others.

    """

    url: str
    project: str

    def address(self, kind: str, service: str) -> str:
        """Of the group of a report's metrics, which a push replaces as a whole.

        A report is a group: runs of other projects, and those that make other reports of this
        one, leave it alone.
        """
        group = {"job": JOB, "project": self.project, "kind": kind, "service": service}
        path = "/".join(_labelled(name, value) for name, value in group.items())
        return f"{self.url.rstrip('/')}/metrics/{path}"


def pushgateway(url: str, project: str) -> Pushgateway:
    """A Pushgateway that can be asked, as far as can be told before a run.

    Raises:
        ConfigError: It is not an address, or it holds a password, or the variables of credentials
            do not fit together.

    """
    if "@" in url:
        raise ConfigError(
            "the Pushgateway's address holds a user or a password; expected them in the "
            f"environment variables {USERNAME} and {PASSWORD}"
        )
    if not _is_address(url):
        raise ConfigError(
            f"the Pushgateway's address: found {url.partition('?')[0]!r}, expected one such as "
            "http://pushgateway:9091"
        )
    _authorization()
    return Pushgateway(url, project)


def push(outcomes: Sequence[Outcome], now: float, to: Pushgateway) -> None:
    """Put a run's metrics in the place of those of the run before.

    Args:
        outcomes: What became of every report that was due.
        now: Unix seconds.
        to: The Pushgateway.

    Raises:
        PushError: It cannot be reached, or refuses. What it had not taken before, it has not.

    """
    for (kind, service), of_report in by_report(outcomes).items():
        _put(to, to.address(kind, service), textfile(of_report, now))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  refuses what is no number
    except ValueError:
        return False
    whole = not (parts.query or parts.fragment or re.search(r"\s", url))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and whole


def _put(to: Pushgateway, address: str, text: str) -> None:
    import requests  # noqa: PLC0415  only where one is asked

    try:
        answer = requests.put(
            address,
            data=text.encode(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
            auth=_authorization(),
            timeout=_SECONDS,
            # Followed, a redirection may turn into a GET, which succeeds and stores nothing.
            allow_redirects=False,
        )
    except requests.Timeout:
        raise PushError(f"the Pushgateway {to.url} did not answer within {_SECONDS:g} s") from None
    except requests.RequestException as error:
        raise PushError(
            f"the Pushgateway {to.url} cannot be reached: {_innermost(error)}"
        ) from None
    if answer.status_code not in _TAKEN:
        said = scrubbed(answer.text.strip().partition("\n")[0])[:200]
        raise PushError(
            f"the Pushgateway {to.url} refused metrics: HTTP {answer.status_code} {said}".rstrip()
        )


def _authorization() -> Authorize | None:
    """What adds credentials to a request.

    Raises:
        ConfigError: A user without a password, a password without a user, or a token beside them.

    """
    token, basic = bool(os.environ.get(TOKEN)), os.environ.get(USERNAME) or os.environ.get(PASSWORD)
    if token and basic:
        raise ConfigError(f"found {TOKEN} beside {USERNAME} or {PASSWORD}, expected one of them")
    if token:
        return _header(f"Bearer {credential(TOKEN)}")
    if basic:
        pair = f"{credential(USERNAME)}:{credential(PASSWORD)}"
        return _header(f"Basic {b64encode(pair.encode()).decode()}")
    return None


def _header(value: str) -> Authorize:
    """Added last of all, as requests would put what a .netrc says in its place."""

    def authorize(request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = value
        return request

    return authorize


def _innermost(error: BaseException) -> str:
    """The system's own words: requests wraps urllib3, which wraps the system."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return getattr(error, "strerror", None) or type(error).__name__


def _labelled(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}/{value}"
    return f"{name}@base64/{urlsafe_b64encode(value.encode()).decode()}"
