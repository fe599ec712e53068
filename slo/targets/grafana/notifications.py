"""Who is told by Grafana's own alerting: contact points, and a route to them.

They belong to the whole organisation, so a push of dashboards and alerts leaves them alone. They
are printed for people to put where they want; who asks for it gets our two contact points, and one
route among all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slo.credential import credential
from slo.errors import ConfigError, GrafanaError
from slo.model import names
from slo.targets.grafana.connection import Connection
from slo.targets.grafana.standing import require_grafana

if TYPE_CHECKING:
    from slo.targets.grafana.server import GrafanaServer

PAGER, CHAT = "slobook-pager", "slobook-chat"
"""Uids and names of the contact points."""

_SUMMARY = (
    "{{ with index .Alerts 0 }}{{ if .Annotations.summary }}{{ .Annotations.summary }}"
    "{{ else }}{{ .Labels.alertname }}{{ end }}{{ end }}"
)
_GROUPED = (names.SERVICE_LABEL, names.SLO_LABEL, names.SIGNAL_LABEL)


@dataclass(frozen=True)
class Notifications:
    """Who is told; secrets by the names of environment variables.

    Attributes:
        pagerduty_key_env: Holds the routing key of a PagerDuty service (Events API v2).
        chat_url_env: Holds the address of a Slack webhook.
        chat_channel: Where tickets and warnings go.

    """

    pagerduty_key_env: str
    chat_url_env: str
    chat_channel: str


def contact_points(settings: Notifications) -> list[dict[str, Any]]:
    """Pages go to PagerDuty, all else to the chat. Secrets stand there as ``$VARIABLE``."""
    return [
        {
            "uid": PAGER,
            "name": PAGER,
            "type": "pagerduty",
            "settings": {
                "integrationKey": f"${settings.pagerduty_key_env}",
                "severity": "critical",
                "summary": _SUMMARY,
            },
            "disableResolveMessage": False,
        },
        {
            "uid": CHAT,
            "name": CHAT,
            "type": "slack",
            "settings": {
                "url": f"${settings.chat_url_env}",
                "recipient": settings.chat_channel,
                "title": _SUMMARY,
            },
            "disableResolveMessage": False,
        },
    ]


def route(folder: str) -> dict[str, Any]:
    """The route of all alerts in the folder of a title; those that page go to the pager."""
    return {
        "receiver": CHAT,
        "object_matchers": [["grafana_folder", "=", folder]],
        "group_by": ["grafana_folder", *_GROUPED],
        "routes": [
            {
                "receiver": PAGER,
                "object_matchers": [[names.SEVERITY_LABEL, "=~", "page|critical"]],
            }
        ],
    }


def push_notifications(settings: Notifications, server: GrafanaServer) -> tuple[str, ...]:
    """Put our contact points and our route into Grafana; what was changed, for people.

    All other contact points and routes stay as they are.

    Raises:
        ConfigError: A secret is not set, or our folder is not there yet.
        GrafanaError: Grafana cannot be reached, or refuses.

    """
    points = [_with_secrets(point, settings) for point in contact_points(settings)]
    with Connection(server) as connection:
        require_grafana(connection)
        folder = connection.read_if_there(
            lambda grafana: grafana.folder.get_folder(server.folder_uid)
        )
        if folder is None:
            raise ConfigError(f"found no folder {server.folder_uid!r}, expected 'slo apply' first")
        done = [_put_point(point, connection) for point in points]
        if _put_route(route(folder["title"]), connection):
            done.append(f"route of folder {folder['title']!r}")
    return tuple(done)


def _with_secrets(point: dict[str, Any], settings: Notifications) -> dict[str, Any]:
    named = {
        "integrationKey": settings.pagerduty_key_env,
        "url": settings.chat_url_env,
    }
    secrets = {key: credential(named[key]) for key in point["settings"] if key in named}
    return {**point, "settings": {**point["settings"], **secrets}}


def _put_point(point: dict[str, Any], connection: Connection) -> str:
    """Grafana does not tell secrets, so whether one has changed is not known: it is written."""
    editable = connection.server.editable_rules
    found = connection.read(lambda grafana: grafana.alertingprovisioning.get_contactpoints())
    if any(one.get("uid") == point["uid"] for one in found):
        connection.write(
            lambda grafana: grafana.alertingprovisioning.update_contactpoint(
                point["uid"], point, disable_provenance=editable
            )
        )
    else:
        connection.write(
            lambda grafana: grafana.alertingprovisioning.create_contactpoint(
                point, disable_provenance=editable
            )
        )
    return f"contact point {point['name']}"


def _put_route(ours: dict[str, Any], connection: Connection) -> bool:
    """One route among the others: where ours stands, else before them, as it takes only ours."""
    tree = _tree(connection)
    routes = list(tree.get("routes") or [])
    places = [place for place, one in enumerate(routes) if one.get("receiver") == CHAT]
    if places and ours.items() <= routes[places[0]].items():
        return False
    wanted = [one for one in routes if one.get("receiver") != CHAT]
    wanted.insert(places[0] if places else 0, ours)
    editable = connection.server.editable_rules
    connection.write(
        lambda grafana: grafana.alertingprovisioning.set_notification_policy_tree(
            {**tree, "routes": wanted}, disable_provenance=editable
        )
    )
    if len(_tree(connection).get("routes") or []) != len(wanted):
        raise GrafanaError("the notification policies were changed while they were written")
    return True


def _tree(connection: Connection) -> dict[str, Any]:
    found = connection.read(
        lambda grafana: grafana.alertingprovisioning.get_notification_policy_tree()
    )
    return {key: value for key, value in found.items() if key != "provenance"}
