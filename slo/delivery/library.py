"""Which files make up a library of reports elsewhere, so that every page opens there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SHARED = "plotly-*.min.js"


def shared_files(reports: Path) -> tuple[Path, ...]:
    """Files beside the index that reports' pages ask for; none where pages hold all they need."""
    return tuple(sorted(path for path in reports.glob(_SHARED) if path.is_file()))


def files_of(folder: Path) -> tuple[Path, ...]:
    """Every file of a report, from its folder; pages last, so that what they ask for is there."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(found, key=lambda path: (path.suffix == ".html", path)))
