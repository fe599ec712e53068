"""Posting to a webhook, whose address is a secret: no message of ours holds any of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from slo.credential import credential
from slo.errors import DeliveryError

if TYPE_CHECKING:
    from requests import Response

_TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between bytes of the answer."""

_SAID = 300
"""Letters of an answer that are worth repeating."""

_REQUEST_TIMEOUT, _TOO_MANY, _BROKEN = 408, 429, 500
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Webhook:
    """Where a chat takes messages for one of its channels.

    Attributes:
        variable: Name of the variable of the environment that holds its address.

    """

    variable: str

    def post(self, payload: bytes) -> str:
        """Post JSON; what is answered, where it was taken.

        Raises:
            DeliveryError: It was not taken, or it is not known whether it was.
            ConfigError: The variable is not set.

        """
        import requests  # noqa: PLC0415  heavy, and only where something is sent

        address = self._address()
        try:
            answer = requests.post(
                address,
                data=payload,
                headers={"Content-Type": "application/json; charset=utf-8"},
                timeout=_TIMEOUT,
                # A redirected post becomes a get, whose 200 would pass for success.
                allow_redirects=False,
            )
        except (requests.RequestException, OSError, ValueError) as error:
            raise self._unreachable(error) from None
        if not answer.ok or answer.is_redirect:
            raise self._refused(answer)
        return answer.text

    def _address(self) -> str:
        address = credential(self.variable)
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise DeliveryError(f"the variable {self.variable} holds no address with https://")
        return address

    def _unreachable(self, error: Exception) -> DeliveryError:
        """Why there was no answer; the error's own text would repeat the address."""
        import requests  # noqa: PLC0415

        its = f"the webhook that {self.variable} names"
        if isinstance(error, requests.exceptions.SSLError):
            return DeliveryError(f"{its} has a certificate that is not trusted")
        if isinstance(error, requests.exceptions.ProxyError):
            return DeliveryError(f"{its} is not reached by the proxy of HTTPS_PROXY", again=True)
        if isinstance(error, requests.Timeout):
            return DeliveryError(f"{its} did not answer in time", again=True)
        if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
            why = _reason(str(error).casefold())
            return DeliveryError(f"{its} cannot be reached: {why}", again=True)
        return DeliveryError(f"{its} cannot be asked: {type(error).__name__}")

    def _refused(self, answer: Response) -> DeliveryError:
        status = answer.status_code
        said = " ".join(answer.text[:_SAID].split())
        if answer.is_redirect:
            said = "it sends elsewhere, and a redirected message is lost"
        again = status in (_REQUEST_TIMEOUT, _TOO_MANY) or status >= _BROKEN
        return DeliveryError(
            f"the webhook that {self.variable} names answered with HTTP {status}"
            f"{f': {said}' if said else ''}",
            again=again,
            after=_seconds(answer.headers.get("Retry-After", "")),
        )


def _reason(text: str) -> str:
    if "refused" in text:
        return "nothing listens there"
    if "resolve" in text or "name or service" in text:
        return "its name is not known"
    return "the connection broke"


def _seconds(retry_after: str) -> float:
    """What a server asks to be left alone for: seconds, or until a date; 0 if it does not."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
