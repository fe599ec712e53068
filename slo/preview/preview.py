"""Dashboards with their numbers, ready for a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from slo.card import Card, Notes, Shown, Table
from slo.errors import ConfigError
from slo.preview.questions import DashboardAnswer, PanelAnswer, answer
from slo.preview.time_range import time_range
from slo.preview.variables import choose
from slo.preview.view import state_of, view
from slo.preview.views import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slo.preview.dashboard import Dashboard, Panel, Section
    from slo.preview.sources import Source
    from slo.preview.views import State, View


@dataclass(frozen=True, eq=False)
class PanelPreview:
    """A panel with what the page shows of it."""

    answer: PanelAnswer
    view: View

    @property
    def panel(self) -> Panel:
        """The panel."""
        return self.answer.panel

    @property
    def state(self) -> State:
        """Whether it has data."""
        return state_of(self.view)

    @property
    def reason(self) -> str:
        """Why it has no data; empty where it has."""
        return self.view.text if isinstance(self.view, Message) else ""


@dataclass(frozen=True, eq=False)
class DashboardPreview:
    """A dashboard with what the page shows of each panel."""

    answer: DashboardAnswer
    sections: tuple[tuple[Section, tuple[PanelPreview, ...]], ...]

    @property
    def dashboard(self) -> Dashboard:
        """The dashboard."""
        return self.answer.dashboard

    @property
    def panels(self) -> tuple[PanelPreview, ...]:
        """Every panel, in reading order."""
        return tuple(panel for _, panels in self.sections for panel in panels)

    @property
    def counts(self) -> Counter[State]:
        """How many panels have data, have none, failed, cannot be shown."""
        return Counter(panel.state for panel in self.panels)


@dataclass(frozen=True, eq=False)
class Preview(Shown):
    """Some dashboards, asked of one source.

    Attributes:
        source: Where numbers come from, for people.
        caution: What a reader should know of the numbers; empty if nothing.
        dashboards: In order.

    """

    source: str
    caution: str
    dashboards: tuple[DashboardPreview, ...]

    @property
    def counts(self) -> Counter[State]:
        """How many panels have data, have none, failed, cannot be shown."""
        return sum((one.counts for one in self.dashboards), Counter())

    @property
    def falls_short(self) -> bool:
        """Whether any panel failed or has no data."""
        return bool(self.counts["error"] or self.counts["no data"])

    def __str__(self) -> str:
        """How many panels have data, and why others have none."""
        from slo.preview.page import shortfalls, summary  # noqa: PLC0415  loads plotly

        without = [f"{title}, {one.panel.title}: {one.reason}" for title, one in shortfalls(self)]
        return "\n".join([*without, f"{summary(self)}. From {self.source}."])

    @property
    def card(self) -> Card:
        """A row a dashboard, and every panel that has no data, with the reason."""
        from slo.preview.page import shortfalls, summary  # noqa: PLC0415  loads plotly

        rows = tuple((one.dashboard.title, summary(one)) for one in self.dashboards)
        without = tuple(
            (title, one.panel.title, " ".join(one.reason.split()))
            for title, one in shortfalls(self)
        )
        parts = [Table(("dashboard", "panels"), rows)]
        if without:
            parts.append(Table(("dashboard", "panel", "why"), without, "Panels without data"))
        said = f"{summary(self)}. From {self.source}."
        notes = Notes((self.caution,) if self.caution else ())
        return Card("Preview", said, (*parts, notes), "warning" if self.falls_short else "plain")


def preview(
    dashboards: Sequence[Dashboard],
    source: Source,
    wanted: Mapping[str, Sequence[str]] | None = None,
    hours: float | None = None,
    advance: Callable[[str, int, int], None] | None = None,
) -> Preview:
    """Ask a source all that some dashboards ask.

    Args:
        dashboards: Read from their files.
        source: Who answers.
        wanted: Values of variables by name; each must be a variable of one of the dashboards.
        hours: How long a stretch is shown; the dashboards' own if not given.
        advance: Called with a dashboard's title, its panels that are done, and all of them.

    Raises:
        ConfigError: There is no such variable or value, or a range cannot be read.
        HistoryError: The source cannot be read or reached.
        RunError: A snapshot is asked, and Prometheus is not installed.

    """
    chosen = wanted or {}
    known = sorted({one.name for dashboard in dashboards for one in dashboard.variables})
    for name in chosen:
        if name not in known:
            raise ConfigError(
                f"--var {name}: found no such variable, expected one of {', '.join(known)}"
            )
    now = source.now()
    made = []
    for one in dashboards:
        start, end = (f"now-{round(hours * 60)}m", "now") if hours else (one.start, one.end)
        shown = time_range(start, end, now)
        with source.answering(one, shown) as queries:
            variables = choose(one, shown.span, chosen, partial(queries.at, instant=shown.span.end))
            progress = partial(advance, one.title) if advance else None
            found = answer(one, shown, variables, queries, progress)
        sections = tuple(
            (
                section,
                tuple(PanelPreview(each, view(each, variables, found.marks)) for each in panels),
            )
            for section, panels in found.sections
        )
        made.append(DashboardPreview(found, sections))
    return Preview(source.name, source.caution, tuple(made))
