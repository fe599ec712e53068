"""``specs``: are the specifications right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import counted
from slo.doctor.finding import Finding, attention, fine

if TYPE_CHECKING:
    from slo.spec import Specs

NAME = "specs"


def specs(read: Specs) -> Finding:
    """Specifications that have been read without a fault, and guard something."""
    objectives = counted(len(read.slos), "objective")
    alerts = counted(len(read.alerts), "alert on thresholds", "alerts on thresholds")
    valid = f"{objectives} and {alerts} are valid"
    unguarded = [f"{one.service}/{one.name}" for one in read.slos if not one.policy.alerts]
    if not read.slos and not read.alerts:
        return attention(NAME, "there is neither an objective nor an alert", "slo init")
    if unguarded:
        return attention(
            NAME,
            f"{valid}, but {counted(len(unguarded), 'objective has', 'objectives have')} no alert",
            "take alertPolicies: [] out, and the workbook's alerts come in",
            details=unguarded,
        )
    return fine(NAME, valid)
