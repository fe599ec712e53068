"""A live figure over one axis of time: a click looks closely, a zoom fetches every point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.figures.incident_course import around
from slo.figures.live import LiveFigure
from slo.workbench.bench import button

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.figures.episodes import Row
    from slo.figures.theme import Figure
    from slo.model.span import Span
    from slo.workbench.bench import Failures

    Drawing = Callable[[Span | None], tuple[tuple[Row, ...], Figure]]


class CourseView:
    """What is seen of a course.

    Attributes:
        widget: The figure.
        whole: A button, back to all of the time.

    """

    def __init__(
        self, draw: Drawing, span: Span, failures: Failures, text: str = "Whole history"
    ) -> None:
        """Draw all of it.

        Args:
            draw: The rows of the timeline, which are the figure's first traces, followed by their
                marks, and the figure, of a stretch of time or of all of it.
            span: All of the time.
            failures: Where failures are shown.
            text: Of the button that shows all of the time again.

        """
        guarding = failures.guarding
        self._draw, self._span = draw, span
        self._rows, figure = draw(None)
        self._live = LiveFigure(figure)
        self.widget: Any = self._live.widget
        self.whole = button(text, "slobook-whole", "Undo every zoom", guarding(self._look_at_all))
        self._live.on_zoom(guarding(self.refresh))
        self._live.on_click(guarding(self._clicked))

    @property
    def traces(self) -> tuple[Any, ...]:
        """What the figure consists of."""
        return self._live.traces

    @property
    def shown(self) -> Span | None:
        """The stretch on the screen; None for whatever there is."""
        return self._live.shown

    def refresh(self) -> None:
        """Draw what is shown anew."""
        self._rows, figure = self._draw(self.shown)
        self._live.redraw(figure)

    def look_at(self, span: Span) -> None:
        """Look closely at a stretch and at what led to it."""
        self._live.zoom(around(span))

    def _look_at_all(self, _: object) -> None:
        self._live.zoom(self._span)

    def _clicked(self, trace: int, index: int) -> None:
        # A bar of a row, or one of the marks by which bars of all rows are easier to hit.
        rows = [self._rows[trace]] if trace < len(self._rows) else self._rows
        bars = [bar for row in rows for bar in row.bars]
        if trace <= len(self._rows) and index < len(bars):
            self.look_at(bars[index].span)
