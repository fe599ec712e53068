"""Alerting rules on plain thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import SECOND, format_duration
from slo.promql_expression import alert_condition
from slo.rules.annotations import Links, filled, literal
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.model.service_alert import ServiceAlert, Unit

_VALUES: dict[Unit, str] = {
    "": "{{ $value | humanize }}",
    "ratio": "{{ $value | humanizePercentage }}",
    "seconds": "{{ $value | humanizeDuration }}",
    "usd": '{{ printf "%.2f" $value }} USD',
    "usd per second": '{{ printf "%.2g" $value }} USD a second',
    "bytes": "{{ $value | humanize1024 }}B",
    "tokens": "{{ $value | humanize }} tokens",
}
_SIDES = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def threshold_rules(alerts: Sequence[ServiceAlert], links: Links) -> tuple[AlertingRule, ...]:
    """An alert a rule, in their order."""
    return tuple(_threshold_rule(one, links) for one in alerts)


def identity_of(one: ServiceAlert) -> dict[str, str]:
    """The labels by which an alert is routed, grouped and silenced."""
    return {
        names.SERVICE_LABEL: one.service,
        names.SIGNAL_LABEL: one.signal,
        names.SEVERITY_LABEL: one.alert.severity,
    }


def _threshold_rule(one: ServiceAlert, links: Links) -> AlertingRule:
    return AlertingRule(
        alert=names.threshold_alert_name(one.name),
        expr=alert_condition(one.alert),
        hold=one.alert.hold,
        keep_firing=one.alert.keep_firing,
        labels=identity_of(one),
        annotations=filled(
            {
                "summary": literal(one.summary),
                "description": f"{_measured(one)} {literal(one.description)}".strip(),
                "action": literal(one.action),
                "runbook_url": literal(links.runbook(one.runbook)),
                "dashboard_url": literal(links.dashboard(one.dashboard)),
                "owner": literal(one.owner),
            }
        ),
    )


def _measured(one: ServiceAlert) -> str:
    """The value of the longest window: it stands first in the condition."""
    alert = one.alert
    windows = " and ".join(format_duration(window) for window in alert.windows)
    over = f" over {windows}" if _looks_back(one) else ""
    limit = threshold_text(alert.threshold, one.unit)
    return f"It is {_VALUES[one.unit]}{over}, {_SIDES[alert.comparison]} {limit}."


def _looks_back(one: ServiceAlert) -> bool:
    return getattr(one.alert.measure, "is_windowed", True)


def threshold_text(value: float, unit: Unit) -> str:
    """A threshold as people write it: ``5 %``, ``300 USD``, ``8d``."""
    match unit:
        case "ratio":
            return f"{value * 100:.6g} %"
        case "seconds" if value >= 1 and float(value).is_integer():
            return format_duration(int(value) * SECOND)
        case "usd per second":
            return f"{value:.4g} USD a second"
        case "usd":
            return f"{value:.6g} USD"
        case "":
            return f"{value:.6g}"
        case _:
            return f"{value:.6g} {unit}"
