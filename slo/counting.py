"""Things counted in sentences: a noun and a verb that agree with their number."""

from __future__ import annotations

ARE = ("is", "are")
"""What one does, and what several do."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things: ``1 page``, ``2 pages``, ``no pages``."""
    named = one if number == 1 else many or f"{one}s"
    return f"{number:,} {named}" if number else f"no {named}"


def every(number: int, one: str, many: str) -> str:
    """All of some things, and what they do: ``all 3 rules are``, ``the one rule is``."""
    return f"the one {one}" if number == 1 else f"all {number:,} {many}"


def out_of(part: int, whole: int, one: str, many: str, verbs: tuple[str, str] = ARE) -> str:
    """Some of some things, and what they do: ``1 of 3 rules is``, ``2 of 3 rules are``."""
    named = one if whole == 1 else many
    return f"{part:,} of {whole:,} {named} {verbs[part != 1]}"
