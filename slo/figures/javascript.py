"""What a page needs to draw figures without a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plotly.offline import get_plotlyjs

if TYPE_CHECKING:
    from slo.figures.theme import Figure


def plotly_javascript() -> str:
    """plotly.js as text: five megabytes."""
    return str(get_plotlyjs())


def drawing(figure: Figure) -> dict[str, Any]:
    """A figure's traces and layout as JSON holds them, for ``Plotly.newPlot``."""
    made: dict[str, Any] = json.loads(figure.to_json())
    return {"data": made["data"], "layout": made["layout"]}
