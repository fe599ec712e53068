"""What a dashboard's panels ask, and what a server answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from slo.history.queries import QueryRefused
from slo.model.grid import Grid
from slo.preview.frames import Frame, answered
from slo.preview.time_range import TimeRange, time_range
from slo.preview.transformations import UnknownTransformation, transformed
from slo.preview.variables import asked_expression, superset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slo.history.queries import Queries
    from slo.model.samples import Series
    from slo.preview.dashboard import Dashboard, Panel, Section, Target
    from slo.preview.variables import Substitution

_AT_ONCE = 4


@dataclass(frozen=True)
class Question:
    """A target with its variables replaced.

    Attributes:
        target: As the dashboard has it.
        expr: PromQL as it is asked.
        grid: The instants that it is asked about.

    """

    target: Target
    expr: str
    grid: Grid


@dataclass(frozen=True, eq=False)
class PanelAnswer:
    """What a panel has to show.

    Attributes:
        panel: The panel.
        range: The stretch that it shows.
        questions: What was asked.
        frames: The answers after all transformations.
        error: What a server or a transformation had to say instead; empty if nothing.
        unknown: The transformation that a preview does not have; empty if none.

    """

    panel: Panel
    range: TimeRange
    questions: tuple[Question, ...]
    frames: tuple[Frame, ...]
    error: str = ""
    unknown: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no number and no word came back."""
        values = (
            v for frame in self.frames for f in frame.fields if f.kind != "time" for v in f.values
        )
        return all(value is None for value in values)


@dataclass(frozen=True, eq=False)
class DashboardAnswer:
    """A dashboard with all that its panels have to show.

    Attributes:
        dashboard: The dashboard.
        range: What it shows.
        variables: What was chosen.
        sections: Each with its panels' answers.
        marks: Unix milliseconds of annotations, each with its words.

    """

    dashboard: Dashboard
    range: TimeRange
    variables: Substitution
    sections: tuple[tuple[Section, tuple[PanelAnswer, ...]], ...]
    marks: tuple[tuple[int, str], ...]


def questions_of(panel: Panel, shown: TimeRange, variables: Substitution) -> tuple[Question, ...]:
    """What a panel asks; hidden targets ask nothing."""
    own = range_of(panel, shown)
    chosen = variables if own is shown else replace(variables, span=own.span)
    asked = []
    for target in panel.targets:
        if target.hidden or not target.expr:
            continue
        grid = own.grid(panel.interval)
        at = Grid.at(own.span.end) if target.instant else grid
        asked.append(Question(target, chosen.into(target.expr, grid), at))
    return tuple(asked)


def range_of(panel: Panel, shown: TimeRange) -> TimeRange:
    """The stretch that a panel shows: its own, or the dashboard's."""
    if not panel.time_from:
        return shown
    start = panel.time_from if panel.time_from.startswith("now") else f"now-{panel.time_from}"
    return time_range(start, "now", shown.span.end)


def everything_asked(dashboard: Dashboard, shown: TimeRange) -> list[tuple[str, Grid]]:
    """PromQL that any choice of variables could lead to, with the instants asked about."""
    anything = superset(dashboard, shown.span)
    end = Grid.at(shown.span.end)
    found = [(q.expr, q.grid) for p in dashboard.panels for q in questions_of(p, shown, anything)]
    looked_at = (asked_expression(one.query) for one in dashboard.variables)
    found += [(anything.into(expr), end) for expr in looked_at if expr]
    grid = shown.grid()
    found += [(anything.into(a.expr, grid), grid) for a in dashboard.annotations if a.expr]
    return found


def answer(
    dashboard: Dashboard,
    shown: TimeRange,
    variables: Substitution,
    queries: Queries,
    advance: Callable[[int, int], None] | None = None,
) -> DashboardAnswer:
    """Ask everything that a dashboard asks.

    Raises:
        HistoryError: The server cannot be reached; a refused expression is its panel's error.

    """  # fmt: skip
    panels = list(dashboard.panels)
    ask = partial(_panel_answer, shown=shown, variables=variables, queries=queries)
    answers = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, one in enumerate(pool.map(ask, panels), start=1):
            answers.append(one)
            if advance:
                advance(done, len(panels))
    each = iter(answers)
    sections = tuple(
        (section, tuple(next(each) for _ in section.panels)) for section in dashboard.sections
    )
    marks = tuple(_marks(dashboard, shown, variables, queries))
    return DashboardAnswer(dashboard, shown, variables, sections, marks)


def _panel_answer(
    panel: Panel, shown: TimeRange, variables: Substitution, queries: Queries
) -> PanelAnswer:
    asked = questions_of(panel, shown, variables)
    found = PanelAnswer(panel, range_of(panel, shown), asked, ())
    frames: list[Frame] = []
    for question in asked:
        try:
            series = _series(question, queries)
        except QueryRefused as error:
            return replace(found, error=f"{question.target.ref}: {error}")
        legend = variables.into(question.target.legend)
        frames += answered(question.target, legend, series, alone=len(asked) == 1)
    try:
        made: Sequence[Frame] = transformed(frames, panel.transformations)
    except UnknownTransformation as error:
        return replace(found, unknown=str(error))
    return replace(found, frames=tuple(made))


def _series(question: Question, queries: Queries) -> tuple[Series, ...]:
    if question.target.instant:
        return queries.at(question.expr, question.grid.end)
    return queries.over(question.expr, question.grid)


def _marks(
    dashboard: Dashboard, shown: TimeRange, variables: Substitution, queries: Queries
) -> Iterator[tuple[int, str]]:
    """Annotations whose value is an instant, and those that are there while they are not 0."""
    grid = shown.grid()
    for one in dashboard.annotations:
        if not one.expr:
            continue
        try:
            answers = queries.over(variables.into(one.expr, grid), grid)
        except QueryRefused:
            continue  # The page lists annotations with their expressions.
        seen = set()
        for series in answers:
            words = ", ".join(text for _, text in series.labels)
            for value in series.values.tolist():
                if shown.span.start <= value <= shown.span.end and (value, words) not in seen:
                    seen.add((value, words))
                    yield round(value), f"{one.name}: {words}"
