"""Figures on the screen that are redrawn in place: zoomed, clicked, and never uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from slo.figures.reduce import date
from slo.figures.theme import CONFIG
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.figures.theme import Figure

_FIXED = ("type", "uid")
_FOLLOWED = (
    "shapes",
    "annotations",
    "title",
    "xaxis2",
    "yaxis",
    *(f"yaxis{n}" for n in range(2, 6)),
)


class LiveFigure:
    """A figure that somebody looks at in JupyterLab.

    The pictures that it is given have the same traces in the same order; their first axis of time
    is ``xaxis``. Whatever somebody zoomed to stays while they are exchanged.
    """

    def __init__(self, figure: Figure) -> None:
        self.widget: Any = go.FigureWidget(figure)
        # FigureWidget takes no configuration, and would offer to upload the figure.
        self.widget._config = self.widget._config | CONFIG  # noqa: SLF001

    def redraw(self, figure: Figure) -> None:
        """Show another picture in place of the present one, as far as it differs."""
        fresh = figure.to_dict()
        with self.widget.batch_update():
            for trace, new in zip(self.widget.data, fresh["data"], strict=True):
                trace.update({k: v for k, v in new.items() if k not in _FIXED}, overwrite=True)
            for name in _FOLLOWED:
                if name in fresh["layout"]:
                    self.widget.layout[name] = fresh["layout"][name]

    @property
    def shown(self) -> Span | None:
        """The stretch of time on the screen; None where the axis finds its own."""
        if self.widget.layout.xaxis.autorange or not self.widget.layout.xaxis.range:
            return None
        start, end = sorted(_instant(edge) for edge in self.widget.layout.xaxis.range)
        return Span(start, end)

    def zoom(self, span: Span) -> None:
        """Look at a stretch of time."""
        with self.widget.batch_update():
            self.widget.layout.xaxis.autorange = False
            self.widget.layout.xaxis.range = [date(span.start), date(span.end)]

    def on_zoom(self, call: Callable[[], None]) -> None:
        """Call whenever another stretch of time is on the screen."""
        self.widget.layout.on_change(lambda *_: call(), "xaxis.range", "xaxis.autorange")

    def on_click(self, call: Callable[[int, int], None]) -> None:
        """Call with the number of a trace and of its point whenever one is clicked."""
        for number, trace in enumerate(self.widget.data):

            def clicked(_: object, points: Any, __: object, number: int = number) -> None:  # noqa: ANN401  plotly has no types
                for index in points.point_inds[:1]:
                    call(number, int(index))

            trace.on_click(clicked)


def _instant(edge: object) -> int:
    """Unix milliseconds of an axis' edge; plotly.js writes UTC without saying so."""
    found = pd.Timestamp(edge)  # type: ignore[arg-type]
    aware = found.tz_localize("UTC") if found.tzinfo is None else found
    return int(aware.timestamp() * 1000)
