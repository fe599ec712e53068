"""How a report's page is made of its template: it opens from disk, asks nobody, and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.model.duration import format_duration
from slo.report import wording
from slo.webpage.design import Design
from slo.webpage.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.figures.theme import Figure

REPORT = Design(
    package="slo.report.pages",
    style="report.css",
    filters={
        "beside": wording.percent_beside,
        "count": wording.count,
        "day": wording.day,
        "dollars": wording.dollars,
        "duration": wording.duration,
        "instant": wording.instant,
        "minutes": wording.minutes,
        "more": wording.more_dollars,
        "percent": wording.percent,
        "points": wording.points,
        "share_more": wording.percent_more,
        "unit": wording.unit_dollars,
        "window": format_duration,
    },
)
"""How every report looks, and what its template may call."""

_A4 = 660
"""Pixels between the margins of A4."""


def offline_page(
    template: str,
    figures: Mapping[str, Figure],
    plotly: str,
    **context: Any,  # noqa: ANN401  the template's
) -> str:
    """A template as HTML.

    Args:
        template: Its name among this package's.
        figures: By the id of the element that each is drawn in.
        plotly: Address of the file of plotly.js, relative to the page.
        context: What else the template asks for.

    """
    drawn = Figures(figures, plotly, margins={"l": 36, "r": 6}, paper=_A4)
    return REPORT.page(template, drawn, **context)
