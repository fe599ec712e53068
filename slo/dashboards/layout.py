"""Where panels stand: rows in their order, on Grafana's grid of 24 columns.

Panels fill a row from the left, as words fill a line. Below 769 pixels Grafana stacks them in the
order of the list at full width, ``38 * height - 8`` pixels each: so the order is the one in which
they should be read.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from slo.dashboards import sdk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS = 24
LEAST_HEIGHT = 4
"""A big number is legible on a phone from here on."""


@dataclass(frozen=True)
class Tile:
    """A panel and its size in columns and rows of the grid."""

    panel: sdk.models.Panel
    width: int
    height: int

    def __post_init__(self) -> None:
        if not (0 < self.width <= COLUMNS and self.height >= LEAST_HEIGHT):
            message = (
                f"{self.panel.title}: {self.width} x {self.height}; a panel is at most {COLUMNS} "
                f"columns wide and at least {LEAST_HEIGHT} rows high"
            )
            raise ValueError(message)


@dataclass(frozen=True)
class Row:
    """A heading and the panels below it.

    Attributes:
        title: The heading.
        tiles: In the order in which they are read.
        collapsed: Whether only the heading is shown until it is clicked.

    """

    title: str
    tiles: tuple[Tile, ...]
    collapsed: bool = False


def placed(rows: Sequence[Row]) -> list[sdk.models.Panel | sdk.models.RowPanel]:
    """Every row and panel with its place and an id: the same rows give the same."""
    ids, top = count(1), 0
    found: list[sdk.models.Panel | sdk.models.RowPanel] = []
    for row in rows:
        heading = sdk.models.RowPanel(row.collapsed, row.title)
        heading.id_val, heading.grid_pos = next(ids), sdk.models.GridPos(1, COLUMNS, 0, top)
        panels = [*_filled(row.tiles, ids, top + 1)]
        found.append(heading)
        if row.collapsed:
            # The panels' places are those that they take once the row is opened.
            heading.panels = panels
            top += 1
        else:
            found += panels
            top = max((_bottom(panel) for panel in panels), default=top + 1)
    return found


def _filled(tiles: Sequence[Tile], ids: Iterator[int], top: int) -> Iterator[sdk.models.Panel]:
    left, bottom = 0, top
    for tile in tiles:
        if left + tile.width > COLUMNS:
            left, top = 0, bottom
        panel = copy(tile.panel)
        panel.id_val = next(ids)
        panel.grid_pos = sdk.models.GridPos(tile.height, tile.width, left, top)
        left, bottom = left + tile.width, max(bottom, top + tile.height)
        yield panel


def _bottom(panel: sdk.models.Panel) -> int:
    place = panel.grid_pos
    return place.y + place.h if place else 0
