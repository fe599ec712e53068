"""What the forms of a report are called, beside its page, and where readers find the page."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from slo.model.span import Week
    from slo.report.kinds import ReportKind

MARKDOWN = "report.md"
MAIL_HTML = "mail.html"
MAIL_TEXT = "mail.txt"
CHAT = "chat.txt"
SLACK = "slack.json"
TEAMS = "teams.json"
HEADLINE = "headline.png"
MAIL_PICTURE = "headline"
"""The content id under which ``mail.html`` asks for the picture, where there is one."""

NOT_MADE = "not-made.txt"
"""Says in a sentence why there is no PDF or no picture; there only where that is so."""


def pdf_of(kind: ReportKind) -> str:
    """Name of the printed page: the page's, as PDF."""
    return PurePath(kind.page).with_suffix(".pdf").name


def page_address(reports: str, kind: ReportKind, service: str, week: Week) -> str:
    """Where readers find a report's page: ``<reports>/<service>/<subfolder>/<week>/<page>``.

    Args:
        reports: The address of the folder of reports; nothing is linked where it is empty.
        kind: Which report.
        service: Of which service.
        week: Of which week.

    """
    if not reports:
        return ""
    parts = (service, kind.subfolder, str(week), kind.page)
    return "/".join([reports.rstrip("/"), *(quote(part, safe="") for part in parts if part)])
