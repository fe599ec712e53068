"""``routing``: does every urgent alert reach PagerDuty?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import every, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slo.doctor.alertmanager.route import Route, Routing
    from slo.rules.rule import AlertingRule

NAME = "routing"
_ANCHOR = "alertmanager-routing"
_ALERTS = ("urgent alert", "urgent alerts")
_TO_DO = (
    "take the routes of generated/alertmanager/alertmanager.yml, then try them: amtool config "
    "routes test severity=page"
)


def labels_of(rule: AlertingRule, external: Mapping[str, str] | None) -> dict[str, str]:
    """The labels with which Alertmanager gets an alert; the rule's win over the server's."""
    return {**(external or {}), **rule.labels, "alertname": rule.alert}


def routing(
    routes: Routing, urgent: Sequence[AlertingRule], external: Mapping[str, str] | None
) -> Finding:
    """Every urgent alert comes to a receiver that tells PagerDuty, at any hour.

    Args:
        routes: Of the Alertmanager.
        urgent: The alerts that call somebody.
        external: Labels that Prometheus adds to all alerts; None where they are not known.

    Raises:
        AlertmanagerError: A regular expression cannot be read.

    """
    if not urgent:
        return not_checked(NAME, "the specifications have no alert that calls somebody")
    reached = {rule.alert: routes.told(labels_of(rule, external)) for rule in urgent}
    lost = [
        f"{alert} goes to {_told(routes, found)}"
        for alert, found in reached.items()
        if not any(routes.integrations.get(one.receiver) for one in found)
    ]
    elsewhere = [
        f"{alert} goes to {_told(routes, found)}"
        for alert, found in reached.items()
        if not any(routes.pages(one) for one in found)
    ]
    if lost:
        found = f"{out_of(len(lost), len(reached), *_ALERTS, ('reaches', 'reach'))} nobody"
        return broken(NAME, found, _TO_DO, _ANCHOR, first_of(lost))
    if elsewhere:
        found = (
            f"{out_of(len(elsewhere), len(reached), *_ALERTS, ('does', 'do'))} not reach PagerDuty"
        )
        return broken(NAME, found, _TO_DO, _ANCHOR, first_of(elsewhere))
    mute = [
        f"{alert}: {', '.join(one.time_intervals)}"
        for alert, found in reached.items()
        for one in found
        if routes.pages(one) and one.time_intervals
    ]
    if mute:
        found = f"{out_of(len(mute), len(reached), *_ALERTS)} muted at times"
        return attention(NAME, found, "is that meant? time intervals", _ANCHOR, first_of(mute))
    receivers = dict.fromkeys(
        one.receiver for found in reached.values() for one in found if routes.pages(one)
    )
    unknown = ["without labels that Prometheus adds: it could not be asked for them"]
    return fine(
        NAME,
        f"{every(len(reached), 'urgent alert reaches', 'urgent alerts reach')} PagerDuty by "
        f"{', '.join(receivers)}",
        unknown if external is None else (),
    )


def _told(routes: Routing, found: Sequence[Route]) -> str:
    ways = {one.receiver: routes.integrations.get(one.receiver, ()) for one in found}
    return ", ".join(
        f"{receiver!r} ({'/'.join(names) or 'tells nobody'})" for receiver, names in ways.items()
    )
