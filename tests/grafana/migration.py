"""How newer servers store dashboards otherwise than they were sent."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

SCHEMA = 42
ANNOTATIONS_AND_ALERTS = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}


def migrated(body: dict[str, Any]) -> dict[str, Any]:
    """The body with what a server adds: defaults, versions, a query of its own."""
    new = deepcopy(body)
    new["schemaVersion"] = max(int(new.get("schemaVersion") or 0), SCHEMA)
    for name, default in (
        ("preload", False),
        ("fiscalYearStartMonth", 0),
        ("weekStart", ""),
        ("links", []),
        ("templating", {"list": []}),
    ):
        new.setdefault(name, default)
    queries = new.setdefault("annotations", {}).setdefault("list", [])
    if not any(one.get("builtIn") for one in queries):
        queries.insert(0, deepcopy(ANNOTATIONS_AND_ALERTS))
    new["panels"] = [_panel(one) for one in new.get("panels") or []]
    return dict(sorted(new.items()))


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    new = {"pluginVersion": "13.0.1", "transparent": False, **panel}
    if "panels" in new:
        new["panels"] = [_panel(one) for one in new["panels"]]
    for target in new.get("targets") or []:
        if "datasource" in new:
            target.setdefault("datasource", deepcopy(new["datasource"]))
    if new.get("type") not in {"row", None}:
        config = new.setdefault("fieldConfig", {})
        config.setdefault("overrides", [])
        config.setdefault("defaults", {}).setdefault("mappings", [])
    return new
