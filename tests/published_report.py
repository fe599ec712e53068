"""A published report with all its forms, as deliveries find it, and ways that tests look into."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from slo.delivery.parcel import Parcel
from slo.model.span import Week, to_datetime
from slo.report.forms import names
from slo.report.kinds import RESULT, WEEKLY_COST, WEEKLY_SLO, ReportKind
from slo.report.published import NOTEBOOK, read_published

if TYPE_CHECKING:
    from slo.delivery.delivery import Sending

WEEK = Week(2026, 46)
LINKS = "https://reports.example.com"
VERDICT = "Tickets answered keep their objective: release as planned, für alle."
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256))
PDF = b"%PDF-1.7\n" + bytes(range(256))
SHARED = "plotly-4.0.0.min.js"


def publish(
    reports: Path,
    service: str = "shop",
    week: Week = WEEK,
    kind: ReportKind = WEEKLY_SLO,
    *,
    falls_short: bool = False,
    made: str = "2026-11-16T06:17:00+00:00",
) -> Parcel:
    """Publish a report of a few bytes."""
    folder = kind.folder(reports, service, week)
    folder.mkdir(parents=True)
    until = to_datetime(week.span.end).isoformat()
    result = {"week": str(week), "until": until, "verdict": VERDICT, "falls_short": falls_short}
    notebook = {"metadata": {"papermill": {"end_time": made, "duration": 2.0}}}
    texts = {
        kind.page: f"<!doctype html><title>{service}</title>",
        RESULT: json.dumps(result),
        NOTEBOOK: json.dumps(notebook),
        names.MARKDOWN: f"# {VERDICT}\n",
        names.MAIL_HTML: f'<p>{VERDICT}</p><img src="cid:{names.MAIL_PICTURE}" alt="Budget">',
        names.MAIL_TEXT: f"{VERDICT}\n",
        names.CHAT: VERDICT,
        names.SLACK: json.dumps({"text": VERDICT, "blocks": []}),
        names.TEAMS: json.dumps({"type": "message", "attachments": [{"content": VERDICT}]}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / names.HEADLINE).write_bytes(PNG)
    (folder / names.pdf_of(kind)).write_bytes(PDF)
    (reports / SHARED).write_text("plotly = {}")
    published = read_published(folder, kind)
    assert published
    return Parcel(reports, kind, service, week, published, LINKS)


def publish_cost(reports: Path, service: str = "shop", week: Week = WEEK) -> Parcel:
    return publish(reports, service, week, WEEKLY_COST)


def files_below(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@dataclass
class Recorder:
    """A way that remembers what it was given, and ends as it is told, then well."""

    ends: list[Callable[[Sending], str]] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def send(self, sending: Sending) -> str:
        self.sendings.append(sending)
        return self.ends.pop(0)(sending) if self.ends else "there"

    def test(self, words: str) -> str:
        self.words.append(words)
        return self.ends.pop(0)(None) if self.ends else "there"


def raising(error: BaseException) -> Callable[[Sending], str]:
    def end(_: Sending) -> str:
        raise error

    return end
