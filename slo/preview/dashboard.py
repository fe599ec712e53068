"""A Grafana dashboard of the classic schema (v1), as far as a preview shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COLUMNS = 24
"""Grafana's grid: a panel's width and place are counted in these."""


@dataclass(frozen=True)
class Place:
    """Where a panel lies: columns from the left, grid rows from the top, both from 0."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Target:
    """One question of a panel.

    Attributes:
        ref: Its letter.
        expr: PromQL with variables in it.
        legend: How series are named, such as ``{{pod}}``; empty or ``__auto`` for their labels.
        instant: Asked at the end of the range only.
        table: Answered as one table rather than a series each.
        hidden: Not shown; transformations do not see it either.

    """

    ref: str
    expr: str
    legend: str = ""
    instant: bool = False
    table: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Override:
    """Settings for some fields only.

    Attributes:
        matcher: ``byName``, ``byRegexp``, ``byFrameRefID``, ``byType``, ...
        wanted: What the matcher compares with.
        properties: Settings by their dotted ids, such as ``custom.axisPlacement``.

    """

    matcher: str
    wanted: Any
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Transformation:
    """One step that changes what the targets answered; ``options`` are Grafana's."""

    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """Where a title or a value leads; a preview shows it and does not follow it."""

    title: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A panel.

    Attributes:
        kind: Grafana's type: ``timeseries``, ``stat``, ``table``, ...
        title: With variables in it.
        description: What it means and what to do.
        place: Where it lies.
        targets: Its questions.
        defaults: Settings of all of its fields, by dotted ids.
        overrides: Settings of some of them; later ones win.
        options: Grafana's options of its kind.
        transformations: In order.
        links: Of its title, and of its values.
        interval: Least step, in Milliseconds; 0 for none.
        most_points: Grafana's maxDataPoints; 0 for the panel's width.
        time_from: A range of its own, such as ``7d``; empty for the dashboard's.
        repeat: The variable for each of whose values it is drawn; empty for none.

    """

    kind: str
    title: str
    description: str
    place: Place
    targets: tuple[Target, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    transformations: tuple[Transformation, ...] = ()
    links: tuple[Link, ...] = ()
    interval: int = 0
    most_points: int = 0
    time_from: str = ""
    repeat: str = ""


@dataclass(frozen=True)
class Section:
    """Panels below a row's title, or those that stand before the first row.

    Attributes:
        title: Empty before the first row.
        collapsed: Grafana shows the title alone until it is clicked.
        panels: In reading order.

    """

    title: str
    collapsed: bool
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Variable:
    """A variable of a dashboard.

    Attributes:
        name: As expressions name it.
        kind: ``query``, ``custom``, ``constant``, ``datasource``, ``interval``, ``textbox``, ...
        label: What people read.
        query: A query such as ``label_values(up, job)``, or the values of other kinds.
        regex: Which of a query's results are kept, and what of them.
        multi: Several values may be chosen.
        include_all: All may be chosen.
        all_value: What stands for all; empty where it is every value.
        chosen: What the dashboard was saved with.
        hidden: Not shown on top of the dashboard.

    """

    name: str
    kind: str
    label: str
    query: str
    regex: str = ""
    multi: bool = False
    include_all: bool = False
    all_value: str = ""
    chosen: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Annotation:
    """Marks on every graph: ``expr`` where a Prometheus is asked for them, else empty."""

    name: str
    expr: str
    colour: str


@dataclass(frozen=True)
class Dashboard:
    """A dashboard.

    Attributes:
        file: Where it was read from.
        uid: Grafana's name of it.
        title: What people read.
        description: What it is for.
        tags: Grafana's.
        start: Where its range begins, such as ``now-6h``.
        end: Where it ends, such as ``now``.
        refresh: How often Grafana asks again; empty for never.
        variables: In order: later ones may use earlier ones.
        annotations: Those that are switched on.
        links: To other dashboards.
        sections: In reading order.

    """

    file: Path
    uid: str
    title: str
    description: str
    tags: tuple[str, ...]
    start: str
    end: str
    refresh: str
    variables: tuple[Variable, ...]
    annotations: tuple[Annotation, ...]
    links: tuple[Link, ...]
    sections: tuple[Section, ...]

    @property
    def panels(self) -> Iterator[Panel]:
        """Every panel, in reading order."""
        for section in self.sections:
            yield from section.panels
