"""A panel's answer as what the page shows, by the panel's kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slo.preview.lines import time_series
from slo.preview.numbers import bar_gauge, gauge, pie, stat
from slo.preview.tables import table
from slo.preview.views import Message, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slo.preview.questions import PanelAnswer
    from slo.preview.variables import Substitution
    from slo.preview.views import State, View

_NUMBERS: dict[str, Callable[[PanelAnswer], View]] = {
    "stat": stat,
    "gauge": gauge,
    "bargauge": bar_gauge,
    "piechart": pie,
    "table": table,
}
_MARKS = re.compile(r"\*\*|__|`|^#+\s*|<[^>]+>", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def view(
    found: PanelAnswer, variables: Substitution, marks: Sequence[tuple[int, str]] = ()
) -> View:
    """What the page shows of a panel; why not, where it cannot show it."""
    kind = found.panel.kind
    if kind == "text":
        return Words(plain(variables.for_people(str(found.panel.options.get("content") or ""))))
    if kind != "timeseries" and kind not in _NUMBERS:
        return Message("not shown", f"A preview does not draw panels of type “{kind}”.")
    if found.unknown:
        return Message(
            "not shown", f"A preview does not have the transformation “{found.unknown}”."
        )
    if found.error:
        return Message("error", found.error)
    if not found.questions:
        return Message("error", "This panel asks nothing.")
    if found.is_empty:
        words = found.panel.defaults.get("noValue")
        return Message("no data", f"Grafana says “{words}” here." if words else "No data")
    return time_series(found, marks) if kind == "timeseries" else _NUMBERS[kind](found)


def state_of(shown: View) -> State:
    """Whether a panel has data."""
    return shown.state if isinstance(shown, Message) else "data"


def plain(markdown: str) -> tuple[str, ...]:
    """Paragraphs of markdown without its marks."""
    text = _MARKS.sub("", _LINK.sub(r"\1", markdown))
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())
