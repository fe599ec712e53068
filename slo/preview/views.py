"""What the page shows of a panel, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from slo.figures.panels.gauge import Arc
    from slo.figures.panels.units import Text
    from slo.figures.theme import Figure

State = Literal["data", "no data", "error", "not shown"]


@dataclass(frozen=True)
class Entry:
    """A line of a legend: a name, its colour, and figures by their titles."""

    name: str
    colour: str
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Legend:
    """What the colours of a plot mean.

    Attributes:
        entries: In order.
        table: Figures stand in columns.
        beside: To the right of the plot rather than below it.

    """

    entries: tuple[Entry, ...] = ()
    table: bool = False
    beside: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Heads of the columns."""
        return tuple(title for title, _ in self.entries[0].figures) if self.entries else ()


@dataclass(frozen=True, eq=False)
class Plot:
    """A figure of plotly's, with its legend."""

    figure: Figure
    legend: Legend = Legend()


@dataclass(frozen=True)
class Dial:
    """A gauge with its number.

    Attributes:
        name: Below it; empty where the panel's title says it.
        text: The number.
        colour: By threshold; empty for the page's ink.
        value: The number itself, for machines.
        ends: The least and the greatest value.
        arcs: What is drawn.

    """

    name: str
    text: Text
    colour: str
    value: str
    ends: tuple[str, str]
    arcs: tuple[Arc, ...]


@dataclass(frozen=True)
class Dials:
    """Gauges side by side."""

    dials: tuple[Dial, ...]


@dataclass(frozen=True)
class Tile:
    """A big number.

    Attributes:
        name: Above it; empty where the panel's title says it.
        text: The number.
        colour: By threshold; empty for the page's ink.
        value: The number itself, for machines.
        sparkline: What an SVG path draws below it, in a box of 100 by 30; empty for nothing.

    """

    name: str
    text: Text
    colour: str
    value: str
    sparkline: str = ""


@dataclass(frozen=True)
class Tiles:
    """Big numbers; ``filled`` ones have their colour as ground."""

    tiles: tuple[Tile, ...]
    filled: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar with its number: ``share`` is 0 to 1 of its length."""

    name: str
    text: Text
    colour: str
    value: str
    share: float


@dataclass(frozen=True)
class Bars:
    """Bars, one below the other."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: What it says.
        value: The number itself, for machines; empty for words.
        colour: By threshold or mapping; empty for the page's ink.
        look: Grafana's cell type: ``auto``, ``color-text``, ``color-background``, ``gauge``.
        share: Of a gauge, 0 to 1.
        links: Titles of where it would lead.

    """

    text: Text
    value: str = ""
    colour: str = ""
    look: str = "auto"
    share: float = 0.0
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column's head; numbers are aligned to the right."""

    title: str
    numeric: bool


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Words:
    """Text for people: paragraphs of plain words; markdown's marks are left out."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """Why nothing is shown."""

    state: State
    text: str


View = Plot | Dials | Tiles | Bars | Table | Words | Message
