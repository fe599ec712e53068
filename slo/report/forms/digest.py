"""What every short form of a report says: the verdict, key numbers, at most five rows, a link.

Names come from specifications and labels and may be as long as they like; here they are cut to
what a mail, a message and a picture have room for. ``report.md`` and the page hold them whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.report.looks import LOOKS, SIGNS
from slo.report.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.report.looks import Look

MOST_ROWS = 5
MOST_SUGGESTIONS = 3
MOST_NAMES = 3
"""In a sentence; the rest is counted."""

SERVICE, NAME, VALUE, CHANGE, SUGGESTION, SENTENCE, VERDICT = 60, 80, 40, 120, 160, 400, 600
"""Characters that there is room for."""


@dataclass(frozen=True)
class Tile:
    """A key number.

    Attributes:
        name: What it is.
        value: The number, as people read it.
        change: What to compare it with.

    """

    name: str
    value: str
    change: str


@dataclass(frozen=True)
class Row:
    """A line of the digest's table.

    Attributes:
        name: Of what.
        state: How it stands, one of ``LOOKS``; empty where nothing is judged.
        detail: What was promised or allowed.
        values: As many as the digest has ``columns``.

    """

    name: str
    state: str
    detail: str
    values: tuple[str, ...]

    @property
    def note(self) -> str:
        """State and detail: ``at risk, promised 99.5 %``."""
        return ", ".join(part for part in (self.state, self.detail) if part)


@dataclass(frozen=True)
class Bar:
    """A share in the picture.

    Attributes:
        name: Of what.
        value: The share as people read it.
        share: 1 is all of it; below 0 more than that is gone, NaN is not known.
        look: Its colour.
        low: Where its interval begins; NaN where it has none.
        high: Where its interval ends.

    """

    name: str
    value: str
    share: float
    look: Look
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Digest:
    """A week in short.

    Attributes:
        title: Which report: ``checkout · SLO report, week 2026-W45``.
        service: The service's name.
        week: The ISO week.
        window: Its days, and what of them is not known.
        verdict: What the week means, in a sentence or two.
        state: The worst state, one of ``LOOKS``.
        tiles: Key numbers.
        table: What the rows are.
        columns: What the rows' values are.
        rows: At most five, the worst first.
        rest: What the rows leave out; empty where nothing is.
        suggestions: What to do, in a line each; at most three.
        bars_title: What the picture's bars are.
        bars: What the picture draws.
        picture: The picture in words.
        link: The address of the report's page; empty where it is not known.

    """

    title: str
    service: str
    week: str
    window: str
    verdict: str
    state: str
    tiles: tuple[Tile, ...]
    table: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    rest: str
    suggestions: tuple[str, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    picture: str
    link: str

    @property
    def look(self) -> Look:
        """How the worst state is coloured."""
        return LOOKS[self.state]

    @property
    def sign(self) -> str:
        """The worst state as a sign."""
        return SIGNS[self.look]


def cut(text: str, room: int) -> str:
    """A text on one line, with an ellipsis where it has more characters than there is room for.

    What does not print, such as line breaks and marks that turn the direction of writing, becomes
    a space.
    """
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return plain if len(plain) <= room else f"{plain[: room - 1].rstrip()}…"


def few(names: Sequence[str]) -> str:
    """Names as a sentence has room for: ``a, b and c``, but ``a, b and 2 more``."""
    shown = [cut(name, NAME) for name in names[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    return listed(shown if more <= 0 else [*shown[:-1], f"{more + 1} more"])


def in_words(bars_title: str, bars: tuple[Bar, ...]) -> str:
    """The picture for those who do not see it."""
    listed = "; ".join(f"{bar.name}: {bar.value}" for bar in bars)
    return cut(f"{bars_title}. {listed}.", SENTENCE) if bars else bars_title
