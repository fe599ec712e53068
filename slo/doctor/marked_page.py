"""A page that says that it is a test: sent through Alertmanager, and followed to PagerDuty."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from slo.doctor.alertmanager.route import PAGERDUTY
from slo.doctor.checks.notifications import ANCHOR, NAME, NotificationTest
from slo.doctor.finding import Finding, broken, fine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slo.doctor.alertmanager.route import Routing
    from slo.doctor.alertmanager.server import AlertmanagerServer

ALERT = "SlobookNotificationTest"
_SUMMARY = "TEST: nothing is wrong. slobook tests whether pages arrive"
_DESCRIPTION = (
    "Somebody ran 'slo doctor --notify'. If this reached who is on call, the way is open: "
    "acknowledge it; it ends by itself within minutes."
)
_LIFE = timedelta(minutes=10)
"""Should the end not be sent, the page ends so."""


@dataclass(frozen=True)
class Patience:
    """How long somebody waits.

    Attributes:
        seconds: After Alertmanager's own wait for the rest of a group.
        pause: Seconds between looks.

    """

    seconds: float = 60.0
    pause: float = 1.0


@dataclass(frozen=True)
class _Counted:
    """Alertmanager's own counts of what it sent to PagerDuty since it started.

    Attributes:
        taken: Requests that PagerDuty took.
        lost: Notifications that were given up.

    """

    taken: float
    lost: float


def marked_page(
    server: AlertmanagerServer,
    routes: Routing,
    labels: Mapping[str, str],
    remember: Callable[[NotificationTest], None],
    patience: Patience | None = None,
) -> Finding:
    """Send a test page and see PagerDuty take it; where its route leads elsewhere nothing is sent.

    What is seen is what Alertmanager counts: pages of others in the same seconds count, too.

    Args:
        server: The Alertmanager.
        routes: Its routes.
        labels: Those of an urgent alert: where it goes the test goes.
        remember: Called with the test where it succeeded.
        patience: How long to wait; a minute if None.

    Raises:
        AlertmanagerError: It cannot be reached, or refuses.
        WriteError: The test cannot be written down.

    """
    may = patience or Patience()
    now = datetime.now(UTC)
    own = {
        **{name: labels[name] for name in ("service", "severity") if name in labels},
        "alertname": ALERT,
        # Of its own, so that it meets no other alert's group, and silences no ticket.
        "signal": f"notification-test-{now:%Y%m%dT%H%M%S}",
        "test": "true",
    }
    reached = routes.told(own)
    pagers = [one for one in reached if routes.pages(one)]
    if not pagers:
        told = ", ".join(repr(one.receiver) for one in reached)
        found = f"not sent: it would go to {told}, which does not tell PagerDuty"
        return broken(NAME, found, "slo doctor --only routing", "alertmanager-routing")
    receivers = tuple(dict.fromkeys(one.receiver for one in pagers))
    before = _counted(server.metrics())
    server.post_alerts([_alert(own, now, now + _LIFE)])
    try:
        waited = max(one.group_wait for one in pagers) + may.seconds
        after = _followed(server, before, waited, may.pause)
    finally:
        # Whatever came of it: nobody is to be kept awake by it.
        server.post_alerts([_alert(own, now, datetime.now(UTC))])
    if after.taken > before.taken:
        remember(NotificationTest(now.timestamp(), server.base_url, receivers))
        return fine(NAME, f"PagerDuty took a test page by {', '.join(receivers)}, just now")
    if after.lost > before.lost:
        found = "PagerDuty did not take the test page"
        to_do = "look at Alertmanager's log: a wrong routing key, or no way out to PagerDuty"
        return broken(NAME, found, to_do, ANCHOR)
    found = f"Alertmanager sent nothing to PagerDuty within {waited:.0f} s"
    to_do = (
        "is it silenced or muted? in a cluster another peer may have sent it: ask who is on call"
    )
    return broken(NAME, found, to_do, ANCHOR)


def _followed(
    server: AlertmanagerServer, before: _Counted, seconds: float, pause: float
) -> _Counted:
    """The counts when one of them has changed, or when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        after = _counted(server.metrics())
        if after != before or time.monotonic() >= deadline:
            return after
        time.sleep(pause)


def _alert(labels: Mapping[str, str], starts: datetime, ends: datetime) -> dict[str, Any]:
    return {
        "labels": dict(labels),
        "annotations": {"summary": _SUMMARY, "description": _DESCRIPTION},
        "startsAt": starts.isoformat(),
        "endsAt": ends.isoformat(),
    }


def _counted(metrics: str) -> _Counted:
    requests = _sum(metrics, "alertmanager_notification_requests_total")
    refused = _sum(metrics, "alertmanager_notification_requests_failed_total")
    return _Counted(requests - refused, _sum(metrics, "alertmanager_notifications_failed_total"))


def _sum(metrics: str, name: str) -> float:
    found = re.findall(rf"^{name}\{{([^}}]*)\}} (\S+)$", metrics, re.MULTILINE)
    return sum(float(value) for labels, value in found if f'integration="{PAGERDUTY}"' in labels)
