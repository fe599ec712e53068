"""OpenSLO v1 as it is written: the shape of its objects, without their meaning.

https://github.com/OpenSLO/OpenSLO/blob/main/README.md. Numbers and durations are text here; the
mappers read them, and say what is wrong with them. Fields that OpenSLO knows and slobook does not
support are named here all the same, so that they are refused as such and not as unknown.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """A mapping that holds its own fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _reference_to(field: str) -> BeforeValidator:
    """Lets a plain name stand for ``{field: name}``."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


class Metadata(Wire):
    """What every object says about itself."""

    name: str
    display_name: str | None = None
    labels: dict[str, Annotated[list[str], BeforeValidator(_listed)]] | None = None
    annotations: dict[str, str] | None = None


class OptionalMetadata(Metadata):
    """The same of an object that stands inside another and needs no name."""

    name: str | None = None  # type: ignore[assignment]  # wider on purpose


class PrometheusQuery(Wire):
    """Where a metric source of type Prometheus finds its series."""

    query: str


class MetricSource(Wire):
    """One query. The server that answers it is the project's configuration, not the spec's."""

    metric_source_ref: str | None = None
    type: Literal["Prometheus", "prometheus"] | None = None
    spec: PrometheusQuery


class Metric(Wire):
    """A wrapper that OpenSLO asks for."""

    metric_source: MetricSource


class RatioMetric(Wire):
    """Good or bad over total, or a ratio that is one already."""

    counter: bool | None = None
    good: Metric | None = None
    bad: Metric | None = None
    total: Metric | None = None
    raw: Metric | None = None
    raw_type: Literal["success", "failure"] | None = None


class SliSpec(Wire):
    """A service level indicator."""

    description: str | None = None
    ratio_metric: RatioMetric | None = None
    threshold_metric: Metric | None = None


class InlineSli(Wire):
    """An indicator inside its objective."""

    api_version: str | None = None
    kind: Literal["SLI"] | None = None
    metadata: OptionalMetadata | None = None
    spec: SliSpec


class Calendar(Wire):
    """Where the first calendar-aligned period begins."""

    start_time: str
    time_zone: str


class TimeWindow(Wire):
    """The period that a budget is for."""

    duration: str
    is_rolling: bool | None = None
    calendar: Calendar | None = None


class Objective(Wire):
    """What is promised."""

    display_name: str | None = None
    op: Literal["lt", "lte", "gt", "gte"] | None = None
    value: str | None = None
    target: str | None = None
    target_percent: str | None = None
    time_slice_target: str | None = None
    time_slice_window: str | None = None
    indicator: Any = None
    indicator_ref: Any = None
    composite_weight: Any = None


class BurnRateCondition(Wire):
    """When a budget burns too fast."""

    kind: Literal["burnrate"] | None = None
    op: Literal["lt", "lte", "gt", "gte"] | None = None
    threshold: str
    lookback_window: str
    alert_after: str | None = None


class AlertConditionSpec(Wire):
    """A condition and how urgent it is."""

    description: str | None = None
    severity: str
    condition: BurnRateCondition


class AlertConditionOrRef(Wire):
    """An alert condition in place, or the name of one."""

    condition_ref: str | None = None
    api_version: str | None = None
    kind: Literal["AlertCondition"] | None = None
    metadata: OptionalMetadata | None = None
    spec: AlertConditionSpec | None = None


class AlertPolicySpec(Wire):
    """When somebody is told. Who is told is Alertmanager's business."""

    description: str | None = None
    alert_when_breaching: bool | None = None
    alert_when_resolved: bool | None = None
    alert_when_no_data: bool | None = None
    conditions: list[Annotated[AlertConditionOrRef, _reference_to("conditionRef")]]
    notification_targets: list[Any] | None = None


class AlertPolicyOrRef(Wire):
    """An alert policy in place, or the name of one."""

    alert_policy_ref: str | None = None
    api_version: str | None = None
    kind: Literal["AlertPolicy"] | None = None
    metadata: Metadata | None = None
    spec: AlertPolicySpec | None = None


class SloSpec(Wire):
    """A service level objective."""

    description: str | None = None
    service: str
    indicator: InlineSli | None = None
    indicator_ref: str | None = None
    time_window: list[TimeWindow]
    budgeting_method: Literal["Occurrences", "Timeslices", "RatioTimeslices"]
    objectives: list[Objective]
    alert_policies: list[Annotated[AlertPolicyOrRef, _reference_to("alertPolicyRef")]] | None = None


class ServiceSpec(Wire):
    """A service."""

    description: str | None = None


class DataSourceSpec(Wire):
    """A connection; read so that files that hold one can be used, and not needed."""

    description: str | None = None
    type: str
    connection_details: Any = None


class AlertNotificationTargetSpec(Wire):
    """Where notifications go; read so that files that hold one can be used, and not needed."""

    description: str | None = None
    target: str


class WireObject(Wire):
    """What all kinds have in common."""

    api_version: Literal["openslo/v1", "slobook/v1"]
    metadata: Metadata


class SloObject(WireObject):
    """kind: SLO."""

    kind: Literal["SLO"]
    spec: SloSpec


class SliObject(WireObject):
    """kind: SLI."""

    kind: Literal["SLI"]
    spec: SliSpec


class AlertPolicyObject(WireObject):
    """kind: AlertPolicy."""

    kind: Literal["AlertPolicy"]
    spec: AlertPolicySpec


class AlertConditionObject(WireObject):
    """kind: AlertCondition."""

    kind: Literal["AlertCondition"]
    spec: AlertConditionSpec


class ServiceObject(WireObject):
    """kind: Service."""

    kind: Literal["Service"]
    spec: ServiceSpec = Field(default_factory=ServiceSpec)


class DataSourceObject(WireObject):
    """kind: DataSource."""

    kind: Literal["DataSource"]
    spec: DataSourceSpec


class AlertNotificationTargetObject(WireObject):
    """kind: AlertNotificationTarget."""

    kind: Literal["AlertNotificationTarget"]
    spec: AlertNotificationTargetSpec


OPENSLO_KINDS: dict[str, type[WireObject]] = {
    "Service": ServiceObject,
    "SLO": SloObject,
    "SLI": SliObject,
    "AlertPolicy": AlertPolicyObject,
    "AlertCondition": AlertConditionObject,
    "DataSource": DataSourceObject,
    "AlertNotificationTarget": AlertNotificationTargetObject,
}
