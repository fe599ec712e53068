"""Grafana's named colours and its palette, in shades that light and dark grounds bear."""

from __future__ import annotations

import re

_SHADES = ("super-light", "light", "", "semi-dark", "dark")
_HUES = {
    "red": ("#ffa6b0", "#ff7383", "#e02f44", "#c4162a", "#ad0317"),
    "orange": ("#ffcb7d", "#ffb357", "#ff780a", "#fa6400", "#e55400"),
    "yellow": ("#fff899", "#ffee52", "#e0b400", "#cc9d00", "#b38a00"),
    "green": ("#c8f2c2", "#96d98d", "#56a64b", "#37872d", "#19730e"),
    "blue": ("#c0d8ff", "#8ab8ff", "#3274d9", "#1f60c4", "#1250b0"),
    "purple": ("#deb6f2", "#ca95e5", "#a352cc", "#8f3bb8", "#7c2ea3"),
}
_NAMED = {
    f"{shade}-{hue}" if shade else hue: colour
    for hue, colours in _HUES.items()
    for shade, colour in zip(_SHADES, colours, strict=True)
}
TEXT = "text"
"""The page's own ink."""

PALETTE = (
    _NAMED["green"], _NAMED["yellow"], "#35a2b8", _NAMED["semi-dark-orange"], _NAMED["red"],
    _NAMED["blue"], _NAMED["purple"], "#7a68c4", _NAMED["dark-green"], "#b38a00", "#5a87c9",
    "#c15c17", "#b03a2e", "#3d6fa5", "#9c4a8d", "#7d6aa0",
)  # fmt: skip
"""Grafana's palette-classic, darkened where white would swallow it."""

_HEX = re.compile(r"#[0-9a-fA-F]{3,8}")
_CALL = re.compile(r"(?:rgb|rgba|hsl)\([\d.,%\s]+\)")
UNKNOWN = "#808080"


def colour(name: str) -> str:
    """What a browser understands for Grafana's name of a colour; grey for one that is not known."""
    if name in _NAMED:
        return _NAMED[name]
    if name in (TEXT, "transparent"):
        return "currentColor" if name == TEXT else "transparent"
    return name if _HEX.fullmatch(name) or _CALL.fullmatch(name) else UNKNOWN


def of_palette(index: int) -> str:
    """The colour of a series by its place in a panel."""
    return PALETTE[index % len(PALETTE)]


def veiled(shown: str, opacity: float) -> str:
    """A hexadecimal colour that lets through what lies below."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", shown):
        return shown
    red, green, blue = (int(shown[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
