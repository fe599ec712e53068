"""``tls``: do requests and their credentials travel encrypted?"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from slo.counting import every, out_of
from slo.doctor.finding import Finding, attention, broken, fine, not_checked

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "tls"
_ANCHOR = "tls"
_TO_DO = "put the server behind https (an ingress, or its own web.config.file), and write that url"


@dataclass(frozen=True)
class Address:
    """Whom slobook asks.

    Attributes:
        field: Of slobook.toml.
        url: The address.
        has_credentials: Whether requests carry any.

    """

    field: str
    url: str
    has_credentials: bool


def tls(addresses: Sequence[Address]) -> Finding:
    """Addresses with https, or on this machine."""
    if not addresses:
        return not_checked(NAME, "slobook.toml names no server")
    plain = [one for one in addresses if not _is_private(one.url)]
    told = [f"{one.field}: {_shown(one.url)}" for one in plain]
    if any(one.has_credentials for one in plain):
        found = "credentials travel unencrypted: whoever is on the way can read them"
        return broken(NAME, found, _TO_DO, _ANCHOR, told)
    if plain:
        found = f"{out_of(len(plain), len(addresses), 'server', 'servers')} asked unencrypted"
        return attention(NAME, found, _TO_DO, _ANCHOR, told)
    are = every(len(addresses), "server is", "servers are")
    return fine(NAME, f"{are} asked by https, or on this machine")


def _is_private(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
