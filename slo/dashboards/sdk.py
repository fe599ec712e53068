"""The parts of grafana-foundation-sdk that dashboards are built with: the classic (v1) model.

The library prefers its v2 and warns when v1 is imported. ``POST /api/dashboards/db`` takes v1 on
every Grafana from 9 to 13, so that one warning is not passed on.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "Prefer using dashboardv2", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        bargauge,
        common,
        dashboard,
        gauge,
        piechart,
        prometheus,
        stat,
        table,
        text,
        timeseries,
    )
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.runtime import UnknownDataquery
    from grafana_foundation_sdk.models import common as common_models
    from grafana_foundation_sdk.models import dashboard as models
    from grafana_foundation_sdk.models import piechart as piechart_models
    from grafana_foundation_sdk.models import prometheus as prometheus_models
    from grafana_foundation_sdk.models import text as text_models

__all__ = [
    "JSONEncoder",
    "UnknownDataquery",
    "bargauge",
    "common",
    "common_models",
    "dashboard",
    "gauge",
    "models",
    "piechart",
    "piechart_models",
    "prometheus",
    "prometheus_models",
    "stat",
    "table",
    "text",
    "text_models",
    "timeseries",
]
