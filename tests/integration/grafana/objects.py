"""Small dashboards and groups of alert rules, as a project would make them for a push."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from slo.manifests.grafana_alerting import PATH as ALERT_RULES
from slo.plan import Artefact
from slo.targets.grafana.marker import TAG

if TYPE_CHECKING:
    from tests.integration.grafana.site import Site


def board(site: Site, name: str, **more: object) -> Artefact:
    """A dashboard with one panel; other arguments go into its body."""
    uid = site.named(name)
    panel = {
        "id": 1,
        "type": "timeseries",
        "title": "Requests",
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"h": 8, "w": 24, "x": 0, "y": 0},
        "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
        "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[5m]))"}],
    }
    variable = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    body = {
        "uid": uid,
        "title": site.titled(name.capitalize()),
        "tags": [TAG],
        "schemaVersion": 36,
        "templating": {"list": [variable]},
        "panels": [panel],
        **more,
    }
    return Artefact(f"dashboards/{uid}.json", json.dumps(body))


def rule(site: Site, name: str, **more: object) -> dict[str, Any]:
    """An alert rule; other arguments go into its body."""
    queries = [
        {
            "refId": "A",
            "datasourceUid": site.data_source,
            "relativeTimeRange": {"from": 600, "to": 0},
            "model": {"refId": "A", "expr": "vector(0)", "instant": True, "range": False},
        },
        {
            "refId": "C",
            "datasourceUid": "__expr__",
            "relativeTimeRange": {"from": 600, "to": 0},
            "model": {"refId": "C", "type": "math", "expression": "$A > 1"},
        },
    ]
    return {
        "uid": site.named(name),
        "title": site.titled(name),
        "orgID": 1,
        "condition": "C",
        "for": "2m",
        "noDataState": "OK",
        "execErrState": "Error",
        "labels": {"severity": "page"},
        "annotations": {"summary": "Too many errors"},
        "data": queries,
        **more,
    }


def rules_file(site: Site, **groups: list[dict[str, Any]]) -> Artefact:
    """The file of alert rules, a group a keyword."""
    trees = [
        {
            "title": name,
            "folderUid": site.folder_uid,
            "interval": 60,
            "rules": [{**one, "folderUID": site.folder_uid, "ruleGroup": name} for one in rules],
        }
        for name, rules in groups.items()
    ]
    return Artefact(ALERT_RULES, json.dumps({"groups": trees}))
