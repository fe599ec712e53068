"""Keeping secrets out of notebooks, logs and reports: a parameter is written down three times.

A secret is what a variable of the environment holds that is named like one, or that the project's
configuration names. Where its value stands in a text it is masked, in every form in which
notebooks, pages and other people's error messages repeat it.
"""

from __future__ import annotations

import html
import json
import os
import re
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, urlsplit

from slo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SECRET_WORD = re.compile(
    r"token|passw(or)?d|secret|credential|api_?key|private_?key|webhook", re.IGNORECASE
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
    | https://hooks\.slack\.com/\S{12,}
    """,
    re.VERBOSE,
)
_SHORTEST = 8
"""Shorter values of the environment are words that may stand anywhere."""

_SHORTEST_NAMED = 4
"""The same of variables that the configuration names: those are secrets for certain."""

_LONG_WORD = 16
"""Letters of a piece of an address that is no word, even if it looks like one."""

MASK = "***"


def refuse_credentials(parameters: Mapping[str, object], variables: Sequence[str] = ()) -> None:
    """Check that no parameter of a notebook holds a secret; the message does not repeat it.

    Args:
        parameters: Values by name.
        variables: Names of variables that hold secrets, whatever their names look like.

    Raises:
        ConfigError: A parameter is named like a secret, looks like one, or is one of those in the
            environment.

    """
    secrets = set(_secrets(variables))
    for name, value in parameters.items():
        named = _is_secret_name(name) and value not in ("", None)
        text = value if isinstance(value, str) else ""
        if named or _LOOKS_SECRET.search(text) or text in secrets:
            raise ConfigError(
                f"the parameter {name!r} looks like a credential, and a notebook keeps its "
                "parameters; pass the name of an environment variable instead"
            )


def scrubbed(text: str, variables: Sequence[str] = ()) -> str:
    """A text with the values of secret environment variables masked, in whatever form they stand.

    Args:
        text: What may repeat a secret.
        variables: Names of variables that hold secrets, whatever their names look like.

    """
    forms = {form for secret in _secrets(variables) for form in _forms(secret)}
    for form in sorted(forms, key=lambda one: (-len(one), one)):
        text = text.replace(form, MASK)
    return text


def scrub_folder(folder: Path, variables: Sequence[str] = ()) -> None:
    """Mask secrets in every text below a folder; files that hold none are not touched.

    Raises:
        OSError: A file cannot be read or written.

    """
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue  # a picture, a PDF
        clean = scrubbed(text, variables)
        if clean != text:
            path.write_bytes(clean.encode())


def _secrets(variables: Sequence[str]) -> list[str]:
    """Values of variables that are named like secrets or by the configuration."""
    named = set(variables)
    return [
        value.strip()
        for name, value in os.environ.items()
        if (name in named and len(value.strip()) >= _SHORTEST_NAMED)
        or (_is_secret_name(name) and len(value) >= _SHORTEST)
    ]


def _is_secret_name(name: str) -> bool:
    return bool(_SECRET_WORD.search(name)) and not _NAMES_OF_SECRETS.search(name)


def _forms(secret: str) -> Iterator[str]:
    """A secret as texts repeat it: escaped, encoded, and where it is an address, its pieces."""
    for plain in {secret, *_pieces(secret)}:
        yield plain
        for quoted in _as_json(plain):
            yield quoted
            # A notebook is JSON that holds what a cell printed, which may be JSON.
            yield from _as_json(quoted)
        yield repr(plain)[1:-1]
        yield html.escape(plain)
        yield html.escape(plain, quote=False)
        yield quote(plain)
        yield quote(plain, safe="")
        yield quote_plus(plain)
    yield from _within_base64(secret)


def _as_json(text: str) -> tuple[str, str]:
    """A text within a string of JSON, letters that are not ASCII escaped or as they are."""
    return json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]


def _pieces(secret: str) -> Iterator[str]:
    """What an error message keeps of an address: the path with or without the query, and words."""
    if not re.match(r"https?://", secret):
        return
    _, _, place = secret.partition("://")
    _, slash, behind = place.partition("/")
    path = slash + behind
    for part in (place, path, path.partition("?")[0]):
        if len(part) >= _LONG_WORD:
            yield part
    split = urlsplit(secret)
    words = [*split.path.split("/"), *re.split(r"[&=]", split.query), split.fragment]
    for word in words:
        ordinary = re.fullmatch(r"[a-z]*", word) and len(word) < _LONG_WORD
        if len(word) >= _SHORTEST and not ordinary:
            yield word
            yield unquote(word)


def _within_base64(secret: str) -> Iterator[str]:
    """A secret as it stands in base64 behind other bytes: a login by mail, a basic authorization.

    What stands before it shifts it by none, one or two bytes; letters at both ends that the
    neighbours have a part in are left out.
    """
    held = secret.encode()
    for before in range(3):
        first = -(-before * 8 // 6)
        last = (before + len(held)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            middle = encode(b"\0" * before + held)[first:last].decode()
            if len(middle) >= _SHORTEST:
                yield middle
