"""Reports that have been published, read back from their folders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slo.card import Card, Shown, Table
from slo.model.span import Week, to_milliseconds
from slo.report.kinds import RESULT

if TYPE_CHECKING:
    from pathlib import Path

    from slo.card import Tone
    from slo.report.kinds import ReportKind

NOTEBOOK = "notebook.ipynb"
"""Name of the executed notebook in the published folder."""


@dataclass(frozen=True)
class Published(Shown):
    """A report that has been published.

    Attributes:
        page: The page to open.
        result: Its numbers, as in result.json.

    """

    page: Path
    result: dict[str, Any]

    @property
    def verdict(self) -> str:
        """The report's sentence."""
        return str(self.result["verdict"])

    @property
    def falls_short(self) -> bool:
        """Whether it says that something fell short."""
        return bool(self.result["falls_short"])

    @property
    def card(self) -> Card:
        """The sentence, and where the page lies."""
        rows = (("page", str(self.page)), ("numbers", str(self.page.parent / RESULT)))
        tone: Tone = "warning" if self.falls_short else "plain"
        return Card("Published", self.verdict, (Table(("it has", "where"), rows),), tone)

    @property
    def until(self) -> int:
        """Up to when its history reached, in Unix milliseconds; 0 where it does not say."""
        try:
            return to_milliseconds(datetime.fromisoformat(self.result["until"]))
        except (KeyError, TypeError, ValueError):
            return 0


def read_published(folder: Path, kind: ReportKind) -> Published | None:
    """The complete report in a folder, or None.

    What cannot be read, for whatever reason, is no report: it is made again.
    """
    try:
        result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        complete = (folder / kind.page).is_file() and {"verdict", "falls_short"} <= result.keys()
    except (OSError, ValueError, AttributeError):
        return None
    return Published(folder / kind.page, result) if complete else None


def published_weeks(shelf: Path, kind: ReportKind) -> dict[Week, Published]:
    """Every complete report in a folder of weeks, the oldest first."""
    found = {}
    for folder in sorted(shelf.iterdir()) if shelf.is_dir() else ():
        try:
            week = Week.parse(folder.name)
        except ValueError:
            continue
        if published := read_published(folder, kind):
            found[week] = published
    return found


@dataclass(frozen=True)
class Making:
    """When a report was made, as its notebook remembers.

    Attributes:
        ended: Unix seconds.
        seconds: How long the notebook ran.

    """

    ended: float
    seconds: float


def making_of(folder: Path) -> Making | None:
    """When the report in a folder was made; None where its notebook does not say."""
    try:
        text = (folder / NOTEBOOK).read_text(encoding="utf-8")
        told = json.loads(text)["metadata"]["papermill"]
        ended = datetime.fromisoformat(told["end_time"]).timestamp()
        return Making(ended, float(told["duration"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None
