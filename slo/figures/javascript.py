"""What a page needs to draw figures without a network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly
from plotly.offline import get_plotlyjs

if TYPE_CHECKING:
    from slo.figures.theme import Figure

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)?")
_FEW = 16
"""So many instants may stand as text, which people can read."""


def plotly_javascript() -> str:
    """plotly.js as text: five megabytes."""
    return str(get_plotlyjs())


def plotly_version() -> str:
    """Which plotly brings that plotly.js."""
    return str(plotly.__version__)


def drawing(figure: Figure) -> dict[str, Any]:
    """A figure's traces and layout as JSON holds them, for ``Plotly.newPlot``."""
    return compact(json.loads(figure.to_json()))


def compact(made: dict[str, Any]) -> dict[str, Any]:
    """Traces and layout with instants as numbers, which take two fifths of the room of their text.

    plotly.js reads both as UTC, on axes that are said to be of dates.

    Args:
        made: A figure as JSON, with ``data`` and ``layout``.

    """
    layout = dict(made["layout"])
    return {"data": [_compact(trace, layout) for trace in made["data"]], "layout": layout}


def _compact(trace: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any]:
    given = trace.get("x")
    if not (isinstance(given, list) and len(given) > _FEW and all(map(_is_instant, given))):
        return trace
    axis = "xaxis" + trace.get("xaxis", "x")[1:]
    layout[axis] = {**layout.get(axis, {}), "type": "date"}
    texts = [text.removesuffix("+00:00").removesuffix("Z") for text in given]
    instants = np.array(texts, dtype="datetime64[ms]").astype(np.float64)
    return {**trace, "x": {"dtype": "f8", "bdata": b64encode(instants.tobytes()).decode()}}


def _is_instant(value: object) -> bool:
    return isinstance(value, str) and bool(_INSTANT.fullmatch(value))


def as_script(value: dict[str, Any]) -> str:
    """JSON that may stand in a script element, whatever names people chose."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
