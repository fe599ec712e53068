"""OpenSLO v1 as it is written: the shape of its objects, without their meaning.

https://github.com/OpenSLO/OpenSLO/blob/main/README.md. Numbers and durations are text here; the
mappers read them, and say what is wrong with them. Fields that OpenSLO knows and slobook does not
support are named here all the same, so that they are refused as such and not as unknown.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from slo.spec.alert_wire import AlertConditionSpec, AlertPolicyOrRef, AlertPolicySpec
from slo.spec.mapping import Metadata, OptionalMetadata, Wire, reference_to


class PrometheusQuery(Wire):
    """Where a metric source of type Prometheus finds its series.

    Attributes:
        query: PromQL: a selector that names its metric, or what the field's reader allows beside
            that.

    """

    query: str


class MetricSource(Wire):
    """One query. The server that answers it is the project's configuration, not the spec's.

    Attributes:
        metric_source_ref: Name of a DataSource; read, and not needed.
        type: Only Prometheus is known.
        spec: The query.

    """

    metric_source_ref: str | None = None
    type: Literal["Prometheus", "prometheus"] | None = None
    spec: PrometheusQuery


class Metric(Wire):
    """A wrapper that OpenSLO asks for.

    Attributes:
        metric_source: The source that it wraps.

    """

    metric_source: MetricSource


class RatioMetric(Wire):
    """Good or bad over total, or a ratio that is one already.

    Attributes:
        counter: Whether the series are counters (``true``) or, beside ``raw``, a gauge (``false``).
        good: Good events; either these or ``bad``.
        bad: Bad events; either these or ``good``.
        total: All events, beside ``good`` or ``bad``.
        raw: A gauge that is a ratio already; stands alone.
        raw_type: Whether ``raw`` is the share of good events (``success``) or of bad ones
            (``failure``).

    """

    counter: bool | None = None
    good: Metric | None = None
    bad: Metric | None = None
    total: Metric | None = None
    raw: Metric | None = None
    raw_type: Literal["success", "failure"] | None = None


class SliSpec(Wire):
    """A service level indicator.

    Attributes:
        description: What is measured, for people.
        ratio_metric: Events; either these or ``thresholdMetric``.
        threshold_metric: A gauge with a bound, which the objective's ``op`` and ``value`` give.

    """

    description: str | None = None
    ratio_metric: RatioMetric | None = None
    threshold_metric: Metric | None = None


class InlineSli(Wire):
    """An indicator inside its objective.

    Attributes:
        api_version: May be left out.
        kind: May be left out.
        metadata: A name, if it has one.
        spec: What is measured.

    """

    api_version: str | None = None
    kind: Literal["SLI"] | None = None
    metadata: OptionalMetadata | None = None
    spec: SliSpec


class Calendar(Wire):
    """Where the first calendar-aligned period begins.

    Attributes:
        start_time: Date and time without a zone, such as ``2026-01-01 00:00:00``.
        time_zone: IANA name such as ``Europe/Berlin``.

    """

    start_time: str
    time_zone: str


class TimeWindow(Wire):
    """The period that a budget is for.

    Attributes:
        duration: Such as ``30d``, ``4w``, ``1M``; a calendar's is of whole days, weeks, months,
            quarters or years.
        is_rolling: May be left out: a window with a calendar follows it, others roll.
        calendar: Where the first period begins; without it the period rolls.

    """

    duration: str
    is_rolling: bool | None = None
    calendar: Calendar | None = None


class Objective(Wire):
    """What is promised.

    Attributes:
        display_name: What people read.
        op: Beside a ``thresholdMetric``: which side of ``value`` is good.
        value: Beside a ``thresholdMetric``: the bound.
        target: The promised share of good events as text, such as ``0.999``; either this or
            ``targetPercent``.
        target_percent: The same in percent, such as ``99.9``.
        time_slice_target: The share of good events in a slice that is good; only by time slices.
        time_slice_window: How long a slice is; only by time slices.
        indicator: Refused: composites are not supported.
        indicator_ref: Refused: composites are not supported.
        composite_weight: Refused: composites are not supported.

    """

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


class SloSpec(Wire):
    """A service level objective.

    Attributes:
        description: What is promised, in a sentence for people.
        service: Name of a Service.
        indicator: The indicator in place; either this or ``indicatorRef``.
        indicator_ref: Name of an SLI.
        time_window: Exactly one period.
        budgeting_method: Whether events count (``Occurrences``) or slices of time.
        objectives: Exactly one promise.
        alert_policies: Who is told when; the SRE workbook's four alerts if not given.

    """

    description: str | None = None
    service: str
    indicator: InlineSli | None = None
    indicator_ref: str | None = None
    time_window: list[TimeWindow]
    budgeting_method: Literal["Occurrences", "Timeslices", "RatioTimeslices"]
    objectives: list[Objective]
    alert_policies: list[Annotated[AlertPolicyOrRef, reference_to("alertPolicyRef")]] | None = None


class ServiceSpec(Wire):
    """A service.

    Attributes:
        description: What the service is, for people.

    """

    description: str | None = None


class DataSourceSpec(Wire):
    """A connection; read so that files that hold one can be used, and not needed.

    Attributes:
        description: For people.
        type: Whatever it is.
        connection_details: Not looked at.

    """

    description: str | None = None
    type: str
    connection_details: Any = None


class AlertNotificationTargetSpec(Wire):
    """Where notifications go; read so that files that hold one can be used, and not needed.

    Attributes:
        description: For people.
        target: Whatever it is.

    """

    description: str | None = None
    target: str


class WireObject(Wire):
    """What all kinds have in common.

    Attributes:
        api_version: ``openslo/v1`` for what OpenSLO knows, ``slobook/v1`` for what it cannot say.
        metadata: Name, and what else it says about itself.

    """

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
