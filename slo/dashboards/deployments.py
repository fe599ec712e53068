"""What is marked in every panel over time: deployments."""

from __future__ import annotations

from slo.dashboards import sdk
from slo.dashboards.display import BLUE, DATASOURCE

DEPLOY_TAG = "deploy"


def pushed_deployments() -> sdk.models.AnnotationQuery:
    """Those that somebody put into Grafana with the tag ``deploy``, as pipelines do."""
    grafana = sdk.common_models.DataSourceRef(type_val="grafana", uid="-- Grafana --")
    query = sdk.dashboard.AnnotationQuery().name("Deployments (pushed)").datasource(grafana)
    annotation = query.enable(True).icon_color(BLUE).build()
    annotation.target = sdk.UnknownDataquery(
        {"limit": 100, "matchAny": False, "tags": [DEPLOY_TAG], "type": "tags"}
    )
    return annotation


def recorded_deployments(metric: str) -> sdk.models.AnnotationQuery:
    """Those that a gauge tells of, whose value is the instant and whose ``version`` is what came.

    Needs nobody to push anything. Grafana wants instants in milliseconds.
    """
    expr = f'max by (namespace, version) ({metric}{{namespace=~"$environment"}}) * 1000'
    query = sdk.dashboard.AnnotationQuery().name("Deployments").datasource(DATASOURCE)
    query.expr(expr).use_value_for_time(True).step("60s").tag_keys("namespace,version")
    query.title_format("Deployed {{version}}").text_format("in {{namespace}}")
    return query.enable(True).icon_color(BLUE).build()
