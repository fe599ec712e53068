"""What a page needs to draw figures without a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import plotly
from plotly.offline import get_plotlyjs

if TYPE_CHECKING:
    from slo.figures.theme import Figure


def plotly_javascript() -> str:
    """plotly.js as text: five megabytes."""
    return str(get_plotlyjs())


def plotly_version() -> str:
    """Which plotly brings that plotly.js."""
    return str(plotly.__version__)


def drawing(figure: Figure) -> dict[str, Any]:
    """A figure's traces and layout as JSON holds them, for ``Plotly.newPlot``."""
    made: dict[str, Any] = json.loads(figure.to_json())
    return {"data": made["data"], "layout": made["layout"]}


def as_script(value: dict[str, Any]) -> str:
    """JSON that may stand in a script element, whatever names people chose."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
