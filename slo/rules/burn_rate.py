"""Alerting rules on burn rates over one window, or over a long and a short one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import DAY, HOUR, format_duration
from slo.promql import number
from slo.rules.annotations import Links, filled, literal
from slo.rules.rule import AlertingRule, error_ratio_series, identity

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert
    from slo.model.slo import Slo


def burn_rate_rules(slo: Slo, links: Links) -> tuple[AlertingRule, ...]:
    """An alert a rule, in the policy's order."""
    return tuple(_burn_rate_rule(slo, alert, links) for alert in slo.policy.alerts)


def _burn_rate_rule(slo: Slo, alert: BurnRateAlert, links: Links) -> AlertingRule:
    labels = {
        **identity(slo),
        names.SEVERITY_LABEL: alert.severity,
        names.LONG_WINDOW_LABEL: format_duration(alert.long),
    }
    return AlertingRule(
        alert=names.alert_name(slo.name, alert.name),
        expr=_condition(slo, alert),
        hold=alert.hold,
        keep_firing=alert.keep_firing,
        labels=labels,
        annotations=_annotations(slo, alert, links),
    )


def _condition(slo: Slo, alert: BurnRateAlert) -> str:
    """Factor and budget stay apart, so that Prometheus multiplies the floats that we multiply."""
    threshold = f"({number(alert.factor)} * {number(slo.objective.error_budget)})"
    compared = [f"{error_ratio_series(slo, window)} > {threshold}" for window in alert.windows]
    return f"\nand ignoring({names.WINDOW_LABEL})\n".join(compared)


def _annotations(slo: Slo, alert: BurnRateAlert, links: Links) -> dict[str, str]:
    long, factor = format_duration(alert.long), f"{alert.factor:.4g}"
    threshold = f"{alert.threshold(slo.objective) * 100:.4g} %"
    also = f", and more than {threshold} over {format_duration(alert.short)}"
    share = f"{alert.budget_share(slo.period) * 100:.3g} %"
    description = (
        f"The error ratio over {long} is {{{{ $value | humanizePercentage }}}}, more than "
        f"{threshold}{also if alert.short < alert.long else ''}: a burn rate of {factor} for an "
        f"objective of {slo.objective}. At that rate {share} of the error budget ({slo.period}) is "
        f"spent in {long}, and all of it in {_roughly(slo.period.length / alert.factor)}."
    )
    summary = f"{slo.title}: the error budget burns at more than {factor} times its rate"
    return filled(
        {
            "summary": literal(summary),
            "description": description,
            "runbook_url": literal(links.runbook(slo.runbook)),
            "dashboard_url": literal(links.objective(slo.dashboard, identity(slo))),
            "owner": literal(slo.owner),
        }
    )


def _roughly(milliseconds: float) -> str:
    if milliseconds >= 2 * DAY:
        return f"{milliseconds / DAY:.3g} days"
    return f"{milliseconds / HOUR:.3g} hours"
