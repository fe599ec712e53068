"""Who may read the metrics: anyone, or who shows a bearer token or a name and a password.

What cannot be decided, because a secret's file is missing or a setting is wrong, is decided against
the reader: a fault must not open the endpoint.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "SUPPORT_AGENT_METRICS_"


class AccessError(ValueError):
    """Nobody can be admitted: a secret is missing or empty, or the settings contradict."""


@dataclass(frozen=True)
class Secret:
    """A token or a password, by value or in a file.

    Attributes:
        value: The secret itself.
        file: A file that holds it. It is read at each request, so that it may be rotated; each of
            its lines is accepted, so that a new secret can be there before the old one goes.

    Raises:
        AccessError: Not exactly one of both is given, or the value is empty.

    """

    value: str | None = field(default=None, repr=False)
    file: Path | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.file is None):
            raise AccessError("a secret is either a value or a file")
        if self.value is not None and not self.value.strip():
            raise AccessError("a secret is empty")

    def accepted(self) -> list[bytes]:
        """What is accepted at this moment; spaces around it do not count.

        Raises:
            AccessError: The file cannot be read, or holds nothing.

        """
        if self.file is None:
            return [str(self.value).strip().encode()]
        try:
            lines = [line.strip() for line in self.file.read_bytes().splitlines()]
        except OSError as error:
            raise AccessError(f"{self.file}: {error.strerror}") from None
        found = [line for line in lines if line]
        if not found:
            raise AccessError(f"{self.file}: found nothing, expected a secret")
        return found


@dataclass(frozen=True)
class Access:
    """Who may read the metrics: with nothing given, anyone.

    Attributes:
        token: Admits ``Authorization: Bearer <token>``.
        username: Admits this name, with the password, by HTTP's basic authentication.
        password: Of that name.

    Raises:
        AccessError: A name without a password, or the other way round.

    """

    token: Secret | None = None
    username: str | None = None
    password: Secret | None = None

    def __post_init__(self) -> None:
        if (self.username is None) != (self.password is None):
            raise AccessError("basic authentication needs both a name and a password")
        if self.username is not None and (not self.username or ":" in self.username):
            raise AccessError("a name for basic authentication is not empty and has no colon")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Access:
        """As variables say; if none of them is set, anyone.

        ``SUPPORT_AGENT_METRICS_TOKEN`` or ``_TOKEN_FILE`` for a bearer token;
        ``SUPPORT_AGENT_METRICS_USERNAME`` with ``_PASSWORD`` or ``_PASSWORD_FILE`` for basic
        authentication. A variable that is set and empty is a mistake: where a secret could not be
        filled in, nobody meant to open the endpoint.

        Raises:
            AccessError: A variable is not what it should be; the message names it.

        """
        given = os.environ if environment is None else environment
        for name in ("TOKEN", "TOKEN_FILE", "USERNAME", "PASSWORD", "PASSWORD_FILE"):
            if _PREFIX + name in given and not given[_PREFIX + name].strip():
                raise AccessError(f"{_PREFIX}{name}: found nothing, expected a value")
        try:
            return cls(
                _secret(given, "TOKEN"), given.get(_PREFIX + "USERNAME"), _secret(given, "PASSWORD")
            )
        except AccessError as error:
            if _PREFIX in str(error):
                raise
            raise AccessError(f"{_PREFIX}USERNAME and {_PREFIX}PASSWORD: {error}") from None

    @property
    def asks(self) -> bool:
        """Whether a credential is needed."""
        return self.token is not None or self.password is not None

    @property
    def challenges(self) -> list[str]:
        """What a refusal says in ``WWW-Authenticate``, one for each way in."""
        ways = [("Bearer", self.token), ("Basic", self.password)]
        return [f'{scheme} realm="metrics"' for scheme, secret in ways if secret is not None]

    def admits(self, authorization: str | None) -> bool:
        """Whether a request with this header ``Authorization`` may read.

        Raises:
            AccessError: That cannot be decided: a secret cannot be read.

        """
        if not self.asks:
            return True
        scheme, _, shown = (authorization or "").strip().partition(" ")
        shown = shown.strip()
        if scheme.lower() == "bearer" and self.token is not None:
            return _same(_bytes(shown), self.token.accepted())
        if scheme.lower() == "basic" and self.password is not None:
            name, _, password = _decoded(shown).partition(b":")
            # Both are compared, whatever the first comparison says.
            known = _same(name, [str(self.username).encode()])
            return _same(password, self.password.accepted()) and known
        return False


ANYONE = Access()
"""No credential is asked for."""


def _secret(given: Mapping[str, str], name: str) -> Secret | None:
    value, path = given.get(_PREFIX + name), given.get(f"{_PREFIX}{name}_FILE")
    if value is not None and path is not None:
        raise AccessError(f"{_PREFIX}{name} and {_PREFIX}{name}_FILE: found both, expected one")
    if value is None and path is None:
        return None
    return Secret(value, Path(path) if path is not None else None)


def _same(shown: bytes, accepted: list[bytes]) -> bool:
    """Compared in a time that does not tell how much of a secret was guessed."""
    return any([hmac.compare_digest(shown, one) for one in accepted])  # noqa: C419  all of them


def _bytes(header: str) -> bytes:
    # WSGI hands over a header's bytes as latin-1.
    return header.encode("latin-1", "replace")


def _decoded(shown: str) -> bytes:
    try:
        return b64decode(shown, validate=True)
    except ValueError:
        return b""
