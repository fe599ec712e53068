"""What is promised, as series: so that dashboards need not repeat a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import SECOND, format_duration
from slo.model.objective import RollingPeriod
from slo.promql import number
from slo.rules.rule import RecordingRule, identity

if TYPE_CHECKING:
    from decimal import Decimal

    from slo.model.alert import BurnRateAlert
    from slo.model.slo import Slo


def metadata_rules(slo: Slo) -> tuple[RecordingRule, ...]:
    """Objective, error budget, the period's length in seconds, and what people want to read.

    Calendar periods differ in length, and have none here. Each alert's burn rate is a series too.
    """
    rules = [
        _constant(slo, names.OBJECTIVE, slo.objective.ratio),
        _constant(slo, names.ERROR_BUDGET, slo.objective.error_budget),
    ]
    if isinstance(slo.period, RollingPeriod):
        rules.append(_constant(slo, names.PERIOD, slo.period.length / SECOND))
    rules += [_threshold(slo, alert) for alert in slo.policy.alerts]
    described = {"title": slo.title, "period": str(slo.period), "owner": slo.owner}
    info = {name: text for name, text in described.items() if text}
    rules.append(RecordingRule(names.INFO, "vector(1)", {**identity(slo), **info}))
    return tuple(rules)


def _threshold(slo: Slo, alert: BurnRateAlert) -> RecordingRule:
    labels = {
        **identity(slo),
        names.ALERT_LABEL: names.alert_name(slo.name, alert.name),
        names.SEVERITY_LABEL: alert.severity,
        names.LONG_WINDOW_LABEL: format_duration(alert.long),
        names.SHORT_WINDOW_LABEL: format_duration(alert.short),
    }
    expr = f"vector({number(alert.factor)})"
    return RecordingRule(names.BURN_RATE_THRESHOLD, expr, labels)


def _constant(slo: Slo, record: str, value: float | Decimal) -> RecordingRule:
    return RecordingRule(record, f"vector({number(value)})", identity(slo))
