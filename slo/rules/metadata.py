"""What is promised, as series: so that dashboards need not repeat a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import SECOND
from slo.model.objective import RollingPeriod
from slo.promql import number
from slo.rules.rule import RecordingRule, identity

if TYPE_CHECKING:
    from decimal import Decimal

    from slo.model.slo import Slo


def metadata_rules(slo: Slo) -> tuple[RecordingRule, ...]:
    """Objective, error budget, the period's length in seconds, and what people want to read.

    Calendar periods differ in length, and have none here.
    """
    rules = [
        _constant(slo, names.OBJECTIVE, slo.objective.ratio),
        _constant(slo, names.ERROR_BUDGET, slo.objective.error_budget),
    ]
    if isinstance(slo.period, RollingPeriod):
        rules.append(_constant(slo, names.PERIOD, slo.period.length / SECOND))
    described = {"title": slo.title, "period": str(slo.period), "owner": slo.owner}
    info = {name: text for name, text in described.items() if text}
    rules.append(RecordingRule(names.INFO, "vector(1)", {**identity(slo), **info}))
    return tuple(rules)


def _constant(slo: Slo, record: str, value: float | Decimal) -> RecordingRule:
    return RecordingRule(record, f"vector({number(value)})", identity(slo))
