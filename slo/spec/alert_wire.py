"""OpenSLO's alert policies and conditions as they are written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from slo.spec.mapping import Metadata, OptionalMetadata, Wire, reference_to


class BurnRateCondition(Wire):
    """When a budget burns too fast.

    Attributes:
        kind: Only burn rates are known.
        op: Only ``gt``, which is meant where it is not given.
        threshold: The burn rate from which on it fires, such as ``14.4``.
        lookback_window: The long window; the annotation ``slobook/short-window`` gives the short.
        alert_after: How long the condition must hold, Prometheus' ``for``.

    """

    kind: Literal["burnrate"] | None = None
    op: Literal["lt", "lte", "gt", "gte"] | None = None
    threshold: str
    lookback_window: str
    alert_after: str | None = None


class AlertConditionSpec(Wire):
    """A condition and how urgent it is.

    Attributes:
        description: What it means, for whoever is woken.
        severity: ``page`` (or ``critical``) or ``ticket`` (or ``warning``).
        condition: When it fires.

    """

    description: str | None = None
    severity: str
    condition: BurnRateCondition


class AlertConditionOrRef(Wire):
    """An alert condition in place, or the name of one.

    Attributes:
        condition_ref: Name of an AlertCondition; a plain text stands for it.
        api_version: May be left out.
        kind: May be left out.
        metadata: Its name, where it stands in place.
        spec: The condition, where it stands in place.

    """

    condition_ref: str | None = None
    api_version: str | None = None
    kind: Literal["AlertCondition"] | None = None
    metadata: OptionalMetadata | None = None
    spec: AlertConditionSpec | None = None


class AlertPolicySpec(Wire):
    """When somebody is told. Who is told is Alertmanager's business.

    Attributes:
        description: For people.
        alert_when_breaching: Only ``true``: an alert that tells of nothing else.
        alert_when_resolved: Read; Alertmanager decides.
        alert_when_no_data: Only ``false``: without traffic there is no ratio.
        conditions: When somebody is told; each in place, or by its name.
        notification_targets: Read; Alertmanager decides.

    """

    description: str | None = None
    alert_when_breaching: bool | None = None
    alert_when_resolved: bool | None = None
    alert_when_no_data: bool | None = None
    conditions: list[Annotated[AlertConditionOrRef, reference_to("conditionRef")]]
    notification_targets: list[Any] | None = None


class AlertPolicyOrRef(Wire):
    """An alert policy in place, or the name of one.

    Attributes:
        alert_policy_ref: Name of an AlertPolicy; a plain text stands for it.
        api_version: May be left out.
        kind: May be left out.
        metadata: Its name, where it stands in place.
        spec: The policy, where it stands in place.

    """

    alert_policy_ref: str | None = None
    api_version: str | None = None
    kind: Literal["AlertPolicy"] | None = None
    metadata: Metadata | None = None
    spec: AlertPolicySpec | None = None
