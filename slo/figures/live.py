"""Figures on the screen that are redrawn in place: zoomed, clicked, and never uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from slo.figures.reduce import date
from slo.figures.theme import FITTING
from slo.model.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.figures.theme import Figure


_BUTTONS = 36
"""Pixels above the picture, for plotly's buttons."""


class LiveFigure:
    """A figure that somebody looks at in JupyterLab.

    The pictures that it is given have the same traces in the same order; their first axis of time
    is ``xaxis``. Whatever somebody zoomed to stays while they are exchanged.
    """

    def __init__(self, figure: Figure) -> None:
        self._drawn = figure.to_dict()
        anchors = [_anchor(figure)] if figure.layout.xaxis.type == "date" else []
        self.widget: Any = go.FigureWidget([*anchors, *figure.data], figure.layout)
        self._anchors = len(anchors)
        # The newest incident lies where plotly's buttons would cover it.
        more = max(0, _BUTTONS - self.widget.layout.margin.t)
        self.widget.layout.height += more
        self.widget.layout.margin.t += more
        # FigureWidget takes no configuration, and would offer to upload the figure.
        self.widget._config = self.widget._config | FITTING  # noqa: SLF001

    @property
    def traces(self) -> tuple[Any, ...]:
        """What the picture consists of."""
        return tuple(self.widget.data[self._anchors :])

    def redraw(self, figure: Figure) -> None:
        """Show another picture in place of the present one.

        Only what differs is sent.
        """
        before, self._drawn = self._drawn, figure.to_dict()
        traces = zip(self.traces, before["data"], self._drawn["data"], strict=True)
        with self.widget.batch_update():
            for trace, old, new in traces:
                trace.update(_changes(old, new), overwrite=True)
            layout = _changes(before["layout"], self._drawn["layout"])
            for name in layout.keys() - {"xaxis"}:
                self.widget.layout[name] = layout[name]

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
        for number, trace in enumerate(self.traces):

            def clicked(_: object, points: Any, __: object, number: int = number) -> None:  # noqa: ANN401  plotly has no types
                for index in points.point_inds[:1]:
                    call(number, int(index))

            trace.on_click(clicked)


def _anchor(figure: Figure) -> dict[str, Any]:
    """A first trace that nobody sees and that never changes.

    plotly.js guesses an axis' type anew whenever a trace gets other data, from the first trace that
    has any. The lengths of bars are numbers, and would make an axis of numbers out of one of time.
    """
    return {
        "type": "scatter", "x": figure.layout.xaxis.range, "y": [figure.data[0].y[0]] * 2,
        "mode": "markers", "opacity": 0, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What a picture says otherwise; None for what it no longer says."""
    names = before.keys() | after.keys()
    return {name: after.get(name) for name in names if _differ(before.get(name), after.get(name))}


def _differ(before: object, after: object) -> bool:
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        same = before.dtype == after.dtype and before.shape == after.shape
        return not (same and before.tobytes() == after.tobytes())
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        return True
    return before != after


def _instant(edge: object) -> int:
    """Unix milliseconds of an axis' edge; plotly.js writes UTC without saying so."""
    found = pd.Timestamp(edge)  # type: ignore[arg-type]
    aware = found.tz_localize("UTC") if found.tzinfo is None else found
    return int(aware.timestamp() * 1000)
