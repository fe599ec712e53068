"""Dashboards of the classic schema for tests of the preview, about the shop of tests.shop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
groups:
  - name: shop
    interval: 1m
    rules:
      - record: shop:error_ratio:rate30m
        expr: sum(rate(requests_total{code="500"}[30m])) / sum(rate(requests_total[30m]))
      - record: shop:budget_spent:ratio
        expr: shop:error_ratio:rate30m / 0.01
        labels:
          service: shop
      - alert: ShopFails
        expr: shop:error_ratio:rate30m > 0.1
        for: 2m
        labels:
          severity: page
          reason: "{{ $labels.code }}"
"""


def target(expr: str, ref: str = "A", **more: Any) -> dict[str, Any]:
    return {
        "refId": ref,
        "expr": expr,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        **more,
    }


def panel(
    kind: str, title: str, grid: tuple[int, int, int, int], *targets: Any, **more: Any
) -> dict[str, Any]:
    x, y, w, h = grid
    return {
        "type": kind,
        "title": title,
        "description": f"What {title} means.\n\n**What to do:** look.",
        "gridPos": {"x": x, "y": y, "w": w, "h": h},
        "targets": list(targets),
        "fieldConfig": {"defaults": {}, "overrides": []},
        "options": {},
        **more,
    }


def settings(unit: str = "", steps: Any = ((None, "green"),), **more: Any) -> dict[str, Any]:
    made = {
        "unit": unit,
        "color": {"mode": "thresholds"},
        "thresholds": {
            "mode": "absolute",
            "steps": [{"value": value, "color": colour} for value, colour in steps],
        },
    }
    return {"defaults": made | more, "overrides": []}


def code_variable(**more: Any) -> dict[str, Any]:
    return {
        "name": "code",
        "label": "Code",
        "type": "query",
        "query": {"query": "label_values(requests_total, code)", "refId": "Q"},
        "multi": True,
        "includeAll": True,
        "current": {"text": ["All"], "value": ["$__all"]},
        **more,
    }


def dashboard(*panels: Any, variables: Any = (), **more: Any) -> dict[str, Any]:
    datasource = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    return {
        "uid": "shop-001",
        "title": "The shop",
        "description": "Whether it sells.",
        "schemaVersion": 41,
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [datasource, *variables]},
        "annotations": {"list": [{"name": "Alerts", "builtIn": 1, "enable": True}]},
        "panels": list(panels),
        **more,
    }


RATE = 'sum(rate(requests_total{code=~"$code"}[$__rate_interval]))'
BY_CODE = 'sum by (code) (increase(requests_total{code=~"$code"}[1h]))'


def shop() -> dict[str, Any]:
    """A panel of each kind that is drawn, and of each way to have nothing to draw."""
    legend = {"legend": {"displayMode": "table", "placement": "bottom", "calcs": ["max"]}}
    table = [
        target(BY_CODE, "A", format="table", instant=True),
        target("60 * " + BY_CODE, "B", format="table", instant=True),
    ]
    return dashboard(
        panel("stat", "Requests", (0, 0, 6, 4), target(RATE), fieldConfig=settings("reqps")),
        panel(
            "gauge",
            "Budget spent",
            (6, 0, 6, 4),
            target("shop:budget_spent:ratio", instant=True),
            fieldConfig=settings(
                "percentunit", ((None, "green"), (0.5, "red")), min=0, max=1, decimals=1
            ),
        ),
        panel("stat", "Missing", (12, 0, 4, 4), target("sum(no_such_series)", instant=True)),
        panel("stat", "Broken", (16, 0, 4, 4), target("sum(rate(up[5m])")),
        panel("heatmap", "Heat", (20, 0, 4, 4), target("requests_total")),
        panel(
            "timeseries",
            "Error ratio",
            (0, 4, 12, 8),
            target("shop:error_ratio:rate30m", legendFormat="errors"),
            target('rate(requests_total{code="200"}[30m])', "B", legendFormat="sold {{code}}"),
            fieldConfig={
                "defaults": settings("percentunit", ((None, "green"), (0.1, "red")))["defaults"]
                | {"color": {"mode": "palette-classic"},
                   "custom": {"thresholdsStyle": {"mode": "dashed"}}},
                "overrides": [
                    {
                        "matcher": {"id": "byFrameRefID", "options": "B"},
                        "properties": [
                            {"id": "unit", "value": "reqps"},
                            {"id": "custom.axisPlacement", "value": "right"},
                        ],
                    }
                ],
            },
            options=legend,
        ),
        panel(
            "timeseries",
            "Bars",
            (12, 4, 12, 8),
            target(BY_CODE, legendFormat="{{code}}"),
            interval="1h",
            fieldConfig=settings(
                "short",
                color={"mode": "palette-classic"},
                custom={"drawStyle": "bars", "stacking": {"mode": "normal", "group": "A"}},
            ),
            options={"legend": {"displayMode": "list", "placement": "right", "showLegend": True}},
        ),
        {"type": "row", "title": "Details", "collapsed": True, "gridPos": {"y": 12}, "panels": [
            panel(
                "table", "By code", (0, 13, 10, 6), *table,
                transformations=[
                    {"id": "merge", "options": {}},
                    {"id": "organize", "options": {"excludeByName": {"Time": True},
                     "renameByName": {"Value #A": "An hour", "Value #B": "Sixty"}}},
                    {"id": "sortBy", "options": {"sort": [{"field": "An hour", "desc": True}]}},
                ],
            ),
            panel("bargauge", "Bar", (10, 13, 5, 6), target(BY_CODE, instant=True,
                  legendFormat="{{code}}"), fieldConfig=settings("short")),
            panel("piechart", "Share", (15, 13, 5, 6), target(BY_CODE, instant=True,
                  legendFormat="{{code}}"), fieldConfig=settings("short",
                  color={"mode": "palette-classic"}), options={"pieType": "donut",
                  "legend": {"displayMode": "list", "values": ["percent"], "showLegend": True}}),
            panel("text", "Words", (20, 13, 4, 3), options={"content": "## Shop\n\nIt **sells**."}),
            panel("stat", "Firing", (20, 16, 4, 3), target(
                'max_over_time(count(ALERTS{alertstate="firing"})[6h:1m])', instant=True)),
        ]},
        variables=[code_variable()],
    )  # fmt: skip


def write(folder: Path, tree: dict[str, Any], name: str = "shop.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree))
    return path
