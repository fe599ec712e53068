"""How figures look: colours that colour-blind people tell apart, neutral in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Okabe and Ito, https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#CC79A7", "#888888"
LINES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SEVERITY_COLOURS = {"page": VERMILION, "ticket": ORANGE}
INCIDENT_FILL = "rgba(136,136,136,0.28)"

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "plotlyServerURL": "",
    "responsive": True,
    "showSendToCloud": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
}
"""plotly.js would offer to upload the reader's numbers to its maker: never."""


def script() -> str:
    """plotly.js as text, for pages that must open without a network."""
    from plotly.offline import get_plotlyjs  # noqa: PLC0415  five megabytes

    text: str = get_plotlyjs()
    return text


def neutral(figure: Figure, height: int = 320) -> Figure:
    """The same figure without a background, its legend below, readable on any ground."""
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 20, "t": 30, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 12, "color": "#6b7280"},
        legend={"orientation": "h", "y": -0.18, "x": 0},
        hovermode="x unified",
        hoverlabel={"bgcolor": "#ffffff", "font": {"color": "#111827"}},
    )
    lines = {"gridcolor": "rgba(136,136,136,0.25)", "zerolinecolor": "rgba(136,136,136,0.5)"}
    figure.update_xaxes(**lines)
    figure.update_yaxes(**lines)
    return figure
