"""What a field of slobook.toml may hold, and how its reader is told."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict

from slo.model.duration import MINUTE, format_duration, parse_duration


class Section(BaseModel):
    """A table of the file: no field but those that are declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _matching(pattern: str, expected: str) -> AfterValidator:
    def matched(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(expected)
        return value

    return AfterValidator(matched)


ResourceName = Annotated[
    str,
    _matching(
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "a name of Kubernetes such as 'support-agent'"
    ),
]
Image = Annotated[str, _matching(r"[^\s]+", "an image such as 'registry.example.com/slobook:1'")]
_FILE = "the absolute path of a file with the secret"
SecretFile = Annotated[str, _matching(r"/[^\s]+", _FILE)]
OptionalSecretFile = Annotated[str, _matching(r"(/[^\s]+)?", _FILE)]
Uid = Annotated[str, _matching(r"[A-Za-z0-9_-]{1,40}", "letters, digits, _ and -, at most 40")]
FileName = Annotated[str, _matching(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", "letters, digits, _, . and -")]


_TOKENS = r"glsa_|glc_|eyJ|gh[pousr]_|glpat-|xox"
VariableName = Annotated[
    str,
    _matching(
        rf"(?!{_TOKENS})([A-Za-z_][A-Za-z0-9_]*)?",
        "the name of an environment variable, which holds the secret",
    ),
]


def address(value: str) -> str:
    """An address that a client can be given.

    Raises:
        ValueError: It has no scheme, or holds blanks.

    """
    if not re.match(r"https?://\S+$", value):
        message = "an address such as http://127.0.0.1:9090"
        raise ValueError(message)
    return value


def plain_address(value: str, instead: str) -> str:
    """An address that holds nothing but where to go: what else stands in one is a trap.

    Args:
        value: The address; may be empty.
        instead: Where credentials belong.

    Raises:
        ValueError: It is none, or holds credentials, a query or a fragment.

    """
    if not value:
        return value
    parts = urlsplit(address(value))
    if "@" in parts.netloc:
        message = f"an address without credentials, which belong into {instead}"
        raise ValueError(message)
    if parts.query or parts.fragment:
        message = "an address without ? and #"
        raise ValueError(message)
    return value


def known_zone(name: str) -> str:
    """An IANA name of a time zone.

    Raises:
        ValueError: There is no such zone.

    """
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"a time zone's name such as Europe/Berlin, not {name!r}"
        raise ValueError(message) from None


def positive_duration(value: object) -> int:
    """A duration's text in milliseconds.

    Raises:
        ValueError: It is no duration, or none that lasts.

    """
    try:
        milliseconds = parse_duration(value) if isinstance(value, str) else 0
    except ValueError:
        milliseconds = 0
    if milliseconds <= 0:
        message = f"a positive duration such as {format_duration(MINUTE)!r}"
        raise ValueError(message)
    return milliseconds
