"""The report as what a Slack incoming webhook takes.

Limits are Slack's: https://docs.slack.dev/reference/block-kit/blocks. What people named is
``plain_text``, which Slack does not format, and in which nobody can be called; only our own link
is ``mrkdwn``. There is no picture: Slack fetches one from an address that the whole world can
reach, and refuses the message where it cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slo.report.forms.chat import chat_text, told

if TYPE_CHECKING:
    from slo.report.forms.digest import Digest

HEADER, SECTION, FIELD, FIELDS, BLOCKS, FALLBACK = 150, 3000, 2000, 10, 50, 4000
"""Characters of texts, fields of a section, and blocks of a message."""


def slack_payload(digest: Digest) -> dict[str, Any]:
    """The message: blocks, and as ``text`` what notifications and older programs show."""
    head = f"{digest.sign} {digest.verdict}"
    # A verdict cut short would mislead: one that is too long for a header is a section.
    loud = "header" if len(head) <= HEADER else "section"
    blocks: list[dict[str, Any]] = [{"type": loud, "text": _plain(head)}]
    about = (digest.title, digest.window)
    blocks.append({"type": "context", "elements": [_plain(text) for text in about]})
    if digest.tiles:
        fields = [_plain(f"{t.name}\n{t.value}\n{t.change}") for t in digest.tiles]
        blocks.append({"type": "section", "fields": fields[:FIELDS]})
    if digest.rows:
        rows = "\n".join(f"• {row.name}: {told(row, digest)}" for row in digest.rows)
        blocks += [_heading(digest.table), {"type": "section", "text": _plain(rows)}]
    if digest.rest:
        blocks.append({"type": "context", "elements": [_plain(digest.rest)]})
    if digest.suggestions:
        lines = "\n".join(f"• {line}" for line in digest.suggestions)
        blocks += [_heading("What to do"), {"type": "section", "text": _plain(lines)}]
    if digest.link:
        link = f"<{_escaped(digest.link)}|Open the whole report>"
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": link}})
    return {"text": _fallback(digest), "blocks": blocks}


def _heading(text: str) -> dict[str, Any]:
    """Our own words in bold; a header would be as loud as the verdict."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": f"*{_escaped(text)}*"}}


def _plain(text: str) -> dict[str, Any]:
    # An empty text is refused.
    return {"type": "plain_text", "text": text[:SECTION] or "-", "emoji": False}


def _fallback(digest: Digest) -> str:
    """As Slack wants text that is not in a block: three characters escaped, nothing else."""
    text = _escaped(chat_text(digest).strip())
    return text if len(text) <= FALLBACK else _escaped(f"{digest.sign} {digest.verdict}")


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text/#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
