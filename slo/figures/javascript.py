"""What a page needs to draw figures without a network."""

from __future__ import annotations

import base64
import hashlib
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


def as_script(value: dict[str, Any]) -> str:
    """JSON that may stand in a script element, whatever names people chose."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def content_security_policy(*scripts: str) -> str:
    """Only these scripts run, and nothing is fetched; plotly sets styles as it draws."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
