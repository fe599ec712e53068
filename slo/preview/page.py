"""The preview's page: one file that opens from disk and asks nobody for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.figures.panels.gauge import HEIGHT, WIDTH
from slo.model.duration import format_duration
from slo.model.span import to_datetime
from slo.preview.time_range import rate_interval
from slo.preview.view import plain
from slo.preview.views import Plot
from slo.version import __version__
from slo.webpage.design import Design
from slo.webpage.figures import Figures

if TYPE_CHECKING:
    from pathlib import Path

    from slo.figures.theme import Figure
    from slo.model.grid import Grid
    from slo.model.span import Span
    from slo.preview.preview import DashboardPreview, PanelPreview, Preview
    from slo.preview.views import State

_STATES: tuple[tuple[State, str], ...] = (
    ("data", "with data"),
    ("no data", "without data"),
    ("error", "with an error"),
    ("not shown", "not shown here"),
)


def write_page(found: Preview, path: Path) -> None:
    """Write the page, as a whole or not at all; its folder is made if need be.

    Raises:
        WriteError: The file cannot be written.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write_text(page(found), encoding="utf-8")


def page(found: Preview) -> str:
    """The whole page as HTML, with plotly.js, five megabytes."""
    design = Design(
        package="slo.preview",
        style="preview.css",
        script="preview.js",
        filters={
            "asked": asked,
            "kind": lambda value: type(value).__name__,
            "minutes": span_text,
            "paragraphs": plain,
            "window": format_duration,
        },
    )
    return design.page(
        "preview.html",
        Figures(figures_of(found), narrow=769),
        found=found,
        summary=summary(found),
        plot_id=plot_id,
        rate_interval=rate_interval,
        version=__version__,
        dial_box=f"0 0 {WIDTH} {HEIGHT}",
    )


def figures_of(found: Preview) -> dict[str, Figure]:
    """Figures by the id of the element that each is drawn in."""
    made = {}
    for one in found.dashboards:
        for number, panel in enumerate(one.panels):
            if isinstance(panel.view, Plot):
                made[plot_id(one, number)] = panel.view.figure
    return made


def plot_id(one: DashboardPreview, number: int) -> str:
    """The id of the element that a panel's figure is drawn in."""
    return f"plot-{one.dashboard.uid}-{number}"


def summary(found: Preview | DashboardPreview) -> str:
    """How many panels have data, and how many do not."""
    counts = found.counts
    parts = [f"{counts[state]} {words}" for state, words in _STATES if counts[state]]
    total = sum(counts.values())
    return f"{total} panel{'' if total == 1 else 's'}: {', '.join(parts)}" if parts else "no panels"


def asked(grid: Grid) -> str:
    """When something was asked about, for people."""
    if grid.size == 1:
        return f"at {to_datetime(grid.end):%Y-%m-%d %H:%M} UTC"
    return f"every {format_duration(grid.step)}, {grid.size} times"


def span_text(span: Span) -> str:
    """A span to the minute."""
    return f"{to_datetime(span.start):%Y-%m-%d %H:%M} to {to_datetime(span.end):%Y-%m-%d %H:%M} UTC"


def shortfalls(found: Preview) -> list[tuple[str, PanelPreview]]:
    """The panels that failed or have no data, each with its dashboard's title."""
    return [
        (one.dashboard.title, panel)
        for one in found.dashboards
        for panel in one.panels
        if panel.state in ("error", "no data")
    ]
