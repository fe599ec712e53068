"""The page that lists every published report, week by week, with where things are going.

It is made of what lies in the folder of reports alone, so it can be made again at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from slo.atomic import forget_unfinished, replacing
from slo.model.span import Week
from slo.report.forms.names import pdf_of
from slo.report.kinds import KINDS
from slo.report.pages.offline_page import REPORT
from slo.report.pages.shelf import Entry, Shelf
from slo.report.pages.trend import HEIGHT, WIDTH
from slo.report.published import read_published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slo.report.kinds import ReportKind

INDEX = "index.html"


def write_index(reports: Path) -> Path:
    """Write the index of a folder of reports, as a whole.

    Returns:
        The page's path.

    Raises:
        WriteError: It cannot be written.

    """
    forget_unfinished(reports / INDEX)
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
            pdf = folder / pdf_of(kind)
            links = [
                quote(path.relative_to(service.parent).as_posix()) if path.is_file() else ""
                for path in (folder / kind.page, pdf)
            ]
            entries.append(Entry(week, links[0], published, links[1]))
    return tuple(sorted(entries, key=lambda entry: entry.week, reverse=True))


def index_page(shown: Sequence[Shelf]) -> str:
    """The index as HTML; it needs no script and no network."""
    return REPORT.page("index.html", shelves=shown, width=WIDTH, height=HEIGHT)
