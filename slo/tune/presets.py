"""Policies worth comparing with one's own: approaches of the SRE workbook's chapter.

https://sre.google/workbook/alerting-on-slos/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.alert import AlertPolicy, BurnRateAlert, workbook_policy
from slo.model.duration import HOUR, MINUTE

if TYPE_CHECKING:
    from slo.model.slo import Slo

OWN = "as specified"
WORKBOOK = "multiwindow, multi-burn-rate"
TARGET_ERROR_RATE = "target error rate"
SINGLE_BURN_RATE = "single burn rate"


def presets(slo: Slo) -> dict[str, AlertPolicy]:
    """The objective's own policy and the workbook's approaches 1, 4 and 6, by name.

    Approaches that cannot fire for this objective are left out.
    """
    candidates = {
        OWN: slo.policy,
        WORKBOOK: workbook_policy(slo.objective, slo.period),
        SINGLE_BURN_RATE: _single(slo, "page-1h", HOUR, 0.05 * slo.period.length / HOUR),
        TARGET_ERROR_RATE: _single(slo, "page-10m", 10 * MINUTE, 1.0),
    }
    return {name: policy for name, policy in candidates.items() if policy.alerts}


def _single(slo: Slo, name: str, window: int, factor: float) -> AlertPolicy:
    alert = BurnRateAlert(name, "page", window, window, factor)
    return AlertPolicy((alert,) if alert.can_fire(slo.objective) else ())
