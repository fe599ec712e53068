"""Policies worth comparing with one's own: the six approaches of the SRE workbook's chapter.

https://sre.google/workbook/alerting-on-slos/
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from slo.model.alert import (
    AlertPolicy,
    BurnRateAlert,
    Tier,
    tiered_policy,
    workbook_policy,
)
from slo.model.duration import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from slo.model.objective import Period
    from slo.model.slo import Slo

OWN = "as specified"
TARGET_ERROR_RATE = "target error rate"
LONGER_WINDOW = "longer window"
LONGER_DURATION = "longer duration"
SINGLE_BURN_RATE = "single burn rate"
MULTIPLE_BURN_RATES = "multiple burn rates"
WORKBOOK = "multiwindow, multi-burn-rate"

_SINGLE_TIER = (Tier("page", Decimal("0.05"), HOUR, HOUR),)
_MULTIPLE_TIERS = (
    Tier("page", Decimal("0.02"), HOUR, HOUR),
    Tier("page", Decimal("0.05"), 6 * HOUR, 6 * HOUR),
    Tier("ticket", Decimal("0.1"), 3 * DAY, 3 * DAY),
)


def presets(slo: Slo) -> dict[str, AlertPolicy]:
    """The objective's own policy and the workbook's approaches, by name, in the chapter's order.

    Approaches 1 to 3 alert on the objective's own error ratio, a burn rate of 1, over 10
    minutes, over 36 hours, and over one minute for an hour. Approaches 4 to 6 alert on shares
    of the budget, so that their burn rates follow the period. An alert that cannot fire for this
    objective, or whose window is longer than its period, is left out, and an approach without
    alerts with it.
    """
    objective, period = slo.objective, slo.period
    candidates = {
        OWN: slo.policy,
        TARGET_ERROR_RATE: _budget_pace("page-10m", 10 * MINUTE, 0, period),
        LONGER_WINDOW: _budget_pace("page-36h", 36 * HOUR, 0, period),
        LONGER_DURATION: _budget_pace("page-1m", MINUTE, HOUR, period),
        SINGLE_BURN_RATE: tiered_policy(_SINGLE_TIER, objective, period),
        MULTIPLE_BURN_RATES: tiered_policy(_MULTIPLE_TIERS, objective, period),
        WORKBOOK: workbook_policy(objective, period),
    }
    return {name: policy for name, policy in candidates.items() if policy.alerts}


def _budget_pace(name: str, window: int, hold: int, period: Period) -> AlertPolicy:
    """One page on the pace at which the budget lasts exactly as long as its period."""
    alert = BurnRateAlert(name, "page", window, window, 1.0, hold=hold)
    return AlertPolicy((alert,) if window <= period.length else ())
