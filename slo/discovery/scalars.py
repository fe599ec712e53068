"""Texts that somebody else chose, as YAML, TOML and comments that say the same and nothing more."""

from __future__ import annotations

import textwrap

_WIDTH = 98


def yaml_scalar(text: str) -> str:
    """A text as a YAML scalar on one line: single-quoted where it can be read so, else escaped."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def toml_string(text: str) -> str:
    """A text as a TOML basic string on one line."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def comment(text: str) -> str:
    """A text as lines that begin with ``#``, none wider than a page; ends with a line break.

    What is not printable is shown as a question mark, so that no text leaves its comment.
    """
    shown = "".join(one if one.isprintable() else "?" for one in text)
    lines = textwrap.wrap(shown, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)


def _escaped(character: str) -> str:
    """YAML and TOML share these escapes."""
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004  four digits
