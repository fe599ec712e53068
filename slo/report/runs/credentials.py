"""Keeping secrets out of notebooks, logs and reports: a parameter is written down three times."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from slo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET_WORD = re.compile(
    r"token|passw(or)?d|secret|credential|api_?key|private_?key", re.IGNORECASE
)
_NAMES_OF_SECRETS = re.compile(r"_(env|envs|file|path|name)$", re.IGNORECASE)
"""What such a parameter or variable holds is where a secret is, not the secret."""

_LOOKS_SECRET = re.compile(
    r"""
      ://[^/\s@]*:[^/\s@]+@              # a password in an address
    | \b(?:Bearer|Basic)\s+\S{8,}        # an authorization header
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.        # a JSON web token
    | \b(?:gh[pousr]_|github_pat_|glpat-|glsa_|xox[abprs]-|sk-|AKIA)[\w-]{12,}
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    """,
    re.VERBOSE,
)
_SHORTEST = 8
"""Shorter values of the environment are words that may stand anywhere."""

MASK = "***"


def refuse_credentials(parameters: Mapping[str, object]) -> None:
    """Check that no parameter of a notebook holds a secret; the message does not repeat it.

    Raises:
        ConfigError: A parameter is named like a secret, looks like one, or is one of those in the
            environment.

    """
    secrets = set(_secrets())
    for name, value in parameters.items():
        named = _is_secret_name(name) and value not in ("", None)
        text = value if isinstance(value, str) else ""
        if named or _LOOKS_SECRET.search(text) or text in secrets:
            raise ConfigError(
                f"the parameter {name!r} looks like a credential, and a notebook keeps its "
                "parameters; pass the name of an environment variable instead"
            )


def scrubbed(text: str) -> str:
    """A text with the values of secret environment variables masked, also as JSON writes them."""
    for secret in _secrets():
        for form in (secret, json.dumps(secret)[1:-1]):
            text = text.replace(form, MASK)
    return text


def _secrets() -> list[str]:
    """Values of variables that are named like secrets, the longest first."""
    found = {
        value
        for name, value in os.environ.items()
        if _is_secret_name(name) and len(value) >= _SHORTEST
    }
    return sorted(found, key=lambda value: (-len(value), value))


def _is_secret_name(name: str) -> bool:
    return bool(_SECRET_WORD.search(name)) and not _NAMES_OF_SECRETS.search(name)
