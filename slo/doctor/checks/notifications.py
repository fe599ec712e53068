"""``notifications``: has a test page gone all the way to PagerDuty, lately?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.doctor.finding import Finding, attention, fine
from slo.model.duration import DAY, SECOND

if TYPE_CHECKING:
    from pathlib import Path

NAME = "notifications"
ANCHOR = "notifications"
_FRESH = 90 * DAY / SECOND
_TO_DO = "slo doctor --notify sends a test page, marked as one: tell who is on call before"


@dataclass(frozen=True)
class NotificationTest:
    """When a test page was last taken.

    Attributes:
        at: Unix seconds.
        alertmanager: The address of the Alertmanager that sent it.
        receivers: Its receivers that did.

    """

    at: float
    alertmanager: str
    receivers: tuple[str, ...]

    @property
    def day(self) -> str:
        """The day, for people."""
        return f"{datetime.fromtimestamp(self.at, UTC):%Y-%m-%d %H:%M} UTC"


def notifications(last: NotificationTest | None, alertmanager: str, now: float) -> Finding:
    """A test of the last 90 days, through the Alertmanager that is asked now.

    Args:
        last: The last one; None if never.
        alertmanager: Its address.
        now: Unix seconds.

    """
    if last is None:
        return attention(
            NAME, "no test page was sent from here, as far as is written down", _TO_DO, ANCHOR
        )
    found = f"last tested on {last.day}, through {last.alertmanager}"
    if last.alertmanager != alertmanager:
        return attention(NAME, f"{found}, which is another one", _TO_DO, ANCHOR)
    if now - last.at > _FRESH:
        return attention(NAME, f"{found}: more than 90 days ago", _TO_DO, ANCHOR)
    return fine(NAME, f"{found}: PagerDuty took it")


def read_tested(path: Path) -> NotificationTest | None:
    """The last test, as it was written down; None where nothing legible is."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(told["at"]).timestamp()
        return NotificationTest(at, str(told["alertmanager"]), tuple(map(str, told["receivers"])))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_tested(tested: NotificationTest, path: Path) -> None:
    """Write a test down.

    Raises:
        WriteError: It cannot be written.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    at = datetime.fromtimestamp(round(tested.at), UTC).isoformat()
    told = {"at": at, "alertmanager": tested.alertmanager, "receivers": list(tested.receivers)}
    with replacing(path) as file:
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
