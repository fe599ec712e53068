"""Who is told: routes, receivers and inhibitions for Alertmanager 0.25 and later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml.scalarstring import LiteralScalarString

from slo.manifests.yaml_text import yaml_text
from slo.model import names
from slo.plan import Artefact

if TYPE_CHECKING:
    from slo.manifests.settings import AlertmanagerSettings

PATH = "alertmanager/alertmanager.yml"

PAGER = "pagerduty"
CHAT = "chat"
HEARTBEAT = "heartbeat"
NOBODY = "nobody"

_URGENT = f'{names.SEVERITY_LABEL}=~"page|critical"'
_CAN_WAIT = f'{names.SEVERITY_LABEL}=~"ticket|warning"'
_ONE_TROUBLE = (names.SERVICE_LABEL, names.SLO_LABEL, names.SIGNAL_LABEL)
"""Alerts that agree on these are about one trouble; what both lack counts as equal."""

# Of kube-prometheus-stack: the first fires as long as all is well, the second as long as any alert
# of severity "info" does. The severity is theirs alone: a rule of ours has another.
_WATCHDOG = ['alertname="Watchdog"', f'{names.SEVERITY_LABEL}="none"']
_INHIBITOR = ['alertname="InfoInhibitor"', f'{names.SEVERITY_LABEL}="none"']

# The alerts of a group may differ in what they say, and then have nothing in common: the first
# one speaks for all in the one line that there is.
_SUMMARY = (
    "{{ with index .Alerts 0 }}{{ if .Annotations.summary }}{{ .Annotations.summary }}"
    "{{ else }}{{ .Labels.alertname }}{{ end }}{{ end }}"
)
_SOURCE = "{{ .CommonLabels.service }}"


def alertmanager_config(settings: AlertmanagerSettings) -> Artefact:
    """Pages go to PagerDuty, tickets and all else to the chat; a page silences its tickets.

    What fires in order to say that alerting works goes to a dead man's switch, or to nobody.
    """
    tree = {
        "route": _route(settings),
        "inhibit_rules": [_inhibition(names.SLO_LABEL), _inhibition(names.SIGNAL_LABEL)],
        "receivers": [_pager(settings), _chat(settings), *_silent(settings)],
    }
    return Artefact(PATH, yaml_text(tree))


def _route(settings: AlertmanagerSettings) -> dict[str, Any]:
    return {
        "receiver": CHAT,
        "group_by": list(_ONE_TROUBLE),
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "4h",
        "routes": [
            _watchdog(settings),
            {"matchers": _INHIBITOR, "receiver": NOBODY},
            {"matchers": [_URGENT], "receiver": PAGER},
            {"matchers": [_CAN_WAIT], "receiver": CHAT},
        ],
    }


def _watchdog(settings: AlertmanagerSettings) -> dict[str, Any]:
    if not settings.heartbeat_url_file:
        return {"matchers": _WATCHDOG, "receiver": NOBODY}
    # It is told again at the first look after repeat_interval: with a minute that is every other.
    often = {"group_wait": "0s", "group_interval": "1m", "repeat_interval": "50s"}
    return {"matchers": _WATCHDOG, "receiver": HEARTBEAT, **often}


def _inhibition(label: str) -> dict[str, Any]:
    """Of alerts that have a label; without one, other people's alerts would silence each other."""
    return {
        "source_matchers": [_URGENT, f'{label}=~".+"'],
        "target_matchers": [_CAN_WAIT, f'{label}=~".+"'],
        "equal": list(_ONE_TROUBLE),
    }


def _pager(settings: AlertmanagerSettings) -> dict[str, Any]:
    receiver = {
        "routing_key_file": settings.pagerduty_key_file,
        "send_resolved": True,
        "severity": "critical",
        "description": _SUMMARY,
        "source": _SOURCE,
        "component": _SOURCE,
        "group": "{{ .CommonLabels.slo }}{{ .CommonLabels.signal }}",
        "class": "{{ .CommonLabels.alertname }}",
        "details": {
            "description": _each_said("description"),
            "action": _each_said("action"),
            "runbook": _each_said("runbook_url"),
        },
        "links": [
            {"href": _first_address("runbook_url"), "text": "Runbook"},
            {"href": _first_address("dashboard_url"), "text": "Dashboard"},
        ],
    }
    return {"name": PAGER, "pagerduty_configs": [receiver]}


def _chat(settings: AlertmanagerSettings) -> dict[str, Any]:
    receiver = {
        "api_url_file": settings.chat_url_file,
        "channel": settings.chat_channel,
        "send_resolved": True,
        "color": '{{ if eq .Status "firing" }}warning{{ else }}good{{ end }}',
        "title": f'{{{{ if ne .Status "firing" }}}}Resolved: {{{{ end }}}}{_SUMMARY}',
        "title_link": _first_address("dashboard_url"),
        "fallback": _SUMMARY,
        "text": LiteralScalarString(_CHAT_TEXT),
    }
    return {"name": CHAT, "slack_configs": [receiver]}


def _silent(settings: AlertmanagerSettings) -> list[dict[str, Any]]:
    """Who calls no people: nobody, and a dead man's switch where there is one."""
    nobody = {"name": NOBODY}
    if not settings.heartbeat_url_file:
        return [nobody]
    # That all was well and is no more would keep the switch content for one minute longer.
    told = {"url_file": settings.heartbeat_url_file, "send_resolved": False}
    return [nobody, {"name": HEARTBEAT, "webhook_configs": [told]}]


def _each_said(annotation: str) -> str:
    """What the alerts of a group say, a line for each that says something."""
    said = f".Annotations.{annotation}"
    return f"{{{{ range .Alerts }}}}{{{{ with {said} }}}}{{{{ . }}}}\n{{{{ end }}}}{{{{ end }}}}"


def _first_address(annotation: str) -> str:
    """The first alert's link; a path in a repository is none, and PagerDuty would not take it."""
    said = f".Annotations.{annotation}"
    return (
        "{{ with index .Alerts 0 }}"
        f'{{{{ if match "^https?://" {said} }}}}{{{{ {said} }}}}{{{{ end }}}}'
        "{{ end }}"
    )


def _link(annotation: str, text: str) -> str:
    """Of one alert, as Slack writes links; a path stands there as it is."""
    said = f".Annotations.{annotation}"
    return (
        f"{{{{ if {said} }}}}"
        f'{{{{ if match "^https?://" {said} }}}}<{{{{ {said} }}}}|{text}>'
        f"{{{{ else }}}}{text}: {{{{ {said} }}}}{{{{ end }}}}\n"
        "{{ end }}"
    )


_CHAT_TEXT = (
    "{{ range .Alerts }}"
    "*{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}"
    "{{ end }}* ({{ .Labels.severity }})\n"
    "{{ with .Annotations.description }}{{ . }}\n{{ end }}"
    "{{ with .Annotations.action }}*Action:* {{ . }}\n{{ end }}"
    f"{_link('runbook_url', 'Runbook')}"
    f"{_link('dashboard_url', 'Dashboard')}"
    "\n{{ end }}"
)
