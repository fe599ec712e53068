"""Writing every form of a report beside its page."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.errors import ConfigError, RunError
from slo.report.forms import names
from slo.report.forms.browser import SECONDS, browser, pictured, printed
from slo.report.forms.chat import chat_text
from slo.report.forms.headline import SIZE, headline
from slo.report.forms.mail import mail_html, mail_html_with_picture, mail_text
from slo.report.forms.slack import slack_payload
from slo.report.forms.teams import teams_payload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slo.report.forms.digest import Digest
    from slo.report.kinds import ReportKind

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Forms:
    """What forms are made of, beside the page.

    Attributes:
        digest: The report in short.
        markdown: The whole report as Markdown.

    """

    digest: Digest
    markdown: str


def write_forms(folder: Path, kind: ReportKind, forms: Forms, page: str) -> None:
    """Write every form into a report's folder, each whole or not at all.

    Without a browser, or with one that fails, there is no PDF and no picture: a warning says so,
    and ``not-made.txt``, where ``slo report`` finds it.

    Args:
        folder: The report's, at the depth at which it is published: the page may refer to files
            of the folder of reports.
        kind: Which report.
        forms: What it says.
        page: Its page as HTML, which need not lie in the folder yet.

    Raises:
        WriteError: A file cannot be written.

    """
    for stale in (names.HEADLINE, names.pdf_of(kind), names.NOT_MADE):
        (folder / stale).unlink(missing_ok=True)
    _drawn(folder, kind, forms.digest, page)
    in_mail = mail_html_with_picture if (folder / names.HEADLINE).exists() else mail_html
    texts = {
        names.MARKDOWN: forms.markdown,
        names.MAIL_HTML: in_mail(forms.digest),
        names.MAIL_TEXT: mail_text(forms.digest),
        names.CHAT: chat_text(forms.digest),
        names.SLACK: _json(slack_payload(forms.digest)),
        # Without spaces: the size of what is posted is limited.
        names.TEAMS: json.dumps(teams_payload(forms.digest), separators=(",", ":")),
    }
    for name, text in texts.items():
        _write(folder / name, text.encode())


def _drawn(folder: Path, kind: ReportKind, digest: Digest, page: str) -> None:
    """What only a browser can make; the first failure is the last, for the next takes as long."""
    made = names.HEADLINE
    try:
        program = browser(os.environ)
        with _file(folder, headline(digest)) as card:
            _write(folder / made, pictured(program, card, SIZE, SECONDS))
        made = names.pdf_of(kind)
        with _file(folder, page) as draft:
            _write(folder / made, printed(program, draft, SECONDS))
    except (ConfigError, RunError) as error:
        both = made == names.HEADLINE
        missing = "no PDF and no picture of the headline" if both else "no PDF"
        sentence = f"There is {missing} of this report: {error}."
        _write(folder / names.NOT_MADE, f"{sentence}\n".encode())
        _LOG.warning(sentence)


@contextmanager
def _file(folder: Path, html: str) -> Iterator[Path]:
    """A page in the folder while a browser looks at it: where it finds what it refers to."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".html") as file:
        file.write(html.encode())
        file.flush()
        yield Path(file.name)


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write_bytes(content)


def _json(payload: dict[str, object]) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False) + "\n"
