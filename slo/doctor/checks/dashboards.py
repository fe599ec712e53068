"""``dashboards``: does Grafana have what ``slo apply`` would push?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slo.counting import every
from slo.doctor.finding import Finding, attention, broken, fine, first_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.plan import Plan

NAME = "dashboards"
_ANCHOR = "dashboards"


def dashboards(plans: Mapping[str, Plan]) -> Finding:
    """Plans without a change.

    Args:
        plans: What a push would do, by the environment; its name is empty where there is one.

    """
    changes = [(name, change) for name, plan in plans.items() for change in plan.changes]
    details = [f"{name}: {change}" if name else str(change) for name, change in changes]
    kinds = Counter(change.kind for _, change in changes)
    shown = ", ".join(
        f"{name}: {plan.summary}" if name else plan.summary for name, plan in plans.items()
    )
    which = next((f" --env {name}" for name, plan in plans.items() if name and plan.changes), "")
    if kinds["create"]:
        found = f"not all are in Grafana: {shown}"
        return broken(
            NAME, found, f"slo plan{which}, then slo apply{which}", _ANCHOR, first_of(details)
        )
    if kinds["drift"]:
        found = f"people changed them in Grafana: {shown}"
        to_do = f"slo pull{which} to keep the changes, or slo apply{which} --on-drift overwrite"
        return attention(NAME, found, to_do, _ANCHOR, first_of(details))
    if changes:
        found = f"not up to date: {shown}"
        return attention(
            NAME, found, f"slo plan{which}, then slo apply{which}", _ANCHOR, first_of(details)
        )
    number = sum(plan.existing for plan in plans.values())
    return fine(
        NAME,
        every(
            number,
            "dashboard or group of alert rules is",
            "dashboards and groups of alert rules are",
        )
        + " up to date in Grafana",
    )
