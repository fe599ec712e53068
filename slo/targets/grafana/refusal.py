"""What it means that Grafana did not answer, or not as Grafana, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from slo.errors import GrafanaError

if TYPE_CHECKING:
    from niquests import Response

    from slo.targets.grafana.server import GrafanaServer

_UNAUTHORIZED, _FORBIDDEN = 401, 403
_LONGEST = 300

BROKEN = "broken"
"""The reason of an error that may be gone the next time."""

TOO_MANY = 429
_BUSY = (TOO_MANY, 502, 503, 504)


def is_worth_another_try(error: GrafanaError) -> bool:
    """Whether the same request may succeed soon."""
    return error.status in _BUSY or error.reason == BROKEN


def timed_out(server: GrafanaServer) -> GrafanaError:
    """It did not answer in time."""
    return GrafanaError(
        f"{server.base_url} did not answer within {server.timeout:g} s; whether it did what it was "
        "asked is not known. Give it more time (grafana.timeout) if it is always slow",
        reason=BROKEN,
    )


def unreachable(server: GrafanaServer, error: Exception) -> GrafanaError:
    """There is no connection, and why."""
    text = str(error).casefold()
    if "certificate" in text or "ssl" in text:
        advice = "its certificate is not trusted: name the authority's with grafana.ca_file"
    elif "proxy" in text:
        advice = "the proxy does not answer: see grafana.proxies and the variable HTTPS_PROXY"
    elif "refused" in text:
        advice = "nothing listens there: is the address right, and does Grafana run?"
    elif "resolve" in text or "name or service" in text or "resolution" in text:
        advice = "its name is not known: is the address right?"
    else:
        advice = f"the connection broke ({type(error).__name__}): try again"
        return GrafanaError(f"{server.base_url} cannot be reached: {advice}", reason=BROKEN)
    return GrafanaError(f"{server.base_url} cannot be reached: {advice}")


def redirected(server: GrafanaServer, answer: Response | None) -> GrafanaError:
    """It sends elsewhere; a redirected save would be lost, so none is followed."""
    asked = str(answer.url) if answer is not None and answer.url else server.base_url
    header = answer.headers.get("Location", "") if answer is not None else ""
    location = urljoin(asked, str(header))
    if "login" in urlsplit(location).path:
        return GrafanaError(
            f"{server.base_url} sends to a login page ({_place(location)}): what stands before "
            "Grafana wants a login of its own; give it one with grafana.header_envs, or use an "
            "address that reaches Grafana itself"
        )
    # The address to configure is the new one without the API's path.
    path = urlsplit(asked).path.removeprefix(urlsplit(server.base_url).path)
    use = _place(location).removesuffix(path.rstrip("/")).rstrip("/")
    return GrafanaError(
        f"{server.base_url} redirects to {use}: write url = {use!r}. A redirected save is lost, "
        "so none is followed"
    )


def no_grafana(server: GrafanaServer, text: str) -> GrafanaError:
    """It answers, but not as Grafana does."""
    title = re.search(r"<title>\s*(.*?)\s*</title>", text, re.IGNORECASE | re.DOTALL)
    page = f"a page, {_line(title[1])!r}" if title else "a page" if "<" in text else "no JSON"
    return GrafanaError(
        f"{server.base_url} answered with {page} where Grafana's API answers with JSON: is that "
        "Grafana's address, with its path if it has one, and is there a login before it?"
    )


def refused(server: GrafanaServer, status: int, answer: object) -> GrafanaError:
    """It said no: its own words, and what to do about it."""
    said, reason = _words(answer), ""
    if isinstance(answer, dict):
        reason = str(answer.get("status") or answer.get("messageId") or "")
    words = f"HTTP {status}{f', {said}' if said else ''}"
    if status == _UNAUTHORIZED:
        named = server.username_env or server.token_env
        message = (
            f"{server.base_url} refused the credentials ({words}): is what the variable {named} "
            "holds right, of this Grafana, and not expired?"
        )
    elif status == _FORBIDDEN:
        message = (
            f"{server.base_url} does not allow that ({words}): the service account needs the role "
            f"Editor, or rights on the folder {server.folder_uid!r}; Grafana 9 lets only an Admin "
            "push alert rules"
        )
    else:
        message = f"{server.base_url} refused ({words})"
    return GrafanaError(message, status, reason)


def _words(answer: object) -> str:
    if isinstance(answer, dict):
        said = answer.get("message") or answer.get("title") or ""
        access = answer.get("accessErrorId")
        return _line(f"{said} ({access})" if access else str(said))
    text = str(answer or "")
    title = re.search(r"<title>\s*(.*?)\s*</title>", text, re.IGNORECASE | re.DOTALL)
    return _line(title[1] if title else "a page" if "<html" in text.lower() else text)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _place(url: str) -> str:
    """An address without credentials and parameters."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
