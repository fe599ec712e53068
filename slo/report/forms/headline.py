"""The picture of a report's headline: a card that a browser draws."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from slo.report.forms.templating import rendered
from slo.webpage.policy import content_security_policy

if TYPE_CHECKING:
    from slo.report.forms.digest import Bar, Digest

SIZE = (1200, 630)
"""Pixels, as previews of links want them; twice what a mail is wide, for fine screens."""

_LONG, _LONGER = 110, 220
"""Characters of a verdict beyond which it is set smaller."""

_WIDE = 12
"""Characters of a key number beyond which all are."""


@dataclass(frozen=True)
class Drawn:
    """A bar in shares of the picture's track, in percent.

    Attributes:
        bar: What it tells.
        width: Of the bar.
        low: Where the interval begins.
        spread: How wide the interval is; 0 where there is none.

    """

    bar: Bar
    width: float
    low: float
    spread: float


def headline(digest: Digest) -> str:
    """The card as HTML, of ``SIZE``; it needs no script and asks nobody for anything."""
    most = scale(digest.bars)
    size = len(digest.verdict)
    longest = max(len(tile.value) for tile in digest.tiles)
    return rendered(
        "headline.html",
        digest=digest,
        drawn=[drawn(bar, most) for bar in digest.bars],
        all_of_it=round(100 / most, 2),
        number_size=34 if longest <= _WIDE else 24,
        font_size=40 if size <= _LONG else 32 if size <= _LONGER else 24,
        policy=content_security_policy(),
    )


def scale(bars: tuple[Bar, ...]) -> float:
    """The share at the right end of every track: all of it, or as far as any bar goes."""
    ends = [end for bar in bars for end in (bar.share, bar.high) if isfinite(end)]
    most = max([1.0, *ends])
    # Room behind the longest, so that it is seen to end.
    return most * 1.04 if most > 1 else most


def drawn(bar: Bar, most: float) -> Drawn:
    """A bar's place on a track; what is overspent fills it, in the colour of its look."""
    share = 0.0 if not isfinite(bar.share) else most if bar.share < 0 else bar.share
    low, high = (
        round(100 * end / most, 2) if isfinite(end) else 0.0 for end in (bar.low, bar.high)
    )
    return Drawn(bar, round(100 * share / most, 2), low, round(high - low, 2))
