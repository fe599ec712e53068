"""The page that lists every published report, week by week, with where things are going.

It is made of what lies in the folder of reports alone, so it can be made again at any time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from slo.atomic import replacing
from slo.figures.javascript import content_security_policy
from slo.model.span import Week
from slo.report import wording
from slo.report.kinds import KINDS
from slo.report.published import read_published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.report.kinds import ReportKind
    from slo.report.published import Published

INDEX = "index.html"
_HOUR = 3600
_WIDTH, _HEIGHT, _EDGE = 240, 48, 4
_LEAST_RANGE = 0.1
"""What is drawn above zero at least: a tenth of a budget."""


@dataclass(frozen=True)
class Entry:
    """A week's report.

    Attributes:
        week: Its week.
        link: To its page, from the index.
        published: What it says.

    """

    week: Week
    link: str
    published: Published

    @property
    def state(self) -> str:
        """The worst state of any objective; else whether anything fell short."""
        states = {one.get("state") for one in self._objectives}
        for state in ("exhausted", "at risk", "insufficient data", "kept"):
            if state in states:
                return state
        return "exhausted" if self.published.falls_short else "kept"

    @property
    def kept(self) -> str:
        """How many objectives have budget left, of all; empty where there are none."""
        every = self._objectives
        kept = sum(one.get("state") in ("kept", "at risk") for one in every)
        return f"{kept} of {len(every)}" if every else ""

    @property
    def least(self) -> float:
        """The smallest share of any budget that is left; NaN where none is known."""
        known = [one.get("budget_remaining") for one in self._objectives]
        return min((float(one) for one in known if one is not None), default=math.nan)

    @property
    def pages(self) -> int | None:
        """Calls of severity page; None where the report does not tell."""
        pages = self.published.result.get("pages")
        return pages if isinstance(pages, int) else None

    @property
    def _objectives(self) -> list[dict[str, Any]]:
        found = self.published.result.get("slos")
        return found if isinstance(found, list) else []


@dataclass(frozen=True)
class Shelf:
    """All reports of a kind of a service, the newest first."""

    service: str
    kind: ReportKind
    entries: tuple[Entry, ...]

    @property
    def trend(self) -> Trend:
        """How the smallest budget went, from the oldest week to the newest."""
        return trend([one.least for one in reversed(self.entries)])


@dataclass(frozen=True)
class Trend:
    """A line through weeks, in pixels from its upper left corner.

    Attributes:
        path: What an SVG path draws, broken at weeks without a number; empty below two numbers.
        zero: The height on which the budget is spent.
        dots: Each week's place, where there is a number.

    """

    path: str
    zero: float
    dots: tuple[tuple[float, float], ...]


def trend(values: Sequence[float]) -> Trend:
    """Draw shares of a budget, oldest first, as large as they fit with zero in sight."""
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([_LEAST_RANGE, *known])
    right = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)

    def down(value: float) -> float:
        return round(_EDGE + (_HEIGHT - 2 * _EDGE) * (high - value) / (high - low), 1)

    dots, steps, drawing = [], [], False
    for index, value in enumerate(values):
        if math.isfinite(value):
            x, y = round(_EDGE + right * index, 1), down(value)
            dots.append((x, y))
            steps.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = math.isfinite(value)
    return Trend("".join(steps) if len(dots) > 1 else "", down(0.0), tuple(dots))


def write_index(reports: Path) -> Path:
    """Write the index of a folder of reports, as a whole.

    Returns:
        The page's path.

    Raises:
        WriteError: It cannot be written.

    """
    for unfinished in reports.glob(f".{INDEX}.*"):
        # Of a run that was killed; one that lives is done in a moment.
        if unfinished.stat().st_mtime < time() - _HOUR:
            unfinished.unlink(missing_ok=True)
    with replacing(reports / INDEX) as file:
        file.write_text(index_page(shelves(reports)), encoding="utf-8")
    return reports / INDEX


def shelves(reports: Path) -> tuple[Shelf, ...]:
    """Every complete report below a folder, by service and kind."""
    found = []
    for service in sorted(path for path in reports.iterdir() if path.is_dir()):
        for kind in KINDS:
            entries = _entries(service, kind)
            if entries and not service.name.startswith("."):
                found.append(Shelf(service.name, kind, entries))
    return tuple(found)


def _entries(service: Path, kind: ReportKind) -> tuple[Entry, ...]:
    entries = []
    shelf = service / kind.subfolder
    for folder in shelf.iterdir() if shelf.is_dir() else ():
        try:
            week = Week.parse(folder.name)
        except ValueError:
            continue
        published = read_published(folder, kind)
        if published:
            link = quote((folder / kind.page).relative_to(service.parent).as_posix())
            entries.append(Entry(week, link, published))
    return tuple(sorted(entries, key=lambda entry: entry.week, reverse=True))


def index_page(shown: Sequence[Shelf]) -> str:
    """The index as HTML; it needs no script and no network."""
    environment = Environment(
        loader=PackageLoader("slo.report.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": wording.percent, "day": wording.day}
    return environment.get_template("index.html").render(
        shelves=shown, width=_WIDTH, height=_HEIGHT, policy=content_security_policy()
    )
