"""How figures look: colours that colour-blind people tell apart, neutral in light and dark."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

# Okabe and Ito, https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#CC79A7", "#808080"
SEVERITY_COLOURS = {"page": VERMILION, "ticket": ORANGE}
INK = "#767676"
"""Readable on white and on near-black; pages put their own ink in its place."""

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    "plotlyServerURL": "",
    "showSendToCloud": False,
}
"""plotly.js would offer to upload the reader's numbers to its maker: never."""

FITTING = {**CONFIG, "responsive": True}
"""The same where the element around the figure has a height: the figure fits itself into it.

In a notebook it has none, and what is responsive has none either once the window is resized.
"""

HOVER_TIME = "%Y-%m-%d %H:%M UTC"


class Figure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A plotly figure that takes its configuration along wherever it is shown."""

    def show(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  plotly's
        """Show the figure, as plotly does."""
        return pio.show(self, *arguments, **({"config": CONFIG} | options))

    def _ipython_display_(self) -> None:
        self.show()

    def _repr_mimebundle_(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  plotly's
        return super()._repr_mimebundle_(*arguments, **({"config": CONFIG} | options))


def neutral(figure: Figure, height: int) -> Figure:
    """The same figure without a background, its legend below, readable on any ground."""
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 56, "r": 16, "t": 28, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
        # Pixels below the plot, whatever its height.
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -30 / max(height - 64, 1)},
        hovermode="x unified",
        hoverlabel={"bgcolor": "#ffffff", "font": {"color": "#1f2937"}},
        dragmode="zoom",
    )
    figure.update_layout(legend={"yanchor": "top"}, margin={"b": 64})
    lines = {"gridcolor": "rgba(128,128,128,0.22)", "zerolinecolor": "rgba(128,128,128,0.5)"}
    figure.update_xaxes(**lines, hoverformat=HOVER_TIME)
    figure.update_yaxes(**lines, automargin=True)
    return figure


def legend_entry(figure: Figure, name: str, **marker: Any) -> None:  # noqa: ANN401  plotly's
    """Explain in the legend what shapes mean: they have no entries of their own."""
    figure.add_scatter(
        x=[None], y=[None], name=name, mode="markers", hoverinfo="skip",
        marker={"symbol": "square", "size": 11, **marker},
    )  # fmt: skip
