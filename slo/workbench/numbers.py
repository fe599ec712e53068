"""Numbers of two variants side by side, as a table."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from slo.model.duration import MINUTE, format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = "-"


def table(present: Mapping[str, str], tried: Mapping[str, str], notes: Sequence[str] = ()) -> str:
    """A row a number: what the specification does, what is tried, the latter bold if it differs.

    Args:
        present: Texts by their names.
        tried: The same names.
        notes: What a reader must know beside, a line each.

    """
    head = "<tr><th></th><th scope='col'>specification</th><th scope='col'>tried</th></tr>"
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>"
        f"<td>{escape(before)}</td><td>{_marked(before, tried[name])}</td></tr>"
        for name, before in present.items()
    )
    said = "".join(f"<li>{escape(note)}</li>" for note in notes)
    listed = f"<ul>{said}</ul>" if said else ""
    # What changes is read aloud when it does.
    return f"<div role='status' aria-live='polite'><table>{head}{rows}</table>{listed}</div>"


def _marked(before: str, after: str) -> str:
    return escape(after) if before == after else f"<strong>{escape(after)}</strong>"


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
