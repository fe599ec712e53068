"""Numbers of two variants side by side, as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from slo.card import Card, Notes, Table
from slo.model.duration import MINUTE, format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = "-"
_HEAD = ("over the history", "specification", "tried")


@dataclass(frozen=True)
class Beside:
    """A part of a card: a row a number, of two variants.

    Attributes:
        present: What the specification does: texts by their names.
        tried: What is tried; the same names.

    """

    present: Mapping[str, str]
    tried: Mapping[str, str]

    @property
    def html(self) -> str:
        """What is tried is bold where it differs."""
        head = "".join(f'<th scope="col" class="number">{name}</th>' for name in _HEAD[1:])
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td class="number">{escape(before)}</td>'
            f'<td class="number">{_marked(before, self.tried[name])}</td></tr>'
            for name, before in self.present.items()
        )
        first = f'<th scope="col">{_HEAD[0]}</th>'
        return f"<table><thead><tr>{first}{head}</tr></thead><tbody>{rows}</tbody></table>"

    @property
    def text(self) -> str:
        """The same cells."""
        rows = tuple((name, before, self.tried[name]) for name, before in self.present.items())
        return Table(_HEAD, rows, numbers=_HEAD[1:]).text


def compared(
    title: str, present: Mapping[str, str], tried: Mapping[str, str], notes: Sequence[str] = ()
) -> str:
    """What the specification does beside what is tried, as HTML.

    Args:
        title: Of what.
        present: Texts by their names.
        tried: The same names.
        notes: What a reader must know beside, a line each.

    """
    said = "as specified." if present == tried else "what is tried beside what is specified."
    card = Card(title, said, (Beside(present, tried), Notes(tuple(notes))))
    # What changes is read aloud when it does.
    return f"<div role='status' aria-live='polite'>{card.html}</div>"


def _marked(before: str, after: str) -> str:
    return escape(after) if before == after else f"<b>{escape(after)}</b>"


def as_share(value: float) -> str:
    """A share as percent; a dash where there is none."""
    return NOTHING if math.isnan(value) else f"{100 * value:.3g} %"


def as_rate(value: float) -> str:
    """A number a week."""
    return NOTHING if math.isnan(value) else f"{value:.2f}"


def as_duration(milliseconds: float) -> str:
    """A duration to the minute; a dash where there is none."""
    if math.isnan(milliseconds):
        return NOTHING
    whole = MINUTE * round(milliseconds / MINUTE)
    return format_duration(whole) if whole else "0m"


def as_part(part: int, whole: int) -> str:
    """How many of how many, and their share."""
    return f"{part} of {whole} ({as_share(part / whole)})" if whole else f"{part} of {whole}"
