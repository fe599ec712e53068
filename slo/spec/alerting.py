"""``AlertPolicy`` and ``AlertCondition``: when a burning budget is told to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.alert import BurnRateAlert, Severity
from slo.model.duration import format_duration
from slo.spec import scalars
from slo.spec.faults import Faults, nearest
from slo.spec.place import Located, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.spec.alert_wire import AlertConditionSpec, AlertPolicySpec
    from slo.spec.place import Place

    Annotations = Mapping[str, Located[str]]

_SEVERITIES: dict[str, Severity] = {
    "page": "page",
    "critical": "page",
    "ticket": "ticket",
    "warning": "ticket",
}
"""``critical`` and ``warning`` are what Prometheus' own alerts use for the same."""


def alert_of(
    name: str,
    policy: Located[AlertPolicySpec],
    condition: Located[AlertConditionSpec],
    annotations: Annotations,
) -> BurnRateAlert:
    """The alert that a policy and its one condition describe.

    Args:
        name: The policy's.
        policy: What is done when the condition holds.
        condition: When it holds.
        annotations: Those on either.

    Raises:
        SpecError: With everything that does not fit.

    """
    faults = Faults()
    faults.attempt(_refuse_other_triggers, policy.value, policy.place)
    urgency, burn = condition.value.severity, condition.value.condition
    severity = faults.attempt(severity_of, urgency, condition.place / "severity")
    here = condition.place / "condition"
    if burn.op not in (None, "gt"):
        expected = "'gt': the rules of Prometheus compare with >, and a burn rate is bad when high"
        faults.note([(here / "op").fault(shown(burn.op), expected)])
    factor = faults.attempt(scalars.positive, burn.threshold, here / "threshold")
    long = faults.attempt(scalars.duration, burn.lookback_window, here / "lookbackWindow")
    after = burn.alert_after or "0m"
    hold = faults.attempt(scalars.duration_or_zero, after, here / "alertAfter")
    keep = faults.attempt(_annotated, annotations, names.KEEP_FIRING_FOR, 0)
    short = long and faults.attempt(_short_window, annotations, long)
    faults.raise_if_any()
    if not (severity and factor and long and short) or hold is None or keep is None:
        raise faults.error
    return BurnRateAlert(name, severity, long, short, float(factor), hold, keep)


def alert_annotations(annotations: Mapping[str, str] | None, metadata: Place) -> Annotations:
    """An object's annotations, each with its place."""
    here = metadata / "annotations"
    return {name: Located(text, here / name) for name, text in (annotations or {}).items()}


def _refuse_other_triggers(policy: AlertPolicySpec, place: Place) -> None:
    """``alertWhenResolved`` is Alertmanager's business; the other two would change the rules."""
    if policy.alert_when_no_data:
        expected = "false: no rule is written for missing data"
        raise (place / "alertWhenNoData").refusal("true", expected)
    if policy.alert_when_breaching is False:
        expected = "true, or no alert policy"
        raise (place / "alertWhenBreaching").refusal("false", expected)


def severity_of(text: str, place: Place) -> Severity:
    """Page or ticket, in either of two languages.

    Raises:
        SpecError: It is neither.

    """
    if text not in _SEVERITIES:
        raise place.refusal(shown(text), nearest(text, _SEVERITIES, "one of"))
    return _SEVERITIES[text]


def _short_window(annotations: Annotations, long: int) -> int:
    """Without the annotation the alert compares a single window."""
    short = _annotated(annotations, names.SHORT_WINDOW, long)
    if not 0 < short <= long:
        written = annotations[names.SHORT_WINDOW]
        expected = f"a duration above 0 and up to the lookbackWindow of {format_duration(long)}"
        raise written.place.refusal(shown(written.value), expected)
    return short


def _annotated(annotations: Annotations, name: str, otherwise: int) -> int:
    written = annotations.get(name)
    return scalars.duration_or_zero(written.value, written.place) if written else otherwise
