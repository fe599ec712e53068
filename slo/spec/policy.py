"""``alertPolicies``: the alerts of an objective, in place or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import format_duration
from slo.model.indicator import TimeSlices
from slo.spec import scalars, wire
from slo.spec.alerting import alert_annotations, alert_of
from slo.spec.faults import Faults
from slo.spec.place import Located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.indicator import Indicator
    from slo.model.objective import Objective, Period
    from slo.spec.alert_wire import AlertPolicyOrRef, AlertPolicySpec
    from slo.spec.mapping import Metadata
    from slo.spec.objects import Objects
    from slo.spec.place import Place


def default_policy(objective: Objective, period: Period, indicator: Indicator) -> AlertPolicy:
    """The workbook's alerts, but for those with a window that holds no whole time slice."""
    alerts = workbook_policy(objective, period).alerts
    return AlertPolicy(tuple(alert for alert in alerts if alert.short >= _shortest(indicator)))


def alerts_of(
    policies: Sequence[AlertPolicyOrRef], place: Place, objects: Objects
) -> tuple[BurnRateAlert, ...]:
    """The alerts that an objective lists, in its order.

    Raises:
        SpecError: With everything that does not fit.

    """
    faults = Faults()
    found = [
        faults.attempt(_alert, policy, place / index, objects)
        for index, policy in enumerate(policies)
    ]
    faults.raise_if_any()
    alerts = tuple(alert for alert in found if alert is not None)
    if len(alerts) != len(found):
        raise faults.error
    return alerts


def alert_of_object(policy: wire.AlertPolicyObject, root: Place, objects: Objects) -> BurnRateAlert:
    """The alert of an alert policy that stands on its own.

    Raises:
        SpecError: With everything that does not fit.

    """
    return _alert_of_spec(policy.metadata, policy.spec, root, objects)


def checked_policy(
    slo_name: str,
    alerts: Sequence[BurnRateAlert],
    objective: Objective,
    indicator: Indicator,
    place: Place,
) -> AlertPolicy:
    """The alerts as one policy for one objective.

    Raises:
        SpecError: An alert can never fire, is named like another, or has a window that is shorter
            than a time slice.

    """
    faults = Faults()
    seen: set[str] = set()
    for index, alert in enumerate(alerts):
        here, title = place / index, f"alert policy {alert.name!r}"
        rule = names.alert_name(slo_name, alert.name)
        if rule in seen:
            expected = "a name of its own"
            faults.note([here.fault(f"{title}, a second alert {rule}", expected)])
        seen.add(rule)
        if not alert.can_fire(objective):
            found = f"{title} at a burn rate of {alert.factor:g}, which can never be exceeded"
            highest = f"{float(objective.highest_burn_rate):.6g}"
            expected = f"less than {highest}: so fast an outage of everything burns {objective}"
            faults.note([here.fault(found, expected)])
        if alert.short < _shortest(indicator):
            found = f"{title} with a window of {format_duration(alert.short)}"
            expected = f"windows of at least a time slice, {format_duration(_shortest(indicator))}"
            faults.note([here.fault(found, expected)])
    faults.raise_if_any()
    return AlertPolicy(tuple(alerts))


def _shortest(indicator: Indicator) -> int:
    return indicator.slice_length if isinstance(indicator, TimeSlices) else 0


def _alert(policy: AlertPolicyOrRef, place: Place, objects: Objects) -> BurnRateAlert:
    if policy.alert_policy_ref is not None:
        if policy.spec is not None or policy.metadata is not None:
            expected = "either a reference or a policy in place"
            raise place.refusal("alertPolicyRef beside metadata or spec", expected)
        name = policy.alert_policy_ref
        return alert_of_object(*objects.find(wire.AlertPolicyObject, name, place), objects)
    if policy.spec is None or policy.metadata is None:
        expected = "alertPolicyRef, or kind, metadata and spec of an AlertPolicy"
        raise place.refusal("an incomplete policy", expected)
    scalars.name(policy.metadata.name, place / "metadata" / "name")
    return _alert_of_spec(policy.metadata, policy.spec, place, objects)


def _alert_of_spec(
    metadata: Metadata, spec: AlertPolicySpec, root: Place, objects: Objects
) -> BurnRateAlert:
    place = root / "spec" / "conditions"
    if len(spec.conditions) != 1:
        expected = "exactly one; write an AlertPolicy of its own for each further one"
        raise place.refusal(f"{len(spec.conditions)} conditions", expected)
    condition, here = spec.conditions[0], place / 0
    if condition.condition_ref is not None and condition.spec is not None:
        raise here.refusal("conditionRef beside spec", "either a reference or a condition in place")
    annotations = dict(alert_annotations(metadata.annotations, root / "metadata"))
    if condition.condition_ref is not None:
        found, there = objects.find(wire.AlertConditionObject, condition.condition_ref, here)
        meaning = found.spec
        annotations |= alert_annotations(found.metadata.annotations, there / "metadata")
    elif condition.spec is not None:
        meaning, there = condition.spec, here
        inside = condition.metadata.annotations if condition.metadata else None
        annotations |= alert_annotations(inside, here / "metadata")
    else:
        raise here.refusal("an incomplete condition", "conditionRef, or spec of an AlertCondition")
    condition_spec = Located(meaning, there / "spec")
    return alert_of(metadata.name, Located(spec, root / "spec"), condition_spec, annotations)
